"""The pool: bounded, with reads beside writes, and honest about what was committed."""

from __future__ import annotations

import sqlite3
from threading import Event
from typing import TYPE_CHECKING, Any

from twisted.internet import reactor
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.threads import deferToThread

from imtwisted.boundaries import Cursor
from imtwisted.refusals import Busy
from imtwisted.store.dialects import SQLite
from imtwisted.store.faults import Again, Away, CommitUnknown
from imtwisted.store.pool import PooledDatabase, open_database
from tests.mariadb import mariadb
from tests.stores.databases import EPOCH, OnMariaDB, OnSQLite, StoreCase
from tests.stores.test_transactions import note

if TYPE_CHECKING:

    class Pooled(StoreCase):
        """A case whose database is a pool."""

        database: PooledDatabase

else:
    Pooled = object


class PoolContract(Pooled):
    """What the pool promises on every database."""

    async def holding(self, run: Any) -> tuple[Event, Deferred[Any]]:
        """A transaction that holds its thread until the event is set; it has started."""
        go_on, started = Event(), Deferred[None]()

        def hold(cursor: Cursor) -> str:
            cursor.one("SELECT 1")
            reactor.callFromThread(started.callback, None)  # type: ignore[attr-defined]
            go_on.wait(30)
            return "held"

        self.addCleanup(go_on.set)
        held = Deferred.fromCoroutine(run(hold))
        await started
        return go_on, held

    async def test_one_snapshot(self) -> None:
        """A read that asks twice sees one state, whatever is written between."""
        await self.database.write(note, "n", "old")
        asked, written = Deferred[None](), Event()

        def ask_twice(cursor: Cursor) -> list[Any]:
            query = "SELECT value FROM meta WHERE name = 'n'"
            first = cursor.one(query)
            reactor.callFromThread(asked.callback, None)  # type: ignore[attr-defined]
            written.wait(30)
            return [first, cursor.one(query)]

        answer = Deferred.fromCoroutine(self.database.read(ask_twice))
        await asked
        await self.database.write(
            lambda cursor: cursor.execute("UPDATE meta SET value = 'new' WHERE name = 'n'")
        )
        written.set()
        self.assertEqual(await answer, [("old",), ("old",)])

    async def test_reads_cannot_write(self) -> None:
        """A store that writes while it says it reads is found out, in later transactions too."""
        for _ in range(5):
            await self.database.read(_nothing)
        await self.refused(Away, self.database.read(note, "one"))

    async def test_reads_do_not_wait_for_writes(self) -> None:
        """While a write takes its time, reads are answered."""
        go_on, held = await self.holding(self.database.write)
        self.assertEqual(await self.timelines.epoch(), EPOCH)
        go_on.set()
        self.assertEqual(await held, "held")

    async def test_waiting_reads_are_bounded(self) -> None:
        """When too many wait, the next one is told so at once; later there is room again."""
        small = self.small(waiting_reads=1)
        await small.prepare(EPOCH)
        held = [await self.holding(small.read) for _ in range(4)]
        waiting = Deferred.fromCoroutine(small.read(lambda cursor: cursor.one("SELECT 1")))
        await self.refused(Busy, small.read(_nothing))
        for go_on, _ in held:
            go_on.set()
        self.assertEqual([await answer for _, answer in held], ["held"] * 4)
        self.assertEqual(await waiting, (1,))
        await small.read(_nothing)

    async def test_who_gave_up_still_takes_room(self) -> None:
        """Room is where a thread is free, not where nobody waits: the queue stays bounded."""
        small = self.small(waiting_reads=0)
        await small.prepare(EPOCH)
        held = [await self.holding(small.read) for _ in range(4)]
        for _, answer in held:
            answer.cancel()
            await self.refused(CancelledError, _await(answer))
        await self.refused(Busy, small.read(_nothing))
        for go_on, _ in held:
            go_on.set()
        await self.room_in(small)

    async def room_in(self, database: PooledDatabase) -> None:
        """Wait until a read is admitted."""
        while True:
            try:
                return await database.read(_nothing)
            except Busy:
                await deferToThread(_nothing)

    def small(self, **settings: Any) -> PooledDatabase:
        """Another pool on the same database."""
        database = PooledDatabase(self.database._server, reactor, **settings)
        self.addCleanup(database.close)
        return database

    async def test_before_it_is_ready(self) -> None:
        """Until the schema is there, everything is temporarily unavailable."""
        early = self.small()
        for run in (early.read, early.write, early.transact):
            await self.refused(Away, run(_nothing))


def _nothing(cursor: Cursor | None = None) -> None:
    """Ask for nothing."""


async def _await(answer: Deferred[Any]) -> Any:
    return await answer


class PoolOnSQLiteTests(PoolContract, OnSQLite):
    """A file."""

    async def test_durable_and_checked(self) -> None:
        """Each write is flushed, and references are real."""

        def settings(cursor: Cursor) -> list[Any]:
            names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            return [(cursor.one(f"PRAGMA {name}") or ())[0] for name in names]

        self.assertEqual(await self.database.write(settings), ["wal", 2, 1, 1])

    async def test_a_commit_that_fails(self) -> None:
        """It is not repeated: whether it was stored, nobody knows."""
        runs = []

        def owe(cursor: Cursor) -> None:
            runs.append(1)
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            cursor.execute("INSERT INTO blocks (blocker_id, blocked_id, at) VALUES (98, 99, 1)")

        await self.refused(CommitUnknown, self.database.write(owe))
        self.assertEqual(len(runs), 1)
        await self.database.write(note, "well again")

    async def test_a_full_disk(self) -> None:
        """Writes are away while reads go on; when there is room again, so are writes."""

        def fill(cursor: Cursor) -> None:
            pages = (cursor.one("PRAGMA page_count") or (0,))[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            note(cursor, "big", "x" * 100_000)

        told: list[bool] = []
        self.database.health.callbacks.append(told.append)
        fault = await self.refused(Away, self.database.transact(fill))
        self.assertEqual(fault.why, "database or disk is full")
        self.assertEqual(await self.timelines.epoch(), EPOCH)
        await self.database.write(note, "small")
        self.assertEqual(told, [False, True])

    async def test_somebody_else_writes(self) -> None:
        """A file that another process holds is a reason to try again."""
        path = self.database._server.arguments("write")["database"]
        others = [sqlite3.connect(path, timeout=0, isolation_level=None) for _ in range(2)]
        for other in others:
            self.addCleanup(other.close)
        others[0].execute("BEGIN IMMEDIATE")
        with self.assertRaises(sqlite3.OperationalError) as caught:
            others[1].execute("BEGIN IMMEDIATE")
        self.assertEqual(SQLite().fault_of(caught.exception), "again")


class PoolOnMariaDBTests(PoolContract, OnMariaDB):
    """A server."""

    async def connection(self) -> Any:
        """The number of the only connection for writes that is open."""
        return (await self.database.write(lambda c: c.one("SELECT CONNECTION_ID()")) or ())[0]

    async def test_settings(self) -> None:
        """Writes are READ COMMITTED, reads REPEATABLE READ, values are never cut to size."""

        def settings(cursor: Cursor) -> Any:
            return cursor.one("SELECT @@tx_isolation, @@sql_mode, @@character_set_connection")

        strict = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"
        self.assertEqual(await self.database.write(settings), ("READ-COMMITTED", strict, "utf8mb4"))
        self.assertEqual(await self.database.read(settings), ("REPEATABLE-READ", strict, "utf8mb4"))

    async def test_an_idle_connection_that_died(self) -> None:
        """What the server closed meanwhile costs nobody an error."""
        for run in (self.database.read, self.database.transact):
            number = (await run(lambda c: c.one("SELECT CONNECTION_ID()")) or ())[0]
            mariadb().execute(f"KILL {number}")
            self.assertEqual(await run(lambda c: c.one("SELECT 1")), (1,))
        self.assertIsNone(self.database.health.away_since)

    async def test_a_connection_that_dies_at_work(self) -> None:
        """The work is done again from its beginning; done once, it counts once."""
        runs = []

        def die_once(cursor: Cursor) -> None:
            runs.append(1)
            note(cursor, "one")
            if len(runs) == 1:
                (number,) = cursor.one("SELECT CONNECTION_ID()") or ()
                mariadb().execute(f"KILL {number}")
            note(cursor, "two")

        await self.refused(Away, self.database.transact(die_once))
        runs.clear()
        await self.database.write(die_once)
        self.assertEqual(len(runs), 2)
        self.assertEqual(await self.world.row("SELECT COUNT(*) FROM meta"), (3,))

    async def test_a_connection_that_dies_at_commit(self) -> None:
        """Then nobody knows what was stored, and nothing is done again."""
        runs = []

        def die(cursor: Cursor) -> None:
            runs.append(1)
            (number,) = cursor.one("SELECT CONNECTION_ID()") or ()
            note(cursor, "one")
            mariadb().execute(f"KILL {number}")

        for run in (self.database.write, self.database.transact):
            await self.refused(CommitUnknown, run(die))
        self.assertEqual(len(runs), 2)
        await self.database.write(note, "two")

    async def test_deadlock(self) -> None:
        """Two who wait for each other: one is thrown out, and `write` lets it try again."""
        await self.database.write(note, "a")
        await self.database.write(note, "b")
        locked = {"a": Event(), "b": Event()}

        def lock(cursor: Cursor, mine: str, theirs: str) -> None:
            query = "SELECT 1 FROM meta WHERE name = %s FOR UPDATE"
            cursor.one(query, (mine,))
            locked[mine].set()
            locked[theirs].wait(30)
            cursor.one(query, (theirs,))

        one = Deferred.fromCoroutine(self.database.transact(lock, "a", "b"))
        two = Deferred.fromCoroutine(self.database.transact(lock, "b", "a"))
        outcomes = [await answer.addErrback(lambda f: f.type) for answer in (one, two)]
        self.assertEqual(outcomes.count(Again), 1)
        for event in locked.values():
            event.clear()
        one = Deferred.fromCoroutine(self.database.write(lock, "a", "b"))
        two = Deferred.fromCoroutine(self.database.write(lock, "b", "a"))
        await one
        await two
        self.assertIsNone(self.database.health.away_since)

    async def test_the_password_stays_secret(self) -> None:
        """Who may not come in is told why, and the password is in no word of it."""
        url = mariadb().url("mysql").replace("root@", "nobody@")
        database = open_database(url, "hunter2", reactor=reactor)
        self.addCleanup(database.close)
        fault = await self.refused(Away, database.prepare(EPOCH))
        self.assertIn("Access denied", fault.why)
        self.assertNotIn("hunter2", f"{fault!r} {fault.why} {database.health.reason}")

    async def test_a_server_that_does_not_flush(self) -> None:
        """The operator is warned that an acknowledged message may be lost."""
        self.assertEqual(self.database.warnings, [])
        self.addCleanup(mariadb().execute, "SET GLOBAL innodb_flush_log_at_trx_commit = 1")
        mariadb().execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
        careless = self.small()
        await careless.prepare(EPOCH)
        (warning,) = careless.warnings
        self.assertIn("innodb_flush_log_at_trx_commit is 2", warning)
