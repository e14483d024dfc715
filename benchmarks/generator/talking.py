"""
Conversations under load: fan-out to a group, and direct messages.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

from benchmarks.generator.conditions import Conditions, Reading
from benchmarks.generator.figures import latencies, per_million
from benchmarks.generator.lines import Dialect, Line, gather
from benchmarks.generator.spoken import WrongDelivery
from benchmarks.generator.talk import Talk, Tally
from benchmarks.task import Conversation, Member, Talking, Task

DRAINED_WITHIN = 30.0
AFTERMATH = 0.3  # seconds in which what comes too often would come


class Conversations:
    """Talks between members that are connected, and what becomes of them."""

    def __init__(self, dialect: Dialect, outstanding: int) -> None:
        self.tally = Tally()
        self.tally.failure = self._fail
        self.talks: list[Talk] = []
        self._lines: list[Line] = []
        self._dialect = dialect
        self._outstanding = outstanding
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def _fail(self, reason: Exception) -> None:
        if not self._failed.done():
            self._failed.set_exception(reason)

    async def gather(self, conversations: list[Conversation], members: list[Member]) -> None:
        """Connect everyone; raises `ConnectionError`."""
        seats = []
        for number, each in enumerate(conversations, start=len(self.talks)):
            talk = Talk(
                number,
                each.speakers,
                len(each.members),
                self._outstanding,
                self.tally,
                perf_counter,
                echo=self._dialect.echoes(each.place),
                confirmed=self._dialect.confirmed,
            )
            self.talks.append(talk)
            for index, ear in zip(each.members, talk.ears, strict=True):
                seats.append((members[index], talk, ear, each.place))

        async def sit(seat: tuple[Member, Talk, object, str]) -> None:
            self._lines.append(await self._dialect.join(*seat))  # type: ignore[arg-type]

        await gather(sit, seats)

    def start(self) -> None:
        """Let every speaker begin."""
        for talk in self.talks:
            talk.start()

    async def go_on(self, seconds: float) -> None:
        """Let them talk; raises what went wrong meanwhile."""
        await asyncio.wait([self._failed], timeout=seconds)
        if self._failed.done():
            self._failed.result()

    async def end(self) -> None:
        """Say no more, and raise `WrongDelivery` unless everyone has heard everything."""
        self.tally.ended = True
        until = perf_counter() + DRAINED_WITHIN
        while any(talk.waiting for talk in self.talks):
            if perf_counter() > until:
                lost = sum(len(talk.waiting) for talk in self.talks)
                raise WrongDelivery(
                    f"{lost} messages had not reached everyone when the time was up"
                )
            await self.go_on(0.02)
        await self.go_on(AFTERMATH)
        for talk in self.talks:
            talk.check()

    def close(self) -> None:
        """Hang up."""
        for line in self._lines:
            line.close()
        if not self._failed.done():
            self._failed.cancel()


async def talk(dialect: Dialect, task: Task, work: Talking) -> tuple[dict[str, float], Conditions]:
    """Deliveries and messages a second, how long they took, and what they cost."""
    conversations = Conversations(dialect, work.outstanding)
    try:
        await conversations.gather(work.conversations, task.members)
        conversations.start()
        await conversations.go_on(work.warm_up)
        first, before = _marks(conversations.tally), Reading.take(task)
        await conversations.go_on(work.seconds)
        last, after = _marks(conversations.tally), Reading.take(task)
        await conversations.end()
    finally:
        conversations.close()
    conditions = Conditions.between(before, after)
    return _figures(conversations.tally, first, last, conditions), conditions


def _marks(tally: Tally) -> tuple[int, int, int]:
    return len(tally.deliveries), len(tally.confirmations), tally.done


def _figures(
    tally: Tally, first: tuple[int, int, int], last: tuple[int, int, int], conditions: Conditions
) -> dict[str, float]:
    deliveries = tally.deliveries[first[0] : last[0]]
    done = last[2] - first[2]
    if not deliveries or not done:
        raise WrongDelivery("nothing was delivered in the time that was measured")
    return {
        "deliveries/s": len(deliveries) / conditions.seconds,
        "messages/s": done / conditions.seconds,
        **latencies("delivery", deliveries),
        **latencies("ack", tally.confirmations[first[1] : last[1]]),
        **per_million(conditions.spent, "delivery", len(deliveries)),
        **per_million(conditions.spent, "message", done),
    }
