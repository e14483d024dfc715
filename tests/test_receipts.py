"""Tests for `imtwisted.domain.receipts`: what has arrived and what is read, and who is told."""

from __future__ import annotations

from typing import Any

from imtwisted.settings import Limits
from imtwisted.store.faults import Away
from tests.kit import Browser
from tests.visitor import ApiCase
from tests.wiring import masked


class ReceiptsCase(ApiCase):
    """alice and bob talk, in a direct conversation and in the lobby."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.ids = {name: person.id for name, person in self.server.people.items()}
        self.alice, self.bob = self.server.browser("alice"), self.server.browser("bob")
        self.direct = self.alice.send("one", to="bob")["conversation"]
        self.alice.send("two", to="bob")
        self.alice.send("in the lobby")
        self.quiet(self.alice, self.bob)

    def quiet(self, *browsers: Browser) -> None:
        for browser in browsers:
            browser.heard()

    def receives(self, browser: Browser, *cursors: tuple[int, int]) -> None:
        browser.says({"type": "received", "cursors": cursors})

    def cursors(self, browser: Browser) -> list[tuple[Any, ...]]:
        """(conversation, user, read, received) as newly heard."""
        keys = ("conversation", "user", "read", "received")
        return [tuple(frame[key] for key in keys) for frame in browser.only("cursor")]

    def peer(self, name: str) -> Any:
        """The other one in the direct conversation, as the head has it."""
        return self.ok(name, "GET", f"/conversations/{self.direct}")["conversation"]["peer"]

    def share(self, name: str, **settings: bool) -> None:
        self.ok(name, "PATCH", "/me", {"settings": settings})
        self.quiet(self.alice, self.bob)


class ReceivedTests(ReceiptsCase):
    """`received`: it has arrived on some device."""

    def test_the_other_one_is_told(self) -> None:
        """At once, and in the head from then on; one's own devices have no need."""
        tablet = self.server.browser("bob")
        self.quiet(tablet)
        self.receives(self.bob, (self.direct, 1))
        self.assertEqual(self.cursors(self.alice), [(self.direct, self.ids["bob"], 0, 1)])
        self.assertEqual(self.cursors(tablet), [])
        self.assertEqual((self.peer("alice")["read"], self.peer("alice")["received"]), (0, 1))

    def test_reading_is_receiving(self) -> None:
        """And positions only grow, and never pass the end."""
        self.bob.says({"type": "read", "conversation": self.direct, "seq": 1})
        self.receives(self.bob, (self.direct, 0), (self.direct, 99))
        told = [(self.direct, self.ids["bob"], 1, 1), (self.direct, self.ids["bob"], 1, 2)]
        self.assertEqual(self.cursors(self.alice), told)
        self.receives(self.bob, (self.direct, 1))
        self.assertEqual(self.cursors(self.alice), [])

    def test_in_groups_it_is_kept_and_not_told(self) -> None:
        """A hundred devices that tell a hundred members of each message would be a storm."""
        self.receives(self.bob, (1, 1))
        self.assertEqual(self.cursors(self.alice), [])
        members = self.ok("alice", "GET", "/conversations/1/members")["members"]
        marks = [(member.get("read"), member.get("received")) for member in members]
        self.assertEqual(marks, [(0, 0), (0, 1), (0, 0)])

    def test_what_one_has_left_spoils_nothing(self) -> None:
        """It is refused, and the others are taken."""
        self.receives(self.bob, (99, 1), (self.direct, 2))
        errors = [frame for frame in self.bob.heard() if frame["type"] == "error"]
        self.assertEqual([(e["code"], "id" in e) for e in errors], [("not_member", False)])
        self.assertEqual(self.cursors(self.alice), [(self.direct, self.ids["bob"], 0, 2)])

    def test_bad_ones(self) -> None:
        """Each is refused by its code, and the connection stays."""
        for cursors in (None, 5, [[1]], [[1, -1]], [["a", 1]], [[1, 1]] * 501, {"1": 1}):
            self.bob.says({"type": "received", "cursors": cursors})
            (error,) = self.bob.heard()
            self.assertEqual(error["code"], "bad_request", cursors)
        for conversation in (None, "x", -1, 2**53):
            self.bob.says({"type": "typing", "conversation": conversation})
            (error,) = self.bob.heard()
            self.assertEqual(error["code"], "bad_request", conversation)
        self.assertEqual(self.bob.asks(type="history", conversation=1)["type"], "ok")

    def test_too_many_at_once(self) -> None:
        """What does not fit into the queue is refused for now."""
        self.open("alice", limits=Limits(waiting_writes=2))
        alice = self.server.browser("alice")
        for n in range(3):
            self.server.group("alice", title=f"{n}")
        self.quiet(alice)
        self.receives(alice, (1, 1), (2, 1), (3, 1))
        (error,) = alice.heard()
        self.assertEqual((error["code"], error["temporary"]), ("busy", True))


class TellingTests(ReceiptsCase):
    """Who hears of a position."""

    def reads(self, browser: Browser, conversation: int, seq: int) -> bytes:
        return masked({"type": "read", "conversation": conversation, "seq": seq})

    def test_many_readers_are_told_together(self) -> None:
        """One event for each member, whatever the number of those who read at once."""
        carol = self.server.browser("carol")
        self.quiet(carol)
        for browser in (self.bob, carol):
            frame = self.reads(browser, 1, 1)
            browser.transport.protocol.dataReceived(frame)
        told = {(1, self.ids["bob"], 1, 1), (1, self.ids["carol"], 1, 1)}
        self.assertEqual(set(self.cursors(self.alice)), told)

    def test_two_devices_that_read_at_once(self) -> None:
        """Each hears what the other one has read."""
        tablet = self.server.browser("bob")
        self.quiet(tablet)
        for browser, seq in ((tablet, 2), (self.bob, 1)):
            frame = self.reads(browser, self.direct, seq)
            browser.transport.protocol.dataReceived(frame)
        self.assertEqual(self.cursors(self.bob), [(self.direct, self.ids["bob"], 2, 2)])

    def test_a_commit_that_nobody_knows_of(self) -> None:
        """What may have been written is told after the second try."""
        tablet = self.server.browser("bob")
        self.quiet(tablet)
        lost = [True]
        cursors = self.server.house.receipts._cursors
        advance = cursors.advance

        async def unsure(moves: Any, *, again: bool = False) -> Any:
            moved = await advance(moves, again=again)
            if lost:
                lost.clear()
                raise Away
            return moved

        self.patch(cursors, "advance", unsure)
        self.bob.says({"type": "read", "conversation": self.direct, "seq": 2})
        self.assertEqual(self.cursors(self.alice), [])
        self.server.wait(2)
        told = [(self.direct, self.ids["bob"], 2, 2)]
        self.assertEqual((self.cursors(self.alice), self.cursors(tablet)), (told, told))

    def test_hidden(self) -> None:
        """Who hides theirs is not told of, and hears of nobody; on their own devices all is well."""
        self.share("bob", receipts=False)
        tablet = self.server.browser("bob")
        self.quiet(tablet)
        self.bob.says({"type": "read", "conversation": self.direct, "seq": 2})
        self.assertEqual(self.cursors(self.alice), [])
        self.assertEqual(len(self.cursors(tablet)), 1)
        self.bob.send("three", to="alice")
        self.quiet(self.alice, self.bob)
        self.alice.says({"type": "read", "conversation": self.direct, "seq": 3})
        self.assertEqual(self.cursors(self.bob), [])
        for name in ("alice", "bob"):
            self.assertEqual({"read", "received"} & set(self.peer(name)), set())
            members = self.ok(name, "GET", "/conversations/1/members")["members"]
            shown = [member["user"]["username"] for member in members if "read" in member]
            self.assertEqual(shown, ["alice", "carol"] if name == "alice" else [])

    def test_a_block_either_way(self) -> None:
        """Between the two nothing is told and nothing found; in groups all is as before."""
        for blocker, other in (("bob", "alice"), ("alice", "bob")):
            self.ok(blocker, "PUT", f"/contacts/blocks/{other}", status=204)
            self.quiet(self.alice, self.bob)
            tablet = self.server.browser("bob")
            self.quiet(tablet)
            seq = {"bob": 1, "alice": 2}[blocker]
            self.bob.says({"type": "read", "conversation": self.direct, "seq": seq})
            self.assertEqual(self.cursors(self.alice), [])
            self.assertEqual(len(self.cursors(tablet)), 1)
            for name in ("alice", "bob"):
                self.assertEqual({"read", "received"} & set(self.peer(name)), set())
                path = f"/conversations/{self.direct}/members"
                members = self.ok(name, "GET", path)["members"]
                self.assertEqual([m for m in members if "read" in m or "received" in m], [])
                heads = self.server.browser(name).frames[0]["conversations"]
                peer = next(head["peer"] for head in heads if head["conversation"] == self.direct)
                self.assertNotIn("read", peer)
            self.ok(blocker, "DELETE", f"/contacts/blocks/{other}", status=204)
        self.assertEqual(self.peer("alice")["read"], 2)
        self.ok("bob", "PUT", "/contacts/blocks/alice", status=204)
        self.quiet(self.alice)
        self.bob.says({"type": "read", "conversation": 1, "seq": 1})
        self.assertEqual(self.cursors(self.alice), [(1, self.ids["bob"], 1, 1)])

    def test_shown_again(self) -> None:
        """What was read meanwhile is seen then."""
        self.share("bob", receipts=False)
        self.bob.says({"type": "read", "conversation": self.direct, "seq": 2})
        self.share("bob", receipts=True)
        self.assertEqual(self.peer("alice")["read"], 2)

    def test_members_with_presence(self) -> None:
        """Beside the names of friends."""
        members = self.ok("alice", "GET", "/conversations/1/members")["members"]
        presence = {m["user"]["username"]: m.get("presence") for m in members}
        self.assertEqual(presence, {"alice": None, "bob": {"online": True}, "carol": None})
