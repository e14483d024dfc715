"""
The end of a reactor turn: when what was announced in it is written.

Way of a message: registry -> outbox -> [turns] -> outbox -> browser.
"""

from __future__ import annotations

from collections.abc import Callable

from imtwisted.boundaries import Clock


class Turn:
    """Runs what was asked for in this turn of the reactor once, at its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[Callable[[], None]] = []

    def at_end(self, flush: Callable[[], None]) -> None:
        """Call `flush` when what runs now has returned."""
        if not self._waiting:
            self._clock.callLater(0, self._run)
        self._waiting.append(flush)

    def _run(self) -> None:
        waiting, self._waiting = self._waiting, []
        for flush in waiting:
            flush()
