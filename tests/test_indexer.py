"""The indexer in memory: late, interrupted or forgetful, it comes to everything in the end."""

from __future__ import annotations

from itertools import count, pairwise
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock, deferLater
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.entries import Committed, Post
from imtwisted.model import ConversationId
from imtwisted.refusals import Unavailable
from imtwisted.store import search_terms
from imtwisted.store.indexer import BUSY, ENOUGH, PATIENCE, Indexer
from tests.kit import Chat

SAID = Committed(ConversationId(1), 0)
_COVERED = "SELECT conversation_id, last_seq FROM search_terms ORDER BY conversation_id, block"


class IndexerTests(SynchronousTestCase):
    """Filters come by themselves, whatever happens meanwhile."""

    def setUp(self) -> None:
        self.ids = (number.to_bytes(16, "big") for number in count(1))
        self.chat = Chat("alice")
        self.teams = [self.chat.group("alice") for _ in range(3)]
        self.indexer = Indexer(self.chat.database, self.chat.clock, remembered=2)

    def say(self, team: ConversationId, times: int = 1) -> list[Committed]:
        """Say something there, so many times."""
        alice = self.chat.people["alice"]
        posts = [Post(team, alice, next(self.ids), "hello") for _ in range(times)]
        return [self.chat.now(self.chat.house.journal.append(post)) for post in posts]

    def covered(self) -> dict[int, int]:
        """How far filters speak of each conversation."""
        rows: list[Any] = self.chat.now(
            self.chat.database.read(lambda cursor: cursor.all(_COVERED))
        )
        return dict(rows)

    def begin(self) -> None:
        """Let it look through everything once."""
        self.indexer.start()
        self.chat.wait(8)
        self.assertEqual(self.covered(), dict.fromkeys(self.teams, 1))

    def test_much_at_once_and_little_by_and_by(self) -> None:
        """Many new messages are worth a filter at once, a few only after a while."""
        self.begin()
        few, many, _ = self.teams
        self.indexer.note(self.say(few))
        self.indexer.note(self.say(many, ENOUGH))
        self.chat.wait(3)
        self.assertEqual(self.covered(), {**dict.fromkeys(self.teams, 1), many: ENOUGH + 1})
        self.chat.wait(int(PATIENCE))
        self.assertEqual(self.covered()[few], 2)

    def test_more_than_it_remembers(self) -> None:
        """Then it looks through everything again."""
        self.begin()
        for team in self.teams:
            self.indexer.note(self.say(team))
        self.chat.wait(8)
        self.assertEqual(self.covered(), dict.fromkeys(self.teams, 2))

    def test_the_database_is_away(self) -> None:
        """It comes back to what it could not do."""

        def away(stage: str) -> None:
            raise Unavailable

        self.begin()
        self.indexer.note(self.say(self.teams[0], ENOUGH))
        self.chat.database.fault = away
        self.chat.wait(3)
        self.chat.database.fault = lambda stage: None
        self.assertEqual(self.covered()[self.teams[0]], 1)
        self.chat.wait(8)
        self.assertEqual(self.covered()[self.teams[0]], ENOUGH + 1)

    def test_stopped(self) -> None:
        """Nothing more is begun, and no call is left on the clock."""
        self.begin()
        self.indexer.note(self.say(self.teams[0], ENOUGH))
        before = len(self.chat.clock.getDelayedCalls())
        self.chat.now(self.indexer.stop())
        self.assertEqual(len(self.chat.clock.getDelayedCalls()), before - 1)
        self.chat.wait(40)
        self.assertEqual(self.covered()[self.teams[0]], 1)


class Endless:
    """A database in which there is always more to build, a tenth of a second at a time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.begun: list[float] = []  # when each slice of work began

    async def read(self, interaction: object, *args: object) -> object:
        """Where there is something to build, and then what was."""
        if interaction is search_terms.behind:
            return [1], None
        self.begun.append(self.clock.seconds())
        await deferLater(self.clock, 0.1)
        return [], True

    async def write(self, interaction: object, *args: object) -> bool:
        """Keep it."""
        return True


class RestTests(SynchronousTestCase):
    """It leaves the processor to others."""

    def shares(self, said: int) -> list[float]:
        """The seconds from each slice of work to the next, while so much is said each second."""
        clock = Clock()
        database: Any = Endless(clock)
        indexer = Indexer(database, clock)
        indexer.start()
        for _ in range(2_000):
            indexer.note([SAID] * (said // 100))
            clock.advance(0.01)
        ended = Deferred.fromCoroutine(indexer.stop())
        clock.advance(1)
        self.successResultOf(ended)
        self.assertGreater(len(database.begun), 3)
        return [b - a for a, b in pairwise(database.begun)]

    def test_calm(self) -> None:
        """It works a tenth of the time."""
        for said in (0, BUSY // 2):
            periods = self.shares(said)
            self.assertTrue(all(1.0 <= period < 1.2 for period in periods), periods)

    def test_busy(self) -> None:
        """It works a fiftieth of the time."""
        periods = self.shares(BUSY * 2)
        self.assertTrue(all(5.0 <= period < 5.7 for period in periods), periods)
