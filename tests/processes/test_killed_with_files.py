"""Files and a server that is killed: with their message once, and gone with it, on both databases."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase
from websockets.exceptions import ConnectionClosed

from tests.person import Connection, Person
from tests.process import Process
from tests.processes import test_story as stories
from tests.uploading import TYPE, form

NUMBER = 24
_WITHIN = 20.0  # seconds that a server has for its sweep
_LONG_AGO = 2 * 3600


def content(number: int) -> bytes:
    """What is in the file of that number."""
    return f"the content of {number}".encode()


def fetched(server: Process, person: Person, path: str, form: bytes | None = None) -> bytes:
    """What the API gives for a file, or for a form with one."""
    request = urllib.request.Request(f"{server.url}/api/v1{path}", data=form)
    request.add_header("Authorization", f"Bearer {person.token}")
    if form is not None:
        request.add_header("Content-Type", TYPE)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return bytes(answer.read())


def uploaded(server: Process, person: Person, number: int) -> int:
    """The id of a file."""
    answer = fetched(server, person, "/files", form(content(number), f"{number}.txt"))
    return int(json.loads(answer)["file"]["id"])


def lying(server: Process) -> list[Path]:
    """Every file that the disk has, by its bytes."""
    return sorted((server.folder / "imchat-data/files").glob("[0-9a-f][0-9a-f]/*"))


class KilledWithFiles(stories.Contract):
    """The same on every database."""

    options: Callable[[], tuple[str, ...]]

    def test_in_the_middle_of_sending(self) -> None:
        """Whatever the server came to: sent again, each message is there once, with its file."""
        with Process(*self.options(), *stories.NO_LIMIT) as server:
            zhang, li = (Person(server, name).registers() for name in ("zhang", "li"))
            sends = [
                {"client_id": client_id, "text": "", "files": [uploaded(server, zhang, number)]}
                for number, client_id in enumerate(stories.client_ids(NUMBER))
            ]
            with zhang.connects() as connection:
                lobby = connection.asks("hello")["conversations"][0]["conversation"]
                self.say(connection, lobby, sends)
                before = stories.acknowledged(connection, 3)
                server.kill()
                try:
                    while True:
                        before |= stories.acknowledged(connection, 1)
                except ConnectionClosed:
                    pass
            server.start()
            with zhang.signs_in().connects() as connection:
                connection.asks("hello")
                self.say(connection, lobby, sends)
                after = stories.acknowledged(connection, NUMBER)
            self.assertEqual(before.items() - after.items(), set())
            self.assertEqual(sorted(after.values()), list(range(1, NUMBER + 1)))
            li.signs_in()
            self.check(server, li, li.asks("GET", f"/conversations/{lobby}/messages?limit=100"))

    def say(self, connection: Connection, lobby: int, sends: list[dict[str, Any]]) -> None:
        """All of them, without waiting."""
        for send in sends:
            connection.says("send", conversation=lobby, **send)

    def check(self, server: Process, reader: Person, page: Any) -> None:
        """Each message brings its own file, and the reader gets what is in it."""
        for number, item in enumerate(page["items"]):
            (file,) = item["files"]
            self.assertEqual(file["name"], f"{number}.txt")
            self.assertEqual(fetched(server, reader, f"/files/{file['id']}"), content(number))
        self.assertEqual((len(page["items"]), len(lying(server))), (NUMBER, NUMBER))

    def test_between_a_recall_and_its_unlink(self) -> None:
        """The row is gone, the bytes still lie there: the server that comes back sweeps them."""
        with Process(*self.options()) as server:
            zhang = Person(server, "zhang").registers()
            gone, stays = (uploaded(server, zhang, number) for number in (0, 1))
            with zhang.connects() as connection:
                lobby = connection.asks("hello")["conversations"][0]["conversation"]
                for client_id, file in zip(stories.client_ids(2), (gone, stays), strict=True):
                    send = {"client_id": client_id, "text": "", "files": [file]}
                    ack = connection.asks("send", conversation=lobby, **send)
                    self.assertEqual(ack["type"], "ack")
                (path,) = [one for one in lying(server) if one.read_bytes() == content(0)]
                spare = server.folder / "spare"
                os.link(path, spare)
                ack = connection.asks("recall", conversation=lobby, seq=1)
                self.assertEqual(ack["type"], "ack")
                server.kill()
            # Whether it came to the unlink or not: as if it had not, and some hours ago.
            path.unlink(missing_ok=True)
            os.rename(spare, path)
            for one in lying(server):
                os.utime(one, (time.time() - _LONG_AGO,) * 2)
            server.start()
            self.wait_until(lambda: not path.exists())
            zhang.signs_in()
            self.assertEqual(fetched(server, zhang, f"/files/{stays}"), content(1))
            self.assertEqual([one.read_bytes() for one in lying(server)], [content(1)])

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Look again and again; fails when it takes too long."""
        deadline = time.monotonic() + _WITHIN
        while not is_so():
            self.assertLess(time.monotonic(), deadline, "it was not swept")
            time.sleep(0.05)


class SQLiteKilledWithFilesTests(KilledWithFiles, SynchronousTestCase):
    """With no database named."""

    options = stories.SQLiteStoryTests.options


class MariaDBKilledWithFilesTests(KilledWithFiles, SynchronousTestCase):
    """With a database server."""

    options = stories.MariaDBStoryTests.options
