"""
How far members have read and received: `boundaries.CursorStore` in SQL.

Beside the way of a message, back from those who got it; written in groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import ConversationId, UserId
from imtwisted.rules import SHARED_UP_TO
from imtwisted.sharing import CursorMoved
from imtwisted.store.estrangement import estranged
from imtwisted.store.rights import marks
from imtwisted.store.rows import in_groups
from imtwisted.store.unread import Place, unread_at

Move = tuple[UserId, ConversationId, int, int]

_STANDING = """
    SELECT m.user_id, m.conversation_id, m.read_seq, m.received_seq, m.hidden_seq,
           c.last_seq, c.member_count, c.kind, u.share_receipts
      FROM members AS m
      JOIN conversations AS c ON c.id = m.conversation_id
      JOIN users AS u ON u.id = m.user_id
     WHERE m.state = 'active' AND ({pairs})
"""
_OF_ONE = "(m.conversation_id = %s AND m.user_id IN ({marks}))"
# Only rows that are there: one statement for all of them, and never backwards,
# whatever another node writes meanwhile.
_ADVANCE = """
    INSERT INTO members
        (conversation_id, user_id, role, state, joined_at, read_seq, received_seq)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


class _Standing(NamedTuple):
    """Where a member is, and what it is told once it has moved."""

    user: UserId
    conversation: ConversationId
    read: int
    received: int
    hidden: int
    last_seq: int
    members: int
    kind: str
    shared: int
    has_read: bool = False

    def moved(self, read: int, received: int) -> _Standing:
        """
        As far as asked, never back, never past the end; what is read has arrived.

        In a large conversation nobody looks at what else has arrived.
        """
        read = max(self.read, min(read, self.last_seq))
        if self.members > SHARED_UP_TO:
            received = 0
        received = max(self.received, read, min(received, self.last_seq))
        return self._replace(read=read, received=received, has_read=read > self.read)


class StoredCursors:
    """`boundaries.CursorStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self, moves: Sequence[Move], *, again: bool = False) -> list[CursorMoved]:
        """
        Write (user, conversation, read, received) as the greater of old and new.

        `again`: they may have been written before; those that stayed are told too.
        """
        return await self._database.write(_advance, moves, again) if moves else []


def _advance(cursor: Cursor, moves: Sequence[Move], again: bool) -> list[CursorMoved]:
    wanted = _furthest(moves)
    moved = []
    for standing in _standings(cursor, wanted):
        after = standing.moved(*wanted[standing.conversation][standing.user])
        if again:
            moved.append(after._replace(has_read=True))
        elif after != standing:
            moved.append(after)
    _write(cursor, moved)
    return _tell(cursor, moved)


def _furthest(moves: Iterable[Move]) -> dict[ConversationId, dict[UserId, tuple[int, int]]]:
    """One move a member, by conversation: the furthest of what was asked."""
    wanted: dict[ConversationId, dict[UserId, tuple[int, int]]] = {}
    for user, conversation, read, received in moves:
        users = wanted.setdefault(conversation, {})
        was_read, was_received = users.get(user, (0, 0))
        users[user] = max(read, was_read), max(received, was_received)
    return wanted


def _standings(
    cursor: Cursor, wanted: dict[ConversationId, dict[UserId, tuple[int, int]]]
) -> Iterable[_Standing]:
    """Where the members of `wanted` are; who is no member is not among them."""
    asked = [(conversation, list(users)) for conversation, users in wanted.items()]
    for some in in_groups(asked):
        pairs = " OR ".join(_OF_ONE.format(marks=marks(users)) for _, users in some)
        args = [arg for conversation, users in some for arg in (conversation, *users)]
        yield from (_Standing(*row) for row in cursor.all(_STANDING.format(pairs=pairs), args))


def _write(cursor: Cursor, moved: Sequence[_Standing]) -> None:
    # By key, so that two nodes lock the rows in one order.
    rows = sorted((m.conversation, m.user, "", "", 0, m.read, m.received) for m in moved)
    keys = cursor.dialect.or_raise("conversation_id, user_id", "read_seq", "received_seq")
    cursor.insert_rows(_ADVANCE + keys, rows)


def _tell(cursor: Cursor, moved: Sequence[_Standing]) -> list[CursorMoved]:
    unread = unread_at(
        cursor,
        [Place(m.user, m.conversation, max(m.read, m.hidden), m.last_seq) for m in moved],
    )
    apart = estranged(cursor, {m.conversation for m in moved if m.kind == "direct"})
    return [
        CursorMoved(
            conversation=m.conversation,
            user=m.user,
            read=m.read,
            received=m.received,
            unread=unread[m.user, m.conversation].messages,
            mentions=unread[m.user, m.conversation].mentions,
            members=m.members,
            is_direct=m.kind == "direct",
            has_read=m.has_read,
            shared=bool(m.shared) and m.conversation not in apart,
            last_seq=m.last_seq,
        )
        for m in moved
    ]
