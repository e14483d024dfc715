"""
Makes the users of a run before the server starts, through the server's own store.

A process of its own, ``python -m benchmarks.people``: a `Cast` as JSON comes in,
a `Made` goes out. No password is hashed: everyone gets a session and its token.
Groups and what is said in them come from the journal, as in the server.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import react

from benchmarks.cast import Cast, Group, Made
from imtwisted.boundaries import Cursor
from imtwisted.entries import Committed, Found, Post
from imtwisted.model import Person, UserId
from imtwisted.store.batch import Writer
from imtwisted.store.conversations import StoredConversations
from imtwisted.store.journal import LanedJournal
from imtwisted.store.ledger import Policy
from imtwisted.store.pool import PooledDatabase, open_database

TEXT = "Shall we meet at the harbour at eight and bring the small boat?"
_NOBODYS_PASSWORD = "-"

_USER = """
    INSERT INTO users (username, name_key, display_name, password_hash, created_at)
    VALUES (%s, %s, %s, %s, %s)
"""
_USERS = "SELECT id, username FROM users ORDER BY id"
_SESSION = """
    INSERT INTO sessions (user_id, token_hash, created_at, last_used_at, address, agent)
    VALUES (%s, %s, %s, %s, '127.0.0.1', 'benchmark')
"""
_FRIENDS = """
    INSERT INTO friendships (low_id, high_id, asker_id, note, asked_at, friends_at)
    VALUES (%s, %s, %s, '', %s, %s)
"""


class Maker:
    """Makes one cast."""

    def __init__(self, database: PooledDatabase, clock: Any, cast: Cast) -> None:
        self._database = database
        self._clock = clock
        self._cast = cast
        self._now = int(clock.seconds() * 1000)
        self._journal = LanedJournal(
            database,
            clock,
            lambda committed: None,
            lambda: Writer(Policy(group_members=cast.users), clock),
            lanes=1,
            waiting_writes=1 << 30,
        )

    async def make(self) -> Made:
        """Everything of the cast."""
        await self._database.prepare(os.urandom(8).hex())
        tokens = [
            base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
            for _ in range(self._cast.users)
        ]
        people = await self._database.write(_enrol, tokens, self._now)
        groups = [await self._group(each, people) for each in self._cast.groups]
        direct = [await self._pair(people[a], people[b]) for a, b in self._cast.friends]
        return Made([person.username for person in people], tokens, groups, direct)

    async def _group(self, group: Group, people: list[Person]) -> int:
        owner, *others = [people[index] for index in group.members]
        found = Found(owner, os.urandom(16), "Benchmark", False, tuple(others))
        [made] = await self._write([found])
        # The group's own beginning is its first message.
        posts = [
            Post(made.conversation, owner, os.urandom(16), TEXT) for _ in range(group.said - 1)
        ]
        await self._write(posts)
        return made.conversation

    async def _write(self, entries: list[Any]) -> list[Committed]:
        work = [Deferred.fromCoroutine(self._journal.append(entry)) for entry in entries]
        return list(await gatherResults(work))

    async def _pair(self, one: Person, other: Person) -> int:
        low, high = sorted((one.id, other.id))
        await self._database.write(_befriend, low, high, self._now)
        made = await StoredConversations(self._database).direct(low, high, self._now)
        return made.id


def _enrol(cursor: Cursor, tokens: list[str], now: int) -> list[Person]:
    names = [f"user{number}" for number in range(len(tokens))]
    cursor.insert_rows(_USER, [(name, name, name, _NOBODYS_PASSWORD, now) for name in names])
    people = [Person(UserId(id), name, name) for id, name in cursor.all(_USERS)]
    hashes = [hashlib.sha256(token.encode()).digest() for token in tokens]
    cursor.insert_rows(
        _SESSION,
        [(person.id, hash, now, now) for person, hash in zip(people, hashes, strict=True)],
    )
    return people


def _befriend(cursor: Cursor, low: UserId, high: UserId, now: int) -> None:
    cursor.execute(_FRIENDS, (low, high, low, now, now))


async def _main(reactor: Any) -> None:
    cast = msgspec.json.decode(sys.stdin.buffer.read(), type=Cast)
    database = open_database(cast.database, reactor=reactor)
    try:
        made = await Maker(database, reactor, cast).make()
    finally:
        database.close()
    sys.stdout.buffer.write(msgspec.json.encode(made))


if __name__ == "__main__":
    react(lambda reactor: Deferred.fromCoroutine(_main(reactor)))
