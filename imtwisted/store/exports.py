"""
What somebody said, for their own keeping: `boundaries.ExportStore` in SQL.

Beside the way of a message. There is no index of messages by who said them,
for it would cost at every send; so a conversation is looked through in parts.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import ConversationId, UserId
from imtwisted.profile import OwnMessage

AT_ONCE = 5_000  # messages of anyone, that one statement looks at

_LAST = "SELECT last_seq FROM conversations WHERE id = %s"
_OWN = """
    SELECT seq, at, text, reply_to, edited_at FROM messages
     WHERE conversation_id = %s AND seq > %s AND seq <= %s
       AND sender_id = %s AND kind <> 'system' AND recalled_at IS NULL
  ORDER BY seq
     LIMIT %s
"""


class StoredExports:
    """`boundaries.ExportStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own_messages(
        self, user: UserId, conversation: ConversationId, after: int, limit: int
    ) -> tuple[list[OwnMessage], int | None]:
        """Some of their messages after seq `after`, and where to go on; None: the end."""
        return await self._database.read(_own_messages, user, conversation, after, limit)


def _own_messages(
    cursor: Cursor, user: UserId, conversation: ConversationId, after: int, limit: int
) -> tuple[list[OwnMessage], int | None]:
    last = (cursor.one(_LAST, (conversation,)) or (0,))[0]
    until = min(after + AT_ONCE, last)
    rows = cursor.all(_OWN, (conversation, after, until, user, limit))
    found = [OwnMessage(*row) for row in rows]
    reached = found[-1].seq if len(found) == limit else until
    return found, reached if reached < last else None
