"""
A program that is started, waited for, and ended by its own pid.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.machine import CannotMeasure

_ANSWERS_WITHIN = 60.0


class Program:
    """One running program; its output is kept to be told when it fails."""

    def __init__(self, command: list[str], folder: str, variables: Mapping[str, str]) -> None:
        self._log = Path(folder) / "log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the benchmark, which then ends this process.
                start_new_session=True,
            )
        self._name = command[0]

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def wait_for_port(self, port: int) -> None:
        """Come back when it listens; raises `CannotMeasure` with what it said."""
        until = time.monotonic() + _ANSWERS_WITHIN
        while self._process.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.kill()
        said = self._log.read_text(errors="replace")[-2000:]
        raise CannotMeasure(f"{self._name} did not start: {said}")

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
