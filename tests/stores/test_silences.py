"""Who may write in a group, on every database: silenced for a time, and groups where only leaders write."""

from __future__ import annotations

from collections.abc import Awaitable

from imtwisted.entries import (
    Appoint,
    Describe,
    Edit,
    Enter,
    Exit,
    Found,
    React,
    Recall,
    Restrict,
    Silence,
    Unsilence,
)
from imtwisted.refusals import Denied, NotFound
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once
from tests.stores.test_journals import CLOCK, journal_of, post

LONG = 2**52


class SilenceContract(Contract):
    """What every database does with who keeps order."""

    lanes = 1

    async def furnish(self) -> None:
        self.ann, self.bob, self.cy = await self.world.people("Ann", "Bob", "Cy")
        for friend in (self.bob, self.cy):
            await self.contacts.ask(self.ann.id, friend.id, "", 1)
            await self.contacts.accept(friend.id, self.ann.id, 2)
        self.journal, self.announced = journal_of(self, self.lanes)
        self.numbers = iter(range(1000))
        found = Found(self.ann, self.number(), "Team", True, (self.bob, self.cy))
        self.group = (await self.journal.append(found)).conversation

    def number(self) -> bytes:
        """A client id of its own."""
        return b"deed" + next(self.numbers).to_bytes(12, "big")

    async def silence(self, until: int = LONG) -> None:
        """Ann silences Bob."""
        await self.journal.append(Silence(self.ann, self.number(), self.group, self.bob, until))

    async def speaks(self) -> None:
        """Bob says something."""
        await self.journal.append(post(self.bob, self.group, next(self.numbers)))

    async def is_refused(self) -> Denied:
        """Bob tries to say something, and may not."""
        refusal = await self.refused(Denied, self.speaks())
        assert isinstance(refusal, Denied)
        return refusal

    async def test_for_a_time(self) -> None:
        """Refused with the time; once that is over they write again, and nobody has to act."""
        now = int(CLOCK.seconds() * 1000)
        await self.speaks()
        await self.silence(now + 3_600_000)
        refusal = await self.is_refused()
        self.assertEqual((refusal.reason, refusal.until), ("silenced", now + 3_600_000))
        await self.silence(now - 1)
        await self.speaks()

    async def test_until_lifted(self) -> None:
        """Refused without a time, until somebody lifts it."""
        await self.journal.append(Silence(self.ann, self.number(), self.group, self.bob))
        self.assertEqual((await self.is_refused()).until, None)
        await self.journal.append(Unsilence(self.ann, self.number(), self.group, self.bob))
        await self.speaks()

    async def test_another_node(self) -> None:
        """A node that knew they may write, by what it kept, refuses them too."""
        other, _ = journal_of(self, self.lanes)
        await other.append(post(self.bob, self.group, 2000))
        await self.silence()
        await self.refused(Denied, other.append(post(self.bob, self.group, 2001)))

    async def test_in_one_batch(self) -> None:
        """What is said after it in the same transaction is refused already."""
        before, silence = post(self.bob, self.group, 3000), self.silence()
        _, _, after = await at_once(
            self.outcome(self.journal.append(before)),
            self.outcome(silence),
            self.outcome(self.journal.append(post(self.bob, self.group, 3001))),
        )
        self.assertIsInstance(after, Denied)

    async def outcome(self, asked: Awaitable[object]) -> object:
        """The result, or the refusal."""
        try:
            return await asked
        except Denied as refusal:
            return refusal

    async def test_what_stays_allowed(self) -> None:
        """No edit, which is writing; taking back and reacting stay."""
        said = await self.journal.append(post(self.bob, self.group, 4000))
        assert said.message is not None
        seq = said.message.seq
        await self.silence()
        edit = Edit(self.group, self.bob, self.number(), seq, "but")
        await self.refused(Denied, self.journal.append(edit))
        await self.journal.append(React(self.group, self.bob, seq, "👍", True))
        await self.journal.append(Recall(self.group, self.bob, seq))

    async def test_leaving_does_not_help(self) -> None:
        """Who comes back is as silent as before; the second try of coming knows it too."""
        await self.silence()
        await self.journal.append(Exit(self.bob, self.number(), self.group, self.bob))
        enter = Enter(self.bob, self.number(), self.group, self.bob)
        _, refused = await at_once(self.outcome(self.journal.append(enter)), self.said())
        self.assertIsInstance(refused, Denied)
        await self.is_refused()

    async def said(self) -> object:
        return await self.outcome(self.speaks())

    async def test_a_role_ends_it(self) -> None:
        """A moderator writes; demoted, they write still."""
        await self.silence()
        await self.journal.append(
            Appoint(self.ann, self.number(), self.group, self.bob, "moderator")
        )
        await self.speaks()
        await self.journal.append(Appoint(self.ann, self.number(), self.group, self.bob, "member"))
        await self.speaks()

    async def test_an_heir_may_write(self) -> None:
        """The owner leaves, and the group becomes that of someone who was silenced."""
        await self.silence()
        await self.journal.append(Exit(self.ann, self.number(), self.group, self.ann))
        await self.speaks()

    async def test_once(self) -> None:
        """The same again tells nobody, neither does the second try of one deed."""
        deed = Silence(self.ann, self.number(), self.group, self.bob, LONG)
        first = await self.journal.append(deed)
        again = await self.journal.append(deed)
        assert first.message is not None
        self.assertEqual((again.duplicate, again.message), (True, first.message))
        await self.silence()
        self.assertEqual(len([each for each in self.announced if each.message]), 2)
        lift = Unsilence(self.ann, self.number(), self.group, self.bob)
        told = await self.journal.append(lift)
        self.assertEqual((await self.journal.append(lift)).message, told.message)
        silent = await self.journal.append(Unsilence(self.ann, self.number(), self.group, self.bob))
        self.assertIsNone(silent.message)

    async def test_who_may(self) -> None:
        """Leaders, and only ordinary members of the group."""
        await self.journal.append(
            Appoint(self.ann, self.number(), self.group, self.bob, "moderator")
        )
        (mal,) = await self.world.people("Mal")
        for who, whom, refusal in (
            (self.cy, self.cy, Denied),
            (self.cy, self.bob, Denied),
            (self.bob, self.ann, Denied),
            (self.ann, self.bob, Denied),
            (self.bob, self.bob, Denied),
            (self.bob, mal, NotFound),
        ):
            deed = Silence(who, self.number(), self.group, whom, LONG)
            await self.refused(refusal, self.journal.append(deed))
        await self.journal.append(Silence(self.bob, self.number(), self.group, self.cy, LONG))

    async def test_announcements(self) -> None:
        """Only leaders write, on each node; reactions go on; then everyone writes again."""
        other, _ = journal_of(self, self.lanes)
        said = await other.append(post(self.bob, self.group, 5000))
        assert said.message is not None
        await self.journal.append(Restrict(self.ann, self.number(), self.group, True))
        refusal = await self.refused(Denied, other.append(post(self.bob, self.group, 5001)))
        self.assertEqual(refusal.reason, "announcement_only")
        await other.append(React(self.group, self.bob, said.message.seq, "👍", True))
        await other.append(post(self.ann, self.group, 5002))
        again = await self.journal.append(Restrict(self.ann, self.number(), self.group, True))
        self.assertIsNone(again.message)
        await self.refused(
            Denied, self.journal.append(Restrict(self.bob, self.number(), self.group, False))
        )
        await self.journal.append(Restrict(self.ann, self.number(), self.group, False))
        await self.speaks()

    async def test_what_a_group_is_for(self) -> None:
        """It is kept with the group and told once; only leaders say it."""
        deed = Describe(self.ann, self.number(), self.group, "读书会\nEvery Monday")
        first, again = await self.journal.append(deed), await self.journal.append(deed)
        assert first.message is not None
        self.assertEqual(first.message, again.message)
        same = Describe(self.ann, self.number(), self.group, "读书会\nEvery Monday")
        self.assertIsNone((await self.journal.append(same)).message)
        group = await self.conversations.conversation(self.group)
        assert group is not None
        self.assertEqual(group.description, "读书会\nEvery Monday")
        refused = Describe(self.bob, self.number(), self.group, "mine")
        await self.refused(Denied, self.journal.append(refused))


class OnInlineTests(SilenceContract, OnInline):
    """In memory."""


class OnSQLiteTests(SilenceContract, OnSQLite):
    """One writer."""


class OnMariaDBTests(SilenceContract, OnMariaDB):
    """Four lanes, as in production."""

    lanes = 4
