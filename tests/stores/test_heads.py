"""The list of conversations as one member sees it."""

from __future__ import annotations

from imtwisted.model import ConversationId, Head, Peer, Preview, SystemText, UserId
from imtwisted.store.sharing import StoredSharing
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite


class HeadContract(Contract):
    """What every database says of a member's conversations."""

    async def furnish(self) -> None:
        self.ann, self.bob = await self.world.people("Ann", "Bob")

    async def head(self, user: UserId, conversation: ConversationId) -> Head:
        """One head; the list says the same of it."""
        head, version = await self.conversations.head(user, conversation)
        assert head is not None
        heads = await self.conversations.heads(user, 10)
        self.assertEqual(version, heads.version)
        self.assertIn(head, heads.heads)
        return head

    async def test_group(self) -> None:
        """A group has its title, its counters and a shortened last message."""
        group = await self.world.group(self.ann, self.bob, title="Team")
        await self.world.say(self.bob, group, "字" * 300)
        head = await self.head(self.ann.id, group)
        self.assertEqual((head.title, head.role, head.peer), ("Team", "owner", None))
        self.assertEqual((head.conversation.last_seq, head.conversation.last_rev), (1, 1))
        self.assertEqual(head.preview, Preview(1, 2000, self.bob, "text", "字" * 200))
        self.assertEqual((head.unread, head.mentions, head.muted), (1, 0, False))

    async def test_direct(self) -> None:
        """A direct conversation is called after the other one, and shows how far they are."""
        direct = await self.conversations.direct(self.ann.id, self.bob.id, 1)
        await self.world.say(self.ann, direct.id, "hi")
        await self.cursors.advance([(self.bob.id, direct.id, 0, 1)])
        head = await self.head(self.ann.id, direct.id)
        self.assertEqual((head.title, head.peer), ("Bob B.", Peer(self.bob, 0, 1)))
        self.assertEqual((await self.head(self.bob.id, direct.id)).title, "Ann B.")

    async def test_hidden_positions(self) -> None:
        """Where one of the two shows nothing, neither is shown how far the other is."""
        direct = await self.conversations.direct(self.ann.id, self.bob.id, 1)
        await self.world.say(self.ann, direct.id, "hi")
        sharing = StoredSharing(self.database)
        for hider in (self.ann, self.bob):
            await sharing.change(hider.id, {"receipts": False})
            for viewer, peer in ((self.ann, self.bob), (self.bob, self.ann)):
                head = await self.head(viewer.id, direct.id)
                self.assertEqual(head.peer, Peer(peer, None, None))
            await sharing.change(hider.id, {"receipts": True})
        self.assertEqual((await self.head(self.ann.id, direct.id)).peer, Peer(self.bob, 0, 0))

    async def test_direct_without_messages(self) -> None:
        """It is in nobody's list, but there for who asks for it."""
        direct = await self.conversations.direct(self.ann.id, self.bob.id, 1)
        self.assertEqual((await self.conversations.heads(self.ann.id, 10)).heads, ())
        head, _ = await self.conversations.head(self.ann.id, direct.id)
        assert head is not None
        self.assertEqual((head.title, head.preview, head.unread), ("Bob B.", None, 0))

    async def test_system_preview(self) -> None:
        """What happened to the group is previewed as such."""
        group = await self.world.group(self.ann, self.bob)
        system = SystemText("renamed", title="T" * 400)
        await self.world.tell(self.ann, group, system)
        head = await self.head(self.bob.id, group)
        assert head.preview is not None
        self.assertEqual((head.preview.kind, head.preview.system), ("system", system))
        self.assertTrue(head.preview.text.startswith("Ann B. renamed the group to “TTT"))
        self.assertEqual(len(head.preview.text), 200)
        self.assertEqual(head.unread, 0)

    async def test_order_and_pages(self) -> None:
        """Newest activity first; `before` goes on where a page ended."""
        groups = [await self.world.group(self.ann, title=str(n)) for n in range(4)]
        await self.world.say(self.ann, groups[1], "newest")
        pages: list[list[str]] = []
        before: ConversationId | None = None
        more = True
        while more:
            page = await self.conversations.heads(self.ann.id, 3, before)
            pages.append([head.title for head in page.heads])
            before, more = page.heads[-1].conversation.id, page.more
        self.assertEqual(pages, [["1", "3", "2"], ["0"]])

    async def test_unread(self) -> None:
        """Messages of others past what was read count; one's own, recalled and system do not."""
        group = await self.world.group(self.ann, self.bob)
        await self.world.say(self.bob, group, "read")
        await self.world.say(self.bob, group, "unread")
        await self.world.say(self.ann, group, "own", mentions=[self.ann])
        await self.world.tell(self.bob, group, SystemText("joined"))
        recalled = await self.world.say(self.bob, group, "recalled", mentions=[self.ann])
        await self.world.say(self.bob, group, "mention", mentions=[self.ann, self.bob])
        await self.world.recall(group, recalled)
        await self.cursors.advance([(self.ann.id, group, 1, 1)])
        head = await self.head(self.ann.id, group)
        self.assertEqual((head.read_seq, head.unread, head.mentions), (1, 2, 1))

    async def test_unread_is_bounded(self) -> None:
        """A hundred means a hundred or more."""
        group = await self.world.group(self.ann, self.bob)
        for _ in range(102):
            await self.world.say(self.bob, group, "again", mentions=[self.ann])
        head = await self.head(self.ann.id, group)
        self.assertEqual((head.unread, head.mentions), (100, 100))
        await self.cursors.advance([(self.ann.id, group, 3, 3)])
        head = await self.head(self.ann.id, group)
        self.assertEqual((head.unread, head.mentions), (99, 99))

    async def test_hidden(self) -> None:
        """What was cleared is neither previewed nor unread; what comes later is."""
        group = await self.world.group(self.ann, self.bob)
        await self.world.say(self.bob, group, "old", mentions=[self.ann])
        await self.conversations.hide(self.ann.id, group, 1)
        head = await self.head(self.ann.id, group)
        self.assertEqual((head.preview, head.unread, head.mentions), (None, 0, 0))
        await self.world.say(self.bob, group, "new")
        head = await self.head(self.ann.id, group)
        assert head.preview is not None
        self.assertEqual((head.preview.text, head.unread, head.hidden_seq), ("new", 1, 1))

    async def test_left(self) -> None:
        """A conversation that one has left is gone."""
        group = await self.world.group(self.ann, self.bob)
        await self.world.leave(group, self.ann)
        self.assertEqual((await self.conversations.heads(self.ann.id, 10)).heads, ())

    async def test_many(self) -> None:
        """Five hundred conversations, all with something unread, in one answer."""
        groups = [await self.world.group(self.ann, self.bob) for _ in range(501)]
        for group in groups:
            await self.world.say(self.bob, group, "hi", mentions=[self.ann])
        heads = await self.conversations.heads(self.ann.id, 500)
        self.assertEqual((len(heads.heads), heads.more), (500, True))
        self.assertEqual({(head.unread, head.mentions) for head in heads.heads}, {(1, 1)})
        self.assertEqual(heads.heads[0].conversation.id, groups[-1])


class HeadsInlineTests(HeadContract, OnInline):
    """In memory."""


class HeadsSQLiteTests(HeadContract, OnSQLite):
    """In a file."""


class HeadsMariaDBTests(HeadContract, OnMariaDB):
    """On a server."""
