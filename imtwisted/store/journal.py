"""
The one writer of timelines: grouped, durable before ack, once, in order.

Way of a message: domain -> [journal] -> lane -> commit -> backplane -> registry -> outbox.

Entries wait in a queue per lane (conversation id modulo the number of lanes).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twisted.internet.defer import Deferred

from imtwisted.boundaries import Clock, Database, Settled
from imtwisted.entries import Committed, Entry, Found
from imtwisted.refusals import ChatError
from imtwisted.store.batch import Writer
from imtwisted.store.lane import Item, Lane, Outcome


class LanedJournal:
    """`boundaries.Journal` on any `Database`."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        announce: Callable[[Sequence[Committed]], None],
        new_writer: Callable[[], Writer],
        *,
        lanes: int,
        waiting_writes: int = 2048,
    ) -> None:
        self._lanes = [
            Lane(database, new_writer(), clock, waiting_writes, announce) for _ in range(lanes)
        ]

    def submit(self, entry: Entry, settled: Settled) -> None:
        """Queue `entry` behind what was submitted before for its conversation."""
        # A group to be made has no id yet, and nobody to be ordered against.
        number = 0 if isinstance(entry, Found) else entry.conversation
        self._lanes[number % len(self._lanes)].submit(Item(entry, settled))

    async def append(self, entry: Entry) -> Committed:
        """`submit`, for who can wait; cancelling stops the waiting, not the entry."""
        waiting: Deferred[Committed] = Deferred()

        def settled(outcome: Outcome) -> None:
            if waiting.called:
                return  # cancelled meanwhile
            if isinstance(outcome, ChatError):
                waiting.errback(outcome)
            else:
                waiting.callback(outcome)

        self.submit(entry, settled)
        return await waiting

    def waiting(self) -> int:
        """How many entries are queued, for the operator's eyes."""
        return sum(len(lane) for lane in self._lanes)

    def settled(self) -> tuple[int, int]:
        """How many transactions and entries there were since the start."""
        return sum(lane.batches for lane in self._lanes), sum(lane.entries for lane in self._lanes)

    async def idle(self) -> None:
        """Wait until everything submitted so far is settled."""
        for lane in self._lanes:
            await lane.idle()
