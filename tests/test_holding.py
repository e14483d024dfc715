"""Tests for `imtwisted.holding`: what waits, how much that is, and what follows."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.events import ConversationEvent, UserEvent
from imtwisted.holding import Holding
from imtwisted.model import ConversationId, UserId

LOBBY, TEAM = ConversationId(1), ConversationId(2)


def said(rev: int, conversation: ConversationId = LOBBY) -> ConversationEvent:
    """Four bytes of news."""
    return ConversationEvent(conversation, 0, rev, b"news")


class HoldingTests(SynchronousTestCase):
    """Until `ready`, and behind the pages of a conversation."""

    def setUp(self) -> None:
        self.holding = Holding()

    def weighs(self) -> tuple[int, int]:
        """By its own count; what waits has to agree."""
        waiting = list(self.holding)
        size = sum(len(event.frame) for event in waiting)
        self.assertEqual((self.holding.count, self.holding.bytes), (len(waiting), size))
        return self.holding.count, self.holding.bytes

    def test_nothing_waits_unasked(self) -> None:
        """An event is for who asked to keep it back, and for nobody else."""
        self.assertFalse(self.holding)
        self.assertFalse(self.holding.keep(said(1)))
        self.holding.hold(TEAM)
        self.assertTrue(self.holding)
        self.assertFalse(self.holding.keep(said(1)))
        self.assertFalse(self.holding.keep(UserEvent(UserId(1), 3, b"mine")))
        self.assertEqual(self.weighs(), (0, 0))

    def test_one_conversation(self) -> None:
        """What its page told is forgotten, and what takes no rev follows it too."""
        self.holding.hold(LOBBY)
        self.holding.hold(TEAM)
        for event in (said(4), said(0), said(5), said(1, TEAM)):
            self.assertTrue(self.holding.keep(event))
        self.assertEqual(self.weighs(), (4, 16))
        self.assertEqual([event.rev for event in self.holding.release(LOBBY, 4)], [0, 5])
        self.assertEqual(self.weighs(), (1, 4))
        self.assertTrue(self.holding)
        self.assertEqual([event.rev for event in self.holding.release(TEAM, 1)], [])
        self.assertFalse(self.holding)

    def test_before_ready(self) -> None:
        """Everything; what the lists told is forgotten, each by its own number."""
        self.holding.begin()
        mine, old = UserEvent(UserId(1), 8, b"mine"), UserEvent(UserId(1), 7, b"mine")
        for event in (said(4), mine, old, said(5), said(1, TEAM)):
            self.assertTrue(self.holding.keep(event))
        self.assertEqual(self.weighs(), (5, 20))
        follows = self.holding.go_live(7, {LOBBY: 4})
        self.assertEqual(follows, [mine, said(5), said(1, TEAM)])
        self.assertEqual(self.weighs(), (0, 0))
        self.assertFalse(self.holding.is_early)

    def test_emptied_and_ended(self) -> None:
        """Emptied it goes on keeping, ended it does not."""
        self.holding.begin()
        self.holding.hold(LOBBY)
        self.holding.keep(said(1))
        self.holding.empty()
        self.assertEqual(self.weighs(), (0, 0))
        self.assertTrue(self.holding.keep(said(2)))
        self.holding.end()
        self.assertFalse(self.holding.keep(said(3)))
        self.assertEqual(self.weighs(), (0, 0))
