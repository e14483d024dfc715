"""``imchat-admin`` beside a running server."""

from __future__ import annotations

import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from tests.person import Person, Refused
from tests.process import Process


def imchat_admin(server: Process, *command: str) -> str:
    """What the operator's command printed, run where `server` keeps its data."""
    return subprocess.run(
        [sys.executable, "-c", "from imtwisted.admin import main; main()", *command],
        cwd=server.folder,
        env=server.variables(),
        stdin=subprocess.DEVNULL,
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
