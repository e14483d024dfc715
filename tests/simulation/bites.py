"""
Deliberate faults, each put into a real class or function for a while.

The simulation has to find every one of them: a judge who never convicts
proves nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from twisted.internet.defer import Deferred

from imtwisted.domain.announcements import Announcer
from imtwisted.domain.catchup import CatchUp
from imtwisted.outbox import Outbox
from imtwisted.registry import Registry
from imtwisted.store import batch, cursors
from imtwisted.store.batch import Writer
from imtwisted.store.lane import Lane
from imtwisted.store.ledger import Ledger
from imtwisted.store.messages import StoredTimelines
from imtwisted.store.rights import Rights, RightsCache
from imtwisted.store.transaction import Transaction
from tests.simulation.alteration_bites import ALTERATION_BITES
from tests.simulation.faulty import Bite, Put, nothing, now_and_then
from tests.simulation.file_bites import FILE_BITES
from tests.simulation.order_bites import ORDER_BITES
from tests.simulation.saying import Saying
from tests.simulation.sight_bites import SIGHT_BITES

# --- durable, once, in order ----------------------------------------------------------------


class _Undone(Exception):
    """Carries what a transaction would have done, and rolls it back."""


async def _ack_before_commit(before: Put, writer: Any, database: Any, entries: Any) -> Any:
    """Judge in a transaction that is rolled back, answer, and only then store."""

    def judge(cursor: Any) -> None:
        now = int(writer._clock.seconds() * 1000)
        raise _Undone(batch._write(cursor, writer._policy, RightsCache(), entries, now))

    try:
        await database.transact(judge)
    except _Undone as done:
        Deferred.fromCoroutine(before(writer, database, entries)).addErrback(lambda _: None)
        return done.args[0].outcomes


def _commit_nothing(before: Put, transaction: Any) -> None:
    """Say that it is committed, and roll it back."""
    transaction._connection.rollback()


def _same_seq_twice(before: Put, ledger: Any, opened: Any) -> Any:
    """Take a number that was given already."""
    opened.last_seq -= 1
    opened.last_rev -= 1
    return before(ledger, opened)


def _a_hole(before: Put, ledger: Any, opened: Any) -> Any:
    """Leave a number out."""
    opened.last_seq += 1
    opened.last_rev += 1
    return before(ledger, opened)


def _other_answer_to_a_retry(before: Put, *args: Any) -> Any:
    """Answer a retry with the place of the next message."""
    committed = before(*args)
    return replace(committed, message=replace(committed.message, seq=committed.message.seq + 1))


def _last_in_first_out(before: Put, lane: Any, item: Any) -> None:
    """Store what came last first."""
    before(lane, item)
    if len(lane._waiting) > 1:
        lane._waiting.appendleft(lane._waiting.pop())


def _time_runs_back(before: Put, ledger: Any, opened: Any) -> Any:
    """Give a message a time before the last one's."""
    seq, rev, at = before(ledger, opened)
    opened.last_at = at - 5
    return seq, rev, at - 5


# --- told to everyone, in order -------------------------------------------------------------


def _forget_doubts(before: Put, lane: Any, items: Any, outcomes: Any) -> None:
    """After a COMMIT without an answer, take what is found for what was told already."""
    for item in items:
        item.unsure = False
    before(lane, items, outcomes)


async def _shrug(before: Put, lane: Any) -> None:
    """Let what may be stored be, without asking."""
    lane._doubts = []


def _overflow_without_lag(before: Put, outbox: Any) -> None:
    """Go on live as if nothing had been skipped."""
    if (
        outbox._skipping
        and not outbox._queue
        and not outbox._paused
        and not outbox._holding.is_early
    ):
        outbox._skipping = False
        outbox._skipped = {}
        outbox._replan()


def _backwards(before: Put, outbox: Any) -> Any:
    """Write what one turn brought in another order."""
    outbox._queue.reverse()
    return before(outbox)


async def _release_too_early(before: Put, catchup: Any, outlet: Any, at: Any, after: int) -> None:
    """Let live events through before the pages that precede them."""
    outlet.release(at, after)
    await before(catchup, outlet, at, after)


async def _two_snapshots(
    before: Put, timelines: Any, user: Any, conversation: Any, *rest: Any
) -> Any:
    """Read the rows of a delta and its `to` apart."""
    delta = await before(timelines, user, conversation, *rest)
    if delta.more:
        return delta
    return replace(delta, to=(await timelines.last_revs([conversation]))[conversation])


# --- who may, who hears, what was read --------------------------------------------------------


def _for_ever(before: Put, cache: Any, conversation: Any) -> Any:
    """Believe what was true once."""
    known = cache._rights.get(conversation.id)
    if known is None:
        return Rights(conversation.members_rev)
    return Rights(conversation.members_rev, dict(known.members), dict(known.bonds))


def _deaf_while_learning(before: Put, registry: Any, outlet: Any, conversations: Any) -> None:
    """Forget what was announced while the memberships were being read."""
    if outlet.user in registry._meanwhile:
        registry._meanwhile[outlet.user] = {}
    before(registry, outlet, conversations)


def _stay(before: Put, registry: Any, event: Any) -> None:
    """Who has left goes on hearing."""
    if event.is_member:
        before(registry, event)


def _read_less(before: Put, standing: Any, read: int, received: int) -> Any:
    """Positions go to where they are told, also back."""
    read = min(read, standing.last_seq)
    return standing._replace(read=read, received=min(max(read, received), standing.last_seq))


# Most are found by the first seeds.
BITES: dict[str, Bite] = {
    "ack before commit": (Writer, "write", _ack_before_commit, 20),
    "a commit that commits nothing": (Transaction, "_commit", _commit_nothing, 3),
    "no look-up of what is known": (batch, "_find_known", lambda before, *args: {}, 20),
    "seq taken twice": (Ledger, "_next", now_and_then(20, _same_seq_twice), 30),
    "a hole in the timeline": (Ledger, "_next", now_and_then(20, _a_hole), 20),
    "a retry gets another seq": (batch, "_again", _other_answer_to_a_retry, 30),
    "last in, first out": (Lane, "submit", _last_in_first_out, 20),
    "time runs back": (Ledger, "_next", now_and_then(5, _time_runs_back), 30),
    "an announcement skipped": (Announcer, "announce", now_and_then(10, nothing), 20),
    "a doubtful commit not announced": (Lane, "_tell", _forget_doubts, 150),
    "what was stored without an answer forgotten": (Lane, "_clear_doubts", _shrug, 150),
    "skipped events without a lag": (Outbox, "_catch_breath", _overflow_without_lag, 60),
    "an outbox without a bound": (Outbox, "_overflow", nothing, 60),
    "events of one turn reordered": (Outbox, "flush", _backwards, 20),
    "a hold released too early": (CatchUp, "_send_deltas", _release_too_early, 60),
    "nothing held before ready": (Outbox, "hold_all", nothing, 60),
    "a delta of two snapshots": (StoredTimelines, "delta", _two_snapshots, 60),
    "rights believed for ever": (RightsCache, "of", _for_ever, 60),
    "membership changes missed while learning": (Registry, "learn", _deaf_while_learning, 100),
    "who left goes on hearing": (Registry, "_change", _stay, 10),
    "a connection that is never forgotten": (Registry, "leave", nothing, 3),
    "read positions going back": (cursors._Standing, "moved", _read_less, 60),
    "pending messages not sent again": (Saying, "resume", nothing, 5),
    **ALTERATION_BITES,
    **FILE_BITES,
    **ORDER_BITES,
    **SIGHT_BITES,
}
