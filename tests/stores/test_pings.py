"""Asking a database that is away whether it is back."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.store.dialects import Mode
from imtwisted.store.faults import Away
from imtwisted.store.health import Health
from imtwisted.store.pings import Pings


class PingTests(SynchronousTestCase):
    """A database that answers as `broken` says."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.health = Health(self.clock)
        self.pings = Pings(self.clock, self.health, self.ask)
        self.addCleanup(self.pings.stop)
        self.asked: list[Mode] = []
        self.broken: Exception | None = Away()

    async def ask(self, mode: Mode) -> None:
        """Answer a ping, and let `health` know as the pool does."""
        self.asked.append(mode)
        if self.broken is not None:
            raise self.broken
        self.health.found(mode)

    def lose(self, *modes: Mode) -> None:
        """These lanes are away, as whoever asked has found."""
        for mode in modes:
            self.health.lost(mode, "gone")
            self.pings.start()

    def test_each_second(self) -> None:
        """At once and then each second, as often as it takes and no more."""
        self.lose("read")
        self.clock.pump([0.5, 0.5, 1])
        self.assertEqual(self.asked, ["read"] * 3)
        self.assertTrue(self.pings.is_unreachable("read"))
        self.broken = None
        self.clock.advance(1)
        self.assertFalse(self.pings.is_unreachable("read"))
        self.clock.advance(5)
        self.assertEqual(self.asked, ["read"] * 4)

    def test_one_lost_connection(self) -> None:
        """When the first ping is answered nobody was ever refused for it."""
        self.broken = None
        self.lose("write")
        self.assertFalse(self.pings.is_unreachable("write"))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_somebody_else_gets_through(self) -> None:
        """Then it is reachable, while the other lane is still being asked for."""
        self.lose("read", "write")
        self.clock.advance(1)
        self.health.found("read")
        self.assertFalse(self.pings.is_unreachable("read"))
        self.assertTrue(self.pings.is_unreachable("write"))
        self.health.found("write")
        self.clock.advance(1)
        self.lose("read")
        self.assertEqual(self.asked, ["read", "read", "write", "read"])

    def test_stopped(self) -> None:
        """A pool that is closed asks no more, and may be closed again."""
        self.lose("read")
        self.pings.stop()
        self.pings.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_bug(self) -> None:
        """A ping that stumbles is logged, and asked again."""
        self.broken = ZeroDivisionError()
        self.lose("read")
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertFalse(self.pings.is_unreachable("read"))
        self.broken = None
        self.clock.advance(1)
        self.assertEqual(self.health.lanes_away, ())
