"""
Accounts on their way out: `boundaries.DeletionStore` in SQL.

Beside the way of a message. What tells whose account it was goes in one
transaction; the rest may need several, and is taken up again by its order.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import SessionId, UserId
from imtwisted.profile import Ended, Noticed, ghost
from imtwisted.store.profiles import groups_of, name_hash, shown_to
from imtwisted.store.rights import marks
from imtwisted.store.versions import raise_versions

_ORDER = "INSERT INTO deletions (user_id, ordered_at) VALUES (%s, %s)"
_ORDERED = "SELECT user_id FROM deletions ORDER BY ordered_at, user_id LIMIT 100"
_FINISH = "DELETE FROM deletions WHERE user_id = %s"

_NAME = "SELECT name_key FROM users WHERE id = %s AND deleted_at IS NULL"
_RESERVE = "INSERT INTO reserved_names (name_hash) VALUES (%s)"
_EMPTY = """
    UPDATE users
       SET username = %s, name_key = %s, display_name = %s, password_hash = '', language = '',
           picture_id = NULL,
           deleted_at = %s
     WHERE id = %s
"""
_SESSIONS = "SELECT id FROM sessions WHERE user_id = %s"
_SIGN_OUT = "DELETE FROM sessions WHERE user_id = %s"
_VOID_RESETS = "DELETE FROM password_resets WHERE user_id = %s"

_DIRECTS = """
    SELECT c.id FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
     WHERE m.user_id = %s AND c.kind = 'direct'
  ORDER BY c.id
"""
_LOCK = "SELECT id FROM conversations WHERE id IN ({marks}) ORDER BY id"
_CHANGED = "UPDATE conversations SET members_rev = members_rev + 1 WHERE id IN ({marks})"
_PART = "DELETE FROM friendships WHERE low_id = %s OR high_id = %s"
_UNBLOCK = "DELETE FROM blocks WHERE blocker_id = %s OR blocked_id = %s"
_UNSEE = "DELETE FROM sightings WHERE user_id = %s"
# No door stays open behind them, and none that they were to come in by.
_CLOSE = """
    UPDATE invites SET revoked_at = (SELECT deleted_at FROM users WHERE id = %s)
     WHERE made_by = %s AND revoked_at IS NULL
"""
_UNADMIT = "DELETE FROM invite_admissions WHERE user_id = %s"
_PARDON = "DELETE FROM members WHERE user_id = %s AND state = 'banned'"


class StoredDeletions:
    """`boundaries.DeletionStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def order(self, user: UserId, at: int) -> None:
        """From now on the account is to be deleted, whatever happens to this process."""
        await self._database.write(_order, user, at)

    async def ordered(self) -> list[UserId]:
        """Whose deletion has been ordered and is not finished, the oldest first."""
        return await self._database.read(_ordered)

    async def end(self, user: UserId, at: int) -> Ended:
        """Take the account's name, password and devices away; its order is kept."""
        return await self._database.write(_end, user, at)

    async def part(self, user: UserId) -> Noticed:
        """End what was between the account and others; after `end`."""
        return await self._database.write(_part, user)

    async def finish(self, user: UserId) -> None:
        """Nothing of the account is left to delete."""
        await self._database.write(_finish, user)


def _order(cursor: Cursor, user: UserId, at: int) -> None:
    cursor.execute(_ORDER + cursor.dialect.or_keep("user_id"), (user, at))


def _ordered(cursor: Cursor) -> list[UserId]:
    return [UserId(row[0]) for row in cursor.all(_ORDERED)]


def _end(cursor: Cursor, user: UserId, at: int) -> Ended:
    raise_versions(cursor, [user])
    _order(cursor, user, at)
    left = ghost(user)
    name = cursor.one(_NAME, (user,))
    if name is not None:
        cursor.execute(_RESERVE + cursor.dialect.or_keep("name_hash"), (name_hash(name[0]),))
        cursor.execute(_EMPTY, (left.username, left.username, left.display_name, at, user))
    sessions = tuple(SessionId(row[0]) for row in cursor.all(_SESSIONS, (user,)))
    cursor.execute(_SIGN_OUT, (user,))
    cursor.execute(_VOID_RESETS, (user,))
    return Ended(left, sessions, groups_of(cursor, user))


def _part(cursor: Cursor, user: UserId) -> Noticed:
    # Read after the account was ended: a conversation that is made later is
    # judged by what is so by then.
    directs = [row[0] for row in cursor.all(_DIRECTS, (user,))]
    if directs:
        ids = marks(directs)
        cursor.all(_LOCK.format(marks=ids) + cursor.dialect.for_update, directs)
        cursor.execute(_CHANGED.format(marks=ids), directs)
    versions = raise_versions(cursor, shown_to(cursor, user))
    cursor.execute(_PART, (user, user))
    cursor.execute(_UNBLOCK, (user, user))
    cursor.execute(_PARDON, (user,))
    cursor.execute(_UNSEE, (user,))
    cursor.execute(_CLOSE, (user, user))
    cursor.execute(_UNADMIT, (user,))
    return Noticed(versions)


def _finish(cursor: Cursor, user: UserId) -> None:
    # Again: what was being written when the account ended came after `_part`.
    cursor.execute(_UNSEE, (user,))
    cursor.execute(_CLOSE, (user, user))
    cursor.execute(_FINISH, (user,))
