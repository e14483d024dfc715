"""A server in memory whose database takes its time."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import Clock

from imtwisted.store.inline import InlineDatabase
from tests.kit import START, Chat

THINKS = 0.001  # seconds, each transaction


class SlowChat(Chat):
    """Things happen while the database thinks; `turn` lets time enough pass for all of it."""

    def __init__(self, *people: str, **plan: Any) -> None:
        clock = Clock()
        clock.advance(START)
        database = InlineDatabase(clock=clock, latency=lambda: THINKS)
        super().__init__(*people, clock=clock, database=database, **plan)

    def turn(self, times: int = 60) -> None:
        """Let everything happen that needs no more than some transactions."""
        self.clock.pump([THINKS] * max(times, 60))
