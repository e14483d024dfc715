"""
Whether the database answers: one line in the log when it goes, one when it is back.

Beside the way of a message; `/readyz` reads it.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.logger import Logger

from imtwisted.boundaries import Clock
from imtwisted.store.dialects import Mode


class Health:
    """
    What is known of the database; the callbacks hear False when it goes, True when it is back.

    Kept apart for reads and writes: with a full disk it reads well and writes nothing.
    """

    _log = Logger()

    def __init__(self, clock: Clock) -> None:
        self.away_since: float | None = None
        self.reason = ""
        self.callbacks: list[Callable[[bool], None]] = []
        self._clock = clock
        self._away: dict[Mode, str] = {}

    @property
    def lanes_away(self) -> tuple[Mode, ...]:
        """Which of `read` and `write` do not work."""
        return tuple(self._away)

    def lost(self, lane: Mode, reason: str) -> None:
        """What runs in `lane` failed because the database is away."""
        self._away[lane] = self.reason = reason
        if self.away_since is None:
            self.away_since = self._clock.seconds()
            self._log.error("The database is away ({lane}): {reason}", lane=lane, reason=reason)
            self._tell(False)

    def found(self, lane: Mode) -> None:
        """What runs in `lane` succeeded."""
        if self._away.pop(lane, None) is None or self._away or self.away_since is None:
            return
        seconds = round(self._clock.seconds() - self.away_since, 1)
        self.away_since, self.reason = None, ""
        self._log.info("The database is back after {seconds} s.", seconds=seconds)
        self._tell(True)

    def _tell(self, is_there: bool) -> None:
        for callback in list(self.callbacks):
            callback(is_there)
