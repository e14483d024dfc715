"""Links into a group on every database: counted exactly, whoever comes and on whichever node."""

from __future__ import annotations

from dataclasses import replace

from imtwisted.entries import Appoint, Ban, Dissolve, Enter, Exit, Found, Invitation, Offer, Revoke
from imtwisted.invites import Invite
from imtwisted.model import Person
from imtwisted.refusals import ChatError, Conflict, Denied, NotFound
from imtwisted.store.invites import StoredInvites
from imtwisted.store.journal import LanedJournal
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once
from tests.stores.test_journals import journal_of

CODE = "abcdefghijklmno-"
NOW = 1_000_000


class InviteContract(Contract):
    """What every database does with links."""

    lanes = 1

    async def furnish(self) -> None:
        self.ann, self.bob = await self.world.people("Ann", "Bob")
        self.journal, self.announced = journal_of(self, self.lanes)
        self.invites = StoredInvites(self.database)
        found = await self.journal.append(Found(self.ann, b"g" * 16, "Team", False))
        self.group = found.conversation
        self.deeds = 0

    def deed(self) -> bytes:
        """A client id of its own."""
        self.deeds += 1
        return self.deeds.to_bytes(16, "big")

    async def made(
        self, code: str = CODE, uses: int | None = None, expires_at: int | None = None
    ) -> Invite:
        """A link of Ann's."""
        await self.journal.append(Offer(self.ann, self.deed(), self.group, code, expires_at, uses))
        invite = await self.invites.invite(code)
        assert invite is not None
        return invite

    def coming(self, person: Person, invite: Invite) -> Enter:
        """Someone comes in by a link."""
        invitation = Invitation(invite.id, invite.by)
        return Enter(person, self.deed(), self.group, person, invitation)

    async def members(self) -> int:
        conversation = await self.conversations.conversation(self.group)
        assert conversation is not None
        return conversation.member_count

    async def test_what_was_made(self) -> None:
        """It is found by its code, byte for byte, with who made it."""
        invite = await self.made(uses=3, expires_at=2**52)
        self.assertEqual(
            (invite.by, invite.conversation, invite.uses, invite.used, invite.expires_at),
            (self.ann, self.group, 3, 0, 2**52),
        )
        self.assertIsNone(await self.invites.invite(CODE.upper()))
        self.assertEqual(await self.invites.invites(self.group, NOW), [invite])

    async def test_the_second_try(self) -> None:
        """The same code is one link, as when nobody knew whether the first COMMIT went through."""
        first, again = await self.made(), await self.made()
        self.assertEqual(first, again)
        self.assertEqual(len(await self.invites.invites(self.group, NOW)), 1)

    async def test_uses_are_exact(self) -> None:
        """Twenty come at once to two nodes, by a link for seven: seven are in, thirteen are not."""
        invite = await self.made(uses=7)
        people = await self.world.people(*(f"p{n}" for n in range(20)))
        other, _ = journal_of(self, self.lanes)
        nodes: list[LanedJournal] = [self.journal, other]
        outcomes = await at_once(
            *(self.tried(nodes[n % 2], self.coming(each, invite)) for n, each in enumerate(people))
        )
        refused = [each for each in outcomes if each is not None]
        self.assertEqual(len(refused), 13)
        self.assertEqual({type(each) for each in refused}, {NotFound})
        self.assertEqual(await self.members(), 8)
        used = await self.invites.invite(CODE)
        assert used is not None
        self.assertEqual(used.used, 7)

    async def tried(self, journal: LanedJournal, entry: Enter) -> ChatError | None:
        """The refusal, if it was one."""
        try:
            await journal.append(entry)
        except ChatError as refusal:
            return refusal
        return None

    async def test_who_is_in_uses_nothing_up(self) -> None:
        """The same person twice, on two nodes at once, counts once."""
        invite = await self.made(uses=2)
        other, _ = journal_of(self, self.lanes)
        for _ in range(2):
            here, there = self.coming(self.bob, invite), self.coming(self.bob, invite)
            await at_once(self.journal.append(here), other.append(there))
        self.assertEqual((await self.invites.invite(CODE)), _used(invite, 1))
        self.assertEqual(await self.members(), 2)

    async def test_the_second_try_of_coming(self) -> None:
        """What was stored is answered again and not counted again; the story names whose link it was."""
        invite = await self.made(uses=5)
        entry = self.coming(self.bob, invite)
        first, again = await self.journal.append(entry), await self.journal.append(entry)
        assert first.message is not None and again.message is not None
        assert first.message.system is not None
        self.assertEqual(first.message.system.link_of, self.ann)
        self.assertEqual(again.message, first.message)
        self.assertTrue(again.duplicate)
        self.assertEqual((await self.invites.invite(CODE)), _used(invite, 1))

    async def test_registering_counts(self) -> None:
        """Ten register while ten members come, by a link for nine: nine uses, and no account too many."""
        invite = await self.made(uses=9)
        people = await self.world.people(*(f"p{n}" for n in range(10)))
        outcomes = await at_once(
            *(self.tried(self.journal, self.coming(each, invite)) for each in people),
            *(self.registered(f"new{n}", invite) for n in range(10)),
        )
        self.assertEqual(len([each for each in outcomes if each is None]), 9)
        self.assertEqual(await self.invites.invite(CODE), _used(invite, 9))
        accounts = await self.world.row("SELECT COUNT(*) FROM users WHERE username LIKE %s", "new%")
        admitted = await self.world.row("SELECT COUNT(*) FROM invite_admissions")
        self.assertEqual(accounts, admitted)
        self.assertEqual(accounts[0] + await self.members() - 1, 9)

    async def registered(self, name: str, invite: Invite) -> ChatError | None:
        """The refusal, if registering was refused."""
        try:
            await self.people.register(name, name, name, "x", NOW, None, invite.id)
        except ChatError as refusal:
            return refusal
        return None

    async def test_who_registered_comes_in(self) -> None:
        """By the link that is used up by themselves, once; not when it was revoked meanwhile."""
        invite = await self.made(uses=1)
        dan, _ = await self.people.register("Dan", "dan", "Dan", "x", NOW, None, invite.id)
        self.assertTrue(await self.invites.is_admitted(invite.id, dan.id))
        await self.refused(NotFound, self.journal.append(self.coming(self.bob, invite)))
        await self.journal.append(self.coming(dan, invite))
        self.assertFalse(await self.invites.is_admitted(invite.id, dan.id))
        self.assertEqual(await self.invites.invite(CODE), _used(invite, 1))
        await self.journal.append(Exit(dan, self.deed(), self.group, dan))
        await self.refused(NotFound, self.journal.append(self.coming(dan, invite)))
        other = await self.made(CODE[::-1], uses=1)
        eve, _ = await self.people.register("Eve", "eve", "Eve", "x", NOW, None, other.id)
        await self.journal.append(Revoke(self.ann, self.deed(), self.group, other.id))
        await self.refused(NotFound, self.journal.append(self.coming(eve, other)))

    async def test_void(self) -> None:
        """Revoked, expired, or of another group: nobody comes in, and nothing is counted."""
        other = (await self.journal.append(Found(self.ann, b"h" * 16, "Other", False))).conversation
        revoked, expired = await self.made(), await self.made(CODE[::-1], expires_at=1)
        await self.journal.append(Revoke(self.ann, self.deed(), self.group, revoked.id))
        await self.journal.append(Revoke(self.ann, self.deed(), self.group, revoked.id))
        elsewhere = Enter(
            self.bob, self.deed(), other, self.bob, Invitation(revoked.id, revoked.by)
        )
        for entry in (self.coming(self.bob, revoked), self.coming(self.bob, expired), elsewhere):
            refusal = await self.refused(NotFound, self.journal.append(entry))
            self.assertEqual(refusal.reason, "invite_void")
        self.assertEqual(await self.members(), 1)
        self.assertEqual(await self.invites.invites(self.group, NOW), [expired])

    async def test_who_is_put_out(self) -> None:
        """Their links go with them; the others' stay."""
        mine = await self.made()
        cy = (await self.world.people("Cy"))[0]
        await self.journal.append(self.coming(self.bob, mine))
        await self.journal.append(self.coming(cy, mine))
        ways: list[type[Ban] | type[Exit]] = [Ban, Exit]
        for number, deed in enumerate(ways):
            leader = (self.bob, cy)[number]
            await self.make_moderator(leader)
            theirs = f"{number}" * 16
            await self.journal.append(Offer(leader, self.deed(), self.group, theirs))
            await self.journal.append(deed(self.ann, self.deed(), self.group, leader))
            invite = await self.invites.invite(theirs)
            assert invite is not None
            self.assertTrue(invite.revoked, deed)
        refusal = await self.refused(Denied, self.journal.append(self.coming(self.bob, mine)))
        self.assertEqual(refusal.reason, "not_allowed")
        self.assertFalse((await self.invites.invite(CODE) or mine).revoked)

    async def make_moderator(self, person: Person) -> None:

        await self.journal.append(Appoint(self.ann, self.deed(), self.group, person, "moderator"))

    async def test_the_end_of_a_group(self) -> None:
        """Nobody comes into a group that is no more, by whatever link."""
        invite = await self.made()
        await self.journal.append(Dissolve(self.ann, self.deed(), self.group))
        await self.refused(NotFound, self.journal.append(self.coming(self.bob, invite)))

    async def test_too_many(self) -> None:
        """Fifty good links are enough; one that is over makes room."""
        for number in range(50):
            await self.made(f"{number:016}")
        offer = Offer(self.ann, self.deed(), self.group, CODE)
        refusal = await self.refused(Conflict, self.journal.append(offer))
        self.assertEqual(refusal.reason, "too_many_invites")
        gone = await self.invites.invite(f"{7:016}")
        assert gone is not None
        await self.journal.append(Revoke(self.ann, self.deed(), self.group, gone.id))
        await self.made()

    async def test_the_good_ones_first(self) -> None:
        """A link that is over never stands before one that is good."""
        codes = [f"{number:016}" for number in range(4)]
        for code, expires_at in zip(codes, (None, 1, None, 1), strict=True):
            await self.made(code, expires_at=expires_at)
        listed = [invite.code for invite in await self.invites.invites(self.group, NOW)]
        self.assertEqual(listed, [codes[2], codes[0], codes[3], codes[1]])


def _used(invite: Invite, times: int) -> Invite:
    """The same link, after so many came."""

    return replace(invite, used=times)


class OnInlineTests(InviteContract, OnInline):
    """In memory."""


class OnSQLiteTests(InviteContract, OnSQLite):
    """One writer."""


class OnMariaDBTests(InviteContract, OnMariaDB):
    """Four lanes, as in production."""

    lanes = 4
