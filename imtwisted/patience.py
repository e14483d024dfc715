"""
How long a connection may take nothing before it is let go.

Way of a message: outbox -> [patience] -> browser, if the browser reads at all.
"""

from __future__ import annotations

from collections.abc import Callable

from imtwisted.boundaries import Clock, DelayedCall

NO_PROGRESS = 30.0  # seconds


class Patience:
    """Calls `give_up` when `backlog`, in bytes, has not shrunk for `NO_PROGRESS`."""

    def __init__(
        self, clock: Clock, backlog: Callable[[], int], give_up: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._backlog = backlog
        self._give_up = give_up
        self._call: DelayedCall | None = None

    def begin(self) -> None:
        """The connection is full; harmless when that is known."""
        if self._call is None:
            self._call = self._clock.callLater(NO_PROGRESS, self._look, self._backlog())

    def end(self) -> None:
        """It took everything, or is gone."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _look(self, before: int) -> None:
        """Slow is not stuck: whoever took something is given as long again."""
        self._call = None
        if self._backlog() < before:
            self.begin()
        else:
            self._give_up()
