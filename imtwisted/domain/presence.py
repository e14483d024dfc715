"""
Who is there: told to friends, to those who show themselves too.

Beside the way of a message: connections come and go, friends hear of it. Best
effort: what is missed is in the next list of contacts.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from imtwisted import frames
from imtwisted.boundaries import Backplane, Clock, DelayedCall, Outlet
from imtwisted.domain.circles import Circles
from imtwisted.domain.sightings import Sightings
from imtwisted.events import UserEvent
from imtwisted.model import UserId
from imtwisted.sharing import Circle, Sighting

GRACE = 10.0  # seconds in which a page that is loaded anew is back, and nobody noticed
AT_ONCE = 100  # who is gone in one turn of the reactor; a crowd's friends are many
_NOW = 0.001  # seconds: less is the last bits of a float
_HERE = Sighting(online=True)
_HIDDEN = Sighting(online=False)


class Presence:
    """Online is who has a connection here, and who had one a moment ago."""

    def __init__(
        self, circles: Circles, sightings: Sightings, backplane: Backplane, clock: Clock
    ) -> None:
        self._circles = circles
        self._sightings = sightings
        self._backplane = backplane
        self._clock = clock
        self._here: set[UserId] = set()
        # Of those, who has no connection any more and since when, in that order.
        self._leaving: dict[UserId, float] = {}
        self._look: DelayedCall | None = None
        circles.changed = self._changed

    def is_online(self, user: UserId) -> bool:
        """Whether `user` is there; who may know it is for the asker to judge."""
        return user in self._here

    # --- coming and going -----------------------------------------------------------

    def came(self, outlet: Outlet) -> None:
        """A connection began; it is told who is there, and friends that its person is."""
        user = outlet.user
        self._leaving.pop(user, None)
        if user not in self._here:
            self._here.add(user)
            self._circles.keep(user)
        elif (circle := self._circles.of(user)) is not None:
            frame = self._view(_seen_by(circle), _HERE)
            if frame:
                outlet.deliver(UserEvent(user, 0, frame))

    def went(self, user: UserId) -> None:
        """The last connection of `user` ended; perhaps the next one begins soon."""
        self._leaving[user] = self._clock.seconds()
        if self._look is None:
            self._look = self._clock.callLater(GRACE, self._look_after)

    def _look_after(self) -> None:
        """One timer for all who leave: the first of them is the first to be gone."""
        self._look = None
        now = self._clock.seconds()
        for user, at in list(islice(self._leaving.items(), AT_ONCE)):
            if at + GRACE - now > _NOW:
                break
            self._gone(user, int(at * 1000))
        if self._leaving:
            wait = next(iter(self._leaving.values())) + GRACE - now
            self._look = self._clock.callLater(wait if wait > _NOW else 0, self._look_after)

    def _gone(self, user: UserId, at: int) -> None:
        del self._leaving[user]
        self._here.discard(user)
        circle = self._circles.of(user)
        if circle is not None and circle.shares.presence:
            self._tell(user, circle.friends, Sighting(online=False, last_seen=at))
        self._circles.drop(user)
        self._sightings.note(user, at)

    async def close(self) -> None:
        """Note when everyone was last here; for the end of the server."""
        now = self._clock.seconds()
        if self._look is not None:
            self._look.cancel()
            self._look = None
        last = [(user, int(self._leaving.get(user, now) * 1000)) for user in self._here]
        await self._sightings.note_all(last)

    # --- telling --------------------------------------------------------------------

    def _changed(self, user: UserId, before: Circle | None, now: Circle) -> None:
        """Friends were made or lost, or someone hides from now on, or no longer."""
        was_seen_by = _seen_by(before)
        is_seen_by = _seen_by(now)
        self._tell(user, is_seen_by - was_seen_by, _HERE)
        self._tell(user, was_seen_by - is_seen_by, _HIDDEN)
        if is_seen_by - was_seen_by:
            self._show(user, is_seen_by, _HERE)
        elif not now.shares.presence:
            # Who hides sees nobody; nothing else tells it where nobody knows what was stored.
            self._show(user, was_seen_by, _HIDDEN)

    def _tell(self, user: UserId, friends: frozenset[UserId], sighting: Sighting) -> None:
        frame = frames.encode(frames.presence_of(user, sighting))
        for friend in self._here_of(friends):
            self._backplane.announce(UserEvent(friend, 0, frame))

    def _show(self, user: UserId, friends: frozenset[UserId], sighting: Sighting) -> None:
        """Tell `user` the same of each of `friends` who is there."""
        frame = self._view(friends, sighting)
        if frame:
            self._backplane.announce(UserEvent(user, 0, frame))

    def _view(self, friends: frozenset[UserId], sighting: Sighting) -> bytes:
        """That `sighting` of each of `friends` who is there, in one piece."""
        here = self._here_of(friends)
        return b"".join(frames.encode(frames.presence_of(each, sighting)) for each in here)

    def _here_of(self, friends: frozenset[UserId]) -> Iterable[UserId]:
        """Those of `friends` who are there and show it."""
        here = friends & self._here if len(friends) < len(self._here) else self._here & friends
        return [friend for friend in here if self._circles.shares(friend, "presence")]


def _seen_by(circle: Circle | None) -> frozenset[UserId]:
    """Who may see one, if they show themselves, and whom one may see."""
    return circle.friends if circle is not None and circle.shares.presence else frozenset()
