"""
What people settle about themselves: `boundaries.ProfileStore` in SQL.

Beside the way of a message; whose lists show a person learn of another name.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import ConversationId, Person, UserId
from imtwisted.profile import Noticed, Profile
from imtwisted.refusals import NotFound
from imtwisted.store.rows import PERSON, person
from imtwisted.store.versions import raise_versions

_PROFILE = "SELECT language, created_at FROM users WHERE id = %s"
_PERSON = f"SELECT {PERSON} FROM users AS u WHERE u.id = %s AND u.deleted_at IS NULL"
_RENAME = "UPDATE users SET display_name = %s WHERE id = %s"
_LANGUAGE = "UPDATE users SET language = %s WHERE id = %s AND deleted_at IS NULL"
# Friends, who asked and was asked, who blocks the person, and the others of direct conversations.
_SHOWN_TO = """
    SELECT high_id FROM friendships WHERE low_id = %s
 UNION
    SELECT low_id FROM friendships WHERE high_id = %s
 UNION
    SELECT blocker_id FROM blocks WHERE blocked_id = %s
 UNION
    SELECT o.user_id
      FROM members AS m
      JOIN conversations AS c ON c.id = m.conversation_id
      JOIN members AS o ON o.conversation_id = c.id
     WHERE m.user_id = %s AND c.kind = 'direct' AND c.last_seq > 0 AND o.user_id <> m.user_id
"""
_GROUPS = """
    SELECT c.id, c.members_rev
      FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
     WHERE m.user_id = %s AND m.state = 'active' AND c.kind = 'group'
  ORDER BY c.id
"""


class StoredProfiles:
    """`boundaries.ProfileStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profile(self, user: UserId) -> Profile:
        """What they have settled; raises `NotFound`."""
        return await self._database.read(_profile, user)

    async def rename(self, user: UserId, display_name: str) -> tuple[Person, Noticed] | None:
        """Show them under another name; None when it is theirs already."""
        return await self._database.write(_rename, user, display_name)

    async def set_language(self, user: UserId, language: str) -> None:
        """Answer them in this language from now on; empty: in their browser's."""
        await self._database.write(_set_language, user, language)


def name_hash(name_key: str) -> bytes:
    """What is kept of the name of a deleted account."""
    return hashlib.sha256(name_key.encode()).digest()


def shown_to(cursor: Cursor, user: UserId) -> set[UserId]:
    """Whose lists show the person."""
    return {UserId(row[0]) for row in cursor.all(_SHOWN_TO, (user, user, user, user))}


def groups_of(cursor: Cursor, user: UserId) -> tuple[tuple[ConversationId, int], ...]:
    """The groups they are in, each with its `members_rev`."""
    return tuple((ConversationId(id), rev) for id, rev in cursor.all(_GROUPS, (user,)))


def _profile(cursor: Cursor, user: UserId) -> Profile:
    row = cursor.one(_PROFILE, (user,))
    if row is None:
        raise NotFound
    return Profile(*row)


def _rename(cursor: Cursor, user: UserId, display_name: str) -> tuple[Person, Noticed] | None:
    row = cursor.one(_PERSON, (user,))
    if row is None:
        raise NotFound
    before = person(row)
    if before.display_name == display_name:
        return None
    versions = raise_versions(cursor, {user} | shown_to(cursor, user))
    cursor.execute(_RENAME, (display_name, user))
    renamed = replace(before, display_name=display_name)
    return renamed, Noticed(versions, groups_of(cursor, user))


def _set_language(cursor: Cursor, user: UserId, language: str) -> None:
    cursor.execute(_LANGUAGE, (language, user))
