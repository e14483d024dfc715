"""Questions that are asked together: each gets the answer it would have got alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.boundaries import Cursor
from imtwisted.model import Delta, Person, Standing
from imtwisted.refusals import Busy, NotAMember
from imtwisted.store.faults import Away, ItemFault
from imtwisted.store.inline import InlineDatabase
from imtwisted.store.together import Together
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once

SIZE = 100_000


class TogetherTests(SynchronousTestCase):
    """Who is asked when, with whom; each transaction takes a second."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.database = InlineDatabase(clock=self.clock, latency=lambda: 1.0)
        self.addCleanup(self.database.close)
        self.asked: list[list[int]] = []
        self.together = Together(self.database, self.tens, at_once=3, waiting=5)

    def tens(self, cursor: Cursor, keys: Sequence[int]) -> list[int]:
        """The question: ten times each key. There is no answer for 13."""
        self.asked.append(list(keys))
        if 13 in keys:
            raise ItemFault
        return [10 * key for key in keys]

    def ask(self, *keys: int) -> list[Deferred[int]]:
        """Everything that is asked now."""
        return [Deferred.fromCoroutine(self.together.ask(key)) for key in keys]

    def pass_seconds(self, seconds: int) -> None:
        """So many transactions."""
        self.clock.pump([1.0] * seconds)

    def test_alone(self) -> None:
        """Nobody waits for others to come."""
        (answer,) = self.ask(1)
        self.pass_seconds(1)
        self.assertEqual(self.successResultOf(answer), 10)
        (answer,) = self.ask(2)
        self.pass_seconds(1)
        self.assertEqual(self.successResultOf(answer), 20)
        self.assertEqual(self.asked, [[1], [2]])

    def test_who_comes_meanwhile(self) -> None:
        """They share the next transactions, so many in each; the same key twice, too."""
        answers = self.ask(1, 2, 3, 2, 5)
        self.pass_seconds(3)
        self.assertEqual(self.asked, [[1], [2, 3, 2], [5]])
        self.assertEqual([self.successResultOf(each) for each in answers], [10, 20, 30, 20, 50])

    def test_one_without_an_answer(self) -> None:
        """It fails alone; nobody else hears of it."""
        first, well, bad, last = self.ask(1, 2, 13, 4)
        self.pass_seconds(9)
        self.assertEqual(self.asked[1:], [[2, 13, 4], [2], [13], [4]])
        self.failureResultOf(bad, ItemFault)
        found = [self.successResultOf(each) for each in (first, well, last)]
        self.assertEqual(found, [10, 20, 40])

    def test_away(self) -> None:
        """Nobody gets an answer, and the next who asks is asked for again."""

        def away(stage: str) -> None:
            raise Away

        self.database.fault = away
        answers = self.ask(1, 2, 3)
        self.pass_seconds(6)
        for answer in answers:
            self.failureResultOf(answer, Away)
        self.database.fault = lambda stage: None
        (answer,) = self.ask(4)
        self.pass_seconds(1)
        self.assertEqual(self.successResultOf(answer), 40)

    def test_too_many(self) -> None:
        """Who finds no room is told so, and there is room again later."""
        answers = self.ask(*range(6))
        (late,) = self.ask(6)
        self.failureResultOf(late, Busy)
        self.pass_seconds(3)
        self.assertEqual([self.successResultOf(each) for each in answers], [0, 10, 20, 30, 40, 50])
        (answer,) = self.ask(7)
        self.pass_seconds(1)
        self.assertEqual(self.successResultOf(answer), 70)


class CrowdContract(Contract):
    """Many sign in at once, and each is told what it would have been told alone."""

    async def furnish(self) -> None:
        self.ann, self.bob, self.cy = self.everyone = await self.world.people("Ann", "Bob", "Cy")
        self.team = await self.world.group(self.ann, self.bob, title="Team")
        self.all = await self.world.group(*self.everyone, title="All")
        direct = await self.conversations.direct(self.ann.id, self.bob.id, 1)
        self.direct = direct.id
        for place in (self.team, self.direct, self.all, self.team, self.all):
            await self.world.say(self.bob, place, f"in {place}", mentions=[self.ann])
        await self.cursors.advance([(self.ann.id, self.team, 1, 1)])

    async def standing(self, person: Person, limit: int) -> Standing:
        """What `person` finds, with two conversations asked for besides."""
        return await self.timelines.standing(person.id, limit, [self.team, self.direct])

    async def delta(self, person: Person, after: int, limit: int) -> Delta | None:
        """What `person` missed of the team's conversation."""
        try:
            return await self.timelines.delta(person.id, self.team, after, limit, SIZE)
        except NotAMember:
            return None

    async def test_standings(self) -> None:
        """Whoever has two devices, or less room for heads."""
        asked = [(person, limit) for person in (*self.everyone, self.ann) for limit in (1, 2, 10)]
        alone: list[Any] = [await self.standing(*each) for each in asked]
        self.assertEqual(await at_once(*(self.standing(*each) for each in asked)), alone)
        ann = alone[2]
        self.assertEqual([h.title for h in ann.heads.heads], ["All", "Team", "Bob B."])
        self.assertEqual([h.unread for h in ann.heads.heads], [2, 1, 1])
        self.assertEqual([h.mentions for h in ann.heads.heads], [2, 1, 1])
        self.assertEqual([len(each.heads.heads) for each in alone[:6]], [1, 2, 3, 1, 2, 3])
        self.assertEqual([each.heads.more for each in alone[:3]], [True, True, False])
        bob, cy = alone[5], alone[6]
        self.assertEqual([h.title for h in bob.heads.heads], ["All", "Team", "Ann B."])
        self.assertNotIn(self.direct, cy.positions)
        self.assertEqual(ann.positions[self.team].last_rev, 2)

    async def test_deltas(self) -> None:
        """Pages of all sizes, and someone who is no member."""
        asked = [(person, after, 1) for person in self.everyone for after in (0, 1, 2)]
        alone = [await self.delta(*each) for each in asked]
        self.assertEqual(await at_once(*(self.delta(*each) for each in asked)), alone)
        self.assertEqual([each and len(each.items) for each in alone[:3]], [1, 1, 0])
        self.assertEqual(alone[6:], [None] * 3)

    async def test_sessions(self) -> None:
        """The right person for each token; none for those that are too old or unknown."""
        for number, person in enumerate(self.everyone):
            await self.people.open_session(person.id, bytes([number]) * 32, 100 + number, "", "")

        async def session(number: int) -> Any:
            found = await self.people.session(bytes([number]) * 32, 100, 99)
            return found and (found[1], found[2])

        found = await at_once(*(session(number) for number in (2, 1, 0, 9, 2)))
        self.assertEqual(found, [(self.cy, 102), (self.bob, 101), None, None, (self.cy, 102)])

    async def test_memberships(self) -> None:
        """Each its own."""
        found = await at_once(*(self.conversations.ids_of(one.id) for one in self.everyone))
        both = sorted([self.team, self.all, self.direct])
        self.assertEqual(found, [both, both, [self.all]])


class CrowdInlineTests(CrowdContract, OnInline):
    """In memory."""


class ThreadedCrowdContract(CrowdContract):
    """A database in threads, where each transaction costs a trip."""

    async def test_who_asks_in_one_turn(self) -> None:
        """Questions that come before the reactor turns again share a transaction."""
        asked: list[list[int]] = []

        def doubled(cursor: Cursor, keys: Sequence[int]) -> list[int]:
            asked.append(list(keys))
            return [2 * key for key in keys]

        for rest in (0, 0.01):
            together = Together(self.database, doubled, at_once=10, rest=rest)
            self.assertEqual(await at_once(*map(together.ask, (1, 2, 3))), [2, 4, 6])
        self.assertEqual(asked, [[1, 2, 3]] * 2)

    async def test_a_full_question_is_asked_at_once(self) -> None:
        """As many as fit into one transaction wait for nobody."""

        def doubled(cursor: Cursor, keys: Sequence[int]) -> list[int]:
            return [2 * key for key in keys]

        together = Together(self.database, doubled, at_once=3, rest=3600)
        self.assertEqual(await at_once(*map(together.ask, range(6))), [0, 2, 4, 6, 8, 10])


class CrowdSQLiteTests(ThreadedCrowdContract, OnSQLite):
    """In a file."""


class CrowdMariaDBTests(ThreadedCrowdContract, OnMariaDB):
    """On a server."""
