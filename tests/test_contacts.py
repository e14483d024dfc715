"""Tests for `imtwisted.domain.contacts`: who knows whom, and who hears of it."""

from __future__ import annotations

import re
from typing import Any

from twisted.internet.defer import Deferred

from imtwisted.refusals import BadRequest, Blocked, ChatError, Conflict, NotFound, RateLimited
from imtwisted.settings import Limits
from tests.kit import Browser, Chat, ChatCase


class ContactsCase(ChatCase):
    """Two people and a third, each at a screen."""

    def setUp(self) -> None:
        self.server = self.open("alice", "bob", "carol")
        self.contacts = self.server.house.contacts

    def open(self, *names: str) -> Chat:
        """A server with `names`, all of them connected."""
        chat = self.chat(*names)
        self.screens = {name: chat.browser(name) for name in names}
        for screen in self.screens.values():
            screen.heard()
        return chat

    def does(self, name: str, deed: str, *args: Any) -> Any:
        """The result of what `name` does."""
        return self.server.now(getattr(self.contacts, deed)(self.server.people[name], *args))

    def refused(self, name: str, deed: str, *args: Any) -> ChatError:
        """The refusal of what `name` tries."""
        tried = getattr(self.contacts, deed)(self.server.people[name], *args)
        refusal = self.failureResultOf(Deferred.fromCoroutine(tried), ChatError).value
        assert isinstance(refusal, ChatError)
        return refusal

    def news(self, name: str) -> list[tuple[str, str]]:
        """(who, how they stand now) of each update that has come to `name`."""
        screen: Browser = self.screens[name]
        return [
            (frame["contact"]["user"]["username"], frame["contact"]["state"])
            for frame in screen.only("update")
            if frame["kind"] == "contacts"
        ]

    def relation(self, name: str, other: str) -> str:
        """How `other` stands to `name`."""
        people = self.server.people
        relation = self.server.house.stored_contacts.relation
        return str(self.server.now(relation(people[name].id, people[other].id)))


class FriendshipTests(ContactsCase):
    """Asking, accepting, declining, parting."""

    def test_both_sides_see_a_request_at_once(self) -> None:
        """With its note, and before any reload."""
        contact, version = self.does("alice", "ask", "bob", "It is <b>me</b>")
        self.assertEqual((contact.relation, contact.note), ("outgoing", "It is <b>me</b>"))
        self.assertEqual(self.news("alice"), [("bob", "outgoing")])
        self.assertEqual(self.news("bob"), [("alice", "incoming")])
        self.assertEqual(self.news("carol"), [])
        self.assertEqual(
            version, self.server.now(self.contacts.of(self.server.people["alice"].id))[1]
        )

    def test_accepting_makes_friends(self) -> None:
        """And both see that."""
        self.does("alice", "ask", "bob", "")
        self.does("bob", "accept", "alice")
        self.assertEqual(self.news("alice"), [("bob", "outgoing"), ("bob", "friend")])
        self.assertEqual(self.news("bob"), [("alice", "incoming"), ("alice", "friend")])

    def test_crossing_requests_make_friends(self) -> None:
        """Who asks the one who asks has accepted."""
        self.does("alice", "ask", "bob", "")
        contact, _ = self.does("bob", "ask", "ALICE", "")
        self.assertEqual(contact.relation, "friend")
        self.assertEqual(self.relation("alice", "bob"), "friend")

    def test_asking_twice_changes_nothing(self) -> None:
        """The answer is the request that is there."""
        first, _ = self.does("alice", "ask", "bob", "please")
        self.news("bob")
        again, _ = self.does("alice", "ask", "bob", "PLEASE")
        self.assertEqual(again, first)
        self.assertEqual(self.news("bob"), [])

    def test_declining(self) -> None:
        """Both are strangers again; there is nothing to decline twice."""
        self.does("alice", "ask", "bob", "")
        self.does("bob", "decline", "alice")
        self.assertEqual(self.news("alice")[-1], ("bob", "none"))
        self.assertIsInstance(self.refused("bob", "decline", "alice"), NotFound)

    def test_declining_ends_no_friendship(self) -> None:
        """A stale button in another window must not."""
        self.server.befriend("alice", "bob")
        self.assertIsInstance(self.refused("bob", "decline", "alice"), NotFound)
        self.assertEqual(self.relation("alice", "bob"), "friend")

    def test_one_cannot_accept_oneself_into_a_friendship(self) -> None:
        """Only who was asked may accept."""
        self.does("alice", "ask", "bob", "")
        self.assertIsInstance(self.refused("alice", "accept", "bob"), NotFound)
        self.assertIsInstance(self.refused("carol", "accept", "alice"), NotFound)

    def test_removing_a_friend(self) -> None:
        """Both see it; what was said stays."""
        self.server.befriend("alice", "bob")
        self.does("alice", "remove", "bob")
        self.assertEqual(self.news("bob")[-1], ("alice", "none"))
        self.assertIsInstance(self.refused("alice", "remove", "bob"), NotFound)

    def test_taking_a_request_back(self) -> None:
        """As if it had not been asked."""
        self.does("alice", "ask", "bob", "")
        self.does("alice", "remove", "bob")
        self.assertEqual(self.relation("bob", "alice"), "none")

    def test_what_cannot_be_asked(self) -> None:
        """Oneself, nobody, a friend; and not at any length."""
        self.server.befriend("alice", "bob")
        self.assertEqual(self.refused("alice", "ask", "Alice", "").reason, "not_yourself")
        self.assertEqual(self.refused("alice", "ask", "nobody", "").reason, "no_such_user")
        self.assertEqual(self.refused("alice", "ask", "x" * 100_000, "").reason, "no_such_user")
        self.assertIsInstance(self.refused("alice", "ask", "bob", ""), Conflict)
        self.assertIsInstance(self.refused("alice", "ask", "carol", "x" * 201), BadRequest)


class BlockTests(ContactsCase):
    """Wanting to hear nothing of someone."""

    def test_who_is_blocked_is_answered_like_a_stranger(self) -> None:
        """Looking up, asking, asking again and taking back; nothing of it is heard."""
        self.does("carol", "block", "bob")
        told = {}
        for other in ("alice", "carol"):
            bob = self.server.people["bob"].id
            looked_up = self.server.now(self.contacts.person(bob, other))
            answers = [looked_up, *self.server.now(self.contacts.look_up(bob, other, 9))]
            answers += [self.does("bob", "ask", other, "please") for _ in range(2)]
            answers += [self.server.now(self.contacts.of(bob))[0], self.relation("bob", other)]
            self.does("bob", "remove", other)
            answers += [self.news("bob"), self.refused("bob", "remove", other).code]
            told[other] = re.sub(r"\d+", "0", repr(answers)).replace(other, "someone")
        self.assertEqual(told["alice"], told["carol"])
        self.assertEqual(self.news("alice"), [("bob", "incoming"), ("bob", "none")])
        self.assertEqual(self.news("carol"), [("bob", "blocked")])

    def test_what_was_asked_during_a_block(self) -> None:
        """Is there when it ends, and only then: the asker sees no difference."""
        self.does("alice", "block", "bob")
        self.does("bob", "ask", "alice", "please")
        self.news("bob")
        for deed in ("accept", "decline", "remove"):
            self.assertIsInstance(self.refused("alice", deed, "bob"), NotFound)
        contacts, _ = self.server.now(self.contacts.of(self.server.people["alice"].id))
        self.assertEqual([(one.relation, one.note) for one in contacts], [("blocked", "")])
        self.does("alice", "unblock", "bob")
        self.assertEqual(self.news("alice"), [("bob", "blocked"), ("bob", "incoming")])
        self.assertEqual(self.news("bob"), [])
        self.does("alice", "accept", "bob")
        self.assertEqual(self.news("bob"), [("alice", "friend")])

    def test_who_blocks_is_reminded_also_before_a_first_message(self) -> None:
        """Not told that they are no friends: that is what the other one is told."""
        self.does("alice", "block", "bob")
        for writer, other, code in (("alice", "bob", "blocked"), ("bob", "alice", "not_friend")):
            said = {"type": "send", "id": 7, "client_id": "ab" * 16, "to": other, "text": "hi"}
            self.screens[writer].says(said)
            self.assertEqual(
                [frame["code"] for frame in self.screens[writer].only("error")], [code]
            )

    def test_a_stranger_does_not_notice(self) -> None:
        """An update about nothing would tell."""
        self.does("alice", "block", "bob")
        self.does("alice", "unblock", "bob")
        self.assertEqual(self.news("alice"), [("bob", "blocked"), ("bob", "none")])
        self.assertEqual(self.news("bob"), [])

    def test_a_friend_sees_the_friendship_end(self) -> None:
        """And no more than that."""
        self.server.befriend("alice", "bob")
        self.news("bob")
        self.does("alice", "block", "bob")
        self.assertEqual(self.news("bob"), [("alice", "none")])

    def test_who_blocks_is_told_so(self) -> None:
        """One's own block is no secret to oneself."""
        self.does("alice", "block", "bob")
        self.assertIsInstance(self.refused("alice", "ask", "bob", ""), Blocked)

    def test_blocking_twice_is_blocking(self) -> None:
        """And unblocking nobody is nothing."""
        self.does("alice", "block", "bob")
        self.does("alice", "block", "bob")
        self.assertEqual(self.relation("alice", "bob"), "blocked")
        self.does("alice", "unblock", "carol")
        self.assertEqual(self.relation("alice", "carol"), "none")


class LookUpTests(ContactsCase):
    """Finding people."""

    def found(self, name: str, query: str, limit: int = 10) -> tuple[list[str], bool]:
        """The names that `name` finds, and whether there are more."""
        people, more = self.server.now(
            self.contacts.look_up(self.server.people[name].id, query, limit)
        )
        return [person.username for person, _ in people], more

    def person(self, name: str, other: str) -> Any:
        return self.contacts.person(self.server.people[name].id, other)

    def test_by_the_beginning_of_a_name(self) -> None:
        """However it is written."""
        for name in ("bobby", "张三"):
            self.server.register(name)
        self.assertEqual(self.found("alice", "ＢＯ"), (["bob", "bobby"], False))
        self.assertEqual(self.found("alice", "bo", 1), (["bob"], True))
        self.assertEqual(self.found("alice", "张"), (["张三"], False))

    def test_patterns_are_only_text(self) -> None:
        """Neither `%` nor a quote means anything."""
        for query in ("%", "_", "b%", "' OR 1=1 --", "\\", "*"):
            self.assertEqual(self.found("alice", query), ([], False))

    def test_nothing_asked_is_nothing_found(self) -> None:
        """One does not list everyone by asking for nobody."""
        self.assertEqual(self.found("alice", ""), ([], False))

    def test_too_often(self) -> None:
        """By name or by its beginning, found or not; others are not held up, and it passes."""
        for number in range(Limits().look_ups_per_10s):
            if number % 2:
                self.found("alice", f"bo{number}")
            else:
                self.server.now(self.person("alice", "bob"))
        alice = self.server.people["alice"].id
        for asked in (
            self.person("alice", "bob"),
            self.person("alice", "nobody"),
            self.contacts.look_up(alice, "bo", 1),
        ):
            self.failureResultOf(Deferred.fromCoroutine(asked), RateLimited)
        self.assertEqual(self.found("carol", "bob"), (["bob"], False))
        self.server.wait(1)
        self.assertEqual(self.found("alice", "bob"), (["bob"], False))

    def test_who_blocks_one_is_found(self) -> None:
        """Or who had found them before would know; the other way round it is no secret."""
        self.does("bob", "block", "alice")
        self.assertEqual(self.found("alice", "bob"), (["bob"], False))
        self.assertEqual(self.server.now(self.person("alice", "bob"))[1], "none")
        _, relation = self.server.now(self.person("bob", "alice"))
        self.assertEqual(relation, "blocked")

    def test_one_person(self) -> None:
        """And how one stands to them; a beginning is not a name."""
        self.server.register("bobby")
        person, relation = self.server.now(self.person("alice", "BOB"))
        self.assertEqual((person.username, relation), ("bob", "none"))
        self.assertEqual(self.server.now(self.person("alice", "alice"))[1], "self")
        self.failureResultOf(Deferred.fromCoroutine(self.person("alice", "bo")), NotFound)
