"""
What everyone who says hello asks about, for many of them in few statements.

Way of a message: the database -> [standing] -> catchup, at `hello`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from imtwisted.boundaries import Cursor
from imtwisted.model import ConversationId, Heads, Position, Standing, UserId
from imtwisted.store.heads import newest
from imtwisted.store.rows import in_groups

_EPOCH = "SELECT value FROM meta WHERE name = 'epoch'"
_PLACES = """
    SELECT m.user_id, c.id, c.last_rev, c.last_seq, m.hidden_seq
      FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
     WHERE m.state = 'active' AND ({pairs})
"""
_PAIR = "(m.user_id = %s AND m.conversation_id = %s)"


class Hello(NamedTuple):
    """Whose standing is asked for: how many heads, and which conversations besides."""

    user: UserId
    limit: int
    conversations: tuple[ConversationId, ...]


def standings(cursor: Cursor, hellos: Sequence[Hello]) -> list[Standing]:
    """The standing of each, all in one snapshot."""
    lineage = epoch(cursor)
    lists = newest(cursor, [(hello.user, hello.limit) for hello in hellos])
    return [
        Standing(lineage, heads, _positions_beside(cursor, hello, heads))
        for hello, heads in zip(hellos, lists, strict=True)
    ]


def epoch(cursor: Cursor) -> str:
    """The name of this database's lineage."""
    row = cursor.one(_EPOCH)
    assert row is not None, "the schema makes one"
    return str(row[0])


def positions(
    cursor: Cursor, user: UserId, conversations: Sequence[ConversationId]
) -> dict[ConversationId, Position]:
    """Where each stands, for those that `user` is a member of."""
    found = places(cursor, [(user, conversation) for conversation in conversations])
    return {conversation: position for (_, conversation), position in found.items()}


def places(
    cursor: Cursor, wanted: Sequence[tuple[UserId, ConversationId]]
) -> dict[tuple[UserId, ConversationId], Position]:
    """Where the conversation of each pair stands, for those that the user is a member of."""
    found: dict[tuple[UserId, ConversationId], Position] = {}
    for some in in_groups(wanted):
        query = _PLACES.format(pairs=" OR ".join([_PAIR] * len(some)))
        for user, *row in cursor.all(query, [id for pair in some for id in pair]):
            found[user, row[0]] = Position(*row)
    return found


def _positions_beside(cursor: Cursor, hello: Hello, heads: Heads) -> dict[ConversationId, Position]:
    """Most of what is wanted is in the heads."""
    listed = {
        head.conversation.id: Position(
            head.conversation.id,
            head.conversation.last_rev,
            head.conversation.last_seq,
            head.hidden_seq,
        )
        for head in heads.heads
    }
    rest = [id for id in hello.conversations if id not in listed]
    return {**listed, **positions(cursor, hello.user, rest)}
