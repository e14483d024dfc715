"""
The running server: how the house opens, whether it is ready, how it closes.

Way of a message: before the first and after the last one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from twisted.application.service import MultiService
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from imtwisted.domain.passwords import Workers
from imtwisted.house import House
from imtwisted.inbox import DRAIN
from imtwisted.ports import Port
from imtwisted.refusals import ChatError
from imtwisted.store.faults import Unusable
from imtwisted.store.pool import PooledDatabase

DAY = 24 * 3600.0  # seconds
CLAIM = 3.0  # seconds between looks whether the database is still ours alone
ORDERS = 5.0  # seconds between looks for accounts that the operator wants deleted
AGAIN_AFTER = 1.0  # seconds between tries to open
STORED_WITHIN = 7.0  # seconds for what waits to be stored, at the end
GONE_WITHIN = 3.0  # seconds for clients to answer `bye`
ENDED_WITHIN = 11.0  # seconds for all of the end; who runs the server is promised 15
COME_BACK = 1_000  # ms, the least time before a client comes back
SPREAD = 4_000  # ms, over which few clients come back
SPREAD_EACH = 2  # ms more for each connection


class Server(MultiService):
    """Opens the ports at once, and the house when the database is there."""

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        house: House,
        database: PooledDatabase,
        workers: Sequence[Workers],
        epoch: Callable[[], str],
        give_up: Callable[[], None],
    ) -> None:
        """`give_up` ends the process, when waiting for the database cannot help."""
        super().__init__()
        self._reactor = reactor
        self._house = house
        self._database = database
        self._workers = workers
        self._epoch = epoch
        self._give_up = give_up
        self._is_open = False
        self._is_draining = False
        self._ends_at = 0.0
        self._naps: set[Deferred[None]] = set()  # of what is done now and then
        self._public = MultiService()
        self._public.setServiceParent(self)
        self._operations = MultiService()
        self._operations.setServiceParent(self)

    def add_port(self, port: Port) -> None:
        """Serve people there."""
        port.setServiceParent(self._public)

    def add_operations(self, port: Port) -> None:
        """Serve the operator there, until the very end."""
        port.setServiceParent(self._operations)

    # --- opening ------------------------------------------------------------------

    def startService(self) -> None:
        """Open; what is asked before the database is there is answered `unavailable`."""
        super().startService()
        for workers in self._workers:
            workers.start()
        self._run(self._open(), "Opening failed")

    async def _open(self) -> None:
        try:
            await self._database.start(self._epoch())
        except Unusable as reason:
            self._log.critical("The database cannot be used: {reason}", reason=reason)
            self._give_up()
            return
        while not self._is_draining:
            try:
                await self._house.lobby()
                break
            except ChatError:
                await deferLater(self._reactor, AGAIN_AFTER)
        self._is_open = True
        self._log.info("imtwisted is ready.")
        self._house.indexer.start()
        accounts, deletions = self._house.accounts, self._house.deletions
        self._run(self._every(CLAIM, self._database.claim.renew), "Nobody looks for other servers")
        self._run(self._every(DAY, accounts.tidy), "Old sessions stay")
        self._run(self._every(DAY, self._house.files.sweep), "Files stay that nobody has")
        self._run(self._every(ORDERS, deletions.carry_out), "Accounts stay that should not")

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Now and then again; what is refused now is done the next time."""
        while not self._is_draining:
            try:
                await work()
            except (ChatError, OSError) as reason:
                self._log.warn("That has to wait: {reason}", reason=reason)
            nap: Deferred[None] = deferLater(self._reactor, seconds)
            self._naps.add(nap)
            try:
                await nap
            except CancelledError:
                return
            self._naps.discard(nap)

    def _run(self, work: Coroutine[Any, Any, None], complaint: str) -> None:
        Deferred.fromCoroutine(work).addErrback(
            lambda failure: self._log.failure(complaint, failure)
        )

    # --- being open -----------------------------------------------------------------

    def problems(self) -> list[str]:
        """Why the server is not ready; nothing when it is."""
        found = []
        if self._is_draining:
            found.append("the server is stopping")
        if self._database.health.away_since is not None:
            found.append(f"the database is away: {self._database.health.reason}")
        elif not self._is_open:
            found.append("the database is not open yet")
        if self._database.claim.is_elsewhere:
            found.append("another server uses the database")
        if self._house.journal.waiting() >= self._house.plan.limits.waiting_writes:
            found.append("the journal is full")
        return found

    def warnings(self) -> list[str]:
        """What works, but less well than it should."""
        return self._database.warnings

    def renew(self) -> None:
        """Read certificates again."""
        for port in self._public:
            if isinstance(port, Port):
                self._run(port.renew(), "Renewing a certificate failed")

    # --- closing ----------------------------------------------------------------------

    def stopService(self) -> Deferred[None]:
        """Store and answer what came in, tell everyone to come back, and close."""
        return Deferred.fromCoroutine(self._close())

    async def _close(self) -> None:
        self._is_draining = True
        self._ends_at = self._reactor.seconds() + ENDED_WITHIN
        for nap in tuple(self._naps):
            nap.cancel()
        sockets = self._house.sockets
        await self._within(GONE_WITHIN, self._shut())
        sockets.stop_reading()
        await self._within(STORED_WITHIN, self._stored())
        spread = SPREAD + SPREAD_EACH * len(sockets)
        sockets.end_all(DRAIN, "the server restarts", (COME_BACK, COME_BACK + spread))
        await self._within(GONE_WITHIN, self._gone())
        await self._within(GONE_WITHIN, self._house.presence.close())
        for workers in self._workers:
            workers.stop()
        self._database.close()
        await super().stopService()

    async def _shut(self) -> None:
        await self._public.stopService()

    async def _stored(self) -> None:
        await self._house.journal.idle()
        await self._house.receipts.idle()
        await self._house.indexer.stop()

    async def _gone(self) -> None:
        while len(self._house.sockets):
            await deferLater(self._reactor, 0.05)

    async def _within(self, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        """Wait for `work`, but neither longer nor past the end of all; what it did not finish is said."""
        done = Deferred.fromCoroutine(work)
        left = self._ends_at - self._reactor.seconds()
        done.addTimeout(max(0, min(seconds, left)), self._reactor)
        try:
            await done
        except Exception as reason:
            self._log.warn("Closing went on without waiting: {reason!r}", reason=reason)
