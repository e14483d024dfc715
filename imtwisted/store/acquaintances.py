"""
Finding people one shares a group with, by any part of their names.

Beside the way of a message: the database -> [acquaintances] -> search -> domain.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor
from imtwisted.model import Person, Relation, UserId
from imtwisted.rules.matching import holds
from imtwisted.store.contacts import relations_of
from imtwisted.store.rows import PERSON, person

# In larger groups people are strangers to each other.
_LARGEST = 2_000  # members
_MOST = 5_000  # people looked at
_KNOWN = f"""
    SELECT {PERSON} FROM users AS u
     WHERE u.id IN (SELECT o.user_id
                      FROM members AS m
                      JOIN conversations AS c ON c.id = m.conversation_id
                      JOIN members AS o ON o.conversation_id = c.id
                     WHERE m.user_id = %s AND m.state = 'active' AND o.state = 'active'
                       AND c.kind = 'group' AND c.member_count <= %s)
       AND u.id <> %s AND u.deleted_at IS NULL
  ORDER BY u.name_key
     LIMIT %s
"""


def acquaintances(
    cursor: Cursor, seeker: UserId, parts: tuple[str, ...], limit: int
) -> list[tuple[Person, Relation]]:
    """
    At most `limit` people whose names hold all `parts`, and what they are to `seeker`.

    Only members of `seeker`'s groups of up to 2,000 members, and of them the first 5,000.
    """
    rows = cursor.all(_KNOWN, (seeker, _LARGEST, seeker, _MOST))
    people = [person(row) for row in rows]
    found = [one for one in people if holds(f"{one.display_name} {one.username}", parts)][:limit]
    relations = relations_of(cursor, seeker, [one.id for one in found])
    return [(one, relations[one.id]) for one in found]
