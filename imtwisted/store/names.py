"""
Finding conversations by what they are called, among one's own.

Beside the way of a message: the database -> [names] -> domain.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor
from imtwisted.findings import Called
from imtwisted.model import UserId
from imtwisted.rules.matching import holds
from imtwisted.store.rows import PERSON, person

_MINE = """
    SELECT c.id, c.title, c.member_count, c.picture_id
      FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
     WHERE m.user_id = %s AND m.state = 'active' AND c.kind = 'group'
  ORDER BY c.last_at DESC, c.id DESC
"""
_DIRECT = f"""
    SELECT c.id, {PERSON}
      FROM members AS m
      JOIN conversations AS c ON c.id = m.conversation_id
      JOIN members AS o ON o.conversation_id = c.id AND o.user_id <> m.user_id
      JOIN users AS u ON u.id = o.user_id
     WHERE m.user_id = %s AND m.state = 'active' AND c.kind = 'direct' AND c.last_seq > 0
  ORDER BY c.last_at DESC, c.id DESC
"""


def called(cursor: Cursor, user: UserId, parts: tuple[str, ...], limit: int) -> list[Called]:
    """
    One's own conversations whose names hold all `parts`, the latest first of each kind.

    Names are compared here: the two databases disagree about capital letters.
    """
    groups = [
        Called(id, title, True, members, picture=picture)
        for id, title, members, picture in cursor.all(_MINE, (user,))
        if holds(title, parts)
    ]
    peers = [(row[0], person(row[1:])) for row in cursor.all(_DIRECT, (user,))]
    directs = [
        Called(id, peer.display_name, True, 2, peer)
        for id, peer in peers
        if holds(f"{peer.display_name} {peer.username}", parts)
    ]
    return directs[:limit] + groups[:limit]
