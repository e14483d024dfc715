"""
The disk of a run: the real folder of files, that takes its time and survives crashes.

What is kept outlives the server; what was coming in does not. The folder is in
memory where the machine has such a place, for the waiting for a disk proves nothing here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from imtwisted.boundaries import Incoming
from imtwisted.vault.disk import FolderDisk, IncomingFile
from tests.simulation.timekeeping import Lifetime

T = TypeVar("T")

_IN_MEMORY = Path("/dev/shm")


def new_folder() -> Path:
    """An empty folder; whoever asks for it deletes it."""
    place = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="imchat-simulation-", dir=place))


class LivingThreads:
    """`boundaries.Threads` of one life: work is done at one moment, and its end is heard later."""

    def __init__(self, lifetime: Lifetime, latency: Callable[[], float]) -> None:
        self._lifetime = lifetime
        self._latency = latency

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """The result of `work`; nobody hears it once the server is dead."""
        answer: Deferred[T] = Deferred()
        try:
            outcome: Any = work(*args)
        except Exception:
            outcome = Failure()
        if not self._lifetime.over:
            self._lifetime.callLater(self._latency(), _give, answer, outcome)
        return await answer


def _give(answer: Deferred[Any], outcome: Any) -> None:
    if isinstance(outcome, Failure):
        answer.errback(outcome)
    else:
        answer.callback(outcome)


class Vault(FolderDisk):
    """The real disk of one life, in virtual time."""

    def __init__(self, folder: Path, lifetime: Lifetime, latency: Callable[[], float]) -> None:
        super().__init__(folder, LivingThreads(lifetime, latency))
        self._lifetime = lifetime
        self._begun: list[IncomingFile] = []
        # As `claim` does, but for its lock: the earlier life is surely over.
        shutil.rmtree(folder / "incoming", ignore_errors=True)

    def begin(self, place: str) -> Incoming:
        """A new file that will be kept under `place`."""
        incoming = super().begin(place)
        assert isinstance(incoming, IncomingFile)
        self._begun.append(incoming)
        return incoming

    def die(self) -> None:
        """The process is gone, and what it had open with it."""
        for incoming in self._begun:
            incoming._close()

    def _keep(self, incoming: Incoming) -> None:
        super()._keep(incoming)
        self._date(incoming.place)

    def _copy(self, place: str, other: str) -> None:
        super()._copy(place, other)
        self._date(other)

    def _date(self, place: str) -> None:
        now = self._lifetime.seconds()
        os.utime(self.path_of(place), (now, now))
