"""
The one door to the database: interactions go in, run in threads, and come out committed.

Way of a message: domain -> journal -> [pool] -> transaction -> the database.

Two lanes, each an adbapi pool of its own with a bounded queue, so that reads
never wait behind writes. adbapi lends threads and connections; beginning,
committing and rolling back are ours (`transaction`), because its own rollback
and reconnecting log tracebacks and lose the first query.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from twisted.enterprise.adbapi import ConnectionPool
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from imtwisted.boundaries import Cursor
from imtwisted.places import folder
from imtwisted.refusals import Busy, Unavailable
from imtwisted.store import schema
from imtwisted.store.claim import Claim
from imtwisted.store.dialects import Dialect, Mode, raise_typed
from imtwisted.store.faults import Away, CommitUnknown, DatabaseFault
from imtwisted.store.health import Health
from imtwisted.store.pings import Pings
from imtwisted.store.repeats import RepeatingDatabase
from imtwisted.store.servers import Server, server_of
from imtwisted.store.transaction import Transaction

T = TypeVar("T")

_START_AGAIN_SECONDS = 1.0
_READERS = 4
_PING = {
    "read": "SELECT value FROM meta WHERE name = 'epoch'",
    # A real write: a full disk and a read-only server still read well.
    "write": "UPDATE meta SET value = value WHERE name = 'epoch'",
}


class _Lease:
    """A connection that adbapi lends a thread; its own commit and rollback would be idle trips."""

    def __init__(self, pool: ConnectionPool, dialect: Dialect) -> None:
        self._pool = pool
        self._dialect = dialect
        self._connection = self._connect()

    def begin(self, mode: Mode) -> Transaction:
        """
        A transaction that has begun, on a new connection when the old one had died.

        Nothing was asked yet, so a connection that the server closed while it
        lay idle costs nobody an error.
        """
        transaction = Transaction(self._connection, self._dialect)
        try:
            transaction.begin(mode)
        except Away:
            self.drop()
            self._connection = self._connect()
            transaction = Transaction(self._connection, self._dialect)
            transaction.begin(mode)
        return transaction

    def drop(self) -> None:
        """Close the connection; the thread's next lease opens another."""
        self._pool.disconnect(self._connection)

    def commit(self) -> None:
        """adbapi's, after what was committed already."""

    def rollback(self) -> None:
        """adbapi's, after what was rolled back already."""

    def _connect(self) -> Any:
        try:
            return self._pool.connect()
        except Exception as exc:
            raise_typed(self._dialect, exc)


class _Lane:
    """One adbapi pool, and how many may wait before it."""

    def __init__(
        self, mode: Mode, server: Server, reactor: Any, connections: int, waiting: int
    ) -> None:
        self.pool = ConnectionPool(
            server.driver,
            **server.arguments(mode),
            cp_openfun=partial(server.settle, purpose=mode),
            cp_min=1,
            cp_max=connections,
            cp_reactor=reactor,
        )
        # adbapi asks for a class and only ever calls it.
        self.pool.connectionFactory = partial(_Lease, dialect=server.dialect)  # type: ignore[assignment]
        self._mode: Mode = mode
        self._reactor = reactor
        self._room = connections + waiting

    def run(self, interaction: Callable[[Cursor], T]) -> Deferred[T]:
        """Run one transaction in a thread; raises `Busy` when too many wait."""
        return self._admit(self.pool.runWithConnection, self._in_thread, interaction)

    def run_apart(self, work: Callable[[], T]) -> Deferred[T]:
        """Run `work`, which brings its own connection, in one of the lane's threads."""
        return self._admit(deferToThreadPool, self._reactor, self.pool.threadpool, work)

    def _admit(self, start: Callable[..., Deferred[T]], *args: object) -> Deferred[T]:
        """Room is given back when the thread is done, also if nobody waits any more."""
        if self._room <= 0:
            raise Busy
        self._room -= 1
        answer: Deferred[T] = Deferred()
        start(*args).addBoth(self._leave, answer)
        return answer

    def _leave(self, result: T | Failure, answer: Deferred[T]) -> None:
        self._room += 1
        answer.callback(result)

    def _in_thread(self, lease: _Lease, interaction: Callable[[Cursor], T]) -> T:
        transaction = lease.begin(self._mode)
        try:
            return transaction.finish(self._mode, interaction)
        finally:
            if transaction.broken:
                lease.drop()


class PooledDatabase(RepeatingDatabase):
    """
    `boundaries.Database` on a real database, with threads.

    Before `start` has brought the schema up to date everything is `Away`.
    `health` tells whether it answers, `claim` whether it is ours alone,
    `warnings` what an operator should know.
    """

    _log = Logger()

    def __init__(
        self,
        server: Server,
        reactor: Any,
        *,
        waiting_reads: int = 256,
        waiting_writes: int = 256,
        scripts: Path | None = None,
    ) -> None:
        self.health = Health(reactor)
        self.warnings: list[str] = []
        self._server = server
        self._clock = reactor
        self._scripts = scripts or folder("sql") / server.dialect.name
        self._lanes = {
            "read": _Lane("read", server, reactor, _READERS, waiting_reads),
            "write": _Lane("write", server, reactor, server.writers, waiting_writes),
        }
        self.claim = Claim(server, reactor, self._claimed)
        self._pings = Pings(reactor, self.health, self._ask)
        self._ready = False
        self._closed = False

    @property
    def kind(self) -> str:
        """Which database it is: "sqlite" or "mysql"."""
        return self._server.dialect.name

    async def start(self, epoch: str) -> None:
        """
        Wait for the database, trying each second, claim it, and bring its schema up to date.

        `epoch` names the lineage of a database that is new. Raises `Unusable`
        when waiting cannot help.
        """
        while not self._closed:
            try:
                await self.claim.take()
                return await self.prepare(epoch)
            except Unavailable:
                await deferLater(self._clock, _START_AGAIN_SECONDS)

    async def prepare(self, epoch: str) -> None:
        """`start`, but one try beside whoever uses it: raises `Away` or `Again` instead of waiting."""
        work = partial(schema.prepare, self._server, self._scripts, epoch)
        self.warnings[:] = await self._watched("write", self._lanes["write"].run_apart(work))
        for warning in self.warnings:
            self._log.warn("{warning}", warning=warning)
        self._ready = True

    async def attempt(self, mode: Mode, interaction: Callable[[Cursor], T]) -> T:
        """Run one transaction, once; `Away` at once while pings find nobody."""
        if not self._ready or self._pings.is_unreachable(mode):
            raise Away from ConnectionError(self.health.reason or "the schema is not ready")
        return await self._watched(mode, self._lanes[mode].run(interaction))

    async def rest(self, seconds: float = 0) -> None:
        """To the end of this turn of the reactor, or so long."""
        await deferLater(self._clock, seconds)

    def close(self) -> None:
        """Finish what runs and close every connection; what waits is lost. Twice is once."""
        if self._closed:
            return
        self._closed, self._ready = True, False
        self._pings.stop()
        for lane in self._lanes.values():
            lane.pool.close()
        self.claim.close()

    async def _claimed(self, work: Callable[[], bool]) -> bool:
        """What `work` says; that it has a lock is no sign that anything can be written."""
        return await self._noticed("write", self._lanes["write"].run_apart(work))

    async def _watched(self, mode: Mode, answer: Awaitable[T]) -> T:
        """The answer; what it says of the database's health is remembered."""
        result = await self._noticed(mode, answer)
        self.health.found(mode)
        return result

    async def _noticed(self, mode: Mode, answer: Awaitable[T]) -> T:
        """The answer; only that the database is away is remembered."""
        try:
            return await answer
        except (Away, CommitUnknown) as fault:
            self._lost(mode, fault)
            raise

    def _lost(self, mode: Mode, fault: DatabaseFault) -> None:
        self.health.lost(mode, fault.why)
        if self._ready:
            self._pings.start()

    def _ask(self, mode: Mode) -> Awaitable[None]:
        """A ping, which is let through also while everything else is `Away`."""
        ping = self._lanes[mode].run(lambda cursor: cursor.execute(_PING[mode]))
        return self._watched(mode, ping)


def open_database(
    url: str,
    password: str = "",
    *,
    reactor: Any,
    waiting_reads: int = 256,
    waiting_writes: int = 256,
) -> PooledDatabase:
    """The database of `url`, not connected yet; raises `ValueError` for a bad URL."""
    server = server_of(url, password)
    return PooledDatabase(
        server, reactor, waiting_reads=waiting_reads, waiting_writes=waiting_writes
    )
