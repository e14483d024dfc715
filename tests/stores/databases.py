"""
The three databases that every store has to work on, and a small world in them.

A contract is a mixin of tests (`class PeopleContract(Contract)`), mixed into
one case for each of `OnInline`, `OnSQLite` and `OnMariaDB`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Coroutine
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.trial.unittest import TestCase

from imtwisted.boundaries import Database
from imtwisted.store.contacts import StoredContacts
from imtwisted.store.conversations import StoredConversations
from imtwisted.store.cursors import StoredCursors
from imtwisted.store.inline import InlineDatabase
from imtwisted.store.messages import StoredTimelines
from imtwisted.store.people import StoredPeople
from imtwisted.store.pool import PooledDatabase, open_database
from tests.mariadb import mariadb
from tests.stores.world import World

T = TypeVar("T")

EPOCH = "abcdef"


class StoreCase(TestCase):
    """A test with an empty database and the stores in it; `open` says which database."""

    timeout = 60

    async def open(self) -> Database:
        """An empty database, closed when the test ends."""
        raise NotImplementedError

    async def setUp(self) -> None:  # type: ignore[override]  # trial awaits it
        await self.begin()

    async def begin(self) -> None:
        """Open the database, and furnish it."""
        self.database = await self.open()
        self.people = StoredPeople(self.database)
        self.contacts = StoredContacts(self.database)
        self.conversations = StoredConversations(self.database)
        self.timelines = StoredTimelines(self.database)
        self.cursors = StoredCursors(self.database)
        self.world = World(self.database, self.people)
        await self.furnish()

    async def furnish(self) -> None:
        """Put into the empty database what every test of the case begins with."""

    def pooled(self, url: str, **settings: Any) -> PooledDatabase:
        """A pool of its own on `url`, closed when the test ends."""
        database = open_database(url, reactor=reactor, **settings)
        self.addCleanup(database.close)
        return database

    def folder(self) -> Path:
        """A folder that goes when the test ends."""
        folder = tempfile.mkdtemp(prefix="imchat-store-")
        self.addCleanup(shutil.rmtree, folder)
        return Path(folder)

    async def refused(self, refusal: type[Exception], asked: Coroutine[Any, Any, object]) -> Any:
        """The exception of that type with which `asked` ends."""
        try:
            result = await asked
        except refusal as exc:
            return exc
        self.fail(f"{refusal.__name__} expected, not {result!r}")


class OnInline(StoreCase):
    """In memory, in the calling thread."""

    async def open(self) -> Database:
        database = InlineDatabase(epoch=EPOCH)
        self.addCleanup(database.close)
        return database


class OnSQLite(StoreCase):
    """A file, as one node has it that was told of no database."""

    async def open(self) -> PooledDatabase:
        database = self.pooled(f"sqlite:{self.folder() / 'imchat.sqlite3'}")
        await database.prepare(EPOCH)
        return database


class OnMariaDB(StoreCase):
    """A real server; the tables stay from test to test, emptied."""

    async def open(self) -> PooledDatabase:
        database = self.pooled(mariadb().url(_shared_name()))
        await database.prepare(EPOCH)
        await database.write(_empty)
        return database


@cache
def _shared_name() -> str:
    return mariadb().fresh_database()


def _empty(cursor: Any) -> None:
    for table in (
        "search_terms",
        "sightings",
        "files",
        "message_edits",
        "reactions",
        "mentions",
        "messages",
        "invite_admissions",
        "invites",
        "members",
        "conversations",
        "blocks",
        "friendships",
    ):
        cursor.execute(f"DELETE FROM {table}")
    cursor.execute("DELETE FROM deletions")
    cursor.execute("DELETE FROM reserved_names")
    cursor.execute("DELETE FROM sessions")
    cursor.execute("DELETE FROM users")
    cursor.execute("DELETE FROM meta WHERE name <> 'epoch'")


async def at_once(*asked: Coroutine[Any, Any, T]) -> list[T]:
    """All results of what is asked at the same time."""
    return list(await gatherResults([Deferred.fromCoroutine(one) for one in asked]))


if TYPE_CHECKING:
    Contract = StoreCase
else:
    # No case by itself: it would run without a database.
    Contract = object
