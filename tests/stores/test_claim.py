"""One server at a time for a database behind a connection."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pymysql
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.store.claim import PATIENCE, Claim
from imtwisted.store.faults import Again, Away, InUse
from imtwisted.store.servers import server_of
from tests.mariadb import mariadb

LOCK = "CONCAT('imchat-server:', MD5('{}'))"


class ClaimTests(SynchronousTestCase):
    """Servers that want the same MariaDB database."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.name = mariadb().fresh_database()
        self.addCleanup(mariadb().drop_database, self.name)
        self.lock = LOCK.format(self.name)

    def server(self, url: str = "") -> Claim:
        """One that does at once what takes a thread."""

        async def run(work: Callable[[], bool]) -> bool:
            return work()

        claim = Claim(server_of(url or mariadb().url(self.name)), self.clock, run)
        self.addCleanup(claim.close)
        return claim

    def takes(self, claim: Claim) -> None:
        self.successResultOf(claim.take())

    def looks(self, claim: Claim) -> list[str]:
        """What it logs when it looks whether the database is its own."""
        with capturedLogs() as events:
            self.successResultOf(claim.renew())
        return [event["log_level"].name for event in events]

    def holder(self) -> Any:
        """The connection that has the lock."""
        ((holder,),) = mariadb().execute(f"SELECT IS_USED_LOCK({self.lock})")
        return holder

    def test_one(self) -> None:
        """It may look as often as it likes."""
        first = self.server()
        self.takes(first)
        self.assertEqual([self.looks(first) for _ in range(3)], [[], [], []])
        self.assertFalse(first.is_elsewhere)

    def test_another_database(self) -> None:
        """Is nobody's business."""
        name = mariadb().fresh_database()
        self.addCleanup(mariadb().drop_database, name)
        self.takes(self.server())
        self.takes(self.server(mariadb().url(name)))

    def test_two(self) -> None:
        """The second waits a while, and then is told what to do."""
        self.takes(self.server())
        second = self.server()
        with capturedLogs() as events:
            self.failureResultOf(second.take(), Again)
            self.clock.advance(PATIENCE - 0.1)
            self.failureResultOf(second.take(), Again)
        self.assertEqual(len(events), 1)
        self.assertTrue(second.is_elsewhere)
        self.clock.advance(0.1)
        why = str(self.failureResultOf(second.take(), InUse).value)
        self.assertIn("another server uses mysql://root@/", why)
        self.assertIn("stop that one first", why)

    def test_the_first_ends(self) -> None:
        """The second was waiting for that."""
        first, second = self.server(), self.server()
        self.takes(first)
        self.failureResultOf(second.take(), Again)
        first.close()
        self.takes(second)
        self.assertFalse(second.is_elsewhere)

    def test_a_lost_connection(self) -> None:
        """The lock is taken again, without a word."""
        first = self.server()
        self.takes(first)
        lost = self.holder()
        mariadb().execute(f"KILL {lost}")
        self.assertEqual(self.looks(first), [])
        self.assertNotIn(self.holder(), (None, lost))

    def test_lost_to_another(self) -> None:
        """It is said once that somebody else has it, and once that it is back."""
        first, second = self.server(), self.server()
        self.takes(first)
        mariadb().execute(f"KILL {self.holder()}")
        self.takes(second)
        self.assertEqual(self.looks(first), ["critical"])
        self.assertEqual(self.looks(first), [])
        self.assertTrue(first.is_elsewhere)
        second.close()
        self.assertEqual(self.looks(first), ["info"])
        self.assertFalse(first.is_elsewhere)

    def test_a_machine_that_vanished(self) -> None:
        """A connection that says nothing more is given up sooner than who waits for it gives up."""
        self.takes(self.server())
        line = pymysql.connect(unix_socket=mariadb().socket, user="root")
        with closing(line), line.cursor() as cursor:
            cursor.execute(f"SELECT GET_LOCK({self.lock}, {PATIENCE})")
            self.assertEqual(cursor.fetchone(), (1,))

    def test_away(self) -> None:
        """A database that is not there is nobody's; that is the pool's to say."""
        nowhere = self.server("mysql://me@/x?unix_socket=/nowhere/socket")
        self.failureResultOf(nowhere.take(), Away)
        self.assertEqual(self.looks(nowhere), [])
        self.assertFalse(nowhere.is_elsewhere)

    def test_a_file(self) -> None:
        """Is claimed by other means, before it is opened."""
        file = self.server("sqlite:/dev/null")
        self.takes(file)
        self.takes(self.server("sqlite:/dev/null"))
