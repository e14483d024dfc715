"""Edits, recalls and reactions on every database: raced by two nodes, and still done once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from imtwisted.boundaries import Cursor
from imtwisted.entries import NO_CONTENT, Committed, Edit, Found, React, Recall
from imtwisted.model import ConversationId, Message, Reaction, UserId
from imtwisted.refusals import ChatError, Conflict
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite
from tests.stores.test_journals import journal_of, post

SIZE = 100_000
_REACTIONS = "SELECT 1 FROM reactions WHERE conversation_id = %s"
_MENTIONS = "SELECT 1 FROM mentions WHERE conversation_id = %s"
_HASH = "SELECT content_hash FROM {} WHERE conversation_id = %s AND seq = %s"
SMILE, HEART = "\N{GRINNING FACE}", "\N{HEAVY BLACK HEART}\ufe0f"


def _hashes(cursor: Cursor, conversation: ConversationId, seq: int) -> list[bytes]:
    """By what a retry of the message, or of an edit of it, is known."""
    tables = ("messages", "message_edits")
    rows = [row for table in tables for row in cursor.all(_HASH.format(table), (conversation, seq))]
    return [bytes(row[0]) for row in rows]


class AlterationContract(Contract):
    """What every database does with messages that change."""

    async def furnish(self) -> None:
        self.ann, self.bob, self.cy = self.everyone = await self.world.people("Ann", "Bob", "Cy")
        self.here, self.told_here = journal_of(self, 1)
        self.there, self.told_there = journal_of(self, 1)
        for one in (self.bob, self.cy):
            await self.contacts.ask(self.ann.id, one.id, "", 1)
            await self.contacts.accept(one.id, self.ann.id, 2)
        found = await self.here.append(
            Found(self.ann, b"g" * 16, "Team", False, (self.bob, self.cy))
        )
        self.team = found.conversation
        await self.here.append(post(self.ann, self.team, 1, "helo @Bob"))

    async def message(self, viewer: UserId) -> Message:
        """What Ann said, as `viewer` finds it; it is in the changes, too."""
        page = await self.timelines.history(viewer, self.team, 10, SIZE)
        delta = await self.timelines.delta(viewer, self.team, 0, 10, SIZE)
        (found,) = [message for message in page.items if message.seq == 2]
        self.assertIn(found, delta.items)
        return found

    async def race(self, *entries: Edit | Recall | React) -> list[Committed | ChatError]:
        """All of them through both nodes at once."""
        outcomes: list[Committed | ChatError] = []
        for entry in entries:
            self.here.submit(entry, outcomes.append)
            self.there.submit(entry, outcomes.append)
        await self.here.idle()
        await self.there.idle()
        return outcomes

    def revs_told(self) -> list[int]:
        """Of every change that was announced, by whichever node, in order."""
        told = self.told_here + self.told_there
        return sorted(each.message.rev for each in told if each.message)

    async def test_edits(self) -> None:
        """The same ones from two nodes: each takes one rev, and the last text stays."""
        edits = [
            Edit(self.team, self.ann, bytes([n]) * 16, 2, f"hello {n} 你好") for n in range(1, 6)
        ]
        outcomes = await self.race(*edits)
        self.assertEqual([isinstance(each, Committed) for each in outcomes], [True] * 10)
        self.assertEqual(self.revs_told(), list(range(1, 8)))
        found = await self.message(self.bob.id)
        self.assertEqual(found.rev, 7)
        self.assertIn(found.text, [edit.text for edit in edits])
        self.assertIsNotNone(found.edited_at)

    async def test_mentions(self) -> None:
        """Each edit says whom: what the last one said is there, once."""
        edits = [
            Edit(self.team, self.ann, bytes([n]) * 16, 2, str(n), mentions)
            for n, mentions in enumerate(
                ((self.bob.id,), (), (self.bob.id, self.cy.id), (self.cy.id, UserId(2**40)))
            )
        ]
        await self.race(*edits)
        found = await self.message(self.bob.id)
        wanted = edits[int(found.text)].mentions or ()
        self.assertEqual(found.mentions, tuple(user for user in wanted if user < 2**40))

    async def test_reactions(self) -> None:
        """Three people, two emoji, two nodes: counted once each, and taken away again."""
        reactions = [
            React(self.team, one, 2, emoji, True)
            for one in self.everyone
            for emoji in (SMILE, HEART)
        ]
        await self.race(*reactions)
        found = await self.message(self.bob.id)
        self.assertEqual(set(found.reactions), {Reaction(SMILE, 3, True), Reaction(HEART, 3, True)})
        await self.race(React(self.team, self.bob, 2, SMILE, False))
        found = await self.message(self.bob.id)
        self.assertEqual(
            set(found.reactions), {Reaction(SMILE, 2, False), Reaction(HEART, 3, True)}
        )
        self.assertEqual(self.revs_told(), list(range(1, 10)))

    async def test_recall(self) -> None:
        """Once, whoever is quicker; then nothing is left of it but its place."""
        await self.race(React(self.team, self.bob, 2, SMILE, True))
        outcomes = await self.race(Recall(self.team, self.ann, 2))
        self.assertEqual([isinstance(each, Committed) for each in outcomes], [True, True])
        found = await self.message(self.cy.id)
        self.assertEqual((found.text, found.recalled, found.reactions), ("", True, ()))
        self.assertEqual(self.revs_told(), [1, 2, 3, 4])
        edit = Edit(self.team, self.ann, b"e" * 16, 2, "hello")
        (refused, *_) = await self.race(edit)
        self.assertIsInstance(refused, Conflict)
        self.assertEqual(await self.left_of(self.team), (0, 0))

    async def test_a_recalled_text_cannot_be_guessed(self) -> None:
        """Nothing is derived from it any more, also of its edits; who retries gets the same seq."""
        await self.race(Edit(self.team, self.ann, b"e" * 16, 2, "pin 1234"))
        await self.race(Recall(self.team, self.ann, 2))
        self.assertEqual(await self.database.read(_hashes, self.team, 2), [NO_CONTENT] * 2)
        for text in ("pin 1234", "pin 4321"):
            again = await self.race(Edit(self.team, self.ann, b"e" * 16, 2, text))
            said = [await self.here.append(post(self.ann, self.team, 1, text))]
            for outcome in again + said:
                assert isinstance(outcome, Committed) and outcome.message is not None
                self.assertEqual((outcome.duplicate, outcome.message.seq), (True, 2))
        (outcome, *_) = await self.race(Edit(self.team, self.ann, b"e" * 16, 1, "pin 1234"))
        self.assertIsInstance(outcome, Conflict)

    async def left_of(self, conversation: ConversationId) -> tuple[int, int]:
        """How many rows of reactions and mentions there are."""

        def count(cursor: Cursor) -> tuple[int, int]:
            reactions = cursor.all(_REACTIONS, (conversation,))
            mentions = cursor.all(_MENTIONS, (conversation,))
            return len(reactions), len(mentions)

        return await self.database.read(count)


class AlterationsInlineTests(AlterationContract, OnInline):
    """In memory."""


class AlterationsSQLiteTests(AlterationContract, OnSQLite):
    """In a file."""

    async def test_the_file_forgets_a_recalled_text(self) -> None:
        """Not only its tables: the bytes it took are overwritten."""

        def place(cursor: Cursor) -> str:
            return str(cursor.all("PRAGMA database_list")[0][2])

        secret = "swordfish " * 300
        await self.race(Edit(self.team, self.ann, b"e" * 16, 2, secret))
        await self.race(Recall(self.team, self.ann, 2))
        path = Path(await self.database.read(place))
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for file in path.parent.iterdir():
            self.assertNotIn(b"swordfish", file.read_bytes(), file.name)


class AlterationsMariaDBTests(AlterationContract, OnMariaDB):
    """On a server."""
