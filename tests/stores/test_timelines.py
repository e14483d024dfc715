"""Reading timelines: changes, pages, and where each conversation stands."""

from __future__ import annotations

from imtwisted.model import ConversationId, Message, Position, SystemText
from imtwisted.refusals import NotAMember
from tests.stores.databases import EPOCH, Contract, OnInline, OnMariaDB, OnSQLite

SIZE = 256 * 1024


class TimelineContract(Contract):
    """What every database tells a member of a timeline."""

    async def furnish(self) -> None:
        self.ann, self.bob, self.cat = await self.world.people("Ann", "Bob", "Cat")
        self.group = await self.world.group(self.ann, self.bob)

    async def talk(self, *texts: str) -> None:
        """Bob says each of `texts`."""
        for text in texts:
            await self.world.say(self.bob, self.group, text)

    async def test_epoch(self) -> None:
        """It is the one that the database was made with."""
        self.assertEqual(await self.timelines.epoch(), EPOCH)

    async def test_a_message(self) -> None:
        """Every part of a message comes back as it went in."""
        await self.talk("first")
        mentions = sorted([self.bob, self.ann], key=lambda person: person.id)
        await self.world.say(self.ann, self.group, "it's 😀\n%s\\'", reply_to=1, mentions=mentions)
        page = await self.timelines.history(self.bob.id, self.group, 1, SIZE)
        expected = Message(
            conversation=self.group,
            seq=2,
            rev=2,
            client_id=self.group.to_bytes(8, "big") + (2).to_bytes(8, "big"),
            sender=self.ann,
            at=3000,
            kind="text",
            text="it's 😀\n%s\\'",
            reply_to=1,
            mentions=tuple(person.id for person in mentions),
        )
        self.assertEqual((page.items, page.more), ((expected,), True))

    async def test_a_system_message(self) -> None:
        """What it tells comes apart, and as a sentence."""
        system = SystemText("added", user=self.cat)
        await self.world.tell(self.ann, self.group, system)
        delta = await self.timelines.delta(self.bob.id, self.group, 0, 10, SIZE)
        (message,) = delta.items
        self.assertEqual((message.kind, message.system), ("system", system))
        self.assertEqual(message.text, "Ann B. added Cat B..")

    async def test_delta(self) -> None:
        """Every change after a rev, in rev order, each message as it is now."""
        await self.talk("one", "two", "three")
        await self.world.edit(self.group, 1, "ONE")
        delta = await self.timelines.delta(self.ann.id, self.group, 1, 10, SIZE)
        self.assertEqual(
            [(message.rev, message.seq, message.text) for message in delta.items],
            [(2, 2, "two"), (3, 3, "three"), (4, 1, "ONE")],
        )
        self.assertEqual((delta.after, delta.to, delta.more), (1, 4, False))
        delta = await self.timelines.delta(self.ann.id, self.group, 4, 10, SIZE)
        self.assertEqual((delta.items, delta.to, delta.more), ((), 4, False))

    async def test_delta_in_pages(self) -> None:
        """With more to come, `to` is the last change of this page."""
        await self.talk("one", "two", "three")
        first = await self.timelines.delta(self.ann.id, self.group, 0, 2, SIZE)
        self.assertEqual((len(first.items), first.to, first.more), (2, 2, True))
        last = await self.timelines.delta(self.ann.id, self.group, first.to, 2, SIZE)
        self.assertEqual((len(last.items), last.to, last.more), (1, 3, False))

    async def test_delta_by_size(self) -> None:
        """A page ends where its bytes end, but holds one message at least."""
        await self.talk("字" * 10, "字" * 10, "字" * 10)
        delta = await self.timelines.delta(self.ann.id, self.group, 0, 10, 60)
        self.assertEqual((len(delta.items), delta.to, delta.more), (2, 2, True))
        delta = await self.timelines.delta(self.ann.id, self.group, 0, 10, 1)
        self.assertEqual((len(delta.items), delta.to, delta.more), (1, 1, True))
        delta = await self.timelines.delta(self.ann.id, self.group, 2, 10, 1)
        self.assertEqual((len(delta.items), delta.to, delta.more), (1, 3, False))

    async def test_hidden(self) -> None:
        """What was cleared comes neither in changes nor in pages."""
        await self.talk("one", "two", "three")
        await self.conversations.hide(self.ann.id, self.group, 2)
        await self.world.edit(self.group, 1, "ONE")
        delta = await self.timelines.delta(self.ann.id, self.group, 0, 10, SIZE)
        self.assertEqual(([m.seq for m in delta.items], delta.to), ([3], 4))
        for asked in ({}, {"before": 9}, {"after": 0}, {"around": 1}):
            self.assertEqual(await self.page(10, **asked), ([3], False))

    async def page(self, limit: int, size: int = SIZE, **where: int) -> tuple[list[int], bool]:
        """The seqs of a page of Ann's history, and whether there is more."""
        page = await self.timelines.history(self.ann.id, self.group, limit, size, **where)
        return [message.seq for message in page.items], page.more

    async def test_history(self) -> None:
        """Pages from the end, backwards, forwards and around a place."""
        self.assertEqual(await self.page(3), ([], False))
        await self.talk(*"123456789")
        self.assertEqual(await self.page(3), ([7, 8, 9], True))
        self.assertEqual(await self.page(9), (list(range(1, 10)), False))
        self.assertEqual(await self.page(3, before=7), ([4, 5, 6], True))
        self.assertEqual(await self.page(3, before=4), ([1, 2, 3], False))
        self.assertEqual(await self.page(3, before=1), ([], False))
        self.assertEqual(await self.page(3, after=5), ([6, 7, 8], True))
        self.assertEqual(await self.page(3, after=6), ([7, 8, 9], False))
        self.assertEqual(await self.page(3, after=9), ([], False))
        self.assertEqual(await self.page(4, around=5), ([3, 4, 5, 6], True))
        self.assertEqual(await self.page(4, around=1), ([1, 2], True))
        self.assertEqual(await self.page(4, around=99), ([8, 9], True))
        self.assertEqual(await self.page(99, around=5), (list(range(1, 10)), False))

    async def test_history_by_size(self) -> None:
        """Too large a page loses what is farthest from where it was asked."""
        await self.talk(*(["x" * 10] * 6))
        self.assertEqual(await self.page(6, 25), ([5, 6], True))
        self.assertEqual(await self.page(6, 25, before=4), ([2, 3], True))
        self.assertEqual(await self.page(6, 25, after=2), ([3, 4], True))
        self.assertEqual(await self.page(6, 40, around=3), ([1, 2, 3, 4], True))
        self.assertEqual(await self.page(6, 1), ([6], True))

    async def test_strangers(self) -> None:
        """Who is not, or no longer, a member reads nothing."""
        await self.talk("secret")
        await self.world.leave(self.group, self.bob)
        for person in (self.bob, self.cat):
            await self.refused(NotAMember, self.timelines.delta(person.id, self.group, 0, 10, SIZE))
            for asked in ({}, {"before": 9}, {"after": 0}, {"around": 1}):
                await self.refused(
                    NotAMember,
                    self.timelines.history(person.id, self.group, 10, SIZE, **asked),
                )
            self.assertEqual(await self.timelines.positions(person.id, [self.group]), {})

    async def test_positions(self) -> None:
        """Where many conversations stand, those one is in."""
        await self.talk("one", "two")
        await self.world.edit(self.group, 1, "ONE")
        await self.conversations.hide(self.ann.id, self.group, 1)
        foreign = await self.world.group(self.bob)
        asked = [self.group, foreign, ConversationId(foreign + 1000)]
        self.assertEqual(
            await self.timelines.positions(self.ann.id, asked),
            {self.group: Position(self.group, 3, 2, 1)},
        )
        self.assertEqual(await self.timelines.last_revs(asked), {self.group: 3, foreign: 0})
        self.assertEqual(await self.timelines.last_revs([]), {})

    async def test_more_than_one_statement_takes(self) -> None:
        """However many conversations a node serves, it can ask for all of them."""
        asked = [self.group, *(ConversationId(self.group + n) for n in range(1, 1200))]
        self.assertEqual(await self.timelines.last_revs(asked), {self.group: 0})


class TimelinesInlineTests(TimelineContract, OnInline):
    """In memory."""


class TimelinesSQLiteTests(TimelineContract, OnSQLite):
    """In a file."""


class TimelinesMariaDBTests(TimelineContract, OnMariaDB):
    """On a server."""
