"""Friendships, requests and blocks."""

from __future__ import annotations

from threading import Event

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from imtwisted.boundaries import Cursor
from imtwisted.model import Contact, ContactChange, Conversation, Person, Relation
from imtwisted.refusals import Blocked, Conflict, NotFound
from imtwisted.store.conversations import _open_direct
from tests.mariadb import mariadb
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once


class ContactContract(Contract):
    """What every database does with two people."""

    async def furnish(self) -> None:
        self.ann, self.bob = await self.world.people("Ann", "Bob")

    async def relations(self) -> tuple[Relation, Relation]:
        """What Bob is to Ann, and Ann to Bob."""
        return (
            await self.contacts.relation(self.ann.id, self.bob.id),
            await self.contacts.relation(self.bob.id, self.ann.id),
        )

    async def befriend(self, one: Person, other: Person) -> None:
        """Make two people friends."""
        await self.contacts.ask(one.id, other.id, "", 1)
        await self.contacts.accept(other.id, one.id, 2)

    async def test_ask(self) -> None:
        """A request is outgoing here and incoming there, with its words."""
        change = await self.contacts.ask(self.ann.id, self.bob.id, "It's me", 5)
        mine = Contact(self.bob, "outgoing", 5, "It's me")
        theirs = Contact(self.ann, "incoming", 5, "It's me")
        self.assertEqual(change, ContactChange(mine, 1, theirs, 1))
        self.assertEqual(await self.contacts.contacts(self.ann.id), ([mine], 1))
        self.assertEqual(await self.contacts.contacts(self.bob.id), ([theirs], 1))
        self.assertEqual(await self.relations(), ("outgoing", "incoming"))

    async def test_ask_again(self) -> None:
        """Asking twice changes nothing, and nobody is told twice."""
        await self.contacts.ask(self.ann.id, self.bob.id, "", 5)
        self.assertIsNone(await self.contacts.ask(self.ann.id, self.bob.id, "", 6))
        self.assertEqual(await self.people.version(self.bob.id), 1)

    async def test_accept(self) -> None:
        """Whom one accepts is a friend; only who was asked can accept."""
        await self.contacts.ask(self.ann.id, self.bob.id, "hi", 5)
        await self.refused(NotFound, self.contacts.accept(self.ann.id, self.bob.id, 6))
        change = await self.contacts.accept(self.bob.id, self.ann.id, 7)
        mine, theirs = Contact(self.ann, "friend", 7), Contact(self.bob, "friend", 7)
        self.assertEqual(change, ContactChange(mine, 2, theirs, 2))
        self.assertEqual(await self.relations(), ("friend", "friend"))
        await self.refused(NotFound, self.contacts.accept(self.bob.id, self.ann.id, 8))

    async def test_crossing_requests(self) -> None:
        """Two who ask each other are friends, whoever was first."""
        await self.contacts.ask(self.ann.id, self.bob.id, "", 5)
        change = await self.contacts.ask(self.bob.id, self.ann.id, "", 6)
        assert change is not None
        self.assertEqual(change.mine, Contact(self.ann, "friend", 6))
        refusal = await self.refused(Conflict, self.contacts.ask(self.ann.id, self.bob.id, "", 7))
        self.assertEqual(refusal.reason, "already_friends")

    async def test_requests_that_cross_at_once(self) -> None:
        """The same, when both ask in one moment."""
        changes = await at_once(
            self.contacts.ask(self.ann.id, self.bob.id, "", 5),
            self.contacts.ask(self.bob.id, self.ann.id, "", 5),
        )
        self.assertEqual(await self.relations(), ("friend", "friend"))
        self.assertEqual({change.my_version for change in changes if change}, {1, 2})

    async def test_part(self) -> None:
        """A friendship ends for both; ending nothing is nothing."""
        self.assertIsNone(await self.contacts.part(self.ann.id, self.bob.id, 1))
        await self.befriend(self.ann, self.bob)
        change = await self.contacts.part(self.bob.id, self.ann.id, 9)
        mine, theirs = Contact(self.ann, "none", 9), Contact(self.bob, "none", 9)
        self.assertEqual(change, ContactChange(mine, 3, theirs, 3))
        self.assertEqual(await self.contacts.contacts(self.ann.id), ([], 3))

    async def test_decline_and_take_back(self) -> None:
        """Either of the two can end a request."""
        for who, whom in ((self.ann, self.bob), (self.bob, self.ann)):
            await self.contacts.ask(self.ann.id, self.bob.id, "", 5)
            self.assertIsNotNone(await self.contacts.part(who.id, whom.id, 6))
            self.assertEqual(await self.relations(), ("none", "none"))

    async def test_block(self) -> None:
        """Blocking ends the friendship; the other one sees a stranger, no more."""
        await self.befriend(self.ann, self.bob)
        change = await self.contacts.block(self.ann.id, self.bob.id, 9)
        mine, theirs = Contact(self.bob, "blocked", 9), Contact(self.ann, "none", 9)
        self.assertEqual(change, ContactChange(mine, 3, theirs, 3))
        self.assertEqual(await self.contacts.contacts(self.ann.id), ([mine], 3))
        self.assertEqual(await self.contacts.contacts(self.bob.id), ([], 3))
        self.assertIsNone(await self.contacts.block(self.ann.id, self.bob.id, 10))

    async def test_a_strangers_block_leaves_no_trace(self) -> None:
        """Who was nobody to the blocker is told nothing, and no number of theirs moves."""
        change = await self.contacts.block(self.ann.id, self.bob.id, 9)
        assert change is not None
        self.assertFalse(change.noticed)
        self.assertEqual((change.my_version, change.their_version), (1, 0))
        change = await self.contacts.unblock(self.ann.id, self.bob.id, 10)
        assert change is not None
        self.assertFalse(change.noticed)
        self.assertEqual(await self.people.version(self.bob.id), 0)

    async def test_asking_across_a_block(self) -> None:
        """The blocker is reminded; the blocked one has asked, and is not heard."""
        await self.contacts.block(self.ann.id, self.bob.id, 9)
        await self.refused(Blocked, self.contacts.ask(self.ann.id, self.bob.id, "", 10))
        change = await self.contacts.ask(self.bob.id, self.ann.id, "please", 10)
        assert change is not None
        self.assertEqual(change.mine, Contact(self.ann, "outgoing", 10, "please"))
        self.assertFalse(change.noticed)
        self.assertEqual(await self.relations(), ("blocked", "outgoing"))
        blocked = Contact(self.bob, "blocked", 9)
        self.assertEqual(await self.contacts.contacts(self.ann.id), ([blocked], 1))
        self.assertEqual(await self.contacts.contacts(self.bob.id), ([change.mine], 1))
        await self.refused(NotFound, self.contacts.accept(self.ann.id, self.bob.id, 11))
        self.assertIsNone(await self.contacts.ask(self.bob.id, self.ann.id, "", 12))

    async def test_a_request_comes_to_light_with_the_end_of_a_block(self) -> None:
        """As if it were asked now; who asked has seen the same all the time."""
        await self.contacts.block(self.ann.id, self.bob.id, 9)
        await self.contacts.ask(self.bob.id, self.ann.id, "please", 10)
        change = await self.contacts.unblock(self.ann.id, self.bob.id, 11)
        assert change is not None
        self.assertEqual(change.mine, Contact(self.bob, "incoming", 10, "please"))
        self.assertFalse(change.noticed)
        await self.contacts.accept(self.ann.id, self.bob.id, 12)
        self.assertEqual(await self.relations(), ("friend", "friend"))

    async def test_a_request_nobody_sees_can_be_taken_back(self) -> None:
        """And blocking in return ends it too."""
        for end in (self.contacts.part, self.contacts.block):
            await self.contacts.block(self.ann.id, self.bob.id, 9)
            await self.contacts.ask(self.bob.id, self.ann.id, "", 10)
            change = await end(self.bob.id, self.ann.id, 11)
            assert change is not None
            self.assertFalse(change.noticed)
            await self.contacts.unblock(self.ann.id, self.bob.id, 12)
            self.assertEqual((await self.relations())[0], "none")

    async def test_unblock(self) -> None:
        """Afterwards they are strangers and may become friends again."""
        self.assertIsNone(await self.contacts.unblock(self.ann.id, self.bob.id, 1))
        await self.contacts.block(self.ann.id, self.bob.id, 9)
        change = await self.contacts.unblock(self.ann.id, self.bob.id, 10)
        assert change is not None
        self.assertEqual(change.mine, Contact(self.bob, "none", 10))
        await self.befriend(self.ann, self.bob)
        self.assertEqual(await self.relations(), ("friend", "friend"))

    async def test_blocking_each_other(self) -> None:
        """Two blocks stand apart: one that ends leaves the other."""
        await self.contacts.block(self.ann.id, self.bob.id, 9)
        await self.contacts.block(self.bob.id, self.ann.id, 9)
        self.assertEqual(await self.relations(), ("blocked", "blocked"))
        await self.contacts.unblock(self.ann.id, self.bob.id, 10)
        self.assertEqual(await self.relations(), ("none", "blocked"))

    async def test_their_conversation_learns_of_it(self) -> None:
        """Each change raises its `members_rev`: what nodes remember of it is out of date."""
        direct = await self.conversations.direct(self.ann.id, self.bob.id, 1)
        asked = (
            self.contacts.ask(self.ann.id, self.bob.id, "", 1),
            self.contacts.ask(self.ann.id, self.bob.id, "", 1),
            self.contacts.accept(self.bob.id, self.ann.id, 1),
            self.contacts.block(self.ann.id, self.bob.id, 1),
            self.contacts.unblock(self.ann.id, self.bob.id, 1),
            self.contacts.part(self.ann.id, self.bob.id, 1),
        )
        seen = []
        for change in asked:
            await change
            after = await self.conversations.conversation(direct.id)
            assert after is not None
            seen.append(after.members_rev)
        self.assertEqual(seen, [1, 1, 2, 3, 4, 4])

    async def test_nobody_and_oneself(self) -> None:
        """There is no friendship with nobody, nor with oneself."""
        nobody = self.bob.id.__class__(self.bob.id + 1000)
        await self.refused(NotFound, self.contacts.ask(self.ann.id, nobody, "", 1))
        await self.refused(NotFound, self.contacts.ask(self.ann.id, self.ann.id, "", 1))
        self.assertEqual(await self.contacts.relation(self.ann.id, self.ann.id), "self")
        self.assertEqual(await self.contacts.relation(self.ann.id, nobody), "none")

    async def test_a_full_list(self) -> None:
        """Friends, requests both ways and blocks in one list."""
        cat, dan, eve = await self.world.people("Cat", "Dan", "Eve")
        await self.befriend(self.bob, self.ann)
        await self.contacts.ask(self.ann.id, cat.id, "please", 3)
        await self.contacts.ask(dan.id, self.ann.id, "", 4)
        await self.contacts.block(self.ann.id, eve.id, 5)
        listed, version = await self.contacts.contacts(self.ann.id)
        by_id = sorted(listed, key=lambda contact: contact.person.id)
        self.assertEqual(
            by_id,
            [
                Contact(self.bob, "friend", 2),
                Contact(cat, "outgoing", 3, "please"),
                Contact(dan, "incoming", 4),
                Contact(eve, "blocked", 5),
            ],
        )
        self.assertEqual(version, 5)


class ContactsInlineTests(ContactContract, OnInline):
    """In memory."""


class ContactsSQLiteTests(ContactContract, OnSQLite):
    """In a file."""


class ContactsMariaDBTests(ContactContract, OnMariaDB):
    """On a server."""

    async def test_a_conversation_made_meanwhile(self) -> None:
        """A block learns of the conversation that was made while it waited for the people."""
        locked, go_on = Deferred[None](), Event()
        self.addCleanup(go_on.set)

        def lock_and_make(cursor: Cursor) -> Conversation:
            cursor.all("SELECT 1 FROM users FOR UPDATE")
            reactor.callFromThread(locked.callback, None)  # type: ignore[attr-defined]
            go_on.wait(30)
            return _open_direct(cursor, self.ann.id, self.bob.id, 1)

        made = Deferred.fromCoroutine(self.database.write(lock_and_make))
        await locked
        blocked = Deferred.fromCoroutine(self.contacts.block(self.ann.id, self.bob.id, 1))
        await self.somebody_waits()
        go_on.set()
        await blocked
        direct = await self.conversations.conversation((await made).id)
        assert direct is not None
        self.assertEqual(direct.members_rev, 1)

    async def somebody_waits(self) -> None:
        """Come back when a transaction waits for a lock."""
        query = "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
        while not mariadb().execute(query):
            # InnoDB renews this table only when nobody has read it for 0.1 s.
            await deferLater(reactor, 0.15)
