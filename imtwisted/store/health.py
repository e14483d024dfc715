"""
Whether the database answers: one line in the log when it goes, one when it is back.

Beside the way of a message; `/readyz` reads it.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.logger import Logger

from imtwisted.boundaries import Clock
from imtwisted.store.dialects import Mode

CALM = 3.0  # seconds


class Health:
    """
    What is known of the database; the callbacks hear False when it goes, True when it is back.

    Kept apart for reads and writes: with a full disk it reads well and writes nothing.
    What fails again within `CALM` seconds of being back is not believed so soon
    the next time: on a full disk some small write always succeeds.
    """

    _log = Logger()

    def __init__(self, clock: Clock) -> None:
        self.away_since: float | None = None
        self.reason = ""
        self.callbacks: list[Callable[[bool], None]] = []
        self._clock = clock
        self._away: dict[Mode, float] = {}  # lane -> when it failed last
        self._back_at = -CALM
        self._is_unsteady = False

    @property
    def lanes_away(self) -> tuple[Mode, ...]:
        """Which of `read` and `write` do not work."""
        return tuple(self._away)

    def lost(self, lane: Mode, reason: str) -> None:
        """What runs in `lane` failed because the database is away."""
        now = self._clock.seconds()
        self._away[lane], self.reason = now, reason
        if self.away_since is None:
            self.away_since = now
            self._is_unsteady = now - self._back_at < CALM
            self._log.error("The database is away ({lane}): {reason}", lane=lane, reason=reason)
            self._tell(False)

    def found(self, lane: Mode) -> None:
        """What runs in `lane` succeeded."""
        now, failed_at = self._clock.seconds(), self._away.get(lane)
        if failed_at is None or (self._is_unsteady and now - failed_at < CALM):
            return
        del self._away[lane]
        if self._away or self.away_since is None:
            return
        seconds = round(now - self.away_since, 1)
        self.away_since, self.reason, self._back_at = None, "", now
        self._log.info("The database is back after {seconds} s.", seconds=seconds)
        self._tell(True)

    def _tell(self, is_there: bool) -> None:
        for callback in list(self.callbacks):
            callback(is_there)
