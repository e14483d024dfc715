"""
One-time links for lost passwords: `boundaries.ResetStore` in SQL.

Beside the way of a message: an operator makes one, its owner uses it once.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import SessionId, UserId
from imtwisted.store.versions import raise_versions

_FORGET = "DELETE FROM password_resets WHERE user_id = %s"
_KEEP = "INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES (%s, %s, %s)"
_FIND = "SELECT user_id FROM password_resets WHERE token_hash = %s AND expires_at > %s"
_REHASH = "UPDATE users SET password_hash = %s WHERE id = %s"
_SESSIONS = "SELECT id FROM sessions WHERE user_id = %s"
_SIGN_OUT = "DELETE FROM sessions WHERE user_id = %s"


class StoredResets:
    """`boundaries.ResetStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def allow(self, user: UserId, token_hash: bytes, expires_at: int) -> None:
        """Let a link set the password of `user`; an earlier one is void."""
        await self._database.write(_allow, user, token_hash, expires_at)

    async def is_allowed(self, token_hash: bytes, now: int) -> bool:
        """Whether the link would still work."""
        return await self._database.read(_user_of, token_hash, now) is not None

    async def use(
        self, token_hash: bytes, now: int, password_hash: str
    ) -> tuple[UserId, list[SessionId]] | None:
        """Set the password and end every session, these; None when the link is void."""
        return await self._database.write(_use, token_hash, now, password_hash)


def _allow(cursor: Cursor, user: UserId, token_hash: bytes, expires_at: int) -> None:
    cursor.execute(_FORGET, (user,))
    cursor.execute(_KEEP, (token_hash, user, expires_at))


def _user_of(cursor: Cursor, token_hash: bytes, now: int) -> UserId | None:
    row = cursor.one(_FIND, (token_hash, now))
    return UserId(row[0]) if row else None


def _use(
    cursor: Cursor, token_hash: bytes, now: int, password_hash: str
) -> tuple[UserId, list[SessionId]] | None:
    user = _user_of(cursor, token_hash, now)
    if user is None:
        return None
    raise_versions(cursor, [user])
    sessions = [SessionId(row[0]) for row in cursor.all(_SESSIONS, (user,))]
    cursor.execute(_REHASH, (password_hash, user))
    cursor.execute(_SIGN_OUT, (user,))
    cursor.execute(_FORGET, (user,))
    return user, sessions
