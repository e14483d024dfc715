"""Tests for when a lane of the journal waits for company."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.store.company import ENOUGH, LONGEST, Company


class CompanyTests(SynchronousTestCase):
    """It waits for as many as there were, and not for long."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.company = Company(self.clock)
        self.company.took(0.001)

    def gather(self, count: int, expected: int) -> Deferred[None]:
        return Deferred.fromCoroutine(self.company.gather(count, expected))

    def test_nobody_is_expected(self) -> None:
        """What came alone is followed at once."""
        self.successResultOf(self.gather(0, 1))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_enough_are_there(self) -> None:
        """As many as there were, or so many that their transaction is well used."""
        self.successResultOf(self.gather(4, 4))
        self.successResultOf(self.gather(ENOUGH, 200))

    def test_they_come(self) -> None:
        """The last one of those expected ends it, and the clock is left alone."""
        waiting = self.gather(2, 4)
        self.company.came(3)
        self.assertNoResult(waiting)
        self.company.came(4)
        self.successResultOf(waiting)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_they_come_later(self) -> None:
        """The same once what was told has been written."""
        waiting = self.gather(2, 4)
        self.clock.advance(0)
        self.company.came(4)
        self.successResultOf(waiting)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_they_do_not_come(self) -> None:
        """No longer than the quickest transaction took, counted from the next turn."""
        waiting = self.gather(2, 4)
        self.clock.advance(0)
        self.clock.advance(0.000_9)
        self.assertNoResult(waiting)
        self.clock.advance(0.000_2)
        self.successResultOf(waiting)

    def test_the_quickest_is_forgotten(self) -> None:
        """Slowly; and a slow database is not waited for longer than anyone would feel."""
        for _ in range(1000):
            self.company.took(5.0)
        waiting = self.gather(2, 4)
        self.clock.advance(0)
        self.clock.advance(LONGEST * 0.99)
        self.assertNoResult(waiting)
        self.clock.advance(LONGEST * 0.02)
        self.successResultOf(waiting)

    def test_nobody_waits(self) -> None:
        """What comes while a transaction runs changes nothing."""
        self.company.came(100)
        self.assertNoResult(self.gather(1, 2))
