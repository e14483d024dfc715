"""
The oracle: what was said, what was acknowledged, and whether it is all there.

Plain Python over what clients noted and over raw rows of the database; nothing
of the server's code is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

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

    def __init__(self) -> None:
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
        _check_numbers(rows)
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
            if said is None or (said.sender, said.text) != (row.sender, row.text):
                raise Broken(f"P3: {row} is stored, said was {said}")

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


def _check_numbers(rows: Iterable[Row]) -> None:
    """P3: `seq` is 1, 2, 3, …, and so is `rev` where nothing is changed; time does not run back."""
    for conversation, its in groupby(rows, key=lambda row: row.conversation):
        at = 0
        for number, row in enumerate(its, 1):
            if (row.seq, row.rev) != (number, number) or row.at < at:
                raise Broken(f"P3: {row} is the message {number} of {conversation}, after {at}")
            at = row.at


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    """P2: one sender's `client_id` is stored once; here no two senders share one either."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.client_id in found:
            raise Broken(f"P2: stored twice: {found[row.client_id]} and {row}")
        found[row.client_id] = row
    return found


# --- what clients and browsers show ---------------------------------------------------------


def check_heard(who: str, start: int, shown: list[tuple[int, int]]) -> None:
    """P3, P4: what came by itself came once, in order and without a hole, from `start` on."""
    expected = [(seq, seq) for seq in range(start + 1, start + 1 + len(shown))]
    if shown != expected:
        wrong = next(i for i, pair in enumerate(shown) if pair != expected[i])
        around = shown[max(0, wrong - 3) : wrong + 3]
        raise Broken(f"P4: {who} began after {start}, and was told {around} around place {wrong}")


def check_timeline(who: str, place: Place, rows: list[Row]) -> None:
    """P4, P5: a client that has caught up holds exactly what is stored."""
    has = [_of_frame(place.messages[seq]) for seq in sorted(place.messages)]
    stored = [(row.seq, row.at, row.client_id, row.sender, _told(row)) for row in rows]
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


def _of_frame(message: Frame) -> tuple[int, int, str, str, str]:
    text = message["text"] if message["kind"] == "text" else message["kind"]
    sender = message["sender"]["username"]
    return message["seq"], message["at"], message["client_id"], sender, text


def _told(row: Row) -> str:
    """What a client can compare; a system message's text is told as an object."""
    return row.text if row.kind == "text" else row.kind
