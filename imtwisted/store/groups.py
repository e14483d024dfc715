"""
Looking around in groups: which are open to join, and who is in one.

Beside the way of a message; the queries of two lists that are paged.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor
from imtwisted.model import Conversation, ConversationId, Person, Role, UserId
from imtwisted.rules import name_key
from imtwisted.store.rows import CONVERSATION, PERSON, conversation, person

_PUBLIC = f"""
    SELECT {CONVERSATION} FROM conversations AS c
     WHERE c.public = 1 AND c.id < %s
       AND NOT EXISTS (SELECT 1 FROM members AS m
                        WHERE m.conversation_id = c.id AND m.user_id = %s AND m.state IN ('active', 'banned'))
  ORDER BY c.id DESC
     LIMIT %s
"""
_MEMBERS = f"""
    SELECT {PERSON}, m.role, m.joined_at
      FROM members AS m JOIN users AS u ON u.id = m.user_id
     WHERE m.conversation_id = %s AND m.state = 'active' AND m.user_id > %s
  ORDER BY m.user_id
     LIMIT %s
"""
_BANNED = f"""
    SELECT {PERSON} FROM members AS m JOIN users AS u ON u.id = m.user_id
     WHERE m.conversation_id = %s AND m.state = 'banned'
  ORDER BY u.name_key
     LIMIT 1000
"""
_AT_ONCE = 500
_NEWEST = ConversationId(2**63 - 1)


def public_groups(
    cursor: Cursor, user: UserId, query: str, limit: int, before: ConversationId | None
) -> tuple[list[Conversation], bool]:
    """
    Public groups that `user` is not in, whose title holds `query`, newest first.

    Titles are compared here: the two databases disagree about capital letters.
    """
    wanted = name_key(query)
    found: list[Conversation] = []
    before = before or _NEWEST
    while len(found) <= limit:
        groups = [conversation(row) for row in cursor.all(_PUBLIC, (before, user, _AT_ONCE))]
        found += [group for group in groups if wanted in name_key(group.title)]
        if len(groups) < _AT_ONCE:
            break
        before = groups[-1].id
    return found[:limit], len(found) > limit


def member_list(
    cursor: Cursor, conversation: ConversationId, limit: int, after: UserId | None
) -> tuple[list[tuple[Person, Role, int]], bool]:
    """Members with role and when they joined, by user id, after `after`."""
    rows = cursor.all(_MEMBERS, (conversation, after or 0, limit + 1))
    listed = [(person(row[:3]), row[3], row[4]) for row in rows[:limit]]
    return listed, len(rows) > limit


def banned(cursor: Cursor, conversation: ConversationId) -> list[Person]:
    """Who is kept out, by name; the first thousand."""
    return [person(row) for row in cursor.all(_BANNED, (conversation,))]
