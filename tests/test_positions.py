"""Tests for catching up with memberships and read positions, also when reading fails."""

from __future__ import annotations

from imtwisted.settings import Limits
from imtwisted.store.faults import Away
from tests.kit import Browser, ChatCase
from tests.slow_chat import SlowChat
from tests.wiring import masked


class TroubleTests(ChatCase):
    """The database is away while someone comes back."""

    def test_hello_can_be_repeated(self) -> None:
        """It is answered `unavailable`, and the next one works."""
        chat = self.chat("alice", "bob")
        alice = Browser(chat, "alice")

        def away(stage: str) -> None:
            raise Away

        chat.database.fault = away
        error = alice.hello()
        self.assertEqual((error["code"], error["temporary"]), ("unavailable", True))
        chat.database.fault = lambda stage: None
        chat.browser("bob").send("meanwhile")
        self.assertEqual(alice.hello()["type"], "ready")
        chat.browser("bob").send("live")
        self.assertEqual(alice.texts()[-1:], ["live"])

    def test_a_broken_delta_ends_the_connection(self) -> None:
        """Only a new hello can tell what was in it."""
        chat = self.chat("alice", "bob", limits=Limits(page_messages=2, sends_per_10s=0))
        bob = chat.browser("bob")
        for n in range(6):
            bob.send(f"{n}")
        alice = Browser(chat, "alice")
        alice.client.place(1).own = 0
        reads = 0

        def fails_later(stage: str) -> None:
            nonlocal reads
            reads += stage == "begin"
            if reads > 3:
                raise Away

        chat.database.fault = fails_later
        alice.hello()
        chat.wait(5)
        self.assertEqual(alice.close_code(), 4001)
        chat.database.fault = lambda stage: None
        again = Browser(chat, "alice", alice.client)
        again.hello()
        self.assertEqual(again.texts(), [str(n) for n in range(6)])

    def test_removed_in_the_middle_of_the_deltas(self) -> None:
        """That conversation is gone; the connection and the others go on."""
        chat = SlowChat(limits=Limits(page_messages=2, sends_per_10s=0))
        clock = chat.clock
        for name in ("alice", "bob"):
            chat.register(name)
        chat.befriend("alice", "bob")
        group = chat.group("alice", "bob")
        alice = chat.browser("alice")
        for n in range(19):
            alice.send(f"{n}", conversation=group)
        bob = Browser(chat, "bob")
        bob.client.place(group).own = 0
        bob.transport.protocol.dataReceived(masked(bob.client.hello()))
        while b"delta" not in bob.transport.value():
            clock.advance(0.001)
        chat.now(chat.house.conversations.remove(chat.people["alice"], group, "bob"))
        kinds = [frame["type"] for frame in bob.heard() if frame["type"] != "update"]
        self.assertEqual((kinds[0], kinds[-1]), ("ready", "reset"))
        self.assertLess(kinds.count("delta"), 10)
        self.assertTrue(bob.client.place(group).gone)
        bob.send("still here")
        self.assertEqual(bob.texts(), ["still here"])


class ReceiptTests(ChatCase):
    """Read positions: written in groups, told to whom they concern."""

    def setUp(self) -> None:
        self.server = self.chat("alice", "bob")
        self.bob = self.server.browser("bob")
        for n in range(3):
            self.bob.send(f"{n}")
        self.desk, self.phone = (self.server.browser("alice") for _ in range(2))
        self.bob.heard()

    def reads(self, seq: int) -> None:
        self.desk.says({"type": "read", "conversation": 1, "seq": seq})

    def test_reading_is_told(self) -> None:
        """To one's other devices with the counts, to the others without."""
        self.reads(2)
        (own,) = self.phone.only("cursor")
        self.assertEqual(
            own,
            {
                "type": "cursor",
                "conversation": 1,
                "user": self.server.people["alice"].id,
                "read": 2,
                "received": 2,
                "unread": 1,
                "mentions": 0,
                "last_seq": 3,
            },
        )
        (others,) = self.bob.only("cursor")
        self.assertNotIn("unread", others)
        self.assertEqual(self.desk.heard(), [])

    def test_positions_only_grow_and_never_pass_the_end(self) -> None:
        """Going back changes nothing; beyond the end is the end."""
        self.reads(99)
        self.reads(1)
        self.assertEqual([frame["read"] for frame in self.phone.only("cursor")], [3])

    def test_a_hello_sees_what_was_read_before(self) -> None:
        """Unread counts are right at once after signing in elsewhere."""
        self.desk.transport.protocol.dataReceived(
            masked({"type": "read", "conversation": 1, "seq": 3})
        )
        tablet = Browser(self.server, "alice")
        self.assertEqual(tablet.hello()["conversations"][0]["unread"], 0)

    def test_one_s_own_are_never_unread(self) -> None:
        """Nor are system messages."""
        tablet = Browser(self.server, "bob")
        self.assertEqual(tablet.hello()["conversations"][0]["unread"], 0)

    def test_what_could_not_be_written_is_written_later(self) -> None:
        """The database was away for a while."""

        def away(stage: str) -> None:
            raise Away

        self.server.database.fault = away
        self.reads(3)
        self.server.wait(3)
        self.server.database.fault = lambda stage: None
        self.server.wait(2)
        self.assertEqual([frame["read"] for frame in self.phone.only("cursor")], [3])
