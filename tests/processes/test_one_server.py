"""Two servers on one database would serve people who cannot hear each other."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

import pymysql
from twisted.trial.unittest import SynchronousTestCase

from tests.mariadb import mariadb
from tests.process import Process
from tests.processes.test_database_away import readiness, wait_for_readiness, wait_for_words
from tests.processes.test_operator import imchat_admin

_ENDED_WITHIN = 40.0
_TOLD = ("another server uses", "stop that one first")


class OneServerContract:
    """What holds for every database; `options` makes a server use the same one."""

    def same(self: Any, first: Process, **how: Any) -> Process:
        """A second server for the database of `first`; nothing runs yet."""
        second = Process(*self.options(first), **how)
        self.addCleanup(second.remove)
        return second

    def test_refused(self: Any) -> None:
        """The second ends, says why and what to do, and the first has noticed nothing."""
        with Process(*self.database()) as first:
            second = self.same(first)
            second.spawn()
            second.wait(_ENDED_WITHIN)
            for words in _TOLD:
                self.assertIn(words, second.log)
            self.assertNotIn("Traceback", second.log)
            self.assertEqual(second.status, 1)
            self.assertEqual(readiness(first), (200, "ready\n"))

    def test_a_restart(self: Any) -> None:
        """Whoever starts it again before the old one has ended waits for that, and serves."""
        with Process(*self.database()) as first:
            second = self.same(first, waits=False)
            second.spawn()
            wait_for_words(second, "it may be ending")
            self.assertTrue(second.is_running)
            first.stop()
            wait_for_words(second, "imtwisted is ready")
            wait_for_readiness(second, 200)

    def test_killed(self: Any) -> None:
        """What a killed server held is free at once."""
        with Process(*self.database()) as first:
            second = self.same(first)
            first.kill()
            begun = time.monotonic()
            second.start()
            self.assertLess(time.monotonic() - begun, 10)
            self.assertNotIn("nother server uses", second.log)


class SQLiteTests(OneServerContract, SynchronousTestCase):
    """On a file."""

    def database(self) -> tuple[str, ...]:
        return ()

    def options(self, first: Process) -> tuple[str, ...]:
        """By another name, as a link of somebody's."""
        link = first.folder / "link.sqlite3"
        link.symlink_to(first.folder / "imchat-data" / "imchat.sqlite3")
        return ("--database", f"sqlite:{link}")

    def test_files(self) -> None:
        """The folder of files is one server's too."""
        with Process() as first:
            second = Process("--data", str(first.folder / "imchat-data"), "--database", "sqlite:b")
            self.addCleanup(second.remove)
            second.spawn()
            second.wait(_ENDED_WITHIN)
            self.assertIn("another server keeps its files in", second.log)


class MariaDBTests(OneServerContract, SynchronousTestCase):
    """Behind a connection."""

    def setUp(self) -> None:
        self.name = mariadb().fresh_database()
        self.addCleanup(mariadb().drop_database, self.name)

    def database(self) -> tuple[str, ...]:
        return ("--database", mariadb().url(self.name))

    def options(self, first: Process) -> tuple[str, ...]:
        return self.database()

    def test_lost_to_another(self) -> None:
        """A running server says that another has come between, and when it is alone again."""
        lock = f"CONCAT('imchat-server:', MD5('{self.name}'))"
        with Process(*self.database()) as server:
            with closing(pymysql.connect(unix_socket=mariadb().socket, user="root")) as other:
                cursor = other.cursor()
                cursor.execute(f"SELECT IS_USED_LOCK({lock})")
                ((holder,),) = cursor.fetchall()
                cursor.execute(f"KILL {holder}")
                cursor.execute(f"SELECT GET_LOCK({lock}, 1)")
                self.assertEqual(cursor.fetchone(), (1,))
                wait_for_words(server, "another server uses")
                status, words = readiness(server)
                self.assertEqual((status, words), (503, "another server uses the database\n"))
                told = imchat_admin(server, "new-epoch", *self.database())
                self.assertIn("The epoch is now", told)
            wait_for_readiness(server, 200)
            wait_for_words(server, "No other server uses")
