"""Deliberate faults in what becomes of messages: edits, recalls, reactions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imtwisted import rules
from imtwisted.domain.announcements import Announcer
from imtwisted.entries import Committed
from imtwisted.refusals import ChatError
from imtwisted.store import alterations, batch, rows
from imtwisted.store.lane import Lane
from imtwisted.store.ledger import Ledger
from imtwisted.store.rights import RightsCache
from tests.client import Place
from tests.simulation.faulty import Bite, Put, nothing, now_and_then


class _Other:
    """Something real, but for what is given here."""

    def __init__(self, real: Any, **others: Any) -> None:
        self.__dict__.update(others)
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


# --- revs -----------------------------------------------------------------------------------


def _no_rev(before: Put, ledger: Any, opened: Any, seq: int) -> Any:
    """Leave the message the rev it has."""
    sql = "SELECT rev FROM messages WHERE conversation_id = %s AND seq = %s"
    return ledger.cursor.one(sql, (opened.id, seq))[0], ledger.now


def _last_rev(before: Put, ledger: Any, opened: Any, seq: int) -> Any:
    """Take the rev that was given last."""
    opened.last_rev -= 1
    return before(ledger, opened, seq)


def _two_revs(before: Put, ledger: Any, opened: Any, seq: int) -> Any:
    """Take one rev too many."""
    opened.last_rev += 1
    return before(ledger, opened, seq)


# --- told ------------------------------------------------------------------------------------


async def _tell_before_commit(before: Put, lane: Any, items: Any) -> Any:
    """Judge in a transaction that is rolled back, tell of it, and only then store."""
    told: list[object] = []

    def judge(cursor: Any) -> None:
        writer, entries = lane._writer, [item.entry for item in items]
        now = int(writer._clock.seconds() * 1000)
        told.extend(batch._write(cursor, writer._policy, RightsCache(), entries, now).outcomes)
        raise _Undone

    try:
        await lane._database.transact(judge)
    except (ChatError, _Undone):
        lane._announce([one for one in told if isinstance(one, Committed) and one.change])
    return [
        replace(one, duplicate=True) if isinstance(one, Committed) and one.change else one
        for one in await before(lane, items)
    ]


class _Undone(Exception):
    """Rolls a transaction back."""


def _keep_changes_secret(before: Put, announcer: Any, committed: Any) -> None:
    """Announce messages only."""
    before(announcer, [each for each in committed if each.change is None])


# --- done -------------------------------------------------------------------------------------


def _forget_edits(before: Put, cursor: Any, entries: Any) -> Any:
    """Do an edit again that is known."""
    known = before(cursor, entries)
    for sender, client_id, is_edit in [key for key in known if key[2]]:
        sql = "DELETE FROM message_edits WHERE editor_id = %s AND client_id = %s"
        cursor.execute(sql, (sender, client_id))
        del known[sender, client_id, is_edit]
    return known


def _without(sql: str) -> Put:
    """A recall that leaves these words out of its statements."""

    def recall(before: Put, ledger: Any, *args: Any) -> Any:
        real = ledger.cursor

        def execute(statement: str, values: Any) -> None:
            if statement.strip() != sql:
                real.execute(statement.replace(sql, ""), values)

        ledger.cursor = _Other(real, execute=execute)
        try:
            return before(ledger, *args)
        finally:
            ledger.cursor = real

    return recall


def _keep_mentions(before: Put, ledger: Any, opened: Any, message: Any, entry: Any) -> Any:
    """Whatever an edit says of whom it mentions, those of before stay."""
    return before(ledger, opened, message, replace(entry, mentions=None))


def _count_twice(before: Put, *args: Any) -> Any:
    """Tell of one reaction as of two."""
    committed = before(*args)
    if committed.change is None:
        return committed
    reaction = replace(committed.change.reaction, count=committed.change.reaction.count + 1)
    return replace(committed, change=replace(committed.change, reaction=reaction))


def _everyones(before: Put, *args: Any) -> Any:
    """Tell each that they have reacted as the others did."""
    return {
        seq: [each if each.mine is None else replace(each, mine=True) for each in reactions]
        for seq, reactions in before(*args).items()
    }


def _apply_to_newer(before: Put, place: Any, event: Any) -> None:
    """Rule 5 left out: a change touches a message that is newer than it."""
    place.without |= {5}
    before(place, event)


ALTERATION_BITES: dict[str, Bite] = {
    "a change that takes no rev": (Ledger, "next_rev", _no_rev, 3),
    "a change that takes the last rev": (Ledger, "next_rev", _last_rev, 10),
    "a change that takes two revs": (Ledger, "next_rev", now_and_then(10, _two_revs), 10),
    "a change told before it is stored": (Lane, "_commit", _tell_before_commit, 60),
    "a change not announced": (Announcer, "announce", now_and_then(10, _keep_changes_secret), 20),
    "an edit retried is done twice": (batch, "_find_known", _forget_edits, 150),
    "a recall that keeps the text": (alterations, "_recall", _without("text = '', "), 10),
    "a recall that keeps the mentions": (
        alterations,
        "_recall",
        _without("DELETE FROM mentions WHERE conversation_id = %s AND seq = %s"),
        20,
    ),
    "a recall that keeps the reactions": (
        alterations,
        "_recall",
        _without("DELETE FROM reactions WHERE conversation_id = %s AND seq = %s"),
        60,
    ),
    "an edit that keeps the old mentions": (alterations, "_edit", _keep_mentions, 20),
    "a recall that keeps the hashes of edits": (
        alterations,
        "_recall",
        _without(alterations._UNHASH),
        60,
    ),
    "a reaction counted twice": (alterations, "_react", now_and_then(5, _count_twice), 10),
    "everyone's reactions": (rows, "_reactions", _everyones, 10),
    "anyone may edit": (rules, "may_edit", nothing, 20),
    "anyone may take back": (rules, "may_recall", nothing, 20),
    "a change applied to a newer message": (Place, "_take", _apply_to_newer, 120),
}
