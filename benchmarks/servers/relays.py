"""
What people write after a tutorial: relays that pass a room's messages on and store nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.cast import Cast
from benchmarks.environment import Environment
from benchmarks.machine import CannotMeasure, pinned
from benchmarks.places import HERE
from benchmarks.plan import Open, Run
from benchmarks.servers.programs import Program
from benchmarks.task import Member
from tests.process import free_ports


class Relay:
    """`Peer`: one of the programs in `relays/`."""

    storage = "none"

    def __init__(self, name: str, environment: Environment, core: int) -> None:
        self.name = name
        self._environment = environment
        self._core = core

    def takes(self, run: Run) -> bool:
        """Nothing waits at a relay, and nobody resumes."""
        return run.scenario in ("fan-out", "direct", "idle")

    def version(self) -> str:
        """The library's, and its language's."""
        if self.name == "ws":
            node = subprocess.run([_node(), "--version"], capture_output=True, text=True)
            return f"ws {self._environment.ws_version()}, Node.js {node.stdout.strip()}"
        return self._environment.version_of(self.name)

    @contextmanager
    def open(self, cast: Cast) -> Iterator[Open]:
        """Start it; a room for each group and each pair of the cast."""
        [port] = free_ports(1)
        folder = tempfile.mkdtemp(prefix="imchat-benchmark-")
        try:
            with pinned(self._core):
                program = Program(self._command(port), folder, self._variables())
            try:
                program.wait_for_port(port)
                yield Open(
                    "relay",
                    f"ws://127.0.0.1:{port}",
                    {"server": program.pid},
                    [Member(f"user{number}") for number in range(cast.users)],
                    [f"group{number}" for number in range(len(cast.groups))],
                    [f"direct{number}" for number in range(len(cast.friends))],
                )
            finally:
                program.kill()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _command(self, port: int) -> list[str]:
        if self.name == "ws":
            return [_node(), str(HERE / "relays" / "ws.js"), str(port)]
        script = HERE / "relays" / f"{self.name}_relay.py"
        return [str(self._environment.python()), str(script), str(port)]

    def _variables(self) -> dict[str, str]:
        variables = {"PATH": os.environ.get("PATH", os.defpath)}
        if self.name == "ws":
            variables["NODE_PATH"] = str(self._environment.node_modules())
        return variables


def _node() -> str:
    found = shutil.which("node")
    if found is None:
        raise CannotMeasure("Node.js is not installed")
    return found
