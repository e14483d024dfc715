"""
What has to be known of everyone who is connected: what they share, and with whom.

Beside the way of a message. Read once when someone comes and again when it
changes, so that a presence or typing event asks no database.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted.boundaries import Clock, SharingStore
from imtwisted.domain.naps import nap
from imtwisted.model import UserId
from imtwisted.refusals import ChatError
from imtwisted.sharing import Circle, Topic

AGAIN_AFTER = 5.0  # seconds, when the database would not


class Circles:
    """The circles of those who are kept; `changed` is called with the old and the new one."""

    _log = Logger()

    def __init__(self, store: SharingStore, clock: Clock) -> None:
        self.changed: Callable[[UserId, Circle | None, Circle], None] = lambda *_: None
        self._store = store
        self._clock = clock
        self._kept: set[UserId] = set()
        self._known: dict[UserId, Circle] = {}
        self._reading: set[UserId] = set()
        self._stale: set[UserId] = set()  # of those being read: changed since they were asked for

    def keep(self, user: UserId) -> None:
        """From now on know the circle of `user`, as soon as it is read."""
        self._kept.add(user)
        self.refresh(user)

    def drop(self, user: UserId) -> None:
        """Know nothing of `user` any more."""
        self._kept.discard(user)
        self._known.pop(user, None)

    def refresh(self, user: UserId) -> None:
        """Read the circle of `user` again, if it is kept."""
        if user not in self._kept:
            return
        if user in self._reading:
            self._stale.add(user)
            return
        self._reading.add(user)
        Deferred.fromCoroutine(self._read(user)).addErrback(
            lambda failure: self._log.failure("Reading a circle failed", failure)
        )

    def of(self, user: UserId) -> Circle | None:
        """The circle of `user`; None while it is not known."""
        return self._known.get(user)

    def shares(self, user: UserId, topic: Topic) -> bool:
        """
        Whether `user` shows a topic, and so may see it.

        Of whom that is not known yet, cursors are told: unlike presence and
        typing they are never told again.
        """
        circle = self._known.get(user)
        return topic == "receipts" if circle is None else bool(getattr(circle.shares, topic))

    async def _read(self, user: UserId) -> None:
        try:
            circle = await self._latest(user)
        finally:
            self._reading.discard(user)
            self._stale.discard(user)
        if circle is not None:
            before = self._known.get(user)
            self._known[user] = circle
            self.changed(user, before, circle)

    async def _latest(self, user: UserId) -> Circle | None:
        """As it is after every change so far; None when it is not wanted any more."""
        while user in self._kept:
            self._stale.discard(user)
            try:
                circle = await self._store.circle(user)
            except ChatError:
                await nap(self._clock, AGAIN_AFTER)
                continue
            if user in self._kept and user not in self._stale:
                return circle
        return None
