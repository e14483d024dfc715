"""
When someone was last here: written in groups, when they have gone.

Beside the way of a message; behind presence.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted.boundaries import Clock, SharingStore
from imtwisted.domain.naps import nap
from imtwisted.model import UserId
from imtwisted.refusals import ChatError

BATCH = 500
AGAIN_AFTER = 1.0  # seconds, when the database would not


class Sightings:
    """Collects who has gone while the last ones are being written."""

    _log = Logger()

    def __init__(self, store: SharingStore, clock: Clock, *, waiting: int) -> None:
        self._store = store
        self._clock = clock
        self._limit = waiting
        self._waiting: dict[UserId, int] = {}
        self._is_writing = False

    def note(self, user: UserId, at: int) -> None:
        """`user` was here until `at`, in ms; forgotten when too much waits."""
        if user not in self._waiting and len(self._waiting) >= self._limit:
            return
        self._waiting[user] = at
        if not self._is_writing:
            self._is_writing = True
            self._clock.callLater(0, self._start)

    async def note_all(self, sightings: Sequence[tuple[UserId, int]]) -> None:
        """Write these and what waits now; raises what the database raises."""
        await self._store.saw(list({**dict(sightings), **self._waiting}.items()))

    def _start(self) -> None:
        Deferred.fromCoroutine(self._write()).addErrback(
            lambda failure: self._log.failure("Writing who was seen failed", failure)
        )

    async def _write(self) -> None:
        try:
            while self._waiting:
                await self._write_some(dict(islice(self._waiting.items(), BATCH)))
        finally:
            self._is_writing = False

    async def _write_some(self, some: dict[UserId, int]) -> None:
        try:
            await self._store.saw(list(some.items()))
        except ChatError:
            await nap(self._clock, AGAIN_AFTER)
            return
        for user, at in some.items():
            if self._waiting.get(user) == at:
                del self._waiting[user]
