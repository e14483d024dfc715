"""
Reading as little as it takes to find the newest hits: the order in which a search goes.

Beside the way of a message: the database -> [hunt] -> search -> domain.

Blocks of messages that a filter does not exclude, and whatever has no filter
yet, are read from the newest on, a few at a time, until there are enough. The
one to read next is the one that may have the newest message of those not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from imtwisted.boundaries import Cursor, Row
from imtwisted.findings import Spot, Wanted
from imtwisted.model import ConversationId, UserId
from imtwisted.rules.matching import holds, searched
from imtwisted.store.file_names import names_of
from imtwisted.store.filters import ASKED, probes
from imtwisted.store.search_terms import BLOCK

_BUDGET = 1_250  # messages, and as much again for each piece as 8 of them
_PIECE_COST = 8
_LEAST = 64  # of the budget for one statement
_SHORTEST = 8  # messages of a stretch that are read first; then four times as many
_WIDTHS = (8, 16, 32)  # pieces read with one statement, more each time
_SPARE_BLOCKS = 200
_END = 2**62

_BLOCKS = """
    SELECT t.last_at, t.conversation_id, t.last_seq, t.block
      FROM members AS m JOIN search_terms AS t ON t.conversation_id = m.conversation_id
     WHERE m.user_id = %s AND m.state = 'active' AND t.last_seq > m.hidden_seq
       AND t.first_at <= %s AND t.last_at >= %s {asked}
  ORDER BY t.last_at DESC, t.conversation_id DESC, t.last_seq DESC
     LIMIT %s
"""
_TEXTS = """
    SELECT g.at, g.conversation_id, g.seq, g.text, g.filed FROM messages AS g
     WHERE ({stretches}) AND g.kind <> 'system' AND g.recalled_at IS NULL {sender}
"""
_STRETCH = "(g.conversation_id = %s AND g.seq BETWEEN %s AND %s)"
# Not by the index of the sender's messages: they are everywhere.
_SAID_BY = "AND g.sender_id + 0 = %s"
_AT = "SELECT at FROM messages WHERE conversation_id = %s AND seq = %s"


@dataclass(frozen=True, slots=True)
class Visible:
    """A conversation of the searcher, and how far filters speak of it."""

    id: ConversationId
    kind: str
    title: str
    last_seq: int
    last_at: int
    hidden_seq: int
    covered: int


class _Stretch(NamedTuple):
    """
    Messages to read, from `floor` to `last`, the newest of them first, in pieces of `length`.

    `order` is the negated spot that none of them is after: a heap's key.
    """

    order: tuple[int, int, int]
    conversation: ConversationId
    floor: int
    last: int
    length: int = _SHORTEST

    @property
    def first(self) -> int:
        """Where the next piece begins."""
        return max(self.floor, self.last - self.length + 1)

    @property
    def cost(self) -> int:
        """What reading the next piece takes from the budget."""
        return self.last - self.first + _PIECE_COST

    @property
    def upper(self) -> Spot:
        at, conversation, seq = self.order
        return Spot(-at, ConversationId(-conversation), -seq)


@dataclass(slots=True)
class Hunt:
    """Reads stretches from the newest on until enough is found, or too much was read."""

    cursor: Cursor
    user: UserId
    wanted: Wanted
    limit: int
    visible: dict[ConversationId, Visible]
    _found: list[Spot] = field(default_factory=list)
    _stretches: list[_Stretch] = field(default_factory=list)
    _end: Spot | None = None  # what is after this was not even listed

    def run(self) -> tuple[list[Spot], Spot | None]:
        """The newest hits, at most `limit`, and the spot to go on before."""
        self._list()
        spent, round = 0, 0
        while (upper := self._upper()) is not None and not self._is_enough(upper):
            if spent > _BUDGET and upper < self._ceiling():
                break
            # What is left is not overdrawn by the last statement: an answer's time has an end.
            room = max(_BUDGET - spent, _LEAST)
            batch = self._take(_WIDTHS[min(round, len(_WIDTHS) - 1)], room)
            if not batch:
                upper = self._upper()
                break
            self._read(batch)
            spent += sum(one.cost for one in batch)
            round += 1
        return self._page(upper)

    def _page(self, upper: Spot | None) -> tuple[list[Spot], Spot | None]:
        sure = sorted((spot for spot in self._found if not upper or spot > upper), reverse=True)
        page = sure[: self.limit]
        if len(sure) > self.limit:
            return page, page[-1]
        return page, upper and upper._replace(seq=upper.seq + 1)

    def _upper(self) -> Spot | None:
        """No hit after this one is still to be read; None when everything was."""
        if self._stretches:
            top = self._stretches[0].upper
            return top if self._end is None else max(top, self._end)
        return self._end

    def _is_enough(self, upper: Spot) -> bool:
        return sum(spot > upper for spot in self._found) > self.limit

    def _ceiling(self) -> Spot:
        """The newest spot that is wanted; each page comes below it, so that there is an end."""
        before, until = self.wanted.before, self.wanted.until
        ceiling = Spot(_END, ConversationId(_END), _END)
        if before is not None:
            ceiling = before._replace(seq=before.seq - 1)
        if until is not None:
            ceiling = min(ceiling, Spot(until - 1, ConversationId(_END), _END))
        return ceiling

    # --- what there is to read ----------------------------------------------------------

    def _list(self) -> None:
        self._list_blocks()
        for one in self.visible.values():
            floor = max(one.covered, one.hidden_seq) + 1
            last, at = self._last_wanted(one, floor)
            if last >= floor:
                order = self._order(Spot(at, one.id, last))
                self._stretches.append(_Stretch(order, one.id, floor, last))
        heapify(self._stretches)

    def _list_blocks(self) -> None:
        """Those whose filter says perhaps."""
        wanted = self.wanted
        asked = probes(wanted.parts, wanted.sender)
        conditions = f"AND {ASKED} " * len(asked)
        args: list[object] = [self.user, self._ceiling().at, wanted.since or 0]
        if wanted.conversation is not None:
            conditions = "AND t.conversation_id = %s " + conditions
            args.append(wanted.conversation)
        args += [argument for probe in asked for argument in probe]
        # As many may begin after the ceiling and end before it: one in each conversation.
        most = _SPARE_BLOCKS + len(self.visible)
        rows = self.cursor.all(_BLOCKS.format(asked=conditions), [*args, most])
        if len(rows) == most:
            at, id, last, _ = rows.pop()
            self._end = min(Spot(at, id, last), self._ceiling())
        for at, id, last, block in rows:
            floor = max(block * BLOCK, self.visible[id].hidden_seq + 1)
            if not self._is_past(id, floor):
                self._stretches.append(_Stretch(self._order(Spot(at, id, last)), id, floor, last))

    def _is_past(self, id: ConversationId, first: int) -> bool:
        """Whether an earlier page had everything of the stretch; others begin after its time."""
        before = self.wanted.before
        return before is not None and before.conversation == id and first >= before.seq

    def _last_wanted(self, one: Visible, floor: int) -> tuple[int, int]:
        """The newest message without a filter that is not too new, and its time or a later one."""
        before = self.wanted.before
        if before is not None and before.conversation == one.id and before.at <= one.last_at:
            return min(before.seq - 1, one.last_seq), before.at
        if one.last_at <= self._ceiling().at or one.last_seq - floor < BLOCK:
            return one.last_seq, one.last_at
        low, high, at = floor - 1, one.last_seq, self._ceiling().at
        while low < high:
            middle = (low + high + 1) // 2
            row = self.cursor.one(_AT, (one.id, middle))
            if row is not None and row[0] <= at:
                low = middle
            else:
                high = middle - 1
        return low, at

    def _order(self, spot: Spot) -> tuple[int, int, int]:
        at, conversation, seq = min(spot, self._ceiling())
        return -at, -conversation, -seq

    # --- reading it ---------------------------------------------------------------------

    def _take(self, width: int, room: int) -> list[_Stretch]:
        """The next stretches, whose pieces fit into `room` but for the last; too old ones all go."""
        batch: list[_Stretch] = []
        since = self.wanted.since or 0
        while self._stretches and len(batch) < width and room > 0:
            if self._end is not None and self._stretches[0].upper < self._end:
                break
            stretch = heappop(self._stretches)
            if stretch.upper.at < since:
                self._stretches.clear()
            else:
                batch.append(stretch)
                room -= stretch.cost
        return batch

    def _read(self, batch: Sequence[_Stretch]) -> None:
        args: list[object] = []
        for stretch in batch:
            args += [stretch.conversation, stretch.first, stretch.last]
        if self.wanted.sender is not None:
            args.append(self.wanted.sender)
        sender = "" if self.wanted.sender is None else _SAID_BY
        stretches = " OR ".join([_STRETCH] * len(batch))
        rows = self.cursor.all(_TEXTS.format(stretches=stretches, sender=sender), args)
        self._judge(rows)
        for stretch in batch:
            if stretch.first > stretch.floor:
                heappush(self._stretches, self._rest(stretch, rows))

    def _rest(self, stretch: _Stretch, rows: Sequence[Row]) -> _Stretch:
        """What a stretch has before the piece that was read: nothing later than that piece."""
        ats = [row[0] for row in rows if _is_in(stretch, row)]
        last = stretch.first - 1
        order = self._order(Spot(min([stretch.upper.at, *ats]), stretch.conversation, last))
        return stretch._replace(order=order, last=last, length=min(stretch.length * 4, BLOCK))

    def _judge(self, rows: Sequence[Row]) -> None:
        ceiling, since = self._ceiling(), self.wanted.since or 0
        filed: dict[Spot, str] = {}
        for at, conversation, seq, text, files in rows:
            spot = Spot(at, conversation, seq)
            if spot > ceiling or at < since:
                continue
            if holds(text, self.wanted.parts):
                self._found.append(spot)
            elif files:
                filed[spot] = text
        self._found += self._by_names(filed)

    def _by_names(self, texts: dict[Spot, str]) -> list[Spot]:
        """Of messages whose texts alone do not match, those that do with their files' names."""
        names = names_of(self.cursor, [spot[1:] for spot in texts])
        return [
            spot
            for spot, text in texts.items()
            if holds(searched(text, names.get(spot[1:], ())), self.wanted.parts)
        ]


def _is_in(stretch: _Stretch, row: Row) -> bool:
    return (row[1], True) == (stretch.conversation, row[2] >= stretch.first)
