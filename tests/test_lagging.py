"""Tests for `imtwisted.outbox`: readers that are too slow."""

from __future__ import annotations

from twisted.internet.defer import Deferred

from imtwisted.events import UserEvent
from imtwisted.outbox import TOO_SLOW
from imtwisted.patience import NO_PROGRESS
from tests.test_outbox import ALICE, LOBBY, TEAM, OutboxCase


class LagTests(OutboxCase):
    """Overflow is told, never silent; answers survive it."""

    def test_a_slow_reader_gets_one_lag(self) -> None:
        """Events are dropped, replies kept; once all is read, `lag` names what was skipped."""
        self.outbox.deliver(UserEvent(ALICE, 3, b"update."))
        self.outbox.pause()
        self.outbox.reply(b"ack.")
        for rev in range(1, 12):
            self.say(rev)
        self.say(5, TEAM)
        self.assertEqual(self.read(), "")
        self.outbox.resume()
        self.assertEqual(self.read(), "ack.lag [(1, 11), (2, 5)] 3.")
        self.say(12)
        self.assertEqual(self.read(), "1:12.")

    def test_too_many_bytes_overflow_too(self) -> None:
        """A few large events count as much as many small ones."""
        self.outbox.pause()
        self.say(1, text="x" * 600)
        self.say(2, text="x" * 600)
        self.outbox.resume()
        self.assertEqual(self.read(), "lag [(1, 2)] 0.")

    def test_held_events_count(self) -> None:
        """A conversation held for long cannot grow without bound either."""
        self.outbox.hold(LOBBY)
        for rev in range(1, 13):
            self.say(rev)
        self.outbox.reply(b"delta to 3.")
        self.outbox.release(LOBBY, 3)
        # Rev 12 came after the overflow had been told, and was held.
        self.assertEqual(self.read(), "lag [(1, 11)] 0.delta to 3.1:12.")

    def test_no_lag_before_ready(self) -> None:
        """What overflows during `hello` is told after `ready`."""
        self.outbox.hold_all()
        for rev in range(1, 12):
            self.say(rev)
        self.assertEqual(self.read(), "")
        self.outbox.reply(b"ready.")
        self.outbox.go_live(2, {LOBBY: 4})
        self.assertEqual(self.read(), "ready.lag [(1, 11)] 2.")

    def test_no_progress_ends_it(self) -> None:
        """Thirty seconds in which the client takes nothing, and it is let go."""
        self.outbox.pause()
        self.clock.advance(NO_PROGRESS - 1)
        self.outbox.resume()
        self.outbox.pause()
        self.clock.advance(NO_PROGRESS - 1)
        self.assertEqual(self.paper.ended, [])
        self.clock.advance(1)
        self.assertEqual(self.paper.ended, [TOO_SLOW])

    def test_slow_is_not_stuck(self) -> None:
        """Who takes a little every time is not let go, though it never takes all."""
        self.outbox.pause()
        for _ in range(5):
            self.paper.holds -= 100
            self.clock.advance(NO_PROGRESS)
        self.assertEqual(self.paper.ended, [])
        self.clock.advance(NO_PROGRESS)
        self.assertEqual(self.paper.ended, [TOO_SLOW])

    def test_above_half_nothing_is_read(self) -> None:
        """Pressure starts above half full and ends below it; pages wait for that."""
        self.outbox.pause()
        for _ in range(6):
            self.outbox.reply(b"page.")
        self.assertEqual(self.paper.pressed, [True])
        waiting = Deferred.fromCoroutine(self.outbox.room())
        self.assertNoResult(waiting)
        self.outbox.resume()
        self.assertEqual(self.paper.pressed, [True, False])
        self.successResultOf(waiting)
