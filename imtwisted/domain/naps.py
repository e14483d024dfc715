"""
Waiting on the given clock, for work that has to try again.

Way of a message: beside it.
"""

from __future__ import annotations

from twisted.internet.defer import Deferred

from imtwisted.boundaries import Clock


async def nap(clock: Clock, seconds: float) -> None:
    """Return after `seconds`."""
    done: Deferred[None] = Deferred()
    clock.callLater(seconds, done.callback, None)
    await done
