"""
In which direct conversations the two keep apart: one has blocked the other.

Beside the way of a message; what people show each other asks here.
"""

from __future__ import annotations

from collections.abc import Collection

from imtwisted.boundaries import Cursor
from imtwisted.model import ConversationId
from imtwisted.store.rights import marks
from imtwisted.store.rows import in_groups

_ESTRANGED = """
    SELECT DISTINCT c.id
      FROM conversations AS c
      JOIN members AS one ON one.conversation_id = c.id
      JOIN members AS other ON other.conversation_id = c.id
      JOIN blocks AS b ON b.blocker_id = one.user_id AND b.blocked_id = other.user_id
     WHERE c.kind = 'direct' AND c.id IN ({marks})
"""


def estranged(
    cursor: Cursor, conversations: Collection[ConversationId]
) -> frozenset[ConversationId]:
    """Those of `conversations` that are direct, with a block either way."""
    found: set[ConversationId] = set()
    for some in in_groups(sorted(conversations)):
        found.update(row[0] for row in cursor.all(_ESTRANGED.format(marks=marks(some)), some))
    return frozenset(found)
