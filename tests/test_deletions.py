"""Deleting an account: it is gone at once, and what it said stays without its name."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from imtwisted.boundaries import Cursor
from imtwisted.domain.accounts import Visitor as Caller
from imtwisted.model import UserId
from imtwisted.refusals import Conflict, Unauthorized, Unavailable
from imtwisted.store.faults import Away
from imtwisted.store.transaction import unwatched
from tests.client import Frame
from tests.visitor import ApiCase


def _all(cursor: Cursor, query: str) -> list[tuple[Any, ...]]:
    return cursor.all(query)


GONE = {"display_name": "Deleted account", "deleted": True}


class DeletionCase(ApiCase):
    """Alice, Bob and Carol; Alice will go."""

    def setUp(self) -> None:
        super().setUp()
        self.alice = self.server.people["alice"].id

    def goes(self, name: str = "alice") -> None:
        self.ok(name, "DELETE", "/me", {"password": f"{name}-password"}, 204)

    def is_gone(self, person: Any) -> None:
        """`person` is what is left of alice."""
        self.assertEqual(person, {"id": self.alice, "username": f"~{self.alice}", **GONE})

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        query = f"SELECT * FROM {table}"
        return list(self.server.now(self.server.database.read(_all, query)))

    def heads(self, name: str) -> list[Frame]:
        return list(self.ok(name, "GET", "/conversations")["conversations"])


class DoorTests(DeletionCase):
    """Nobody comes in by that account any more."""

    def test_the_password_is_asked(self) -> None:
        """A wrong one is told beside the field, and nothing happened."""
        for body, reason, field in (
            ({"password": "nonsense"}, "wrong_password", "password"),
            ({}, "missing", "password"),
        ):
            refused = self.error("alice", "DELETE", "/me", body)
            self.assertEqual((refused.get("reason"), refused.get("field")), (reason, field))
        self.assertEqual(self.ok("alice", "GET", "/me")["user"]["username"], "alice")

    def test_guessing_is_slow(self) -> None:
        """It counts as trying to sign in."""
        for _ in range(5):
            self.error("alice", "DELETE", "/me", {"password": "nonsense"})
        line = self.scripts["alice"].begin("DELETE", "/api/v1/me", {"password": "nonsense"})
        self.server.turn()
        self.assertEqual(line.transport.value(), b"")
        line.leaves()
        self.server.wait(31)

    def test_every_device_is_signed_out(self) -> None:
        """Sockets close, tokens are worth nothing, the password opens nothing."""
        here, there = self.server.browser("alice"), self.server.browser("alice")
        self.goes()
        self.assertEqual([here.close_code(), there.close_code()], [4004, 4004])
        self.assertEqual(self.error("alice", "GET", "/me")["status"], 401)
        with self.assertRaises(Unauthorized):
            self.server.now(
                self.server.house.accounts.sign_in(Caller("10.0.0.1"), "alice", "alice-password")
            )

    def test_the_name_stays_taken(self) -> None:
        """In any case and width: nobody can pass for who is gone."""
        self.goes()
        for name in ("alice", "ALICE", "Ａlice"):
            with self.assertRaises(Conflict) as refused:
                self.server.register(name)
            self.assertEqual(refused.exception.reason, "name_taken")

    def test_nobody_finds_them(self) -> None:
        """Not by the old name, nor by what is left of it."""
        self.goes()
        for name in ("alice", f"~{self.alice}"):
            self.assertEqual(self.error("bob", "GET", f"/users/{name}")["code"], "not_found")
            asked = self.error("bob", "POST", "/contacts/requests", {"username": name})
            self.assertEqual(asked["code"], "not_found")
        self.assertEqual(self.ok("bob", "GET", "/users?query=~")["users"], [])

    def test_nothing_tells_who_it_was(self) -> None:
        """No row of the account has its name, password or address any more."""
        self.ok("alice", "PATCH", "/me", {"display_name": "Alice Liddell"})
        self.goes()
        rows = self.rows("users")
        for word in ("alice", "Alice", "Liddell", "argon2"):
            self.assertNotIn(word, repr([row for row in rows if row[0] == self.alice]), word)


class TraceTests(DeletionCase):
    """Where they were, somebody was."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.ok("alice", "POST", "/messages", {"to": "bob", "text": "between us"}, 201)
        lobby = f"/conversations/{self.server.lobby}/messages"
        self.ok("alice", "POST", lobby, {"text": "hello, all"}, 201)

    def test_messages_of_a_deleted_account(self) -> None:
        """In history, in previews and in the list; their words stay."""
        self.goes()
        for head in self.heads("bob"):
            if head["kind"] == "direct":
                self.is_gone({name: head["peer"][name] for name in ("id", "username", *GONE)})
                self.assertEqual(head["title"], "Deleted account")
            self.is_gone(head["preview"]["sender"])
            path = f"/conversations/{head['conversation']}/messages"
            (message,) = self.ok("bob", "GET", path)["items"]
            self.is_gone(message["sender"])
            self.assertIn(message["text"], ("between us", "hello, all"))

    def test_what_is_found_of_a_deleted_account(self) -> None:
        """Says whose conversation it was as the list does, for pages to say it in their language."""
        self.goes()
        [hit] = self.ok("bob", "GET", "/search?q=between")["items"]
        self.is_gone(hit["peer"])
        self.is_gone(hit["message"]["sender"])
        self.assertEqual(hit["title"], GONE["display_name"])
        [hit] = self.ok("bob", "GET", "/search?q=hello")["items"]
        self.assertNotIn("peer", hit)  # of a group
        [called] = self.ok("bob", "GET", "/search/names?q=deleted")["conversations"]
        self.is_gone(called["peer"])

    def test_old_news_do_not_name_them(self) -> None:
        """Who added whom is history; who they were is not."""
        team = self.server.group("bob", "alice", title="Team")
        self.ok("bob", "DELETE", f"/conversations/{team}/members/alice", status=204)
        self.goes()
        items = self.ok("bob", "GET", f"/conversations/{team}/messages")["items"]
        self.is_gone(items[-1]["system"]["user"])
        self.assertNotIn("alice", repr(items))

    def test_pages_hear_it(self) -> None:
        """Friends by their version, who shares a group without; the contact is gone."""
        bob, carol = self.server.browser("bob"), self.server.browser("carol")
        before = self.ok("bob", "GET", "/contacts")["version"]
        self.goes()
        told = [frame for frame in bob.only("update") if frame["kind"] == "profile"]
        self.assertEqual(sorted({frame["version"] for frame in told}), [0, before + 1])
        for frame in told:
            self.is_gone(frame["user"])
        contacts = self.ok("bob", "GET", "/contacts")
        self.assertEqual((contacts["version"], contacts["friends"]), (before + 1, []))
        (heard,) = (frame for frame in carol.only("update") if frame["kind"] == "profile")
        self.is_gone(heard["user"])

    def test_nobody_can_write_to_them(self) -> None:
        """Also on a server where anyone may write to anyone, and after having written before."""
        for settings in ({}, {"direct_messages": "anyone"}):
            self.open("alice", "bob", **settings)
            self.alice = self.server.people["alice"].id
            self.server.befriend("alice", "bob")
            self.ok("bob", "POST", "/messages", {"to": "alice", "text": "hi"}, 201)
            (direct,) = (head for head in self.heads("bob") if head["kind"] == "direct")
            path = f"/conversations/{direct['conversation']}/messages"
            self.goes()
            refused = self.error("bob", "POST", path, {"text": "are you there?"})
            self.assertEqual((refused["code"], refused["reason"]), ("denied", "user_deleted"))
            refused = self.error("bob", "POST", "/messages", {"to": "alice", "text": "hi"})
            self.assertEqual(refused["code"], "not_found")

    def test_one_may_tidy_up_after_them(self) -> None:
        """One's own words can be taken back, the conversation cleared and muted."""
        self.ok("bob", "POST", "/messages", {"to": "alice", "text": "mine"}, 201)
        (direct,) = (head for head in self.heads("bob") if head["kind"] == "direct")
        self.goes()
        path = f"/conversations/{direct['conversation']}"
        self.ok("bob", "DELETE", f"{path}/messages/2")
        self.ok("bob", "PATCH", path, {"muted": True, "hidden_seq": 2})

    def test_blocks_and_requests_go(self) -> None:
        """Nothing is left between them and anybody."""
        self.ok("alice", "PUT", "/contacts/blocks/carol", status=204)
        self.goes()
        for table in ("friendships", "blocks", "sessions", "deletions"):
            rows = self.rows(table)
            self.assertEqual([row for row in rows if self.alice in row[:2]], [], table)


class OrderTests(DeletionCase):
    """What was ordered is done, whatever happened in between."""

    def test_by_the_operator(self) -> None:
        """The server finds the order, and closes the account's sockets."""
        alice = self.server.browser("alice")
        deletions = self.server.house.deletions
        self.server.now(deletions._deletions.order(self.alice, 1))
        self.server.now(deletions.carry_out())
        self.assertEqual(alice.close_code(), 4004)
        self.assertEqual(self.error("alice", "GET", "/me")["status"], 401)
        self.assertEqual(self.server.now(deletions._deletions.ordered()), [])

    def test_what_was_begun_is_finished(self) -> None:
        """A server that ended in the middle goes on where it stood; twice is once."""
        self.server.befriend("alice", "bob")
        team = self.server.group("alice", "bob", title="Team")
        deletions = self.server.house.deletions
        self.server.now(deletions._deletions.end(self.alice, 1))
        self.server.now(deletions.carry_out())
        members = self.ok("bob", "GET", f"/conversations/{team}/members")["members"]
        self.assertEqual([(m["user"]["username"], m["role"]) for m in members], [("bob", "owner")])
        self.server.now(deletions.delete(self.alice))
        self.assertEqual(self.server.now(deletions._deletions.ordered()), [])

    def test_others_are_asked_to_forget(self) -> None:
        """Until they have, the order stays; the account is gone all the same."""
        deletions = self.server.house.deletions
        asked: list[UserId] = []

        async def forget(user: UserId) -> None:
            asked.append(user)
            if len(asked) == 1:
                raise Unavailable

        deletions.also(forget)
        self.goes()
        self.assertEqual(self.error("alice", "GET", "/me")["status"], 401)
        self.assertEqual(self.server.now(deletions._deletions.ordered()), [self.alice])
        self.server.now(deletions.carry_out())
        self.assertEqual(asked, [self.alice, self.alice])
        self.assertEqual(self.server.now(deletions._deletions.ordered()), [])

    def test_while_the_database_is_away(self) -> None:
        """Nothing is done and nothing is said, and then it is done."""
        deletions = self.server.house.deletions
        self.server.now(deletions._deletions.order(self.alice, 1))

        def away(stage: str) -> None:
            raise Away

        self.server.database.fault = away
        looking = Deferred.fromCoroutine(deletions.carry_out())
        self.server.wait(10)
        self.assertIsNone(self.successResultOf(looking))
        self.server.database.fault = unwatched
        self.server.now(deletions.carry_out())
        self.assertEqual(self.error("alice", "GET", "/me")["status"], 401)

    def test_not_twice_at_once(self) -> None:
        """What is under way is not begun again."""
        deletions = self.server.house.deletions
        self.server.now(deletions._deletions.order(self.alice, 1))
        waiting: Deferred[None] = Deferred()

        async def forget(user: UserId) -> None:
            await waiting

        deletions.also(forget)
        first = Deferred.fromCoroutine(deletions.carry_out())
        self.server.turn()
        self.server.now(deletions.carry_out())
        self.assertFalse(first.called)
        waiting.callback(None)
        self.server.turn()
        self.assertTrue(first.called)
