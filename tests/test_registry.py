"""Tests for `imtwisted.registry`: who hears what, whoever comes and goes meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.boundaries import Outlet
from imtwisted.events import ConversationEvent, MembershipEvent, SessionsEnded, UserEvent
from imtwisted.model import ConversationId, SessionId, UserId
from imtwisted.registry import SIGNED_OUT, Registry

ALICE, BOB = UserId(1), UserId(2)
LOBBY, TEAM = ConversationId(1), ConversationId(2)
FIRST = SessionId(1)


@dataclass(eq=False)
class Ear:
    """An outlet that only remembers."""

    user: UserId
    session: SessionId = FIRST
    connection: str = "c"
    heard: list[bytes] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    hints: list[bytes] = field(default_factory=list)

    def deliver(self, event: ConversationEvent | UserEvent) -> None:
        self.heard.append(event.frame)

    def hint(self, event: ConversationEvent) -> None:
        self.hints.append(event.frame)

    def end(self, code: int, why: str) -> None:
        self.ended.append(code)


def outlet(ear: Ear) -> Outlet:
    """An `Ear` where an outlet is asked for; the registry needs no more of it."""
    return cast(Outlet, ear)


class RegistryTests(SynchronousTestCase):
    """Routing by user and by conversation."""

    def setUp(self) -> None:
        self.registry = Registry()

    def arrives(self, user: UserId, *conversations: ConversationId, **more: str) -> Ear:
        ear = Ear(user, **more)  # type: ignore[arg-type]
        self.registry.admit(outlet(ear))
        if not self.registry.arrive(outlet(ear)):
            self.registry.learn(outlet(ear), conversations)
        return ear

    def says(self, conversation: ConversationId, without: UserId | None = None) -> None:
        self.registry.tell(ConversationEvent(conversation, 0, 1, b"hi", without))

    def test_every_device_of_every_member_hears(self) -> None:
        """And nobody else does."""
        desk, phone = self.arrives(ALICE, LOBBY), self.arrives(ALICE)
        bob = self.arrives(BOB, TEAM)
        self.says(LOBBY)
        self.assertEqual([desk.heard, phone.heard, bob.heard], [[b"hi"], [b"hi"], []])

    def test_some_events_are_not_for_everyone(self) -> None:
        """One's own position is told to one's other connections only."""
        desk, phone = self.arrives(ALICE, LOBBY, connection="d"), self.arrives(ALICE)
        bob = self.arrives(BOB, LOBBY)
        self.registry.tell(UserEvent(ALICE, 0, b"own", without="d"))
        self.says(LOBBY, without=ALICE)
        self.assertEqual([desk.heard, phone.heard, bob.heard], [[], [b"own"], [b"hi"]])

    def test_members_come_and_go(self) -> None:
        """From the announcement on, not from the next connection on."""
        alice = self.arrives(ALICE)
        self.registry.tell(MembershipEvent(ALICE, 1, TEAM, True))
        self.assertTrue(self.registry.hears(ALICE, TEAM))
        self.says(TEAM)
        self.registry.tell(MembershipEvent(ALICE, 2, TEAM, False))
        self.says(TEAM)
        self.assertEqual(alice.heard, [b"hi"])

    def test_a_change_during_the_reading_wins(self) -> None:
        """Memberships are read after arriving; what was announced meanwhile is newer."""
        alice = Ear(ALICE)
        self.assertFalse(self.registry.arrive(outlet(alice)))
        self.registry.tell(MembershipEvent(ALICE, 1, LOBBY, False))
        self.registry.tell(MembershipEvent(ALICE, 2, TEAM, True))
        self.registry.learn(outlet(alice), [LOBBY])
        self.says(LOBBY)
        self.assertEqual(alice.heard, [])
        self.says(TEAM)
        self.assertEqual(alice.heard, [b"hi"])

    def test_what_a_departed_connection_had_read_is_not_believed(self) -> None:
        """It may be older than what was announced after it left."""
        first, second = Ear(ALICE), Ear(ALICE)
        self.registry.arrive(outlet(first))
        self.registry.leave(outlet(first))
        self.registry.tell(MembershipEvent(ALICE, 1, LOBBY, False))
        self.assertFalse(self.registry.arrive(outlet(second)))
        self.registry.learn(outlet(first), [LOBBY])
        self.assertFalse(self.registry.hears(ALICE, LOBBY))

    def test_leaving_is_harmless_at_any_time(self) -> None:
        """Twice, or before arriving, and nothing is left behind."""
        alice = self.arrives(ALICE, LOBBY)
        for _ in range(2):
            self.registry.leave(outlet(alice))
        self.registry.leave(outlet(Ear(BOB)))
        self.says(LOBBY)
        self.assertEqual(alice.heard, [])
        self.assertFalse(self.registry.is_connected(ALICE))
        self.assertEqual(self.registry.outlets(), [])

    def test_who_hides_something_does_not_hear_it_of_others(self) -> None:
        """Cursors and typing go to those who share theirs, and typing only as a hint."""
        alice, bob = self.arrives(ALICE, LOBBY), self.arrives(BOB, LOBBY)
        self.registry.shares = lambda user, topic: (user, topic) != (ALICE, "receipts")
        self.registry.tell(ConversationEvent(LOBBY, 0, 0, b"read", topic="receipts"))
        self.registry.tell(ConversationEvent(LOBBY, 0, 0, b"types", without=BOB, topic="typing"))
        self.assertEqual((alice.heard, alice.hints), ([], [b"types"]))
        self.assertEqual((bob.heard, bob.hints), ([b"read"], []))

    def test_coming_and_going_is_noticed(self) -> None:
        """Each connection that comes, and of each person the last one that goes."""
        noticed: list[object] = []
        self.registry.came, self.registry.went = noticed.append, noticed.append
        desk, phone = self.arrives(ALICE, LOBBY), self.arrives(ALICE)
        for ear in (desk, phone, phone):
            self.registry.leave(outlet(ear))
        self.assertEqual(noticed, [desk, phone, ALICE])

    def test_a_session_that_ends_takes_its_connections_along(self) -> None:
        """Also one that has not said hello yet; other devices stay."""
        ended, other = Ear(ALICE, SessionId(7)), self.arrives(ALICE, LOBBY)
        self.registry.admit(outlet(ended))
        self.registry.tell(SessionsEnded(ALICE, (SessionId(7),)))
        self.assertEqual([ended.ended, other.ended], [[SIGNED_OUT], []])
