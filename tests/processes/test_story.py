"""What was acknowledged is there when the server comes back, on SQLite and on MariaDB."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from twisted.trial.unittest import SynchronousTestCase
from websockets.exceptions import ConnectionClosed

from tests.mariadb import mariadb
from tests.person import Connection, Frame, Person
from tests.process import Process

# A contract, run only through the cases at the end of this file.
if TYPE_CHECKING:
    Contract = SynchronousTestCase
else:
    Contract = object

NO_LIMIT = ("--limit", "sends_per_10s=0", "--limit", "unanswered_requests=1000")


def client_ids(number: int) -> list[str]:
    """As many ids of messages as asked, always the same ones."""
    return [f"{n:032x}" for n in range(1, number + 1)]


def acknowledged(connection: Connection, number: int) -> dict[str, int]:
    """The next `number` acks: which `client_id` got which `seq`."""
    acks = [connection.hears("ack") for _ in range(number)]
    return {ack["client_id"]: ack["seq"] for ack in acks}


class Story(ABC, Contract):
    """The same story on every database."""

    @abstractmethod
    def options(self) -> tuple[str, ...]:
        """What chooses the database."""

    @abstractmethod
    def rows(self, server: Process, query: str) -> Sequence[tuple[object, ...]]:
        """What the database of `server` holds."""

    def test_how_passwords_are_kept(self) -> None:
        """By Argon2id, at the cost that was chosen: two passes over 19 MiB."""
        with Process(*self.options()) as server:
            Person(server, "zhang").registers()
            server.stop()
            [(kept,)] = self.rows(server, "SELECT password_hash FROM users")
            self.assertRegex(str(kept), r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$")

    def lobby_of(self, ready: Frame) -> int:
        """The conversation that everyone is in."""
        [head] = ready["conversations"]
        self.assertEqual((head["kind"], head["title"]), ("group", "Lobby"))
        return int(head["conversation"])

    def test_a_message_outlives_the_server(self) -> None:
        """Said to two, killed, started again: a third reads it from the beginning."""
        with Process(*self.options()) as server:
            with (
                Person(server, "zhang").registers().connects() as zhang,
                Person(server, "李四").registers().connects() as li,
            ):
                lobby = self.lobby_of(zhang.asks("hello"))
                li.asks("hello")
                ack = zhang.asks("send", client_id="ab" * 16, conversation=lobby, text="在吗? 🙂")
                self.assertEqual(ack["type"], "ack")
                heard = li.hears("message", conversation=lobby)
                self.assertEqual((heard["text"], heard["seq"]), ("在吗? 🙂", ack["seq"]))
                self.assertEqual(heard["sender"]["username"], "zhang")
                server.kill()
            server.start()
            with Person(server, "wang").registers().connects() as wang:
                self.assertEqual(wang.asks("hello", cursors=[[lobby, 0]])["type"], "ready")
                delta = wang.hears("delta", conversation=lobby)
                self.assertEqual([item["text"] for item in delta["items"]], ["在吗? 🙂"])
                self.assertEqual((delta["from"], delta["to"]), (0, ack["rev"]))

    def test_killed_in_the_middle_of_a_flood(self) -> None:
        """Whatever was acknowledged is there, and what is sent again is there once."""
        # On a quick machine all may be answered before the kill; then more is said.
        for number in (400, 1_600, 6_400):
            if self.killed_in_a_flood(client_ids(number)) < number:
                return
        self.fail("however much was said, all was acknowledged before the kill")

    def killed_in_a_flood(self, ids: list[str]) -> int:
        """Say all of them, kill the server, say them again; how many were acknowledged before."""
        with Process(*self.options(), *NO_LIMIT) as server:
            zhang = Person(server, "zhang").registers()
            with zhang.connects() as connection:
                lobby = self.lobby_of(connection.asks("hello"))
                before = flood(server, connection, lobby, ids)
            server.start()
            with zhang.signs_in().connects() as connection:
                connection.asks("hello")
                for one in ids:
                    connection.says("send", client_id=one, conversation=lobby, text=one)
                after = acknowledged(connection, len(ids))
                self.assertEqual(before.items() - after.items(), set())
                self.assertEqual(sorted(after.values()), list(range(1, len(ids) + 1)))
                self.assertEqual([one for one, _ in sorted(after.items(), key=at)], ids)
        return len(before)

    def test_signed_in_before_and_after(self) -> None:
        """A restart signs nobody out, and keeps everyone's lists."""
        with Process(*self.options()) as server:
            zhang = Person(server, "zhang").registers()
            before = zhang.asks("GET", "/me")
            server.stop()
            server.start()
            after = zhang.asks("GET", "/me")
            self.assertEqual((after["user"], after["epoch"]), (before["user"], before["epoch"]))


def flood(server: Process, connection: Connection, lobby: int, ids: list[str]) -> dict[str, int]:
    """Say all of them, and kill the server when an eighth is acknowledged; what was, in all."""
    for one in ids:
        connection.says("send", client_id=one, conversation=lobby, text=one)
    before = acknowledged(connection, len(ids) // 8)
    server.kill()
    try:
        while True:
            before |= acknowledged(connection, 1)
    except ConnectionClosed:
        return before


def at(acknowledgement: tuple[str, int]) -> int:
    """Where an acknowledged message stands."""
    return acknowledgement[1]


class SQLiteStoryTests(Story, SynchronousTestCase):
    """With no database named: an embedded file."""

    def options(self) -> tuple[str, ...]:
        """Nothing to choose."""
        return ()

    def rows(self, server: Process, query: str) -> Sequence[tuple[object, ...]]:
        """By its file."""
        path = server.folder / "imchat-data" / "imchat.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            return database.execute(query).fetchall()


class MariaDBStoryTests(Story, SynchronousTestCase):
    """With a database server."""

    def options(self) -> tuple[str, ...]:
        """A database of this test's own."""
        self.name = mariadb().fresh_database()
        self.addCleanup(mariadb().drop_database, self.name)
        return ("--database", mariadb().url(self.name))

    def rows(self, server: Process, query: str) -> Sequence[tuple[object, ...]]:
        """By its server."""
        return mariadb().execute(query.replace(" FROM ", f" FROM {self.name}."))
