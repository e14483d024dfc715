"""How far members have read and received."""

from __future__ import annotations

from imtwisted.model import ConversationId
from imtwisted.sharing import CursorMoved
from imtwisted.store.sharing import StoredSharing
from imtwisted.store.unread import Place, Unread, unread_at
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once


class CursorContract(Contract):
    """What every database does with positions."""

    async def furnish(self) -> None:
        self.ann, self.bob, self.cat = await self.world.people("Ann", "Bob", "Cat")
        self.group = await self.world.group(self.ann, self.bob)
        for _ in range(5):
            await self.world.say(self.bob, self.group, "hi", mentions=[self.ann])

    async def moved(self, read: int, received: int) -> list[tuple[int, int, int, int]]:
        """Move Ann; (read, received, unread, mentions) of what came back."""
        moved = await self.cursors.advance([(self.ann.id, self.group, read, received)])
        return [(m.read, m.received, m.unread, m.mentions) for m in moved]

    async def test_read_and_received(self) -> None:
        """Reading raises received; what is unread is counted afresh."""
        self.assertEqual(await self.moved(0, 2), [(0, 2, 5, 5)])
        self.assertEqual(await self.moved(3, 0), [(3, 3, 2, 2)])
        head, _ = await self.conversations.head(self.ann.id, self.group)
        assert head is not None
        self.assertEqual((head.read_seq, head.unread), (3, 2))

    async def test_forward_only(self) -> None:
        """A cursor never goes back, and one that stays is not told."""
        self.assertEqual(await self.moved(4, 4), [(4, 4, 1, 1)])
        self.assertEqual(await self.moved(2, 3), [])
        self.assertEqual(await self.moved(4, 4), [])
        self.assertEqual(await self.moved(1, 5), [(4, 5, 1, 1)])

    async def test_never_past_the_end(self) -> None:
        """Nobody has read what was not yet said."""
        self.assertEqual(await self.moved(99, 99), [(5, 5, 0, 0)])
        self.assertEqual(await self.moved(2**62, 0), [])

    async def test_members_only(self) -> None:
        """Strangers and former members move nothing; the others in the same group of moves do."""
        await self.world.leave(self.group, self.bob)
        moved = await self.cursors.advance(
            [
                (self.cat.id, self.group, 1, 1),
                (self.bob.id, self.group, 1, 1),
                (self.ann.id, ConversationId(self.group + 1000), 1, 1),
                (self.ann.id, self.group, 1, 1),
            ]
        )
        self.assertEqual([m.user for m in moved], [self.ann.id])
        self.assertIsNone(
            await self.world.row(
                "SELECT 1 FROM members WHERE user_id = %s AND conversation_id = %s",
                self.cat.id,
                self.group,
            )
        )

    async def test_many_at_once(self) -> None:
        """Moves of several people in several conversations; of one, the furthest counts."""
        other = await self.world.group(self.bob, self.cat)
        await self.world.say(self.cat, other, "one")
        moved = await self.cursors.advance(
            [
                (self.ann.id, self.group, 2, 2),
                (self.bob.id, other, 1, 1),
                (self.ann.id, self.group, 1, 4),
                (self.bob.id, self.group, 0, 5),
            ]
        )
        self.assertEqual(
            sorted(moved, key=lambda m: (m.conversation, m.user)),
            [
                CursorMoved(self.group, self.ann.id, 2, 4, 3, 3, 2, last_seq=5),
                CursorMoved(self.group, self.bob.id, 0, 5, 0, 0, 2, has_read=False, last_seq=5),
                CursorMoved(other, self.bob.id, 1, 1, 0, 0, 2, last_seq=1),
            ],
        )

    async def test_what_came_later_is_not_counted(self) -> None:
        """Counts are as of the last message one is told of; the next one comes by itself."""
        place = Place(self.ann.id, self.group, 2, 4)
        counts = await self.database.read(unread_at, [place])
        self.assertEqual(counts, {(self.ann.id, self.group): Unread(2, 2)})

    async def test_devices_that_cross(self) -> None:
        """Two devices that report at once end at the further one."""
        ann, group = self.ann.id, self.group
        await at_once(*(self.cursors.advance([(ann, group, n, n)]) for n in (5, 1, 3, 2)))
        head, _ = await self.conversations.head(ann, group)
        assert head is not None
        self.assertEqual(head.read_seq, 5)

    async def test_a_second_try(self) -> None:
        """Where the first one may have been written, what stayed is told too."""
        await self.moved(3, 4)
        again = await self.cursors.advance([(self.ann.id, self.group, 3, 4)], again=True)
        self.assertEqual([(m.read, m.received, m.has_read) for m in again], [(3, 4, True)])

    async def test_what_is_hidden_is_marked(self) -> None:
        """Whoever tells others finds it beside the position."""
        moves = [(self.ann.id, self.group, 1, 1), (self.bob.id, self.group, 1, 1)]
        await StoredSharing(self.database).change(self.ann.id, {"receipts": False})
        moved = await self.cursors.advance(moves)
        self.assertEqual({m.user: m.shared for m in moved}, {self.ann.id: False, self.bob.id: True})

    async def test_large_conversations(self) -> None:
        """In a large one only what is read counts; in it everything is one's own."""
        await self.database.write(
            lambda cursor: cursor.execute("UPDATE conversations SET member_count = 101")
        )
        self.assertEqual(await self.moved(0, 4), [])
        self.assertEqual(await self.moved(2, 4), [(2, 2, 3, 3)])

    async def test_direct_ones_are_told_apart(self) -> None:
        """There what has arrived is told, too."""
        direct = (await self.conversations.direct(self.ann.id, self.bob.id, 1)).id
        await self.world.say(self.bob, direct, "psst")
        (moved,) = await self.cursors.advance([(self.ann.id, direct, 0, 1)])
        self.assertEqual((moved.is_direct, moved.has_read), (True, False))

    async def test_hidden(self) -> None:
        """What was cleared is not unread, however little was read."""
        await self.conversations.hide(self.ann.id, self.group, 4)
        self.assertEqual(await self.moved(1, 1), [(1, 1, 1, 1)])

    async def test_nothing(self) -> None:
        """Nothing to move is nothing to do."""
        self.assertEqual(await self.cursors.advance([]), [])

    async def test_a_large_group_of_moves(self) -> None:
        """As many as wait are written together."""
        groups = [await self.world.group(self.ann, self.bob) for _ in range(600)]
        for group in groups:
            await self.world.say(self.bob, group, "hi")
        moved = await self.cursors.advance([(self.ann.id, group, 1, 1) for group in groups])
        self.assertEqual({m.conversation for m in moved}, set(groups))


class CursorsInlineTests(CursorContract, OnInline):
    """In memory."""


class CursorsSQLiteTests(CursorContract, OnSQLite):
    """In a file."""


class CursorsMariaDBTests(CursorContract, OnMariaDB):
    """On a server."""
