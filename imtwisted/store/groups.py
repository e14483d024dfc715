"""
Looking around in groups: which are open to join, and who is in one.

Beside the way of a message; the queries of two lists that are paged.
"""

from __future__ import annotations

from collections.abc import Sequence

from imtwisted.boundaries import Cursor, Row
from imtwisted.model import Conversation, ConversationId, Member, Person, UserId
from imtwisted.rules import name_key
from imtwisted.rules.matching import fold, holds
from imtwisted.store.rights import marks
from imtwisted.store.rows import CONVERSATION, PERSON, conversation, person

_PUBLIC = f"""
    SELECT {CONVERSATION} FROM conversations AS c
     WHERE c.public = 1 AND c.id < %s
       AND NOT EXISTS (SELECT 1 FROM members AS m
                        WHERE m.conversation_id = c.id AND m.user_id = %s AND m.state IN ('active', 'banned'))
  ORDER BY c.id DESC
     LIMIT %s
"""
_RANK = "CASE m.role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END"
_MEMBERS = f"""
    SELECT {PERSON}, m.role, m.joined_at, m.silenced_until
      FROM members AS m JOIN users AS u ON u.id = m.user_id
     WHERE m.conversation_id = %s AND m.state = 'active'
"""
_NAMES = """
    SELECT m.user_id, u.name_key, u.display_name
      FROM members AS m JOIN users AS u ON u.id = m.user_id
     WHERE m.conversation_id = %s AND m.state = 'active'
"""
_SOME = _MEMBERS + " AND m.user_id IN ({marks})"
_MEMBER = _MEMBERS + " AND m.user_id = %s"
_ORDER = f" ORDER BY {_RANK}, u.name_key"
_AFTER = f" AND ({_RANK} > %s OR ({_RANK} = %s AND u.name_key > %s))"
_PLACE = f"""
    SELECT {_RANK}, u.name_key FROM members AS m JOIN users AS u ON u.id = m.user_id
     WHERE m.conversation_id = %s AND m.user_id = %s
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
    Public groups that `user` is not in, whose title holds each part of `query`, newest first.

    Titles are compared here: the two databases disagree about capital letters.
    """
    wanted = fold(query).split()
    found: list[Conversation] = []
    before = before or _NEWEST
    while len(found) <= limit:
        groups = [conversation(row) for row in cursor.all(_PUBLIC, (before, user, _AT_ONCE))]
        found += [group for group in groups if holds(group.title, wanted)]
        if len(groups) < _AT_ONCE:
            break
        before = groups[-1].id
    return found[:limit], len(found) > limit


def member_list(
    cursor: Cursor,
    conversation: ConversationId,
    limit: int,
    after: UserId | None = None,
    query: str = "",
) -> tuple[list[Member], bool]:
    """
    Who leads and then everyone by name, after `after`; and whether there are more.

    With a `query` only those whose name or display name holds it, user names
    that begin with it first: they are compared here, as titles are.
    """
    if query:
        found = _holding(cursor, conversation, name_key(query))
        start = found.index(after) + 1 if after in found else 0
        page = found[start : start + limit]
        return _members(cursor, conversation, page), len(found) > start + limit
    place = cursor.one(_PLACE, (conversation, after)) if after else None
    if place is None:
        rows = cursor.all(_MEMBERS + _ORDER + " LIMIT %s", (conversation, limit + 1))
    else:
        args = (conversation, place[0], place[0], place[1], limit + 1)
        rows = cursor.all(_MEMBERS + _AFTER + _ORDER + " LIMIT %s", args)
    return [_member(row) for row in rows[:limit]], len(rows) > limit


def _holding(cursor: Cursor, conversation: ConversationId, words: str) -> list[UserId]:
    """Every member whose names hold `words`, the best first."""
    first, others = [], []
    for user, key, display_name in cursor.all(_NAMES + _ORDER, (conversation,)):
        if key.startswith(words):
            first.append(user)
        elif words in key or words in name_key(display_name):
            others.append(user)
    return first + others


def _members(cursor: Cursor, conversation: ConversationId, users: Sequence[UserId]) -> list[Member]:
    """These of the list, in their order."""
    if not users:
        return []
    rows = cursor.all(_SOME.format(marks=marks(users)), (conversation, *users))
    found = {row[0]: _member(row) for row in rows}
    return [found[user] for user in users]


def member(cursor: Cursor, conversation: ConversationId, user: UserId) -> Member | None:
    """One of the list."""
    row = cursor.one(_MEMBER, (conversation, user))
    return _member(row) if row else None


def _member(row: Row) -> Member:
    return Member(person(row[:-3]), *row[-3:])


def banned(cursor: Cursor, conversation: ConversationId) -> list[Person]:
    """Who is kept out, by name; the first thousand."""
    return [person(row) for row in cursor.all(_BANNED, (conversation,))]
