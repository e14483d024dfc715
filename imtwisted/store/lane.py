"""
One queue of entries of the journal, and the transactions that empty it.

Way of a message: domain -> journal -> [lane] -> commit -> backplane.

Whatever queued while the last COMMIT ran is the next transaction, so one
message alone costs one commit and a flood is grouped by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from imtwisted.boundaries import Clock, Database, DelayedCall, Settled
from imtwisted.entries import Committed, Entry
from imtwisted.refusals import Busy, ChatError, Unavailable
from imtwisted.store.batch import Writer
from imtwisted.store.company import Company
from imtwisted.store.faults import CommitUnknown, DatabaseFault, ItemFault

BATCH = 256
TRIES = 3
PATIENCE = 5.0  # seconds, for all tries of one batch
BACKOFF = 0.05  # seconds before the second try, doubled for the third
LOOK_AGAIN = 1.0  # seconds, for what may have been stored without an answer

Outcome = Committed | ChatError
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Item:
    """One entry on its way, and who is to hear what became of it."""

    entry: Entry
    settled: Settled
    tried_again: bool = False
    unsure: bool = False  # an earlier COMMIT of it may have gone through, untold


class Lane:
    """One queue of entries, one transaction at a time."""

    _log = Logger()

    def __init__(
        self,
        database: Database,
        writer: Writer,
        clock: Clock,
        waiting_writes: int,
        announce: Callable[[Sequence[Committed]], None],
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._limit = waiting_writes
        self._announce = announce
        self.batches = self.entries = 0  # since the start, for the operator's eyes
        self._waiting: deque[Item] = deque()
        self._company = Company(clock)
        self._doubts: list[Entry] = []  # of one batch at most
        self._looking: DelayedCall | None = None
        self._running = False
        self._failing = False  # the last try to store something
        self._gave_up = False  # the last batch, after all tries
        self._idle: list[Deferred[None]] = []

    def submit(self, item: Item) -> None:
        """Queue `item`, or settle it with `Busy` at once."""
        if len(self._waiting) >= self._limit:
            item.settled(Busy())
            return
        self._waiting.append(item)
        self._company.came(len(self._waiting))
        self._wake()

    def _wake(self) -> None:
        if not self._running:
            self._running = True
            # Entered at the end of this turn, so that what one read of a
            # connection brought shares one commit.
            self._clock.callLater(0, self._start)

    def _start(self) -> None:
        Deferred.fromCoroutine(self._run()).addErrback(self._broken)

    def _broken(self, failure: Failure) -> None:
        self._running = False
        self._log.failure("A lane of the journal stopped", failure)

    async def _run(self) -> None:
        while self._waiting or self._doubts:
            if self._waiting:
                await self._store_next()
            elif not await self._is_cleared() and not self._waiting:
                self._look_later()
                break
        self._running = False
        idle, self._idle = self._idle, []
        for waiting in idle:
            waiting.callback(None)

    async def _store_next(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        began = self._clock.seconds()
        outcomes = await self._commit(batch)
        self._company.took(self._clock.seconds() - began)
        self._tell(batch, outcomes)
        if self._gave_up:
            self._refuse_the_rest()
        else:
            await self._company.gather(len(self._waiting), len(batch) + len(self._waiting))

    def _tell(self, batch: list[Item], outcomes: list[Outcome]) -> None:
        """Tell the askers, then everyone; neither may stop the lane."""
        self.batches += 1
        self.entries += len(batch)
        news: list[Committed] = []
        for item, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Committed) and (item.unsure or not outcome.duplicate):
                news.append(outcome)
            self._guard(item.settled, outcome)
        if news:
            self._guard(self._announce, news)

    def _guard(self, tell: Callable[[T], None], what: T) -> None:
        try:
            tell(what)
        except Exception:
            self._log.failure("Telling of what was committed failed")

    # --- what nobody knows ----------------------------------------------------------

    async def _clear_doubts(self) -> None:
        """
        Tell of what was stored by a COMMIT that nobody ever got the answer to.

        Who asked was told `unavailable`. Their retry would only find it stored,
        and what was done to a group is never retried: without this the members
        would not hear of it, and who left would go on hearing. So nothing more
        is written before it is known; raises the faults of `Database.read`.
        """
        if self._doubts:
            found = await self._writer.find(self._database, self._doubts)
            self._doubts = []
            if found:
                self._guard(self._announce, found)

    async def _is_cleared(self) -> bool:
        try:
            await self._clear_doubts()
        except ChatError:
            return False
        return True

    def _look_later(self) -> None:
        if self._looking is None:
            self._looking = self._clock.callLater(LOOK_AGAIN, self._look)

    def _look(self) -> None:
        self._looking = None
        self._wake()

    # --- one batch --------------------------------------------------------------------

    async def _commit(self, batch: list[Item]) -> list[Outcome]:
        """
        What became of each of `batch`, in its order; never raises.

        Running a batch again is safe, also when nobody knows whether it was
        committed: what the first run stored is found by its client id.
        """
        until = self._clock.seconds() + PATIENCE
        for attempt in range(TRIES):
            if attempt:
                await self._pause(BACKOFF * 2**attempt)
            try:
                await self._clear_doubts()
                outcomes = await self._writer.write(self._database, [i.entry for i in batch])
                self._note(None)
                return outcomes
            except ItemFault as fault:
                return await self._narrow(batch, fault)
            except DatabaseFault as fault:
                for item in batch:
                    item.unsure |= isinstance(fault, CommitUnknown)
                self._note(fault)
            except ChatError as refusal:
                return [refusal] * len(batch)
            except Exception:
                self._log.failure("A batch failed")
                return await self._narrow(batch, None)
            if self._clock.seconds() >= until:
                break
        return self._give_up(batch)

    def _note(self, fault: DatabaseFault | None) -> None:
        """Log the first fault in a row, and that it is over: an outage has many batches."""
        if fault is not None and not self._failing:
            self._log.warn("A batch was not stored: {why}", why=fault.why)
        elif fault is None and self._failing:
            self._log.info("Batches are stored again")
        self._failing = fault is not None

    async def _narrow(self, batch: list[Item], fault: ItemFault | None) -> list[Outcome]:
        """Halve the batch, in order, until the item at fault is alone."""
        if len(batch) > 1:
            half = len(batch) // 2
            return await self._commit(batch[:half]) + await self._commit(batch[half:])
        item = batch[0]
        if fault is not None and fault.duplicate and not item.tried_again:
            # Another lane or node won: this time its message is found.
            item.tried_again = True
            return await self._commit(batch)
        if fault is not None:
            self._log.error("An entry was not stored: {why}", why=fault.why)
        return self._give_up(batch)

    def _give_up(self, batch: list[Item]) -> list[Outcome]:
        self._doubts += [item.entry for item in batch if item.unsure]
        self._gave_up = True
        return [Unavailable()] * len(batch)

    def _refuse_the_rest(self) -> None:
        """
        What waits behind a batch that was given up is given up with it.

        Stored now, it would stand before what its sender said first and will
        send again; who lost the connection never heard that this was refused.
        """
        self._gave_up = False
        rest, self._waiting = self._waiting, deque()
        for item in rest:
            self._guard(item.settled, Unavailable())

    async def _pause(self, seconds: float) -> None:
        done: Deferred[None] = Deferred()
        self._clock.callLater(seconds, done.callback, None)
        await done

    async def idle(self) -> None:
        """Wait until nothing is queued or on its way."""
        if self._running:
            waiting: Deferred[None] = Deferred()
            self._idle.append(waiting)
            await waiting

    def __len__(self) -> int:
        return len(self._waiting)
