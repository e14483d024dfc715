"""
Reading timelines: `boundaries.TimelineStore` in SQL.

Way of a message: the database -> [messages] -> domain, to whoever was away.

What one call answers comes from one snapshot. Read apart, a message edited
between the rows and the counter would be in no delta: a hole for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from imtwisted.boundaries import Cursor, Database, Row
from imtwisted.model import ConversationId, Delta, Page, Position, Standing, UserId
from imtwisted.refusals import NotAMember
from imtwisted.store import standing
from imtwisted.store.rights import marks
from imtwisted.store.rows import MESSAGE, in_groups, messages, union_all
from imtwisted.store.standing import Hello
from imtwisted.store.together import Together

_RENAME_EPOCH = "UPDATE meta SET value = %s WHERE name = 'epoch'"
_LAST_REVS = "SELECT id, last_rev FROM conversations WHERE id IN ({marks})"

_MESSAGES = f"""
    SELECT {MESSAGE} FROM messages AS g JOIN users AS u ON u.id = g.sender_id
     WHERE g.conversation_id = %s
"""
_CHANGES = (
    _MESSAGES.replace("SELECT", "SELECT {place},", 1)
    + """
       AND g.rev > %s AND g.seq > %s
  ORDER BY g.rev
     LIMIT %s
"""
)
_OLDER = _MESSAGES + " AND g.seq > %s AND g.seq < %s ORDER BY g.seq DESC LIMIT %s"
_NEWER = _MESSAGES + " AND g.seq > %s ORDER BY g.seq LIMIT %s"
_TEXT = 6  # where MESSAGE has it
_REV = 2
_NEWEST = 2**63 - 1

# A snapshot is not to stay open for long: each of these may be a full page.
_HELLOS_AT_ONCE = 16
_DELTAS_AT_ONCE = 16

_Part = tuple[list[Row], bool]


class _Missed(NamedTuple):
    """Whose changes in which conversation are asked for, and at most how many of them."""

    user: UserId
    conversation: ConversationId
    after: int
    limit: int
    size: int


class StoredTimelines:
    """`boundaries.TimelineStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hellos = Together(database, standing.standings, at_once=_HELLOS_AT_ONCE)
        self._deltas = Together(database, _deltas, at_once=_DELTAS_AT_ONCE)

    async def epoch(self) -> str:
        """The name of this database's lineage."""
        return await self._database.read(standing.epoch)

    async def rename_epoch(self, epoch: str) -> None:
        """Name this database's lineage anew: clients drop what they remember of it."""
        await self._database.write(_rename_epoch, epoch)

    async def standing(
        self, user: UserId, limit: int, conversations: Sequence[ConversationId]
    ) -> Standing:
        """The epoch, the newest `limit` heads, and where `conversations` stand."""
        return await self._hellos.ask(Hello(user, limit, tuple(conversations)))

    async def positions(
        self, user: UserId, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, Position]:
        """Where each stands, for those that `user` is a member of."""
        return await self._database.read(standing.positions, user, conversations)

    async def delta(
        self, user: UserId, conversation: ConversationId, after: int, limit: int, size: int
    ) -> Delta:
        """The changes after rev `after`, at most `limit` messages or `size` bytes."""
        delta = await self._deltas.ask(_Missed(user, conversation, after, limit, size))
        if delta is None:
            raise NotAMember
        return delta

    async def history(
        self,
        user: UserId,
        conversation: ConversationId,
        limit: int,
        size: int,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
    ) -> Page:
        """A page in seq order; none of the three: the newest. Raises `NotAMember`."""
        if after is not None:
            return await self._database.read(_newer, user, conversation, limit, size, after)
        if around is not None:
            return await self._database.read(_around, user, conversation, limit, size, around)
        end = _NEWEST if before is None else before
        return await self._database.read(_older, user, conversation, limit, size, end)

    async def last_revs(self, conversations: Sequence[ConversationId]) -> dict[ConversationId, int]:
        """The newest rev of each, whoever asks."""
        return await self._database.read(_last_revs, conversations)


def _rename_epoch(cursor: Cursor, epoch: str) -> None:
    cursor.execute(_RENAME_EPOCH, (epoch,))


def _position(cursor: Cursor, user: UserId, conversation: ConversationId) -> Position:
    position = standing.positions(cursor, user, [conversation]).get(conversation)
    if position is None:
        raise NotAMember
    return position


def _deltas(cursor: Cursor, wanted: Sequence[_Missed]) -> list[Delta | None]:
    """None for who is not a member; raised, it would end the others' snapshot."""
    places = standing.places(cursor, [(missed.user, missed.conversation) for missed in wanted])
    args = [
        (missed.conversation, missed.after, place.hidden_seq, missed.limit + 1)
        for missed in wanted
        if (place := places.get((missed.user, missed.conversation)))
    ]
    changes = iter(union_all(cursor, _CHANGES, args) if args else ())
    return [
        _delta(cursor, missed, place, next(changes))
        if (place := places.get((missed.user, missed.conversation)))
        else None
        for missed in wanted
    ]


def _delta(cursor: Cursor, missed: _Missed, place: Position, rows: list[Row]) -> Delta:
    rows.sort(key=itemgetter(_REV))
    kept, more = _cut(rows, missed.limit, missed.size)
    to = kept[-1][_REV] if more else place.last_rev
    return Delta(missed.conversation, missed.after, to, messages(cursor, kept, missed.user), more)


def _older(
    cursor: Cursor, user: UserId, conversation: ConversationId, limit: int, size: int, before: int
) -> Page:
    floor = _position(cursor, user, conversation).hidden_seq
    kept, more = _before(cursor, conversation, floor, before, limit, size)
    return Page(conversation, messages(cursor, kept, user), more)


def _newer(
    cursor: Cursor, user: UserId, conversation: ConversationId, limit: int, size: int, after: int
) -> Page:
    floor = _position(cursor, user, conversation).hidden_seq
    kept, more = _after(cursor, conversation, max(after, floor), limit, size)
    return Page(conversation, messages(cursor, kept, user), more)


def _around(
    cursor: Cursor, user: UserId, conversation: ConversationId, limit: int, size: int, around: int
) -> Page:
    """Half before and half from `around` on; `more` when there is more at either end."""
    floor = _position(cursor, user, conversation).hidden_seq
    half = limit // 2
    newer, is_more = _after(
        cursor, conversation, max(around - 1, floor), limit - half, size - size // 2
    )
    older, was_more = _before(cursor, conversation, floor, around, half, size // 2)
    return Page(conversation, messages(cursor, older + newer, user), is_more or was_more)


def _before(
    cursor: Cursor, conversation: ConversationId, floor: int, end: int, limit: int, size: int
) -> _Part:
    """The last rows of `floor` < seq < `end`, ascending, and whether there are earlier ones."""
    rows = cursor.all(_OLDER, (conversation, floor, end, limit + 1))
    kept, more = _cut(rows, limit, size)
    return kept[::-1], more


def _after(
    cursor: Cursor, conversation: ConversationId, start: int, limit: int, size: int
) -> _Part:
    """The first rows of seq > `start`, ascending, and whether there are later ones."""
    return _cut(cursor.all(_NEWER, (conversation, start, limit + 1)), limit, size)


def _cut(rows: list[Row], limit: int, size: int) -> _Part:
    """As many as `limit` and `size` allow, but one at least; whether some were cut off."""
    kept: list[Row] = []
    for row in rows[:limit]:
        size -= len(row[_TEXT].encode("utf-8", "surrogatepass"))
        if kept and size < 0:
            break
        kept.append(row)
    return kept, len(kept) < len(rows)


def _last_revs(
    cursor: Cursor, conversations: Sequence[ConversationId]
) -> dict[ConversationId, int]:
    found: dict[ConversationId, int] = {}
    for some in in_groups(conversations):
        found |= dict(cursor.all(_LAST_REVS.format(marks=marks(some)), some))
    return found
