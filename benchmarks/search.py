"""
How long a search takes: ``python -m benchmarks.search``.

Many messages in many conversations of one person, Chinese and English, whose
words are as unequally common as in a language; then questions that are easy and
hard, one after the other, through the store as the server asks it. Not part of
``python -m benchmarks``: nothing is sent over the network.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import react

from benchmarks.servers.databases import Database, Maria, SQLite
from imtwisted.boundaries import Cursor
from imtwisted.findings import Findings, Wanted
from imtwisted.model import ConversationId, UserId
from imtwisted.rules.matching import parts_of
from imtwisted.store import search_terms
from imtwisted.store.people import StoredPeople
from imtwisted.store.pool import PooledDatabase, open_database
from imtwisted.store.search import StoredSearch

PEOPLE = 50
CONVERSATIONS = 200
TIMES = 40  # each question
RARE, NEVER = "量齉", "龘龗"

_GROUP = """
    INSERT INTO conversations (kind, title, created_at, last_at, last_seq, last_rev, member_count)
    VALUES ('group', %s, 1, %s, %s, %s, %s)
"""
_MEMBER = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at)
    VALUES (%s, %s, 'member', 'active', 1)
"""
_SAY = """
    INSERT INTO messages (conversation_id, seq, rev, sender_id, client_id, content_hash, at,
                          kind, text, reply_to, mentioned)
    VALUES (%s, %s, %s, %s, %s, %s, %s, 'text', %s, NULL, 0)
"""
_SIZE = "SELECT COUNT(*), SUM(LENGTH(filter)) FROM search_terms"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Words:
    """Texts whose characters and words follow Zipf's law."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        others = [chr(code) for code in chance.sample(range(0x4E00, 0x9F00), 3000)]
        self._han = [*"的一是不了人我在有他这中大来上国", *others]
        syllables = [
            a + b + c for a in "bcdfghklmnprst" for b in "aeiou" for c in ["", "n", "r", "st"]
        ]
        made = [
            "".join(chance.choices(syllables, k=chance.choice([1, 2, 2, 3]))) for _ in range(8000)
        ]
        self._latin = ["the", "and", "you", "for", "that", "station", *made]
        self._weights = {
            len(words): list(accumulate(1 / rank for rank in range(2, len(words) + 2)))
            for words in (self._han, self._latin)
        }

    def text(self) -> str:
        """One message."""
        if self._chance.random() < 0.6:
            return "".join(self._some(self._han, self._chance.randint(4, 40)))
        return " ".join(self._some(self._latin, self._chance.randint(2, 14)))

    def _some(self, words: list[str], count: int) -> list[str]:
        return self._chance.choices(words, cum_weights=self._weights[len(words)], k=count)


def _fill(
    cursor: Cursor, id: int, rows: list[tuple[int, UserId, str]], members: list[UserId]
) -> ConversationId:
    """A group in which that was said."""
    cursor.execute(_GROUP, (f"Group {id}", rows[-1][0], len(rows), len(rows), len(members)))
    group = ConversationId(cursor.lastrowid)
    cursor.insert_rows(_MEMBER, [(group, user) for user in members])
    for start in range(0, len(rows), 1000):
        some = enumerate(rows[start : start + 1000], start + 1)
        cursor.insert_rows(
            _SAY,
            [
                (group, n, n, user, (id << 40 | n).to_bytes(16, "big"), bytes(32), at, text)
                for n, (at, user, text) in some
            ],
        )
    return group


async def furnish(database: PooledDatabase, messages: int) -> list[UserId]:
    """Everybody in every conversation; half of what is said is said in the first ten."""
    people = StoredPeople(database)
    users = [
        (await people.register(f"u{n}", f"u{n}", f"User {n}", "-", 1, None))[0].id
        for n in range(PEOPLE)
    ]
    chance = random.Random(1)
    words = Words(chance)
    rows: list[list[tuple[int, UserId, str]]] = [[] for _ in range(CONVERSATIONS)]
    for at in range(messages):
        place = chance.randrange(10 if at % 2 else CONVERSATIONS)
        text = words.text()
        if at % (messages // 5) == 7:
            text = text[:3] + RARE + text[3:]
        rows[place].append((at * 1000, chance.choice(users[1:]), text))
    for id, said in enumerate(rows):
        await database.write(_fill, id, said, users)
    return users


async def index(database: PooledDatabase) -> float:
    """Build every filter, without resting; the seconds of processor it took, without a server's."""
    began = time.process_time()
    after: int | None = 0
    while after is not None:
        found, after = await database.read(search_terms.behind, after, 200)
        for conversation in found:
            more = True
            while more:
                built, more = await database.read(search_terms.build, conversation, 4)
                await database.write(search_terms.keep, conversation, built)
    return time.process_time() - began


def questions(users: list[UserId]) -> Iterator[tuple[str, list[Wanted]]]:
    """What is asked, by name; each a number of times or in as many ways."""
    chance = random.Random(2)
    words = Words(random.Random(1))

    def part() -> str:
        text = words.text()
        start = chance.randrange(len(text))
        return text[start : start + chance.choice([2, 2, 3, 4])].strip() or "的"

    yield "parts of 2 to 4 characters", [Wanted(parts_of(part())) for _ in range(TIMES * 3)]
    same: dict[str, dict[str, Any]] = {
        "的": {},
        "t": {},
        "the": {},
        RARE: {},
        NEVER: {},
        "zzzzyx": {},
        "station quickly": {},
        "的 了 是 国 上": {},
        "大的 这的": {},
    }
    for query, where in same.items():
        yield f"{query!r}", [Wanted(parts_of(query), **where)] * TIMES
    yield "'的' by one who never spoke", [Wanted(("的",), sender=users[0])] * TIMES
    yield f"{RARE!r} in one conversation", [Wanted((RARE,), conversation=ConversationId(1))] * TIMES


async def measure(database: PooledDatabase, users: list[UserId]) -> None:
    """Ask, and print a line for each question."""
    searches = StoredSearch(database)
    for name, wanted in questions(users):
        seconds: list[float] = []
        pages, found, spent = 0, 0, time.process_time()
        for one in wanted:
            began = time.perf_counter()
            page: Findings = await searches.find(users[0], one, 20, 1 << 18)
            seconds.append((time.perf_counter() - began) * 1000)
            found += len(page.hits)
            pages += page.next is not None
        cuts = statistics.quantiles(seconds, n=100)
        _say(
            f"  {name:32} p50 {cuts[49]:6.1f}  p95 {cuts[94]:6.1f}  max {max(seconds):6.1f} ms"
            f"  cpu {(time.process_time() - spent) / len(wanted) * 1000:5.1f}"
            f"  {found / len(wanted):5.1f} found, more: {pages / len(wanted):.0%}"
        )


async def run(reactor: Any, kind: Database, messages: int) -> None:
    """All of it on one database."""
    with kind.fresh() as url:
        database = open_database(url, reactor=reactor)
        try:
            await database.prepare("0" * 16)
            users = await furnish(database, messages)
            _say(f"{kind.version()}, {messages} messages, no filters yet")
            await measure(database, users)
            took = await index(database)
            row = await database.read(lambda cursor: cursor.one(_SIZE))
            blocks, size = row or (0, 0)
            _say(f"{kind.version()}, {blocks} filters, {size / messages:.0f} bytes a message,")
            _say(f"  built in {took:.1f} s, {took / messages * 1e6:.0f} us a message")
            await measure(database, users)
        finally:
            database.close()


def main(reactor: Any) -> Deferred[None]:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--database", nargs="+", default=["sqlite", "mariadb"])
    parser.add_argument("--messages", type=int, default=100_000)
    options = parser.parse_args()
    maria = Maria(1)
    kinds: dict[str, Database] = {"sqlite": SQLite(), "mariadb": maria}

    async def everything() -> None:
        try:
            for name in options.database:
                await run(reactor, kinds[name], options.messages)
        finally:
            maria.stop()

    return Deferred.fromCoroutine(everything())


if __name__ == "__main__":
    sys.exit(react(main, []))
