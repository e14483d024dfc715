"""
Accounts and their signed-in devices: `boundaries.PeopleStore` in SQL.

Beside the way of a message: the door asks here who is knocking.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from imtwisted.boundaries import Cursor, Database, Row
from imtwisted.invites import InviteId
from imtwisted.model import (
    Account,
    ConversationId,
    Device,
    Person,
    Relation,
    SessionId,
    UserId,
)
from imtwisted.refusals import Conflict
from imtwisted.store.contacts import relations_of
from imtwisted.store.faults import Duplicate
from imtwisted.store.invites import admit
from imtwisted.store.profiles import name_hash
from imtwisted.store.rights import marks
from imtwisted.store.rows import PERSON, in_groups, person
from imtwisted.store.together import Together
from imtwisted.store.versions import raise_versions, version_of

_GROW = """
    UPDATE conversations
       SET members_rev = members_rev + 1, member_count = member_count + 1
     WHERE id = %s
"""
_REGISTER = """
    INSERT INTO users (username, name_key, display_name, password_hash, created_at)
    VALUES (%s, %s, %s, %s, %s)
"""
_ENTER = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at, read_seq, received_seq)
    SELECT id, %s, 'member', 'active', %s, last_seq, last_seq FROM conversations WHERE id = %s
"""
_RESERVED = "SELECT 1 FROM reserved_names WHERE name_hash = %s"
_ACCOUNT = f"""
    SELECT {PERSON}, u.password_hash FROM users AS u
     WHERE u.name_key = %s AND u.deleted_at IS NULL
"""
_REHASH = "UPDATE users SET password_hash = %s WHERE id = %s"
_OTHERS = "SELECT id FROM sessions WHERE user_id = %s AND id <> %s"
_VOID_RESETS = "DELETE FROM password_resets WHERE user_id = %s"
_END_OTHERS = "DELETE FROM sessions WHERE user_id = %s AND id <> %s"
_PEOPLE = f"""
    SELECT {PERSON} FROM users AS u WHERE u.name_key IN ({{marks}}) AND u.deleted_at IS NULL
"""
# A range, not LIKE: both dialects find it in the index, and no character is special.
_LOOK_UP = f"""
    SELECT {PERSON} FROM users AS u
     WHERE u.name_key >= %s AND u.name_key <= %s AND u.deleted_at IS NULL
  ORDER BY u.name_key
     LIMIT %s
"""
_LAST_CHARACTER = "\U0010ffff"

_OPEN = """
    INSERT INTO sessions (user_id, token_hash, created_at, last_used_at, address, agent)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
_SESSIONS = f"""
    SELECT s.token_hash, s.created_at, s.last_used_at, s.id, {PERSON}
      FROM sessions AS s JOIN users AS u ON u.id = s.user_id
     WHERE s.token_hash IN ({{marks}})
"""
_TOUCH = "UPDATE sessions SET last_used_at = %s WHERE id = %s AND last_used_at < %s"
_DEVICES = """
    SELECT id, created_at, last_used_at, address, agent FROM sessions
     WHERE user_id = %s AND last_used_at > %s AND created_at > %s
  ORDER BY last_used_at DESC, id DESC
"""
_HAS = "SELECT 1 FROM sessions WHERE id = %s AND user_id = %s"
_ENDED = """
    SELECT id FROM sessions WHERE last_used_at <= %s OR created_at <= %s ORDER BY id LIMIT 1000
"""
_FORGET = "DELETE FROM sessions WHERE id IN ({marks})"
_END = "DELETE FROM sessions WHERE id = %s AND user_id = %s"


class _Token(NamedTuple):
    """What a device shows, and how old its session may be, in ms since the epoch."""

    hash: bytes
    used_after: int
    opened_after: int


class StoredPeople:
    """`boundaries.PeopleStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tokens = Together(database, _sessions, at_once=100)

    async def register(
        self,
        username: str,
        name_key: str,
        display_name: str,
        password_hash: str,
        at: int,
        lobby: ConversationId | None,
        invite: InviteId | None = None,
    ) -> tuple[Person, int]:
        """Make an account, a member of the lobby at once; the person and its version."""
        account = (username, name_key, display_name, password_hash, at)
        user = await self._database.write(_register, account, at, lobby, invite)
        return Person(user, username, display_name), 0

    async def account(self, name_key: str) -> Account | None:
        """What the door needs to know of a name."""
        return await self._database.read(_account, name_key)

    async def change_password(
        self, user: UserId, password_hash: str, keep: SessionId
    ) -> tuple[int, list[SessionId]]:
        """Set it and end every session but `keep`; the user's new version, and those ended."""
        return await self._database.write(_change_password, user, password_hash, keep)

    async def replace_password_hash(self, user: UserId, password_hash: str) -> None:
        """From now on this hash opens the door."""
        await self._database.write(_replace_password_hash, user, password_hash)

    async def person(self, name_key: str) -> Person | None:
        """Whose name it is."""
        found = await self.people([name_key])
        return found[0] if found else None

    async def people(self, name_keys: Sequence[str]) -> list[Person]:
        """Those of `name_keys` that exist, in no particular order."""
        return await self._database.read(_people, name_keys)

    async def look_up(
        self, seeker: UserId, prefix: str, limit: int
    ) -> list[tuple[Person, Relation]]:
        """People whose name key begins with `prefix`, and what they are to `seeker`."""
        return await self._database.read(_look_up, seeker, prefix, limit)

    async def open_session(
        self, user: UserId, token_hash: bytes, at: int, address: str, agent: str
    ) -> SessionId:
        """Sign a device in."""
        return await self._database.write(_open_session, user, token_hash, at, address, agent)

    async def session(
        self, token_hash: bytes, used_after: int, opened_after: int
    ) -> tuple[SessionId, Person, int] | None:
        """The live session of a token and its last use; None if ended or too old."""
        return await self._tokens.ask(_Token(token_hash, used_after, opened_after))

    async def touch_session(self, session: SessionId, at: int) -> None:
        """The device was used."""
        await self._database.write(_touch_session, session, at)

    async def devices(
        self, user: UserId, used_after: int, opened_after: int
    ) -> tuple[list[Device], int]:
        """The signed-in devices, and the `version` of the user they are current to."""
        return await self._database.read(_devices, user, used_after, opened_after)

    async def end_session(self, user: UserId, session: SessionId) -> int | None:
        """Sign a device out; the user's new version, None if it was not there."""
        return await self._database.write(_end_session, user, session)

    async def forget_sessions(self, used_before: int, opened_before: int) -> None:
        """Delete what has ended by age, a thousand at a time."""
        while await self._database.write(_forget_sessions, used_before, opened_before):
            pass

    async def version(self, user: UserId) -> int:
        """The version of the user's lists."""
        return await self._database.read(version_of, user)


def _register(
    cursor: Cursor,
    account: Sequence[object],
    at: int,
    lobby: ConversationId | None,
    invite: InviteId | None,
) -> UserId:
    # The lobby first: conversations are locked before people.
    if lobby is not None:
        cursor.execute(_GROW, (lobby,))
    try:
        cursor.execute(_REGISTER, account)
    except Duplicate:
        raise _taken() from None  # the cause would repeat the name into logs
    user = UserId(cursor.lastrowid)
    # Afterwards: who is being deleted held the name until we could have it.
    if cursor.one(_RESERVED, (name_hash(str(account[1])),)) is not None:
        raise _taken()
    if lobby is not None:
        cursor.execute(_ENTER, (user, at, lobby))
    if invite is not None:
        admit(cursor, invite, user, at)
    return user


def _taken() -> Conflict:
    return Conflict(reason="name_taken", field="username")


def _account(cursor: Cursor, name_key: str) -> Account | None:
    row = cursor.one(_ACCOUNT, (name_key,))
    return Account(person(row[:-1]), row[-1]) if row else None


def _replace_password_hash(cursor: Cursor, user: UserId, password_hash: str) -> None:
    cursor.execute(_REHASH, (password_hash, user))


def _people(cursor: Cursor, name_keys: Sequence[str]) -> list[Person]:
    found: list[Person] = []
    for some in in_groups(name_keys):
        found += map(person, cursor.all(_PEOPLE.format(marks=marks(some)), some))
    return found


def _look_up(
    cursor: Cursor, seeker: UserId, prefix: str, limit: int
) -> list[tuple[Person, Relation]]:
    rows = cursor.all(_LOOK_UP, (prefix, prefix + _LAST_CHARACTER, limit))
    found = [person(row) for row in rows]
    relations = relations_of(cursor, seeker, [one.id for one in found])
    return [(one, relations[one.id]) for one in found]


def _change_password(
    cursor: Cursor, user: UserId, password_hash: str, keep: SessionId
) -> tuple[int, list[SessionId]]:
    version = raise_versions(cursor, [user])[user]
    others = [SessionId(row[0]) for row in cursor.all(_OTHERS, (user, keep))]
    cursor.execute(_REHASH, (password_hash, user))
    cursor.execute(_END_OTHERS, (user, keep))
    cursor.execute(_VOID_RESETS, (user,))
    return version, others


def _open_session(
    cursor: Cursor, user: UserId, token_hash: bytes, at: int, address: str, agent: str
) -> SessionId:
    raise_versions(cursor, [user])
    cursor.execute(_OPEN, (user, token_hash, at, at, address, agent))
    return SessionId(cursor.lastrowid)


def _sessions(
    cursor: Cursor, tokens: Sequence[_Token]
) -> list[tuple[SessionId, Person, int] | None]:
    hashes = [token.hash for token in tokens]
    rows = {row[0]: row for row in cursor.all(_SESSIONS.format(marks=marks(hashes)), hashes)}
    return [_session(token, rows.get(token.hash)) for token in tokens]


def _session(token: _Token, row: Row | None) -> tuple[SessionId, Person, int] | None:
    if row is None:
        return None
    _, created_at, used_at, session, *who = row
    if created_at <= token.opened_after or used_at <= token.used_after:
        return None
    return session, person(tuple(who)), used_at


def _touch_session(cursor: Cursor, session: SessionId, at: int) -> None:
    cursor.execute(_TOUCH, (at, session, at))


def _devices(
    cursor: Cursor, user: UserId, used_after: int, opened_after: int
) -> tuple[list[Device], int]:
    rows = cursor.all(_DEVICES, (user, used_after, opened_after))
    return [Device(*row) for row in rows], version_of(cursor, user)


def _end_session(cursor: Cursor, user: UserId, session: SessionId) -> int | None:
    if cursor.one(_HAS, (session, user)) is None:
        return None
    version = raise_versions(cursor, [user])[user]
    cursor.execute(_END, (session, user))
    return version


def _forget_sessions(cursor: Cursor, used_before: int, opened_before: int) -> bool:
    """Whether there may be more."""
    ended = [row[0] for row in cursor.all(_ENDED, (used_before, opened_before))]
    for some in in_groups(ended):
        cursor.execute(_FORGET.format(marks=marks(some)), some)
    return len(ended) == 1000
