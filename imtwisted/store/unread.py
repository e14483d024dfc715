"""
How much is unread: counted when asked, never stored, never past 100.

Beside the way of a message: heads and moved cursors tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from imtwisted.boundaries import Cursor
from imtwisted.model import ConversationId, UserId
from imtwisted.store.rows import in_groups

# Messages of others, past the floor, neither recalled nor told by the system.
# Bounded from the inside: COUNT(*) with a LIMIT beside it would count all of them.
_ONE = """
    SELECT %s, %s,
        (SELECT COUNT(*) FROM (
            SELECT 1 FROM messages
             WHERE conversation_id = %s AND seq > %s AND seq <= %s AND sender_id <> %s
               AND recalled_at IS NULL AND kind <> 'system'
             LIMIT 100) AS a),
        (SELECT COUNT(*) FROM (
            SELECT 1 FROM mentions AS n
              JOIN messages AS g ON g.conversation_id = n.conversation_id AND g.seq = n.seq
             WHERE n.user_id = %s AND n.conversation_id = %s AND n.seq > %s AND n.seq <= %s
               AND g.sender_id <> %s AND g.recalled_at IS NULL
             LIMIT 100) AS b)
"""


class Place(NamedTuple):
    """
    How far a member has come: `floor` is the greater of read and hidden.

    What came after `last_seq` is not counted: who is told both numbers counts it then.
    """

    user: UserId
    conversation: ConversationId
    floor: int
    last_seq: int


class Unread(NamedTuple):
    """What waits for a member; 100 means 100 or more."""

    messages: int = 0
    mentions: int = 0


def unread_at(
    cursor: Cursor, places: Sequence[Place]
) -> dict[tuple[UserId, ConversationId], Unread]:
    """What is unread at `places`, in one statement; only where there is something new."""
    behind = [place for place in places if place.last_seq > place.floor]
    found = {(place.user, place.conversation): Unread() for place in places}
    for some in in_groups(behind):
        args: list[object] = []
        for user, conversation, floor, last_seq in some:
            args += [user, conversation, conversation, floor, last_seq, user]
            args += [user, conversation, floor, last_seq, user]
        for row in cursor.all(" UNION ALL ".join([_ONE] * len(some)), args):
            found[row[0], row[1]] = Unread(row[2], row[3])
    return found
