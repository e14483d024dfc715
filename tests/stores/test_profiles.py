"""What people settle, how accounts end, and what they take along, as it is stored."""

from __future__ import annotations

from imtwisted.model import ConversationId, Person, UserId
from imtwisted.profile import Noticed, ghost
from imtwisted.refusals import Conflict, NotFound
from imtwisted.store import exports
from imtwisted.store.deletions import StoredDeletions
from imtwisted.store.exports import StoredExports
from imtwisted.store.profiles import StoredProfiles
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once


class ProfilesContract(Contract):
    """What every database does with profiles."""

    async def furnish(self) -> None:
        self.profiles = StoredProfiles(self.database)
        self.deletions = StoredDeletions(self.database)
        self.exports = StoredExports(self.database)
        self.ann, self.bea, self.cem = await self.world.people("Ann", "Bea", "Cem")

    async def befriend(self, one: Person, other: Person) -> None:
        await self.contacts.ask(one.id, other.id, "", 1)
        await self.contacts.accept(other.id, one.id, 2)

    async def direct(self, one: Person, other: Person) -> ConversationId:
        return (await self.conversations.direct(one.id, other.id, 3)).id

    # --- settings ---------------------------------------------------------------------

    async def test_a_language(self) -> None:
        """Kept, and given back; nobody's is not found."""
        self.assertEqual((await self.profiles.profile(self.ann.id)).language, "")
        await self.profiles.set_language(self.ann.id, "zh-CN")
        profile = await self.profiles.profile(self.ann.id)
        self.assertEqual((profile.language, profile.created_at), ("zh-CN", 1))
        self.assertEqual((await self.profiles.profile(self.bea.id)).language, "")
        await self.refused(NotFound, self.profiles.profile(UserId(10**9)))

    async def test_another_name(self) -> None:
        """Everyone who lists the person gets a version; groups are named."""
        await self.befriend(self.ann, self.bea)
        (dee,) = await self.world.people("Dee")
        await self.world.say(dee, await self.direct(self.ann, dee), "hi")
        await self.direct(self.ann, self.cem)  # nothing was said: nobody lists it
        group = await self.world.group(self.ann, self.cem)
        before = {one.id: await self.people.version(one.id) for one in (self.ann, self.bea, dee)}
        renamed = await self.profiles.rename(self.ann.id, "Anna")
        assert renamed is not None
        person, noticed = renamed
        self.assertEqual(person, Person(self.ann.id, "Ann", "Anna"))
        self.assertEqual(noticed.versions, {id: version + 1 for id, version in before.items()})
        self.assertEqual(noticed.groups, ((group, 0),))
        self.assertEqual(await self.people.person("ann"), person)
        self.assertIsNone(await self.profiles.rename(self.ann.id, "Anna"))
        await self.refused(NotFound, self.profiles.rename(UserId(10**9), "x"))

    async def test_who_blocks_lists_too(self) -> None:
        """The blocked one is in the list of who blocks, and not the other way round."""
        await self.contacts.block(self.bea.id, self.ann.id, 1)
        for who, told in ((self.ann, {self.ann.id, self.bea.id}), (self.bea, {self.bea.id})):
            renamed = await self.profiles.rename(who.id, "Other")
            assert renamed is not None
            self.assertEqual(set(renamed[1].versions), told)

    # --- the end ----------------------------------------------------------------------

    async def test_an_account_ends(self) -> None:
        """Name, password, devices and reset links are gone; the row is not."""
        session = await self.people.open_session(self.ann.id, b"t" * 32, 5, "10.0.0.1", "x")
        group = await self.world.group(self.ann, self.bea)
        ended = await self.deletions.end(self.ann.id, 9)
        self.assertEqual(ended.ghost, ghost(self.ann.id))
        self.assertEqual((ended.sessions, ended.groups), ((session,), ((group, 0),)))
        self.assertIsNone(await self.people.account("ann"))
        self.assertIsNone(await self.people.person(ended.ghost.username))
        self.assertIsNone(await self.people.session(b"t" * 32, 0, 0))
        self.assertEqual(await self.people.look_up(self.bea.id, "~", 10), [])
        row = await self.world.row("SELECT * FROM users WHERE id = %s", self.ann.id)
        self.assertNotIn("nn", repr(row[1:5]).replace("account", ""))
        self.assertEqual(await self.deletions.ordered(), [self.ann.id])

    async def test_the_name_stays_taken(self) -> None:
        """Also for who wants it in the very moment it is given up."""
        await at_once(
            self.deletions.end(self.ann.id, 9),
            *(self.refused(Conflict, self.register("ann")) for _ in range(4)),
        )
        await self.refused(Conflict, self.register("ann"))
        await self.register("anna")

    async def register(self, key: str) -> None:
        await self.people.register(key, key, key, "x", 1, None)

    async def test_twice_is_once(self) -> None:
        """What was ended is ended; the name that is left is not reserved."""
        for _ in range(2):
            await self.deletions.order(self.ann.id, 7)
            ended = await self.deletions.end(self.ann.id, 9)
        self.assertEqual((ended.ghost, ended.sessions), (ghost(self.ann.id), ()))
        count = await self.world.row("SELECT COUNT(*) FROM reserved_names")
        self.assertEqual(count[0], 1)
        await self.deletions.finish(self.ann.id)
        self.assertEqual(await self.deletions.ordered(), [])

    async def test_parting(self) -> None:
        """Friends, blocks and bans go, and every direct conversation is judged anew."""
        await self.befriend(self.ann, self.bea)
        await self.contacts.block(self.cem.id, self.ann.id, 1)
        direct = await self.direct(self.ann, self.bea)
        await self.world.say(self.ann, direct, "hi")
        before = await self.conversations.conversation(direct)
        version = await self.people.version(self.bea.id)
        await self.deletions.end(self.ann.id, 9)
        noticed = await self.deletions.part(self.ann.id)
        self.assertEqual(set(noticed.versions), {self.bea.id, self.cem.id})
        self.assertEqual(noticed.versions[self.bea.id], version + 1)
        after = await self.conversations.conversation(direct)
        assert before is not None and after is not None
        self.assertEqual(after.members_rev, before.members_rev + 1)
        self.assertEqual((await self.contacts.contacts(self.bea.id))[0], [])
        self.assertEqual((await self.contacts.contacts(self.cem.id))[0], [])
        self.assertTrue((await self.contacts.bond(self.bea.id, self.ann.id)).gone)
        self.assertFalse((await self.contacts.bond(self.ann.id, self.bea.id)).gone)

    async def test_nobody_to_part_from(self) -> None:
        """Someone who knew nobody leaves nobody behind."""
        await self.deletions.end(self.ann.id, 9)
        self.assertEqual(await self.deletions.part(self.ann.id), Noticed({}))

    # --- one's data -------------------------------------------------------------------

    async def test_own_messages(self) -> None:
        """Each once and in order, whatever the pages; nothing taken back, nobody else's."""
        group = await self.world.group(self.ann, self.bea)
        said = []
        for number in range(30):
            who = self.ann if number % 10 < 4 else self.bea
            seq = await self.world.say(who, group, f"{number}")
            if who is self.ann:
                said.append(seq)
        await self.world.recall(group, said.pop(3))
        for at_once_, limit in ((5_000, 100), (7, 100), (7, 2), (1, 1), (5_000, 4)):
            self.patch(exports, "AT_ONCE", at_once_)
            found: list[int] = []
            after: int | None = 0
            while after is not None:
                some, after = await self.exports.own_messages(self.ann.id, group, after, limit)
                found.extend(one.seq for one in some)
            self.assertEqual(found, said, (at_once_, limit))

    async def test_what_else_is_kept(self) -> None:
        """Where one is and was, a page at a time; nothing of anybody else."""
        group = await self.world.group(self.ann, self.bea)
        direct = await self.direct(self.ann, self.bea)
        await self.world.leave(group, self.ann)
        first = await self.exports.stays(self.ann.id, 0, 1)
        rest = await self.exports.stays(self.ann.id, first[-1].conversation, 10)
        told = [(stay.conversation, stay.state, stay.peer) for stay in [*first, *rest]]
        self.assertEqual(told, [(group, "left", None), (direct, "active", self.bea)])
        self.assertEqual(rest[0].title, self.bea.display_name)
        habits = await self.exports.habits(self.ann.id)
        self.assertEqual((habits.shares.typing, habits.last_seen), (True, None))
        self.assertEqual(await self.exports.own_files(self.ann.id, 0, 10), [])
        self.assertEqual(await self.exports.own_invites(self.ann.id, 0, 10), [])
        found = await self.exports.own_reactions(self.ann.id, group, 0)
        self.assertEqual(found, ([], None))


class InlineProfiles(ProfilesContract, OnInline):
    """In memory."""


class SQLiteProfiles(ProfilesContract, OnSQLite):
    """On SQLite."""


class MariaDBProfiles(ProfilesContract, OnMariaDB):
    """On MariaDB."""
