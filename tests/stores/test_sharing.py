"""What people let each other see, as it is kept."""

from __future__ import annotations

from imtwisted.model import ConversationId, Membership, Person, UserId
from imtwisted.sharing import Audience, Circle, Shares
from imtwisted.store.sharing import StoredSharing
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once


class SharingContract(Contract):
    """What every database does with settings, circles and sightings."""

    async def furnish(self) -> None:
        self.ann, self.bob, self.cat = await self.world.people("Ann", "Bob", "Cat")
        self.sharing = StoredSharing(self.database)

    async def befriend(self, one: Person, other: Person) -> None:
        """Make two people friends."""
        await self.contacts.ask(one.id, other.id, "", 1)
        await self.contacts.accept(other.id, one.id, 2)

    async def test_settings(self) -> None:
        """All is shared at first; what is not named stays; every change has its version."""
        self.assertEqual(await self.sharing.shares(self.ann.id), Shares())
        changed = await self.sharing.change(self.ann.id, {"receipts": False, "typing": False})
        self.assertEqual(changed, (Shares(receipts=False, typing=False), 1))
        changed = await self.sharing.change(self.ann.id, {"typing": True})
        self.assertEqual(changed, (Shares(receipts=False), 2))
        self.assertEqual(await self.sharing.shares(self.bob.id), Shares())

    async def test_circle(self) -> None:
        """Friends, not those who ask; blocks, whoever made them."""
        await self.befriend(self.bob, self.ann)
        await self.contacts.ask(self.cat.id, self.ann.id, "", 1)
        await self.sharing.change(self.ann.id, {"presence": False})
        self.assertEqual(
            await self.sharing.circle(self.ann.id),
            Circle(Shares(presence=False), frozenset({self.bob.id})),
        )
        await self.contacts.block(self.cat.id, self.ann.id, 3)
        for one, other in ((self.ann, self.cat), (self.cat, self.ann)):
            circle = await self.sharing.circle(one.id)
            self.assertEqual(circle.estranged, {other.id})
        nobody = await self.sharing.circle(UserId(self.cat.id + 1000))
        self.assertEqual(nobody, Circle(Shares(receipts=False, presence=False, typing=False)))

    async def test_many_circles(self) -> None:
        """Whoever asks together gets each their own."""
        await self.befriend(self.ann, self.bob)
        await self.befriend(self.bob, self.cat)
        circles = await at_once(*(self.sharing.circle(p.id) for p in (self.cat, self.bob)))
        self.assertEqual(
            [circle.friends for circle in circles], [{self.bob.id}, {self.ann.id, self.cat.id}]
        )

    async def test_audience(self) -> None:
        """How many are in a group, who leads it and who is silent; of a direct one, which two."""
        group = await self.world.group(self.ann, self.bob, self.cat)
        special = {self.ann.id: Membership(self.ann.id, "owner")}
        self.assertEqual(await self.sharing.audience(group), Audience(3, special=special))
        await self.world.silence(group, self.bob, 70)
        await self.world.silence(group, self.cat, 80)
        await self.world.leave(group, self.cat)
        await self.world.restrict(group)
        special[self.bob.id] = Membership(self.bob.id, "member", 70)
        audience = Audience(3, announcement_only=True, special=special)
        self.assertEqual(await self.sharing.audience(group), audience)
        direct = await self.conversations.direct(self.ann.id, self.bob.id, 1)
        pair = frozenset({self.ann.id, self.bob.id})
        self.assertEqual(await self.sharing.audience(direct.id), Audience(2, pair))
        self.assertEqual(await self.sharing.audience(ConversationId(10**6)), Audience(0))

    async def test_sightings(self) -> None:
        """Of friends who show it, to who shows it; the latest counts."""
        await self.befriend(self.ann, self.bob)
        await self.befriend(self.cat, self.ann)
        self.assertEqual(
            await self.sharing.sightings(self.ann.id), {self.bob.id: None, self.cat.id: None}
        )
        await self.sharing.saw([(self.cat.id, 70), (self.bob.id, 50)])
        await self.sharing.saw([(self.bob.id, 40)])
        self.assertEqual(
            await self.sharing.sightings(self.ann.id), {self.bob.id: 50, self.cat.id: 70}
        )
        await self.sharing.change(self.cat.id, {"presence": False})
        self.assertEqual(await self.sharing.sightings(self.ann.id), {self.bob.id: 50})
        await self.sharing.change(self.ann.id, {"presence": False})
        self.assertEqual(await self.sharing.sightings(self.ann.id), {})
        self.assertEqual(await self.sharing.sightings(self.bob.id), {})

    async def test_many_sightings(self) -> None:
        """A whole server's, as at its end."""
        await self.sharing.saw([(UserId(id), id) for id in range(1, 1201)])
        row = await self.world.row("SELECT COUNT(*), MAX(last_seen) FROM sightings")
        self.assertEqual(row, (1200, 1200))
        await self.sharing.saw([])

    async def test_positions(self) -> None:
        """Of members who show them, to who shows them, in groups that are not too large."""
        group = await self.world.group(self.ann, self.bob, self.cat)
        for _ in range(3):
            await self.world.say(self.ann, group, "hi")
        await self.cursors.advance([(self.bob.id, group, 1, 2), (self.cat.id, group, 0, 3)])
        told = {self.ann.id: (0, 0), self.bob.id: (1, 2), self.cat.id: (0, 3)}
        self.assertEqual(await self.sharing.positions(self.ann.id, group, 3), told)
        self.assertEqual(await self.sharing.positions(self.ann.id, group, 2), {})
        await self.world.leave(group, self.bob)
        await self.sharing.change(self.ann.id, {"receipts": False})
        self.assertEqual(await self.sharing.positions(self.cat.id, group, 3), {self.cat.id: (0, 3)})
        self.assertEqual(await self.sharing.positions(self.ann.id, group, 3), {})

    async def test_positions_between_two(self) -> None:
        """Not while one of them blocks the other; that changes nothing in groups."""
        direct = (await self.conversations.direct(self.ann.id, self.bob.id, 1)).id
        group = await self.world.group(self.ann, self.bob)
        shown = {self.ann.id: (0, 0), self.bob.id: (0, 0)}
        for blocker, blocked in ((self.ann, self.bob), (self.bob, self.ann)):
            self.assertEqual(await self.sharing.positions(self.ann.id, direct, 3), shown)
            await self.contacts.block(blocker.id, blocked.id, 3)
            for viewer in (self.ann, self.bob):
                self.assertEqual(await self.sharing.positions(viewer.id, direct, 3), {})
                self.assertEqual(await self.sharing.positions(viewer.id, group, 3), shown)
                head, _ = await self.conversations.head(viewer.id, direct)
                assert head is not None and head.peer is not None
                self.assertEqual((head.peer.read, head.peer.received), (None, None))
            for user in (self.ann, self.bob):
                where = (direct, group)
                moves = [(user.id, there, 0, 0) for there in where]
                moved = await self.cursors.advance(moves, again=True)
                told = {each.conversation: each.shared for each in moved}
                self.assertEqual(told, {direct: False, group: True})
            await self.contacts.unblock(blocker.id, blocked.id, 4)


class SharingInlineTests(SharingContract, OnInline):
    """In memory."""


class SharingSQLiteTests(SharingContract, OnSQLite):
    """In a file."""


class SharingMariaDBTests(SharingContract, OnMariaDB):
    """On a server."""
