"""``imchat-admin`` beside a running server."""

from __future__ import annotations

import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from tests.mariadb import mariadb
from tests.person import PASSWORD, Person, Refused
from tests.process import Process


def imchat_admin(server: Process, *command: str, says: str = "") -> str:
    """What the operator's command printed, run where `server` keeps its data."""
    return subprocess.run(
        [sys.executable, "-c", "from imtwisted.admin import main; main()", *command],
        cwd=server.folder,
        env=server.variables(),
        input=says,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout


class RestoreTests(SynchronousTestCase):
    """After a restored backup, nobody takes a new message for a known one."""

    def test_a_new_epoch(self) -> None:
        """A client that remembers the old lineage is told to load anew."""
        with Process() as server:
            zhang = Person(server, "zhang").registers()
            with zhang.connects() as before:
                epoch = before.asks("hello")["epoch"]
            server.stop()
            imchat_admin(server, "new-epoch")
            server.start()
            with zhang.connects() as after:
                ready = after.asks("hello", epoch=epoch, cursors=[[1, 0]])
                self.assertNotEqual(ready["epoch"], epoch)
                reset = after.hears("reset", conversation=1)
                self.assertEqual((reset["why"], reset["rev"]), ("epoch", 0))


class FirstAccountTests(SynchronousTestCase):
    """Nobody could make it by the page where only the invited register."""

    def comes_in(self, *options: str) -> None:
        """The operator makes it beside a running server; it signs in, and is in the lobby."""
        with Process("--registration", "invite", *options) as server:
            zhang = Person(server, "zhang")
            with self.assertRaises(Refused) as refused:
                zhang.registers()
            self.assertEqual(refused.exception.error["reason"], "invite_needed")
            told = imchat_admin(server, "user", "add", "zhang", *options, says=f"{PASSWORD}\n")
            self.assertEqual(told, "zhang can sign in now.\n")
            zhang.signs_in()
            with zhang.connects() as connection:
                (lobby,) = connection.asks("hello")["conversations"]
                self.assertEqual((lobby["title"], lobby["members"]), ("Lobby", 1))

    def test_on_sqlite(self) -> None:
        self.comes_in()

    def test_on_mariadb(self) -> None:
        self.comes_in("--database", mariadb().url(mariadb().fresh_database()))


class DeletionTests(SynchronousTestCase):
    """An account that the operator wants gone."""

    def test_beside_a_running_server(self) -> None:
        """The server hears of it within seconds; connections close, the name stays taken."""
        with Process() as server:
            zhang = Person(server, "zhang").registers()
            with zhang.connects() as connection:
                connection.asks("hello")
                told = imchat_admin(server, "user", "delete", "ZHANG")
                self.assertIn("zhang", told)
                self.assertEqual(connection.hears("bye")["code"], 4004)
            with self.assertRaises(Refused) as refused:
                zhang.asks("GET", "/me")
            self.assertEqual(refused.exception.status, 401)
            with self.assertRaises(Refused) as refused:
                Person(server, "Zhang").registers()
            self.assertEqual(refused.exception.error["reason"], "name_taken")
