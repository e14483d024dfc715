"""Tests for `imtwisted.domain.catchup`: what was missed is there, complete and in order."""

from __future__ import annotations

from typing import Any

from imtwisted.domain import catchup
from imtwisted.settings import Limits
from tests.client import Client
from tests.kit import START, Browser, Chat, ChatCase
from tests.slow_chat import SlowChat
from tests.wiring import masked


class HelloTests(ChatCase):
    """`ready`, then what each cursor lacks."""

    def test_ready(self) -> None:
        """Who one is, the limits, and the conversations with their last message."""
        chat = self.chat("alice", "bob")
        bob = chat.browser("bob")
        for n in range(3):
            bob.send(f"m{n}")
        alice = Browser(chat, "alice")
        ready = alice.hello()
        self.assertEqual(ready["user"]["username"], "alice")
        self.assertEqual(ready["heartbeat"], 25_000)
        self.assertEqual(ready["limits"]["text_characters"], 16_000)
        self.assertEqual(ready["now"], START * 1000)
        (head,) = ready["conversations"]
        expected = {"kind": "group", "title": "Lobby", "last_rev": 3, "last_seq": 3}
        expected |= {"read_seq": 0, "unread": 3, "mentions": 0, "muted": False, "members": 2}
        self.assertEqual({key: head[key] for key in expected}, expected)
        self.assertEqual(head["preview"]["text"], "m2")
        self.assertEqual(head["preview"]["sender"]["username"], "bob")
        self.assertEqual(next(iter(ready)), "type")
        self.assertFalse(ready["more"])

    def test_what_was_missed_comes_by_itself(self) -> None:
        """In pages, in order, and live events follow."""
        chat = self.chat("alice", "bob", limits=Limits(page_messages=10, sends_per_10s=0))
        client = Client()
        alice, bob = chat.browser("alice", client), chat.browser("bob")
        alice.send("before")
        alice.texts()
        alice.leaves()
        for n in range(25):
            bob.send(f"m{n}")
        alice = chat.browser("alice", client)
        deltas = [frame for frame in alice.frames if frame["type"] == "delta"]
        self.assertEqual([len(delta["items"]) for delta in deltas], [10, 10, 5])
        self.assertEqual([delta["more"] for delta in deltas], [True, True, False])
        self.assertEqual([(d["from"], d["to"]) for d in deltas], [(1, 11), (11, 21), (21, 26)])
        bob.send("live")
        self.assertEqual(alice.texts(), ["before", *(f"m{n}" for n in range(25)), "live"])

    def test_from_the_start(self) -> None:
        """Cursor 0 brings everything a member may see."""
        chat = self.chat("alice", "bob")
        chat.browser("bob").send("old")
        alice = Browser(chat, "alice")
        alice.client.place(chat.lobby).own = 0
        alice.hello()
        self.assertEqual(alice.texts(), ["old"])

    def test_nothing_missed(self) -> None:
        """A cursor that is up to date gets no delta."""
        chat = self.chat("alice")
        client = Client()
        alice = chat.browser("alice", client)
        alice.send("hi")
        alice.texts()
        alice.leaves()
        alice = chat.browser("alice", client)
        self.assertEqual([frame["type"] for frame in alice.frames], ["ready"])

    def test_events_during_hello_are_not_lost_and_not_repeated(self) -> None:
        """Whatever is committed while the lists are being read."""
        for latency in range(1, 9):
            chat = SlowChat(limits=Limits(sends_per_10s=0))
            clock = chat.clock
            chat.register("alice")
            chat.register("bob")
            bob = chat.browser("bob")
            bob.send("first")
            alice = Browser(chat, "alice")
            alice.client.place(chat.lobby).own = 0
            alice.transport.protocol.dataReceived(masked(alice.client.hello()))
            for n in range(latency):
                bob.transport.protocol.dataReceived(
                    masked(bob.client.say(f"{n:032x}", f"m{n}", conversation=1))
                )
                clock.advance(0.001)
            alice.settles()
            self.assertEqual(alice.texts(), ["first", *(f"m{n}" for n in range(latency))])
            seqs = [seq for seq, _ in alice.client.place(chat.lobby).shown]
            self.assertEqual(seqs, sorted(set(seqs)))

    def test_a_cursor_behind_its_head_gets_a_delta(self) -> None:
        """Also when the one message it lacks is committed while the lists are being read."""
        for delay in range(1, 10, 2):
            chat = SlowChat()
            clock = chat.clock
            chat.register("alice")
            chat.register("bob")
            bob, alice = chat.browser("bob"), Browser(chat, "alice")
            alice.transport.protocol.dataReceived(
                masked({"type": "hello", "id": 1, "cursors": [[1, 0]]})
            )
            clock.pump([0.0005] * delay)
            bob.says(bob.client.say("a" * 32, "new", conversation=1))
            heard = alice.heard()
            (ready,) = [frame for frame in heard if frame["type"] == "ready"]
            behind = ready["conversations"][0]["last_rev"] > 0
            deltas = [frame for frame in heard if frame["type"] == "delta"]
            self.assertTrue(deltas or not behind, f"bob spoke after {delay / 2} ms")

    def test_a_page_asked_during_the_deltas_waits_for_them(self) -> None:
        """One page at a time: what was asked comes after what comes by itself."""
        chat = SlowChat(limits=Limits(page_messages=2, sends_per_10s=0))
        clock = chat.clock
        chat.register("alice")
        alice = chat.browser("alice")
        for n in range(6):
            alice.send(f"{n}")
        again, lobby = Browser(chat, "alice"), chat.lobby
        again.client.place(lobby).own = 0
        again.transport.protocol.dataReceived(masked(again.client.hello()))
        while b"ready" not in again.transport.value():
            clock.advance(0.001)
        again.says({"type": "history", "id": 99, "conversation": lobby})
        self.assertEqual(
            [frame["type"] for frame in again.heard()], ["ready", *["delta"] * 3, "ok"]
        )


class ResetTests(ChatCase):
    """Where a cursor cannot be served, it is said so; never a partial answer."""

    def resets(self, chat: Chat, cursor: Any, **hello: Any) -> list[tuple[int, int, str]]:
        browser = Browser(chat, "alice")
        browser.hello(cursors=[cursor], **hello)
        return [
            (f["conversation"], f["rev"], f["why"]) for f in browser.frames if f["type"] == "reset"
        ]

    def test_ahead_or_of_another_epoch(self) -> None:
        """The database is not the one the cursor came from."""
        chat = self.chat("alice")
        chat.browser("alice").send()
        self.assertEqual(self.resets(chat, [1, 2]), [(1, 1, "epoch")])
        self.assertEqual(self.resets(chat, [1, 1], epoch="other"), [(1, 1, "epoch")])
        self.assertEqual(self.resets(chat, [1, 1]), [])

    def test_too_far(self) -> None:
        """A fresh start is quicker."""
        self.patch(catchup, "TOO_FAR", 3)
        chat = self.chat("alice")
        alice = chat.browser("alice")
        for n in range(4):
            alice.send(f"{n}")
        self.assertEqual(self.resets(chat, [1, 0]), [(1, 4, "too_far")])
        self.assertEqual(self.resets(chat, [1, 1]), [])
        alice.send("after")
        page = alice.asks(type="changes", conversation=1, after=0)
        self.assertEqual(len(page["items"]), 5, "asked for, it goes back as far as wanted")

    def test_gone(self) -> None:
        """Not a member, or no such conversation."""
        chat = self.chat("alice", "bob")
        group = chat.group("bob")
        self.assertEqual(self.resets(chat, [group, 0]), [(group, 0, "gone")])
        self.assertEqual(self.resets(chat, [77, 0]), [(77, 0, "gone")])

    def test_cleared(self) -> None:
        """What was cleared for oneself is not seen again, on no device."""
        chat = self.chat("alice", "bob")
        alice = chat.browser("alice")
        for text in ("one", "two"):
            alice.send(text)
        chat.now(chat.house.conversations.hide(chat.people["alice"], chat.lobby, 1))
        resets = alice.only("reset")
        self.assertEqual([(f["why"], f["rev"]) for f in resets], [("cleared", 2)])
        self.assertEqual(alice.texts(), [])
        page = alice.asks(type="history", conversation=1)
        self.assertEqual([item["text"] for item in page["items"]], ["two"])
        self.assertEqual(self.resets(chat, [1, 0]), [])

    def test_cleared_while_away(self) -> None:
        """A device that comes back learns it from the head."""
        chat = self.chat("alice")
        desk, client = chat.browser("alice"), Client()
        phone = chat.browser("alice", client)
        for text in ("one", "two"):
            desk.send(text)
        self.assertEqual(phone.texts(), ["one", "two"])
        phone.leaves()
        chat.now(chat.house.conversations.hide(chat.people["alice"], chat.lobby, 1))
        self.assertEqual(chat.browser("alice", client).texts(), ["two"])


class PageTests(ChatCase):
    """`history` and `changes`."""

    def setUp(self) -> None:
        self.server = self.chat("alice", "bob", limits=Limits(page_messages=10, sends_per_10s=0))
        self.alice = self.server.browser("alice")
        for n in range(1, 31):
            self.alice.send(f"{n}")
        self.alice.heard()

    def page(self, **place: int) -> tuple[list[int], bool]:
        page = self.alice.asks(type="history", conversation=1, **place)
        self.assertEqual(page["type"], "ok")
        return [item["seq"] for item in page["items"]], page["more"]

    def test_history(self) -> None:
        """The newest, older, newer, around; never more than a page."""
        self.assertEqual(self.page(), (list(range(21, 31)), True))
        self.assertEqual(self.page(before=21, limit=4), ([17, 18, 19, 20], True))
        self.assertEqual(self.page(before=4), ([1, 2, 3], False))
        self.assertEqual(self.page(after=0, limit=2), ([1, 2], True))
        self.assertEqual(self.page(after=28), ([29, 30], False))
        seqs, more = self.page(around=15, limit=5)
        self.assertIn(15, seqs)
        self.assertEqual((len(seqs), more), (5, True))
        self.assertEqual(len(self.page(limit=5000)[0]), 10)

    def test_changes(self) -> None:
        """From any place, page by page, until nothing more."""
        bob = self.server.browser("bob")
        bob.client.place(1).own = 0
        bob.settles()
        self.assertEqual(bob.texts(1), [str(n) for n in range(1, 31)])

    def test_changes_after_the_end(self) -> None:
        """A rev that does not exist yet cannot be of this database."""
        answer = self.alice.asks(type="changes", conversation=1, after=31)
        self.assertEqual((answer["type"], answer["why"], answer["rev"]), ("reset", "epoch", 30))
        answer = self.alice.asks(type="changes", conversation=1, after=30)
        self.assertEqual((answer["type"], answer["items"], answer["to"]), ("delta", [], 30))

    def test_large_messages_make_small_pages(self) -> None:
        """A page has at most so many bytes, and at least one message."""
        chat = self.chat("alice", limits=Limits(page_bytes=1000, sends_per_10s=0))
        alice = chat.browser("alice")
        for _ in range(3):
            alice.send("x" * 800)
        page = alice.asks(type="history", conversation=1)
        self.assertEqual(([item["seq"] for item in page["items"]], page["more"]), ([3], True))
        delta = alice.asks(type="changes", conversation=1, after=0)
        self.assertEqual(([i["seq"] for i in delta["items"]], delta["to"]), ([1], 1))
        self.assertTrue(delta["more"])
