"""Tests for `imtwisted.vault.places`: nobody's pictures keep everybody else's waiting."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.model import UserId
from imtwisted.refusals import Busy
from imtwisted.vault.places import Places


class FairnessTests(SynchronousTestCase):
    """Two places, a patience of thirty seconds."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.places = Places(self.clock, 2, 30.0)
        self.served: list[str] = []

    def comes(self, *things: str) -> list[Deferred[None]]:
        """Somebody brings something; the first letter is theirs."""
        return [Deferred.fromCoroutine(self._take(thing)) for thing in things]

    async def _take(self, thing: str) -> None:
        await self.places.take(person(thing))
        self.served.append(thing)

    def ends(self, *things: str) -> None:
        """What had a place is done."""
        for thing in things:
            self.places.give_back(person(thing))

    def test_one_of_each(self) -> None:
        """Who brings four has one place; the other one is for whoever comes."""
        self.comes("a1", "a2", "a3", "a4")
        self.assertEqual(self.served, ["a1"])
        self.comes("b1")
        self.assertEqual(self.served, ["a1", "b1"])

    def test_in_turn(self) -> None:
        """Everybody once, before anybody has the second one."""
        self.comes("a1", "a2", "a3", "b1", "b2", "c1", "d1")
        self.ends("a1")
        self.assertEqual(self.served[2:], ["c1"])
        self.ends("b1")
        self.assertEqual(self.served[3:], ["d1"])
        self.ends("c1", "d1")
        self.assertEqual(self.served[4:], ["a2", "b2"])
        self.ends("b2", "a2")
        self.assertEqual(self.served[6:], ["a3"])
        self.ends("a3")
        self.comes("a4", "b3")
        self.assertEqual(self.served[7:], ["a4", "b3"])

    def test_patience(self) -> None:
        """Who waits too long is told that the server is busy, and their turn is another's."""
        self.comes("a1", "b1")
        (waiting,) = self.comes("c1")
        self.clock.advance(29)
        (later,) = self.comes("d1")
        self.clock.advance(1)
        self.failureResultOf(waiting, Busy)
        self.assertNoResult(later)
        self.ends("a1")
        self.successResultOf(later)
        self.assertEqual(self.served, ["a1", "b1", "d1"])
        self.assertEqual(self.clock.getDelayedCalls(), [])


def person(thing: str) -> UserId:
    """Whose it is."""
    return UserId(ord(thing[0]))
