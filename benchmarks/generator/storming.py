"""
Everyone is cut off and comes back at once, while some go on talking.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

from benchmarks.generator.conditions import Conditions, Reading
from benchmarks.generator.figures import latencies, per_million
from benchmarks.generator.lines import Dialect, Line, gather
from benchmarks.generator.talking import Conversations
from benchmarks.task import Member, Storming, Task

NOTICED = 2.0  # seconds that the server has to see that all are gone
AGAIN = 0.5  # seconds until a client that was not let in tries again
TRIES = 40


class Crowd:
    """Those who are cut off, and how each came back."""

    def __init__(self, dialect: Dialect, task: Task, work: Storming) -> None:
        self.lines: list[Line] = []
        self.resumed: list[float] = []  # seconds after the cut ended
        self.refused = 0
        self._dialect = dialect
        self._work = work
        self._people = [
            (task.members[index], each.place)
            for each in work.conversations
            for index in each.members
        ]

    async def come(self) -> None:
        """Sign in, one after the other."""

        async def sign_in(person: tuple[Member, str]) -> None:
            self.lines.append(await self._dialect.idle(person[0]))

        await gather(sign_in, self._people)

    def cut(self) -> None:
        """All connections are gone at once."""
        for line in self.lines:
            line.close()
        self.lines.clear()

    async def come_back(self) -> None:
        """All knock at once; each is back when it has what it missed."""
        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for member, place in self._people:
                group.create_task(self._resume(member, place, began))

    async def _resume(self, member: Member, place: str, began: float) -> None:
        first = self._work.said - self._work.behind + 1
        for last_try in [False] * (TRIES - 1) + [True]:
            try:
                line, _ = await self._dialect.come_back(member, [place], first, self._work.said)
            except OSError:
                if last_try:
                    raise
                self.refused += 1
                await asyncio.sleep(AGAIN)
            else:
                self.lines.append(line)
                self.resumed.append(perf_counter() - began)
                return


async def storm(
    dialect: Dialect, task: Task, work: Storming
) -> tuple[dict[str, float], Conditions]:
    """Until all are back, and how long the others' messages took to be confirmed meanwhile."""
    others = Conversations(dialect, 1)
    crowd = Crowd(dialect, task, work)
    try:
        await others.gather(work.others, task.members)
        await crowd.come()
        others.start()
        await others.go_on(NOTICED)
        crowd.cut()
        await others.go_on(NOTICED)
        first, before = len(others.tally.confirmations), Reading.take(task)
        await crowd.come_back()
        after = Reading.take(task)
        # Also those that were on their way when the last one had come back.
        await others.end()
    finally:
        others.close()
        crowd.cut()
    conditions = Conditions.between(before, after)
    confirmations = others.tally.confirmations[first:]
    return {
        "seconds to resume all": max(crowd.resumed),
        **latencies("resume", crowd.resumed),
        **latencies("ack", confirmations),
        "longest ack ms": max(confirmations) * 1000,
        "tries refused": crowd.refused,
        **per_million(conditions.spent, "resume", len(crowd.resumed)),
    }, conditions
