"""Tests for connections that fall silent, ask too much, or read too slowly."""

from __future__ import annotations

from imtwisted.domain.accounts import Visitor
from imtwisted.settings import Limits
from imtwisted.sockets import HEARTBEAT, SILENT, TOO_MANY
from imtwisted.store.faults import Away
from tests.kit import Browser, Chat, ChatCase
from tests.wiring import masked


class PresenceOfMindTests(ChatCase):
    """Connections that fall silent, flood, leave or are too many."""

    def test_pongs_are_weighed_like_everything_else(self) -> None:
        """Who pings and never reads is read no further; each ping is answered once it reads."""
        chat = self.chat("alice", limits=Limits(outbox_bytes=4000))
        alice = chat.browser("alice")
        alice.transport.protocol.pauseProducing()  # the transport is full
        ping = masked("x" * 125, opcode=9)
        for _ in range(20):
            if alice.transport.producerState == "paused":
                break
            alice.sends(ping)
        self.assertEqual(alice.transport.producerState, "paused")
        self.assertEqual(alice.transport.value(), b"")
        alice.transport.protocol.resumeProducing()
        pong = bytes([0x8A, 125]) + b"x" * 125
        self.assertEqual(alice.transport.value(), pong * 16)
        self.assertEqual(alice.transport.producerState, "producing")

    def test_a_silent_client_is_pinged_and_then_let_go(self) -> None:
        """One ping after a heartbeat; its pong keeps the connection."""
        chat = self.chat("alice")
        answering, silent = chat.browser("alice"), chat.browser("alice")
        for _ in range(4):
            chat.wait(int(HEARTBEAT))
            answering.sends(masked(b"", opcode=10))
        self.assertEqual(silent.close_code(), SILENT)
        self.assertIsNone(answering.close_code())

    def test_a_hello_must_come(self) -> None:
        """Within ten seconds."""
        chat = self.chat("alice")
        mute = Browser(chat, "alice")
        chat.wait(9)
        self.assertIsNone(mute.close_code())
        chat.wait(2)
        self.assertEqual(mute.close_code(), SILENT)
        (bye,) = mute.frames
        self.assertEqual((bye["type"], bye["code"]), ("bye", SILENT))

    def test_ten_connections_each(self) -> None:
        """The eleventh is told so; when one leaves there is room again."""
        chat = self.chat("alice", "bob")
        first = chat.browser("alice")
        for _ in range(9):
            chat.browser("alice")
        late = Browser(chat, "alice")
        self.assertEqual(late.close_code(), TOO_MANY)
        late.leaves()
        chat.browser("bob")
        first.leaves()
        self.assertEqual(chat.browser("alice").close_code(), None)

    def test_nothing_follows_a_close(self) -> None:
        """What is said after `bye` is not told to who was told to go."""
        chat = self.chat("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        alice.sends(masked(b"{}", opcode=2))
        bob.send("too late")
        alice.heard()
        self.assertEqual([frame["type"] for frame in alice.frames[1:]], ["bye"])

    def test_ping(self) -> None:
        """`pong` tells the server's time."""
        chat = self.chat("alice")
        alice = chat.browser("alice")
        alice.says({"type": "ping"})
        (pong,) = alice.heard()
        self.assertEqual(pong, {"type": "pong", "now": int(chat.clock.seconds() * 1000)})

    def test_signing_out_closes_its_sockets(self) -> None:
        """With 4004, on the device that was signed out only."""
        chat = self.chat("alice")
        here = chat.browser("alice")
        first = chat.tokens["alice"]
        other = chat.now(
            chat.house.accounts.sign_in(Visitor("10.9.9.9"), "alice", "alice-password")
        )
        chat.tokens["alice"] = other.token
        there = chat.browser("alice")
        session = chat.now(chat.house.accounts.session_of(first))
        chat.now(chat.house.accounts.sign_out(session.person.id, session.id))
        self.assertEqual([here.close_code(), there.close_code()], [4004, None])

    def test_too_many_questions_stop_the_reading(self) -> None:
        """At 32 unanswered requests the socket is read no more, until some are answered."""
        chat = self.chat("alice")
        alice = chat.browser("alice")
        lobby = chat.lobby
        down = True

        def away(stage: str) -> None:
            if stage == "commit" and down:
                raise Away

        chat.database.fault = away
        for n in range(32):
            self.assertEqual(alice.transport.producerState, "producing")
            alice.transport.protocol.dataReceived(
                masked(alice.client.say(f"{n:032x}", "x", conversation=lobby))
            )
        self.assertEqual(alice.transport.producerState, "paused")
        down = False
        chat.wait(1)
        self.assertEqual(alice.transport.producerState, "producing")
        self.assertEqual(len(alice.only("ack")), 32)

    def test_who_is_told_busy_is_not_read_for_a_while(self) -> None:
        """Longer each time in a row; every request has its answer nevertheless."""
        chat = self.chat("alice", limits=Limits(waiting_writes=0, sends_per_10s=0))
        alice, lobby = chat.browser("alice"), chat.lobby
        sends = (alice.client.say(f"{n:032x}", "x", conversation=lobby) for n in range(3))
        alice.transport.protocol.dataReceived(b"".join(masked(send) for send in sends))
        began, answers = chat.clock.seconds(), []
        while alice.transport.producerState == "paused":
            answers += [chat.clock.seconds() - began for f in alice.heard() if "code" in f]
            chat.clock.advance(0.01)
        for answer, due in zip(answers, (0, 0.05, 0.15), strict=True):
            self.assertAlmostEqual(answer, due, places=1)
        self.assertAlmostEqual(chat.clock.seconds() - began, 0.35, places=1)

    def test_more_at_once_than_may_be_unanswered(self) -> None:
        """The rest of what was read waits: nobody is refused, and all is said in its order."""
        chat = self.chat("alice", "bob", limits=Limits(waiting_writes=4, unanswered_requests=4))
        alice, bob = chat.browser("alice"), chat.browser("bob")
        sends = [alice.client.say(f"{n:032x}", f"{n}", conversation=chat.lobby) for n in range(39)]
        # Two reads, and the second is cut in the middle of a frame.
        octets = b"".join(masked(send) for send in sends)
        alice.transport.protocol.dataReceived(octets[:3333])
        self.assertEqual(alice.transport.producerState, "paused")
        alice.transport.protocol.dataReceived(octets[3333:])
        chat.turn(20)
        kinds = [frame["type"] for frame in alice.heard()]
        self.assertEqual((kinds.count("ack"), kinds.count("error")), (39, 0))
        self.assertEqual(bob.texts(), [f"{n}" for n in range(39)])
        self.assertEqual(alice.transport.producerState, "producing")

    def test_all_was_said_by_who_leaves_politely(self) -> None:
        """What waits behind the limit is said, too."""
        chat = self.chat("alice", "bob", limits=Limits(unanswered_requests=2))
        alice, bob = chat.browser("alice"), chat.browser("bob")
        sends = [alice.client.say(f"{n:032x}", f"{n}", conversation=chat.lobby) for n in range(9)]
        goodbye = masked(b"\x03\xe8", opcode=8)
        alice.transport.protocol.dataReceived(b"".join(masked(send) for send in sends) + goodbye)
        alice.leaves()
        chat.turn(20)
        self.assertEqual(bob.texts(), [f"{n}" for n in range(9)])

    def test_answers_to_who_has_left_are_dropped(self) -> None:
        """Quietly; the message is stored and others hear it."""
        chat = self.chat("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        lobby = chat.lobby
        alice.transport.protocol.dataReceived(
            masked(alice.client.say("a" * 32, "bye", conversation=lobby))
        )
        alice.leaves()
        self.assertEqual(bob.texts(), ["bye"])
        self.assertEqual(len(chat.house.sockets), 1)

    def test_a_fault_of_ours_is_ours_to_read(self) -> None:
        """The client learns only that it happened."""
        chat = self.chat("alice")
        alice = chat.browser("alice")
        lobby = chat.lobby

        def bug(stage: str) -> None:
            raise ZeroDivisionError("secret")

        chat.database.fault = bug
        answer = alice.asks(type="history", conversation=lobby)
        self.assertEqual(answer["code"], "unavailable")
        self.assertNotIn("secret", str(alice.frames))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class SlowReaderTests(ChatCase):
    """Who reads too slowly loses live events, is told so, and catches up."""

    def slow(self) -> tuple[Chat, Browser, Browser]:
        chat = self.chat("alice", "bob", limits=Limits(outbox_events=8, sends_per_10s=0))
        return chat, chat.browser("alice"), chat.browser("bob")

    def test_lag_and_recovery(self) -> None:
        """One `lag`, then `changes` until everything is there, once and in order."""
        chat, alice, bob = self.slow()
        bob.transport.producer.pauseProducing()
        for n in range(30):
            alice.send(f"m{n}")
        self.assertEqual(bob.heard(), [])
        bob.transport.producer.resumeProducing()
        chat.turn()
        kinds = [frame["type"] for frame in bob.heard()]
        self.assertEqual(kinds, ["lag"])
        alice.send("live again")
        bob.settles()
        self.assertEqual(bob.texts(), [f"m{n}" for n in range(30)] + ["live again"])

    def test_no_progress_at_all(self) -> None:
        """After thirty seconds it is closed with 4008."""
        chat, _, bob = self.slow()
        bob.transport.producer.pauseProducing()
        chat.wait(20)
        bob.sends(masked({"type": "ping"}))
        chat.wait(11)
        bob.transport.producer.resumeProducing()
        self.assertEqual(bob.close_code(), 4008)
