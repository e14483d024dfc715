"""Virtual time, what happened in it, and chance: all three the same for the same seed."""

from __future__ import annotations

import json
import random
from bisect import insort
from collections.abc import Callable
from typing import Any

from twisted.internet.base import DelayedCall
from twisted.internet.task import Clock

from tests.kit import START


class Trace:
    """What happened, in order; worded only when somebody wants to read it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: list[tuple[float, str, str, tuple[Any, ...]]] = []

    def note(self, who: str, what: str, *details: Any) -> None:
        """`who` did or got `what`."""
        self._events.append((self._clock.seconds() - START, who, what, details))

    def lines(self) -> list[str]:
        """One line an event: seconds since the start, who, what."""
        return [
            f"{at:10.4f} {who:<10} {what:<9} {' '.join(_word(each) for each in details)}".rstrip()
            for at, who, what, details in self._events
        ]


def _word(detail: Any) -> str:
    if isinstance(detail, dict):
        return json.dumps(detail, ensure_ascii=False, separators=(",", ":"))
    return str(detail)


class SortedClock(Clock):
    """A `Clock` that puts each call in its place, instead of sorting all of them each time."""

    def callLater(
        self, delay: float, callable: Callable[..., object], *args: object, **kw: object
    ) -> Any:
        call = DelayedCall(
            self.seconds() + delay,
            callable,
            args,
            kw,
            self.calls.remove,
            lambda _: self._sortCalls(),
            self.seconds,
        )
        insort(self.calls, call, key=DelayedCall.getTime)
        return call

    def run_next(self) -> None:
        """Go to the time of the next call, and make it."""
        call = self.calls.pop(0)
        self.rightNow = max(self.rightNow, call.getTime())
        call.called = 1
        call.func(*call.args, **call.kw)


class World:
    """What everything in a run is given: one clock, one trace, one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.clock = SortedClock()
        self.clock.advance(START)
        self.trace = Trace(self.clock)
        self.steps = 0
        self.links: list[str] = []  # codes of links into groups, that anyone may find
        self.invites: list[tuple[int, int]] = []  # into which group, and their ids
        self.bans: list[tuple[int, str]] = []  # from which group, and of whom
        self.files: list[int] = []  # ids of uploads, that anyone may guess

    def chance(self, purpose: str) -> random.Random:
        """A stream of chance of its own, so that one more draw here changes nothing there."""
        return random.Random(f"{self.seed} {purpose}")

    def seconds(self) -> float:
        """Since the start of the run."""
        return self.clock.seconds() - START

    def run(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> bool:
        """Let `seconds` pass, from event to event; ends early, with True, when it is `enough`."""
        clock = self.clock
        until = clock.seconds() + seconds
        while clock.calls and clock.calls[0].getTime() <= until:
            clock.run_next()
            self.steps += 1
            if enough():
                return True
        clock.rightNow = until
        return enough()


class Lifetime:
    """The clock of one life of the server: what it had planned dies with it."""

    def __init__(self, clock: Clock) -> None:
        self.over = False
        self._clock = clock

    def seconds(self) -> float:
        """Since the epoch."""
        return self._clock.seconds()

    def callLater(
        self, delay: float, callable: Callable[..., object], *args: Any, **keywords: Any
    ) -> Any:
        """Call `callable` then, if the server still lives."""
        return self._clock.callLater(delay, self._run, callable, args, keywords)

    def _run(
        self, callable: Callable[..., object], args: tuple[Any, ...], keywords: dict[str, Any]
    ) -> None:
        if not self.over:
            callable(*args, **keywords)

    def planned(self) -> list[str]:
        """What is still to happen, by name."""
        mine = [call for call in self._clock.calls if getattr(call.func, "__self__", None) is self]
        return [getattr(call.args[0], "__qualname__", repr(call.args[0])) for call in mine]
