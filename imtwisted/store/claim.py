"""
One server at a time for a database behind a connection.

Beside the way of a message. Two servers on one database would each keep in memory
what the other changes, and their people would not hear each other. The lock is
the database's own and a connection's, so it goes when the process does. (An SQLite
file is claimed before it is opened: `imtwisted.claims`.)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from twisted.logger import Logger

from imtwisted.boundaries import Clock
from imtwisted.refusals import Busy, Unavailable
from imtwisted.store.dialects import raise_typed
from imtwisted.store.faults import Again, InUse
from imtwisted.store.servers import Server

# As long as a server may take to end, and longer than the lock of a machine that vanished.
PATIENCE = 15.0  # seconds

_TAKEN = (
    "another server uses {}: stop that one first, or give this one a database of its own "
    "(imchat-admin works beside a server)"
)


class Claim:
    """Whether the database is this server's; `is_elsewhere` when another was seen to have it."""

    _log = Logger()

    def __init__(
        self,
        server: Server,
        clock: Clock,
        run: Callable[[Callable[[], bool]], Awaitable[bool]],
    ) -> None:
        """`run` is given what takes a thread."""
        self.is_elsewhere = False
        self._server = server
        self._clock = clock
        self._run = run
        self._refused_at: float | None = None
        self._connection: Any = None

    async def take(self) -> None:
        """
        The database is ours from now on.

        Raises `Again` while another server has it, `InUse` when that lasts for
        `PATIENCE` seconds, and `Away`.
        """
        if await self._is_ours():
            return
        now = self._clock.seconds()
        if self._refused_at is None:
            self._refused_at = now
            self._log.warn("Another server uses {name}; it may be ending.", name=self._server.name)
        if now - self._refused_at >= PATIENCE:
            raise InUse(_TAKEN.format(self._server.name))
        raise Again

    async def renew(self) -> None:
        """Take it again where its connection was lost; now and then this is asked."""
        was_elsewhere = self.is_elsewhere
        try:
            await self._is_ours()
        except (Unavailable, Busy):
            return  # `health` says so; who has it is seen when the database is back
        if self.is_elsewhere and not was_elsewhere:
            self._log.critical("{taken}", taken=_TAKEN.format(self._server.name))
        elif was_elsewhere and not self.is_elsewhere:
            self._log.info("No other server uses {name} any more.", name=self._server.name)

    def close(self) -> None:
        """Leave it to others; nothing of it may run any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def _is_ours(self) -> bool:
        if self._server.dialect.claim:
            self.is_elsewhere = not await self._run(self._hold)
        return not self.is_elsewhere

    # --- in a thread ------------------------------------------------------------------

    def _hold(self) -> bool:
        """Whether the lock is ours now; a connection that was lost is opened anew, once."""
        try:
            try:
                return self._ask()
            except Exception:
                if self._connection is None:
                    raise
                self._drop()
                return self._ask()
        except Exception as exc:
            self._drop()
            raise_typed(self._server.dialect, exc)

    def _ask(self) -> bool:
        """Asked again on the connection that has it, it costs nothing and keeps that awake."""
        if self._connection is None:
            self._connection = self._server.open("write")
        cursor = self._connection.cursor()
        for statement in self._server.dialect.claim:
            cursor.execute(statement)
        (answer,) = cursor.fetchone()
        self._connection.commit()
        return bool(answer == 1)

    def _drop(self) -> None:
        """PyMySQL closes what is lost already without a word."""
        self.close()
