"""
Has pictures looked at by another process, a few at a time, and not for long.

Beside the way of a message: domain.files -> [pictures] -> thumbnailer.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessDone, ProcessExitedAlready
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

from imtwisted.files import Sight
from imtwisted.model import UserId
from imtwisted.vault import thumbnailer
from imtwisted.vault.places import Places

AT_ONCE = 2
PATIENCE = 12.0  # seconds of the clock, for a process that waits instead of working
QUEUE_PATIENCE = 30.0  # seconds that a picture waits for a process
_MOST_SAID = 200  # bytes


class PictureProcess:
    """`boundaries.Pictures` by `thumbnailer`, each picture in a process of its own."""

    def __init__(
        self, reactor: Any, patience: float = PATIENCE, program: str = thumbnailer.__file__
    ) -> None:
        self._reactor = reactor
        self._patience = patience
        self._program = program
        self._places = Places(reactor, AT_ONCE, QUEUE_PATIENCE)

    async def look(self, owner: UserId, picture: Path, bare: Path, thumbnail: Path) -> Sight | None:
        """
        Its size, with `bare` and a thumbnail if it needs one; None when it cannot be taken apart.

        One of `owner`'s at a time; raises `Busy` when no process got free for it.
        """
        await self._places.take(owner)
        try:
            said = await self._run(picture, bare, thumbnail)
        finally:
            self._places.give_back(owner)
        return _sight(said)

    async def _run(self, *paths: Path) -> bytes:
        watch = _Watch()
        program = [sys.executable, "-I", self._program, *map(str, paths)]
        # One thread for whatever library it uses; nothing else of our environment is its business.
        environment = {"OMP_NUM_THREADS": "1", "PATH": ""}
        process = self._reactor.spawnProcess(watch, program[0], program, environment)
        alarm = self._reactor.callLater(self._patience, _kill, process)
        try:
            return await watch.ended
        finally:
            if alarm.active():
                alarm.cancel()


class _Watch(ProcessProtocol):
    """What a process says until it ends; its first line, if it ends badly."""

    def __init__(self) -> None:
        self.ended: Deferred[bytes] = Deferred()
        self._said = b""

    def outReceived(self, data: bytes) -> None:
        self._said = (self._said + data)[:_MOST_SAID]

    def processEnded(self, reason: Failure) -> None:
        # The first line is said when the bare copy is whole; the second one at a good end.
        ended_well = reason.check(ProcessDone)
        self.ended.callback(self._said if ended_well else self._said.partition(b"\n")[0])


def _kill(process: Any) -> None:
    try:
        process.signalProcess("KILL")
    except ProcessExitedAlready:
        return


def _sight(said: bytes) -> Sight | None:
    first, *numbers = said.split() or [b""]
    if first != thumbnailer.IS_BARE.encode():
        return None
    if len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        return Sight(None, None, False)
    width, height, thumbnail = map(int, numbers)
    return Sight(width, height, bool(thumbnail))
