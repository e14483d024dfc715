"""
The server of this checkout, as `twistd imchat`, on MariaDB or on SQLite.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

import imtwisted
from benchmarks.cast import Cast, Made
from benchmarks.machine import CannotMeasure, pinned
from benchmarks.places import ROOT
from benchmarks.plan import Open, Run
from benchmarks.servers.databases import Database
from benchmarks.task import Member
from tests.process import DidNotStart, Process

# What keeps one address and a few people from being a whole town.
LIFTED = {
    "sends_per_10s": 0,
    "deeds_per_10s": 0,
    "connections_per_user": 100_000,
    "connections_per_address": 100_000,
    "group_members": 100_000,
    "waiting_reads": 100_000,
}


class Imtwisted:
    """`Peer`: ourselves."""

    name = "imtwisted"

    def __init__(self, database: Database, core: int) -> None:
        self.storage = database.name
        self._database = database
        self._core = core

    def takes(self, run: Run) -> bool:
        """All of them."""
        return True

    def version(self) -> str:
        """Ours, and the database's."""
        return f"imtwisted {imtwisted.__version__}, {self._database.version()}"

    @contextmanager
    def open(self, cast: Cast) -> Iterator[Open]:
        """Make the people, then start the server."""
        with self._database.fresh() as url:
            made = _make(msgspec.structs.replace(cast, database=url))
            limits = [f"--limit={name}={value}" for name, value in LIFTED.items()]
            server = Process("--database", url, *limits)
            try:
                with pinned(self._core):
                    server.start()
                yield Open(
                    "imchat",
                    f"ws://127.0.0.1:{server.port}/ws",
                    {"server": server.pid, **self._database.processes()},
                    [Member(*each) for each in zip(made.names, made.tokens, strict=True)],
                    [str(id) for id in made.groups],
                    [str(id) for id in made.direct],
                )
            except DidNotStart as why:
                raise CannotMeasure(f"the server did not start: {why}") from None
            finally:
                server.remove()


def _make(cast: Cast) -> Made:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.people"],
        input=msgspec.json.encode(cast),
        capture_output=True,
        cwd=ROOT,
    )
    if done.returncode:
        raise CannotMeasure(f"the people were not made: {done.stderr.decode()}")
    return msgspec.json.decode(done.stdout, type=Made)
