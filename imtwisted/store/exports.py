"""
What somebody said and left, for their own keeping: `boundaries.ExportStore` in SQL.

Beside the way of a message. There is no index of messages by who said them,
for it would cost at every send; so a conversation is looked through in parts.
"""

from __future__ import annotations

from dataclasses import replace

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import ConversationId, UserId
from imtwisted.profile import Habits, OwnFile, OwnInvite, OwnMessage, OwnReaction, Stay
from imtwisted.sharing import Shares
from imtwisted.store.attachments import FILE, attached, file
from imtwisted.store.rows import PERSON, person

AT_ONCE = 5_000  # messages of anyone, that one statement looks at

_LAST = "SELECT last_seq FROM conversations WHERE id = %s"
_OWN = """
    SELECT seq, at, text, reply_to, edited_at, filed FROM messages
     WHERE conversation_id = %s AND seq > %s AND seq <= %s
       AND sender_id = %s AND kind <> 'system' AND recalled_at IS NULL
  ORDER BY seq
     LIMIT %s
"""
_REACTIONS = """
    SELECT seq, emoji, at FROM reactions
     WHERE conversation_id = %s AND seq > %s AND seq <= %s AND user_id = %s
  ORDER BY seq, emoji
"""
# The other one of a direct conversation is asked for; in a group nobody is.
_STAYS = f"""
    SELECT c.id, c.kind, c.title, m.state, m.role, m.joined_at, m.read_seq, m.received_seq,
           m.hidden_seq, m.muted, m.silenced_until, {PERSON}
      FROM members AS m
      JOIN conversations AS c ON c.id = m.conversation_id
 LEFT JOIN members AS o
        ON c.kind = 'direct' AND o.conversation_id = c.id AND o.user_id <> m.user_id
 LEFT JOIN users AS u ON u.id = o.user_id
     WHERE m.user_id = %s AND c.id > %s
  ORDER BY c.id
     LIMIT %s
"""
_FILES = f"""
    SELECT f.purpose, f.created_at, {FILE} FROM files AS f
     WHERE f.owner_id = %s AND f.id > %s
  ORDER BY f.id
     LIMIT %s
"""
_INVITES = """
    SELECT id, conversation_id, made_at, expires_at, uses, used, revoked_at FROM invites
     WHERE made_by = %s AND id > %s
  ORDER BY id
     LIMIT %s
"""
_HABITS = """
    SELECT u.share_receipts, u.share_presence, u.share_typing, s.last_seen
      FROM users AS u LEFT JOIN sightings AS s ON s.user_id = u.id
     WHERE u.id = %s
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

    async def habits(self, user: UserId) -> Habits:
        """What they let others see, and when they were last here."""
        return await self._database.read(_habits, user)

    async def stays(self, user: UserId, after: int, limit: int) -> list[Stay]:
        """Where they are and were, after that conversation."""
        return await self._database.read(_stays, user, after, limit)

    async def own_files(self, user: UserId, after: int, limit: int) -> list[OwnFile]:
        """What they uploaded, after that id."""
        return await self._database.read(_own_files, user, after, limit)

    async def own_invites(self, user: UserId, after: int, limit: int) -> list[OwnInvite]:
        """The links they made, after that id."""
        return await self._database.read(_own_invites, user, after, limit)

    async def own_reactions(
        self, user: UserId, conversation: ConversationId, after: int
    ) -> tuple[list[OwnReaction], int | None]:
        """Some of their reactions after seq `after`, and where to go on; None: the end."""
        return await self._database.read(_own_reactions, user, conversation, after)


def _habits(cursor: Cursor, user: UserId) -> Habits:
    row = cursor.one(_HABITS, (user,))
    assert row is not None
    return Habits(Shares(*map(bool, row[:3])), row[3])


def _stays(cursor: Cursor, user: UserId, after: int, limit: int) -> list[Stay]:
    found = []
    for row in cursor.all(_STAYS, (user, after, limit)):
        stay = Stay(*row[:11])
        peer = None if row[11] is None else person(row[11:])
        title = stay.title if peer is None else peer.display_name
        found.append(replace(stay, title=title, muted=bool(stay.muted), peer=peer))
    return found


def _own_files(cursor: Cursor, user: UserId, after: int, limit: int) -> list[OwnFile]:
    rows = cursor.all(_FILES, (user, after, limit))
    return [OwnFile(file(row[2:]), row[0], row[1]) for row in rows]


def _own_invites(cursor: Cursor, user: UserId, after: int, limit: int) -> list[OwnInvite]:
    return [OwnInvite(*row) for row in cursor.all(_INVITES, (user, after, limit))]


def _own_reactions(
    cursor: Cursor, user: UserId, conversation: ConversationId, after: int
) -> tuple[list[OwnReaction], int | None]:
    last = (cursor.one(_LAST, (conversation,)) or (0,))[0]
    until = min(after + AT_ONCE, last)
    rows = cursor.all(_REACTIONS, (conversation, after, until, user))
    return [OwnReaction(*row) for row in rows], until if until < last else None


def _own_messages(
    cursor: Cursor, user: UserId, conversation: ConversationId, after: int, limit: int
) -> tuple[list[OwnMessage], int | None]:
    last = (cursor.one(_LAST, (conversation,)) or (0,))[0]
    until = min(after + AT_ONCE, last)
    rows = cursor.all(_OWN, (conversation, after, until, user, limit))
    files = attached(cursor, [(conversation, row[0]) for row in rows if row[5]])
    found = [
        replace(OwnMessage(*row[:5]), files=files.get((conversation, row[0]), ())) for row in rows
    ]
    reached = found[-1].seq if len(found) == limit else until
    return found, reached if reached < last else None
