"""
A real ``twistd -n imchat``: started on a free port, watched, and ended by its own pid.

The folder it runs in is its own, so a database that nobody named is there too,
and is there still when it starts again.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import imtwisted

_READY_WITHIN = 30.0
_STOPPED_WITHIN = 20.0
_TRIES = 5


class DidNotStart(Exception):
    """The server ended, or stayed silent, before it answered; its log says why."""


class Process:
    """
    One server: ``with Process("--lobby", "Hall") as server: server.url``.

    It can be stopped, killed and started again in between; when the block ends,
    the process and its folder are gone.
    """

    def __init__(
        self,
        *options: str,
        listen: str = "tcp:{port}:interface=127.0.0.1",
        trust: ssl.SSLContext | None = None,
        environment: Mapping[str, str] | None = None,
        twistd: Path | None = None,
        waits: bool = True,
    ) -> None:
        """
        Prepare a server with `options`; nothing runs yet.

        `listen` is an endpoint with ``{port}`` where the free port goes; with
        `trust` it is asked over TLS. `twistd` is another environment's program.
        `waits` False: `start` does not wait for the database.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="imchat-"))
        self.port, self.operations_port = free_ports(2)
        self._options = options
        self._listen = listen
        self.trust = trust
        self._environment = dict(environment or {})
        self._twistd = twistd
        self._waits = waits
        self._log = self.folder / "twistd.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()
        if error is not None:
            error.add_note(f"The server's log:\n{self._log_at_end}")

    @property
    def url(self) -> str:
        """Where its pages are: ``http://localhost:12345``."""
        return f"{'https' if self.trust else 'http'}://localhost:{self.port}"

    @property
    def socket_url(self) -> str:
        """Where its socket is: ``ws://localhost:12345/ws``."""
        return f"{'wss' if self.trust else 'ws'}://localhost:{self.port}/ws"

    @property
    def operations_url(self) -> str:
        """Where ``/healthz``, ``/readyz`` and ``/metrics`` are."""
        return f"http://127.0.0.1:{self.operations_port}"

    @property
    def pid(self) -> int:
        """The process; it has to run."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """All that it has logged, over all its starts."""
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def status(self) -> int | None:
        """What it ended with; None while it lives."""
        return None if self._process is None else self._process.poll()

    def variables(self) -> dict[str, str]:
        """The environment it runs in: little of the tests' own."""
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        kept |= {"HOME": str(self.folder), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        if self._twistd is None:
            # The copy of imtwisted under test, wherever this process found it.
            kept["PYTHONPATH"] = str(Path(imtwisted.__file__).parents[1])
        return kept | self._environment

    def spawn(self) -> None:
        """Start it and come back at once, whatever becomes of it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.folder,
                env=self.variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the tests, which then end this process.
                start_new_session=True,
            )

    def start(self) -> None:
        """Start it and come back when it is ready; raises `DidNotStart` with its log."""
        for last in [False] * (_TRIES - 1) + [True]:
            try:
                self.spawn()
                return self._wait_until_it_answers()
            except DidNotStart as why:
                # Another process may have taken a port that was free just now.
                if "already in use" not in str(why) or last:
                    raise
                self.port, self.operations_port = free_ports(2)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None:
            self._process.send_signal(number)

    def terminate(self) -> None:
        """Ask it to end, by SIGTERM; `wait` for it, or watch it go."""
        self.signal(signal.SIGTERM)

    def wait(self, seconds: float = _STOPPED_WITHIN) -> None:
        """Come back when it has ended; raises `subprocess.TimeoutExpired` when it has not."""
        if self._process is not None:
            self._process.wait(seconds)

    def stop(self) -> None:
        """End it in order, as an operator would."""
        self.terminate()
        self.wait()

    def kill(self) -> None:
        """End it by SIGKILL, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def remove(self) -> None:
        """End it and forget its folder."""
        self.kill()
        self._log_at_end = self.log
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self) -> list[str]:
        return [
            str(self._twistd or Path(sys.executable).with_name("twistd")),
            *("--nodaemon", "--pidfile=", "imchat"),
            *("--listen", self._listen.format(port=self.port)),
            *("--operations", f"tcp:{self.operations_port}:interface=127.0.0.1"),
            *self._options,
        ]

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while self.is_running and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.05)
        self.kill()
        raise DidNotStart(self.log)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.operations_url}/readyz", timeout=5):
                return True
        except urllib.error.HTTPError as not_ready:
            not_ready.close()
            return not self._waits
        except OSError:
            return False


def free_ports(number: int) -> list[int]:
    """As many TCP ports as asked that nothing listens on now, all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
