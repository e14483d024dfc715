"""What the tests of searching share: much that was said, and every page of what is found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from imtwisted.boundaries import Cursor
from imtwisted.findings import Findings, Spot, Wanted
from imtwisted.model import ConversationId, Person
from imtwisted.rules.matching import parts_of
from imtwisted.store import search_terms
from imtwisted.store.batch import Writer
from imtwisted.store.journal import LanedJournal
from imtwisted.store.ledger import Policy
from imtwisted.store.search import StoredSearch
from tests.stores.databases import Contract
from tests.stores.test_journals import CLOCK

SIZE = 1 << 20
_COUNT = "UPDATE conversations SET last_seq = %s, last_rev = %s, last_at = %s WHERE id = %s"
_SAY = """
    INSERT INTO messages (conversation_id, seq, rev, sender_id, client_id, content_hash, at,
                          kind, text, reply_to, mentioned)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, NULL, 0)
"""
_BRING = """
    INSERT INTO files (owner_id, place, name, size, type, created_at, purpose, conversation_id,
                       seq, position)
    VALUES (%s, %s, %s, 1, 'text/plain', 1, %s, %s, %s, %s)
"""
_FILED = "UPDATE messages SET kind = 'file', filed = %s WHERE conversation_id = %s AND seq = %s"


@dataclass(frozen=True)
class Said:
    """A message as the oracle knows it."""

    spot: Spot
    sender: Person
    text: str  # empty, without names: nothing to be found
    names: tuple[str, ...] = ()  # of its files

    @property
    def searched(self) -> tuple[str, ...]:
        """What a part may be in."""
        return (self.text, *self.names)


class SearchingContract(Contract):
    """A journal, three friends, and questions."""

    async def furnish(self) -> None:
        self.ann, self.bob, self.cy = await self.world.people("Ann", "Bob", "Cy")
        for one in (self.bob, self.cy):
            await self.contacts.ask(self.ann.id, one.id, "", 1)
            await self.contacts.accept(one.id, self.ann.id, 2)
        policy = Policy(recall_seconds=0)
        self.journal = LanedJournal(
            self.database, CLOCK, lambda batch: None, lambda: Writer(policy, CLOCK), lanes=1
        )
        self.searches = StoredSearch(self.database)

    async def find(self, who: Person, query: str, limit: int = 50, **where: Any) -> Findings:
        """One page."""
        wanted = replace(Wanted(parts_of(query)), **where)
        return await self.searches.find(who.id, wanted, limit, SIZE)

    async def found(self, who: Person, query: str, limit: int = 50, **where: Any) -> list[Spot]:
        """Every page, one after the other."""
        spots: list[Spot] = []
        before: Spot | None = None
        for _ in range(1000):
            page = await self.find(who, query, limit, before=before, **where)
            spots += [
                Spot(hit.message.at, hit.message.conversation, hit.message.seq) for hit in page.hits
            ]
            if page.next is None:
                return spots
            if before is not None:
                self.assertLess(page.next, before, "no progress")
            before = page.next
        self.fail("a search without an end")

    async def texts(self, who: Person, query: str, **where: Any) -> list[str]:
        """What is found, newest first."""
        return [hit.message.text for hit in (await self.find(who, query, **where)).hits]

    async def index(self) -> None:
        """Build every filter there is to build."""
        found, _ = await self.database.read(search_terms.behind, 0, 1000)
        for conversation in found:
            more = True
            while more:
                built, more = await self.database.read(search_terms.build, conversation, 3)
                await self.database.write(search_terms.keep, conversation, built)
        self.assertEqual((await self.database.read(search_terms.behind, 0, 1000))[0], [])

    async def both_ways(self, who: Person, query: str, **where: Any) -> list[str]:
        """What is found without any filter; with them it is the same."""
        without = await self.texts(who, query, **where)
        await self.index()
        self.assertEqual(await self.texts(who, query, **where), without)
        return without

    async def fill(
        self, conversation: ConversationId, rows: list[tuple[int, Person, str, str]]
    ) -> list[Said]:
        """Say (at, sender, text, kind), many at once."""
        return await self.database.write(_fill, conversation, rows)

    async def bring(self, said: Said, *names: str) -> Said:
        """The message brings files that are called so."""
        await self.database.write(_bring, said, names)
        return replace(said, names=names)


def _bring(cursor: Cursor, said: Said, names: tuple[str, ...]) -> None:
    _, conversation, seq = said.spot
    for position, name in enumerate(names):
        place = f"{conversation}-{seq}-{position}"
        cursor.execute(
            _BRING, (said.sender.id, place, name, "message", conversation, seq, position)
        )
    cursor.execute(_FILED, (len(names), conversation, seq))


def _fill(
    cursor: Cursor, conversation: ConversationId, rows: list[tuple[int, Person, str, str]]
) -> list[Said]:
    last_seq, last_rev = cursor.one(
        "SELECT last_seq, last_rev FROM conversations WHERE id = %s", (conversation,)
    ) or (0, 0)
    said, inserted = [], []
    for number, (at, sender, text, kind) in enumerate(rows, 1):
        seq = last_seq + number
        client_id = conversation.to_bytes(8, "big") + seq.to_bytes(8, "big")
        stored = '{"what":"left"}' if kind == "system" else text
        place = (conversation, seq, last_rev + number, sender.id)
        inserted.append((*place, client_id, bytes(32), at, kind, stored))
        said.append(Said(Spot(at, conversation, seq), sender, text if kind == "text" else ""))
    if rows:
        cursor.insert_rows(_SAY, inserted)
        cursor.execute(
            _COUNT, (last_seq + len(rows), last_rev + len(rows), rows[-1][0], conversation)
        )
    return said
