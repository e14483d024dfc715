"""
Asks a database that is away, each second, whether it is back.

Beside the way of a message. What the pings have found out spares everyone
else the waiting: a machine that is cut off does not even refuse.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.task import deferLater
from twisted.logger import Logger

from imtwisted.boundaries import Clock
from imtwisted.refusals import Busy, Unavailable
from imtwisted.store.dialects import Mode
from imtwisted.store.health import Health

_SECONDS = 1.0


class Pings:
    """Runs `ask` for each lane that is away, until none is."""

    _log = Logger()

    def __init__(
        self, clock: Clock, health: Health, ask: Callable[[Mode], Awaitable[object]]
    ) -> None:
        self._unreachable: set[Mode] = set()
        self._clock = clock
        self._health = health
        self._ask = ask
        self._is_asking = False
        self._asking: Deferred[None] = succeed(None)

    def start(self) -> None:
        """Ask now, and then each second; harmless when it is being asked already."""
        if not self._is_asking:
            self._is_asking = True
            self._asking = Deferred.fromCoroutine(self._run())

    def stop(self) -> None:
        """Ask no more."""
        self._asking.cancel()

    def is_unreachable(self, mode: Mode) -> bool:
        """Whether a ping has failed too: one lost connection alone is nobody's loss."""
        return mode in self._unreachable and mode in self._health.lanes_away

    async def _run(self) -> None:
        try:
            while self._health.lanes_away:
                for mode in self._health.lanes_away:
                    await self._one(mode)
                if self._health.lanes_away:
                    await deferLater(self._clock, _SECONDS)  # type: ignore[arg-type]
        except CancelledError:
            pass  # stopped
        finally:
            self._is_asking = False
            self._unreachable.clear()

    async def _one(self, mode: Mode) -> None:
        """One ping; when it succeeds `health` has heard of it."""
        try:
            await self._ask(mode)
            self._unreachable.discard(mode)
        except (Unavailable, Busy):
            self._unreachable.add(mode)
        except CancelledError:
            raise
        except Exception:
            self._unreachable.discard(mode)
            self._log.failure("Asking whether the database is back")
