"""The indexer in memory: late, interrupted or forgetful, it comes to everything in the end."""

from __future__ import annotations

from itertools import count
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.entries import Committed, Post
from imtwisted.model import ConversationId
from imtwisted.refusals import Unavailable
from imtwisted.store.indexer import ENOUGH, PATIENCE, Indexer
from tests.kit import Chat

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
