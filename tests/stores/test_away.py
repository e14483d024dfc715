"""A database that goes away and comes back under a running pool."""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock, deferLater
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase, TestCase

from imtwisted.refusals import Unavailable
from imtwisted.store.faults import Away
from imtwisted.store.health import CALM, Health
from imtwisted.store.pool import open_database
from imtwisted.store.servers import MySQLServer, server_of
from tests.mariadb import MariaDB
from tests.stores.databases import EPOCH
from tests.stores.test_transactions import note


class AwayTests(TestCase):
    """On a server of its own, which is killed and started again."""

    timeout = 60

    def setUp(self) -> None:
        self.server = MariaDB()
        self.addCleanup(self.server.remove)
        self.server.start()
        self.database = open_database(
            self.server.url(self.server.fresh_database()), reactor=reactor
        )
        self.addCleanup(self.database.close)

    async def until_back(self) -> None:
        """Wait until the pool itself has found out."""
        back = Deferred[bool]()
        self.database.health.callbacks.append(back.callback)
        self.assertTrue(await back)

    async def fails(self) -> None:
        """Everything asked now is temporarily unavailable."""
        for asked in (
            self.database.read(lambda cursor: cursor.one("SELECT 1")),
            self.database.write(note, "lost"),
            self.database.transact(note, "lost"),
        ):
            try:
                await asked
            except Unavailable as refusal:
                self.assertTrue(refusal.temporary)
                self.assertIsInstance(refusal, Away)
            else:
                self.fail("it answered")

    def at_once_away(self) -> None:
        """Nobody has to wait for a connection that pings know not to be had."""
        for ask in (self.database.read, self.database.write):
            answer = Deferred.fromCoroutine(ask(lambda cursor: cursor.one("SELECT 1")))
            self.failureResultOf(answer, Away)

    async def test_killed_and_restarted(self) -> None:
        """It is noticed by who asks, told once, and found to be back without being asked."""
        await self.database.prepare(EPOCH)
        await self.database.write(note, "kept")
        with capturedLogs() as events:
            self.server.kill()
            await self.fails()
            await deferLater(reactor, 1.5)
            self.at_once_away()
            self.assertIsNotNone(self.database.health.away_since)
            self.server.start()
            await self.until_back()
        ours = [e for e in events if e["log_namespace"].startswith("imtwisted")]
        self.assertEqual([e["log_level"].name for e in ours], ["error", "info"])
        self.assertIsNone(self.database.health.away_since)
        rows = await self.database.read(lambda cursor: cursor.all("SELECT name FROM meta"))
        self.assertEqual(sorted(rows), [("epoch",), ("kept",)])

    async def test_a_lock_is_no_room(self) -> None:
        """On a full disk the server's lock is had as ever; the database is away all the same."""
        await self.database.start(EPOCH)
        self.database.health.lost("write", "full")
        await self.database.claim.renew()
        self.assertFalse(self.database.claim.is_elsewhere)
        self.assertEqual(self.database.health.lanes_away, ("write",))

    async def test_down_at_start(self) -> None:
        """The service waits for its database, says so once, and then starts."""
        self.server.kill()
        with capturedLogs() as events:
            started = Deferred.fromCoroutine(self.database.start(EPOCH))
            await deferLater(reactor, 1.2)
            await self.fails()
            self.assertFalse(started.called)
            self.server.start()
            await started
        ours = [e for e in events if e["log_namespace"].startswith("imtwisted")]
        self.assertEqual([e["log_level"].name for e in ours], ["error", "info"])
        self.assertIn("cannot connect to mysql://root@/", ours[0]["reason"])
        await self.database.write(note, "kept")


class StoppedTests(TestCase):
    """A service that is stopped before its database came."""

    async def test_closed_while_waiting(self) -> None:
        """It waits no longer, and may be stopped twice."""
        database = open_database("mysql://me@/x?unix_socket=/nowhere/socket", reactor=reactor)
        self.addCleanup(database.close)
        started = Deferred.fromCoroutine(database.start(EPOCH))
        while database.health.away_since is None:
            await deferLater(reactor, 0.01)
        database.close()
        database.close()
        await started


class HealthTests(SynchronousTestCase):
    """What is told of the database's health."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(100)
        self.health = Health(self.clock)
        self.told: list[bool] = []
        self.health.callbacks.append(self.told.append)

    def test_each_way_once(self) -> None:
        """It goes once and comes back once, however many ask meanwhile."""
        self.health.found("read")
        self.health.lost("read", "gone")
        self.health.lost("read", "still gone")
        self.assertEqual((self.health.away_since, self.health.reason), (100, "still gone"))
        self.health.found("read")
        self.health.found("read")
        self.assertEqual((self.health.away_since, self.health.reason), (None, ""))
        self.assertEqual(self.told, [False, True])

    def test_reads_say_nothing_of_writes(self) -> None:
        """With a full disk it reads well and is away nevertheless."""
        self.health.lost("write", "full")
        self.health.found("read")
        self.assertEqual((self.told, self.health.lanes_away), ([False], ("write",)))
        self.health.found("write")
        self.assertEqual((self.told, self.health.lanes_away), ([False, True], ()))

    def test_back_when_all_of_it_is_back(self) -> None:
        """While one of the two does not work, it is not back."""
        self.health.lost("write", "gone")
        self.health.lost("read", "gone")
        self.health.found("write")
        self.assertEqual((self.told, self.health.lanes_away), ([False], ("read",)))
        self.health.found("read")
        self.assertEqual(self.told, [False, True])

    def test_a_full_disk_is_not_back_at_every_small_write(self) -> None:
        """What failed again at once has to hold for a while before it is believed."""
        for _ in range(20):
            self.health.lost("write", "full")
            self.clock.advance(0.1)
            self.health.found("write")
        self.assertEqual(self.told, [False, True, False])
        self.clock.advance(CALM)
        self.health.found("write")
        self.assertEqual(self.told, [False, True, False, True])


class AddressTests(SynchronousTestCase):
    """Which URLs name a database."""

    def test_what_names_none(self) -> None:
        """A mistake is told at start, and so is a password where anyone may read it."""
        for url in ("", "sqlite:", "postgres://x/y", "mysql://root@localhost", "imchat.sqlite3"):
            with self.assertRaises(ValueError):
                open_database(url, reactor=Clock())
        with self.assertRaises(ValueError) as caught:
            open_database("mysql://root:hunter2@localhost/imchat", reactor=Clock())
        self.assertNotIn("hunter2", str(caught.exception))

    def test_what_names_one(self) -> None:
        """Host and port, or a socket on this machine."""
        self.assertEqual(place_of("mysql://me@db.example:3307/imchat"), ("db.example", 3307))
        self.assertEqual(place_of("mysql://me@db.example/imchat"), ("db.example", 3306))
        self.assertEqual(place_of("mysql://me@/imchat?unix_socket=/run/x.sock"), "/run/x.sock")


def place_of(url: str) -> object:
    """Where the server of `url` is called."""
    server = server_of(url, "secret")
    assert isinstance(server, MySQLServer)
    assert "secret" not in server.name
    return server._place
