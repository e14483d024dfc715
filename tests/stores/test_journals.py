"""The journal on every database: grouped and raced, and still once, in order, without holes."""

from __future__ import annotations

from twisted.internet import reactor

from imtwisted.boundaries import Clock, Cursor
from imtwisted.entries import (
    Appoint,
    Ban,
    Committed,
    Enter,
    Exit,
    Found,
    Pardon,
    Post,
    Settle,
)
from imtwisted.model import ConversationId, Person
from imtwisted.refusals import ChatError, Conflict, Denied
from imtwisted.store.batch import Writer
from imtwisted.store.journal import LanedJournal
from imtwisted.store.ledger import Policy
from tests.stores.databases import (
    Contract,
    OnInline,
    OnMariaDB,
    OnSQLite,
    StoreCase,
    at_once,
)

CLOCK: Clock = reactor


def journal_of(case: StoreCase, lanes: int) -> tuple[LanedJournal, list[Committed]]:
    """A journal as one node has it, and what it announces; at rest when the test ends."""
    announced: list[Committed] = []
    policy = Policy()
    journal = LanedJournal(
        case.database, CLOCK, announced.extend, lambda: Writer(policy, CLOCK), lanes=lanes
    )
    case.addCleanup(journal.idle)
    return journal, announced


def post(sender: Person, at: ConversationId, number: int, text: str = "") -> Post:
    """A post whose client id is made of a number."""
    return Post(at, sender, number.to_bytes(16, "big"), text or f"m{number} 你好 👋")


class JournalContract(Contract):
    """What every database does with what is said."""

    lanes = 1

    async def furnish(self) -> None:
        self.ann, self.bob = await self.world.people("Ann", "Bob")
        self.journal, self.announced = journal_of(self, self.lanes)
        await self.contacts.ask(self.ann.id, self.bob.id, "", 1)
        await self.contacts.accept(self.bob.id, self.ann.id, 2)

    async def group(self, deed: bytes = b"g" * 16) -> ConversationId:
        """A group of the two; its creation is seq 1."""
        found = await self.journal.append(Found(self.ann, deed, "Team", True, (self.bob,)))
        return found.conversation

    async def rows(self, conversation: ConversationId) -> list[tuple[int, int, str]]:
        def read(cursor: Cursor) -> list[tuple[int, int, str]]:
            return [
                (seq, rev, text)
                for seq, rev, text in cursor.all(
                    "SELECT seq, rev, text FROM messages WHERE conversation_id = %s ORDER BY seq",
                    (conversation,),
                )
            ]

        return await self.database.read(read)

    async def test_many_at_once(self) -> None:
        """Two hundred sends in ten conversations: all stored, numbered without holes."""
        groups = [await self.group(bytes([200 + n] * 16)) for n in range(10)]
        posts = [post((self.ann, self.bob)[n % 2], groups[n % 10], n) for n in range(200)]
        stored = await at_once(*(self.journal.append(each) for each in posts))
        await self.journal.idle()
        for group in groups:
            rows = await self.rows(group)
            self.assertEqual([row[:2] for row in rows], [(n, n) for n in range(1, 22)])
            mine = [
                (done.message.seq, asked.text)
                for done, asked in zip(stored, posts, strict=True)
                if done.message is not None and done.conversation == group
            ]
            self.assertEqual([(seq, text) for seq, _, text in rows[1:]], mine)
            revs = [e.message.rev for e in self.announced if e.message and e.conversation == group]
            self.assertEqual(revs, list(range(1, 22)))

    async def test_two_nodes_race(self) -> None:
        """The same retries through two journals at once: one message each, the same seq."""
        other, heard_there = journal_of(self, self.lanes)
        group = await self.group()
        posts = [post(self.ann, group, n) for n in range(100)]
        here_and_there = await at_once(
            *(self.journal.append(each) for each in posts), *(other.append(each) for each in posts)
        )
        await self.journal.idle()
        await other.idle()
        rows = await self.rows(group)
        self.assertEqual([row[0] for row in rows], list(range(1, 102)))
        seqs = [done.message.seq for done in here_and_there if done.message]
        self.assertEqual(seqs[:100], seqs[100:])
        told = [e.message.seq for e in self.announced[1:] + heard_there if e.message]
        self.assertEqual(sorted(told), list(range(2, 102)))

    async def test_one_id_in_two_conversations(self) -> None:
        """Raced through two lanes and two nodes, one is stored and the other refused."""
        other, _ = journal_of(self, self.lanes)
        first, second = await self.group(b"1" * 16), await self.group(b"2" * 16)
        for number in range(10):
            outcomes: list[Committed | ChatError] = []
            self.journal.submit(post(self.ann, first, number), outcomes.append)
            other.submit(post(self.ann, second, number), outcomes.append)
            await self.journal.idle()
            await other.idle()
            stored = [each for each in outcomes if isinstance(each, Committed)]
            refused = [each for each in outcomes if isinstance(each, Conflict)]
            self.assertEqual((len(stored), len(refused)), (1, 1), outcomes)
        together = await self.rows(first) + await self.rows(second)
        self.assertEqual(len(together), 12)

    async def test_roles_and_bans(self) -> None:
        """A moderator, a ban, a pardon: who may come in is as the last one left it."""
        (cy,) = await self.world.people("Cy")
        group = await self.group()
        await self.journal.append(Appoint(self.ann, b"1" * 16, group, self.bob, "moderator"))
        await self.journal.append(Ban(self.bob, b"2" * 16, group, cy))
        self.assertEqual(await self.conversations.banned(group), [cy])
        await self.refused(Denied, self.journal.append(Enter(cy, b"3" * 16, group, cy)))
        await self.journal.append(Pardon(self.bob, b"4" * 16, group, cy))
        await self.journal.append(Enter(cy, b"5" * 16, group, cy))
        members, _ = await self.conversations.member_list(group, 10, None)
        self.assertEqual([each.role for each in members], ["owner", "moderator", "member"])

    async def test_members_change_while_others_talk(self) -> None:
        """Nobody deadlocks, nothing is lost, and counts stay right."""
        group = await self.group()
        deeds = [
            deed
            for n in range(5)
            for deed in (
                Exit(self.bob, bytes([64 + n] * 16), group, self.bob),
                Enter(self.bob, bytes([96 + n] * 16), group, self.bob),
                Settle(self.ann, bytes([128 + n] * 16), group, title=f"T{n}"),
            )
        ]
        posts = [post(self.ann, group, n) for n in range(50)]
        await at_once(*(self.journal.append(each) for each in (*posts, *deeds)))
        conversation = await self.conversations.conversation(group)
        assert conversation is not None
        self.assertEqual((conversation.member_count, conversation.title), (2, "T4"))
        rows = await self.rows(group)
        self.assertEqual([row[0] for row in rows], list(range(1, 67)))
        self.assertEqual(conversation.last_seq, 66)


class OnInlineTests(JournalContract, OnInline):
    """In memory."""


class OnSQLiteTests(JournalContract, OnSQLite):
    """One writer."""


class OnMariaDBTests(JournalContract, OnMariaDB):
    """Four lanes, as in production."""

    lanes = 4
