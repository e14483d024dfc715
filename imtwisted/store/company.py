"""
When a lane of the journal waits for company before it writes again.

Way of a message: domain -> journal -> lane, [company] -> commit -> backplane.

Who was just answered often speaks again at once: conversations under load fall
into halves that take turns, each paying for a transaction of its own. So a
lane that had several in hand lets what it told be written and answered, and
waits for as many again, but never longer than the quickest transaction of late
took: more than that could not be saved. What comes alone never waits.
"""

from __future__ import annotations

from twisted.internet.defer import Deferred

from imtwisted.boundaries import Clock, DelayedCall

ENOUGH = 32  # entries: with so many, a transaction's own cost is small among theirs
LONGEST = 0.002  # seconds, on a database so slow that waiting would be felt
_FORGETTING = 1.01  # a transaction: how fast the quickest one is forgotten


class Company:
    """Waits, on the given clock, until enough has come or it is not worth it any more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._quickest = LONGEST
        self._expected = 0
        self._waiting: Deferred[None] | None = None
        self._end: DelayedCall | None = None

    def took(self, seconds: float) -> None:
        """Note how long a transaction took."""
        self._quickest = min(self._quickest * _FORGETTING, seconds, LONGEST)

    def came(self, count: int) -> None:
        """`count` entries are queued now."""
        if self._waiting is not None and count >= self._expected:
            self._go_on()

    async def gather(self, count: int, expected: int) -> None:
        """Wait until `expected` entries are queued, of which `count` are already."""
        if expected < 2 or count >= min(expected, ENOUGH):
            return
        waiting: Deferred[None] = Deferred()
        self._waiting, self._expected = waiting, min(expected, ENOUGH)
        # The time counts from when what was told in this turn has been written.
        self._end = self._clock.callLater(0, self._allow)
        await waiting

    def _allow(self) -> None:
        self._end = self._clock.callLater(self._quickest, self._go_on)

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if self._end is not None and self._end.active():
            self._end.cancel()
        if waiting is not None:
            waiting.callback(None)
