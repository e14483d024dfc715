"""
The oracle: what was said, what was acknowledged, and whether it is all there.

Plain Python over what clients noted and over raw rows of the database; nothing
of the server's code is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol

from tests.client import Frame, Place


class Broken(AssertionError):
    """A promise was not kept; the words say which, and where."""


class Row(NamedTuple):
    """One message, as the database has it."""

    conversation: int
    seq: int
    rev: int
    at: int
    sender: str
    client_id: str
    kind: str
    text: str
    edited_at: int | None = None
    recalled: bool = False
    reactions: frozenset[tuple[str, str]] = frozenset()  # (emoji, who)


class Thoughts(Protocol):
    """What became of messages, as clients asked for it."""

    def number(self, conversation: int) -> int:
        """How many revs that may have taken at most."""

    def check(self, row: Row, said: str) -> None:
        """Raise `Broken` unless `row` may be what became of what was `said`."""


class Unchanged:
    """Nobody does anything to a message."""

    def number(self, conversation: int) -> int:
        """None."""
        return 0

    def check(self, row: Row, said: str) -> None:
        """It is what it was."""
        if row.text != said:
            raise Broken(f"P3: {row} is stored, said was {said}")


@dataclass(eq=False)
class Said:
    """One message that a client wrote, to be stored once whatever happens."""

    client_id: str
    sender: str
    lane: str
    text: str
    # Refused for now at least once: those behind it may have overtaken it.
    refused: bool = False


class Ack(NamedTuple):
    """Where the server said that a message is stored."""

    conversation: int
    seq: int
    at: int


class Ledger:
    """Everything that clients said and were told, in a whole run."""

    def __init__(self, thoughts: Thoughts | None = None) -> None:
        self._thoughts = thoughts or Unchanged()
        self.said: dict[str, Said] = {}
        self.typed: dict[str, str] = {}  # text → sender, of a browser that makes its own ids
        self.acks: dict[str, Ack] = {}
        self.answers = 0
        self.refusals: dict[str, int] = {}

    def says(self, said: Said) -> None:
        """Note what is about to be sent for the first time."""
        self.said[said.client_id] = said

    def acknowledged(self, frame: Frame) -> None:
        """P2: every answer to one message names the same place, and only the first is no repeat."""
        ack = Ack(frame["conversation"], frame["seq"], frame["at"])
        known = self.acks.setdefault(frame["client_id"], ack)
        if known != ack:
            raise Broken(f"P2: {frame['client_id']} was acknowledged as {known} and as {ack}")
        self.answers += 1

    def refused(self, said: Said, code: str) -> None:
        """`said` was not taken for now."""
        said.refused = True
        self.refusals[code] = self.refusals.get(code, 0) + 1

    # --- the database -------------------------------------------------------------------

    def check_stored(self, rows: list[Row]) -> None:
        """P1, P2, P3 at any moment: what was acknowledged is stored, once, in its place."""
        _check_numbers(rows, self._thoughts)
        stored = _by_id(rows)
        self._check_acks(stored)
        self._check_authors(rows)
        self._check_order(stored)

    def check_all_stored(self, rows: list[Row]) -> None:
        """After the last fault, when nothing is pending: everything said is stored."""
        self.check_stored(rows)
        ids = {row.client_id for row in rows}
        lost = [said for said in self.said.values() if said.client_id not in ids]
        if lost:
            raise Broken(f"P1: {len(lost)} were said and never stored, the first is {lost[0]}")
        texts = [row.text for row in rows if row.text in self.typed]
        if sorted(texts) != sorted(self.typed):
            raise Broken(f"P5: typed were {sorted(self.typed)}, stored are {sorted(texts)}")

    def _check_acks(self, stored: Mapping[str, Row]) -> None:
        for client_id, ack in self.acks.items():
            row = stored.get(client_id)
            if row is None:
                raise Broken(f"P1: {client_id} was acknowledged as {ack} and is not stored")
            if (row.conversation, row.seq, row.at) != ack:
                raise Broken(f"P2: {client_id} was acknowledged as {ack} and is stored as {row}")

    def _check_authors(self, rows: list[Row]) -> None:
        for row in rows:
            if row.kind != "text" or self.typed.get(row.text) == row.sender:
                continue
            said = self.said.get(row.client_id)
            if said is None or said.sender != row.sender:
                raise Broken(f"P3: {row} is stored, said was {said}")
            self._thoughts.check(row, said.text)

    def _check_order(self, stored: Mapping[str, Row]) -> None:
        """P3: in each lane, what was never refused has the order in which it was said."""
        last: dict[tuple[str, str], Row] = {}
        for said in self.said.values():
            row = stored.get(said.client_id)
            if row is None or said.refused:
                continue
            before = last.get((said.sender, said.lane))
            if before and before.conversation != row.conversation:
                raise Broken(f"P3: one lane is in two conversations: {before}, {row}")
            if before and before.seq > row.seq:
                raise Broken(f"P3: said before is {before}, stored before is {row}")
            last[said.sender, said.lane] = row


def _check_numbers(rows: Iterable[Row], thoughts: Thoughts) -> None:
    """P3: `seq` is 1, 2, 3, …, each `rev` is one message's or change's; time does not run back."""
    for conversation, its in groupby(rows, key=lambda row: row.conversation):
        at = number = 0
        revs: set[int] = set()
        for number, row in enumerate(its, 1):
            if row.seq != number or row.rev < number or row.rev in revs or row.at < at:
                raise Broken(f"P3: {row} is the message {number} of {conversation}, after {at}")
            at = row.at
            revs.add(row.rev)
        if max(revs) > number + thoughts.number(conversation):
            raise Broken(f"P3: {conversation} has {number} messages, and rev {max(revs)}")


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    """P2: one sender's `client_id` is stored once; here no two senders share one either."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.client_id in found:
            raise Broken(f"P2: stored twice: {found[row.client_id]} and {row}")
        found[row.client_id] = row
    return found


# --- what clients and browsers show ---------------------------------------------------------


def check_heard(
    who: str, start: tuple[int, int], shown: list[tuple[int, int]], rows: list[Row]
) -> None:
    """P3, P4: what came after `start` (seq, rev) came by itself, all of it, once and in order."""
    revs = [rev for _, rev in shown]
    if revs != sorted(set(revs)) or (revs and revs[0] <= start[1]):
        raise Broken(f"P4: {who} began after {start}, and was told {shown}")
    last = dict(shown)
    # Of what was said before only that is shown which a page brought.
    mine = [row for row in rows if row.seq > start[0] or row.seq in last]
    missed = [row for row in mine if last.get(row.seq) != row.rev]
    if missed:
        raise Broken(f"P4: {who} began after {start}, and was never told {missed[:3]}")


def check_timeline(who: str, place: Place, rows: list[Row]) -> None:
    """P4, P5: a client that has caught up holds exactly what is stored."""
    has = [_of_frame(place.messages[seq]) for seq in sorted(place.messages)]
    stored = [_of_row(row) for row in rows]
    if has != stored:
        wrong = [pair for pair in zip(has, stored, strict=False) if pair[0] != pair[1]][:1]
        raise Broken(
            f"P4: {who} has {len(has)} of {len(stored)} in {place.conversation}; differs: {wrong}"
        )


def check_page(lines: list[tuple[int, str, str]], rows: list[Row]) -> None:
    """P5: the page shows each message once, in order; `lines` are (seq, state, text) of its rows."""
    unsent = [line for line in lines if line[1] != "sent"]
    if unsent:
        raise Broken(f"P5: the page still shows {unsent[:3]}")
    shown = [(seq, text) for seq, _, text in lines]
    stored = [(row.seq, row.text) for row in rows if row.kind == "text"]
    if shown != stored:
        wrong = [pair for pair in zip(shown, stored, strict=False) if pair[0] != pair[1]][:1]
        raise Broken(f"P5: the page shows {len(shown)} of {len(stored)}; differs: {wrong}")


def _of_frame(message: Frame) -> tuple[object, ...]:
    text = message["text"] if message["kind"] == "text" else message["kind"]
    sender, reactions = message["sender"]["username"], message.get("reactions", ())
    return (
        *(message["seq"], message["rev"], message["at"], message["client_id"], sender, text),
        *(message.get("edited_at"), message.get("recalled", False)),
        sorted((emoji, count) for emoji, count, *_ in reactions),
    )


def _of_row(row: Row) -> tuple[object, ...]:
    """What a client can compare; a system message's text is told as an object."""
    text = row.text if row.kind == "text" else row.kind
    counts = Counter(emoji for emoji, _ in row.reactions)
    return (
        *(row.seq, row.rev, row.at, row.client_id, row.sender, text),
        *(row.edited_at, row.recalled, sorted(counts.items())),
    )
