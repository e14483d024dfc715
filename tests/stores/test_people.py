"""Accounts and devices, as the door keeps them."""

from __future__ import annotations

from imtwisted.model import Device
from imtwisted.refusals import Conflict
from imtwisted.store.faults import ItemFault
from imtwisted.store.search import StoredSearch
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once


class PeopleContract(Contract):
    """What every database does with people."""

    async def test_register(self) -> None:
        """Who registers can be found by name, and nobody else is."""
        ann, version = await self.people.register("Ann", "ann", "Ann A.", "secret", 7, None)
        self.assertEqual((ann.username, ann.display_name, version), ("Ann", "Ann A.", 0))
        self.assertEqual(await self.people.person("ann"), ann)
        self.assertIsNone(await self.people.person("Ann"))
        account = await self.people.account("ann")
        assert account is not None
        self.assertEqual((account.person, account.password_hash), (ann, "secret"))
        self.assertIsNone(await self.people.account("bob"))
        self.assertEqual(await self.people.version(ann.id), 0)

    async def test_a_name_is_taken_once(self) -> None:
        """The second one who wants a name is told so, beside the field."""
        first = await self.world.person("Ann")
        refusal = await self.refused(
            Conflict, self.people.register("ANN", "ann", "Other", "x", 1, None)
        )
        self.assertEqual((refusal.reason, refusal.field), ("name_taken", "username"))
        self.assertEqual(await self.people.person("ann"), first)

    async def test_everyone_joins_the_lobby(self) -> None:
        """A new account is in the lobby at once, with nothing unread; a refused one is not."""
        old = await self.world.person("Old")
        lobby = await self.conversations.lobby("Lobby", 1)
        await self.world.say(old, lobby, "hello?")
        ann, _ = await self.people.register("Ann", "ann", "Ann", "x", 5, lobby)
        before = await self.conversations.conversation(lobby)
        await self.refused(Conflict, self.people.register("Ann", "ann", "Ann", "x", 5, lobby))
        after = await self.conversations.conversation(lobby)
        assert after is not None
        self.assertEqual(before, after)
        self.assertEqual((after.member_count, after.members_rev), (2, 2))
        self.assertEqual(await self.conversations.members(lobby), [old.id, ann.id])
        heads = await self.conversations.heads(ann.id, 10)
        self.assertEqual([(h.read_seq, h.unread) for h in heads.heads], [(1, 0)])

    async def test_many_register_at_once(self) -> None:
        """Of two who want one name one gets it, and the lobby counts who came."""
        lobby = await self.conversations.lobby("Lobby", 1)

        async def register(number: int) -> bool:
            try:
                await self.people.register("x", f"name{number // 2}", "x", "x", 1, lobby)
            except Conflict:
                return False
            return True

        came = await at_once(*(register(number) for number in range(12)))
        self.assertEqual(sum(came), 6)
        conversation = await self.conversations.conversation(lobby)
        assert conversation is not None
        self.assertEqual(conversation.member_count, 6)
        self.assertEqual(len(await self.conversations.members(lobby)), 6)

    async def test_replace_password_hash(self) -> None:
        """From then on the new hash is the account's."""
        ann = await self.world.person("Ann")
        await self.people.replace_password_hash(ann.id, "new")
        account = await self.people.account("ann")
        assert account is not None
        self.assertEqual(account.password_hash, "new")

    async def test_people(self) -> None:
        """Several names at once; who does not exist is not there."""
        ann, bob = await self.world.people("Ann", "Bob")
        found = await self.people.people(["bob", "nobody", "ann"])
        self.assertEqual({person.id for person in found}, {ann.id, bob.id})
        self.assertEqual(await self.people.people([]), [])

    async def test_look_up(self) -> None:
        """People by the beginning of their name; who blocks the seeker looks like anybody."""
        ann, anna, andi, bob = await self.world.people("Ann", "Anna", "Andi", "Bob")
        await self.contacts.block(andi.id, ann.id, 1)
        await self.contacts.ask(anna.id, ann.id, "", 1)
        found = await self.people.look_up(ann.id, "an", 10)
        self.assertEqual(found, [(andi, "none"), (ann, "self"), (anna, "incoming")])
        self.assertEqual(await self.people.look_up(bob.id, "an", 1), [(andi, "none")])
        self.assertEqual(await self.people.look_up(bob.id, "a_", 10), [])
        self.assertEqual(await self.people.look_up(bob.id, "%", 10), [])

    async def test_acquaintances(self) -> None:
        """People of one's groups by any part of their names; not who left."""
        ann, *others = await self.world.people("Ann", "Bobolink", "Lobo", "Robo", "Obo")
        bob, lobo, robo, obo = others
        group = await self.world.group(ann, bob, lobo, robo)
        await self.world.group(bob, obo)
        await self.contacts.block(robo.id, ann.id, 1)  # is found as before
        find = StoredSearch(self.database).acquaintances
        everyone = [(bob, "none"), (lobo, "none"), (robo, "none")]
        self.assertEqual(await find(ann.id, ("ob",), 9), everyone)
        self.assertEqual(await find(ann.id, ("ob", "ink"), 9), [(bob, "none")])
        self.assertEqual(await find(ann.id, ("ob",), 1), [(bob, "none")])
        self.assertEqual(await find(ann.id, ("_",), 9), [])
        await self.world.leave(group, bob)
        self.assertEqual(await find(ann.id, ("ob",), 9), everyone[1:])
        await self.world.leave(group, ann)
        self.assertEqual(await find(ann.id, ("ob",), 9), [])

    async def test_names_in_other_scripts(self) -> None:
        """Chinese names are found by their first character, emoji survive."""
        wang, _ = await self.people.register("王小明", "王小明", "小明 😀", "x", 1, None)
        self.assertEqual(await self.people.look_up(wang.id, "王", 10), [(wang, "self")])

    async def test_unspeakable_names(self) -> None:
        """What no database can store is refused, and harms nobody else."""
        await self.refused(ItemFault, self.people.register("x", "x\ud800", "x", "x", 1, None))
        await self.world.person("Ann")


class DeviceContract(Contract):
    """What every database does with signed-in devices."""

    async def test_session(self) -> None:
        """A device is known by its token's hash, until it is too old."""
        ann = await self.world.person("Ann")
        id = await self.people.open_session(ann.id, b"a" * 32, 100, "192.0.2.1", "Browser")
        self.assertEqual(await self.people.session(b"a" * 32, 99, 99), (id, ann, 100))
        self.assertIsNone(await self.people.session(b"b" * 32, 99, 99))
        self.assertIsNone(await self.people.session(b"a" * 32, 100, 99))
        self.assertIsNone(await self.people.session(b"a" * 32, 99, 100))

    async def test_touch_session(self) -> None:
        """Use is remembered, and never goes back."""
        ann = await self.world.person("Ann")
        id = await self.people.open_session(ann.id, b"a" * 32, 100, "", "")
        await self.people.touch_session(id, 300)
        await self.people.touch_session(id, 200)
        self.assertEqual(await self.people.session(b"a" * 32, 0, 0), (id, ann, 300))

    async def test_devices(self) -> None:
        """One's devices, the last used first, without those that have ended by age."""
        ann, bob = await self.world.people("Ann", "Bob")
        old = await self.people.open_session(ann.id, b"a" * 32, 100, "one", "Old")
        new = await self.people.open_session(ann.id, b"b" * 32, 200, "two", "New")
        await self.people.open_session(bob.id, b"c" * 32, 300, "three", "Bob's")
        devices = [Device(new, 200, 200, "two", "New"), Device(old, 100, 100, "one", "Old")]
        self.assertEqual(await self.people.devices(ann.id, 0, 0), (devices, 2))
        self.assertEqual(await self.people.devices(ann.id, 0, 100), (devices[:1], 2))

    async def test_end_session(self) -> None:
        """A device is signed out once, by its owner."""
        ann, bob = await self.world.people("Ann", "Bob")
        id = await self.people.open_session(ann.id, b"a" * 32, 100, "", "")
        self.assertIsNone(await self.people.end_session(bob.id, id))
        self.assertEqual(await self.people.end_session(ann.id, id), 2)
        self.assertIsNone(await self.people.end_session(ann.id, id))
        self.assertIsNone(await self.people.session(b"a" * 32, 0, 0))
        self.assertEqual(await self.people.version(ann.id), 2)

    async def test_forget_sessions(self) -> None:
        """What has ended by age is deleted, the rest stays."""
        ann = await self.world.person("Ann")
        await self.people.open_session(ann.id, b"a" * 32, 100, "", "")
        used = await self.people.open_session(ann.id, b"b" * 32, 100, "", "")
        await self.people.open_session(ann.id, b"c" * 32, 300, "", "")
        await self.people.touch_session(used, 300)
        await self.people.forget_sessions(200, 50)
        devices, _ = await self.people.devices(ann.id, 0, 0)
        self.assertEqual(sorted(device.created_at for device in devices), [100, 300])
        await self.people.forget_sessions(200, 200)
        devices, _ = await self.people.devices(ann.id, 0, 0)
        self.assertEqual([device.created_at for device in devices], [300])


class PeopleInlineTests(PeopleContract, DeviceContract, OnInline):
    """In memory."""


class PeopleSQLiteTests(PeopleContract, DeviceContract, OnSQLite):
    """In a file."""


class PeopleMariaDBTests(PeopleContract, DeviceContract, OnMariaDB):
    """On a server."""
