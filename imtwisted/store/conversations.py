"""
Conversations and who is in them: `boundaries.ConversationStore` in SQL.

Beside the way of a message: the domain finds here where a message may go; what
changes a group's members or title goes through the journal.
"""

from __future__ import annotations

from collections.abc import Sequence

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import Conversation, ConversationId, Head, Heads, Member, Person, UserId
from imtwisted.refusals import NotAMember
from imtwisted.store import heads
from imtwisted.store.faults import Again, Duplicate
from imtwisted.store.groups import banned, member, member_list, public_groups
from imtwisted.store.pairs import direct_key
from imtwisted.store.rights import marks
from imtwisted.store.rows import CONVERSATION, conversation
from imtwisted.store.together import Together
from imtwisted.store.versions import raise_versions

_CONVERSATION = f"SELECT {CONVERSATION} FROM conversations AS c WHERE c.id = %s"
_DIRECT = f"SELECT {CONVERSATION} FROM conversations AS c WHERE c.direct_key = %s"
_IDS_OF = """
    SELECT user_id, conversation_id FROM members
     WHERE user_id IN ({marks}) AND state = 'active'
  ORDER BY user_id, conversation_id
"""
_MEMBERS = """
    SELECT user_id FROM members WHERE conversation_id = %s AND state = 'active' ORDER BY user_id
"""

_LOBBY = "SELECT value FROM meta WHERE name = 'lobby'"
_NAME_LOBBY = "INSERT INTO meta (name, value) VALUES ('lobby', %s)"
_OPEN_LOBBY = """
    INSERT INTO conversations (kind, title, public, created_at, last_at, members_rev)
    VALUES ('group', %s, 1, %s, %s, 1)
"""
# Nobody leads it: what it is called is the operator's.
_RENAME_LOBBY = "UPDATE conversations SET title = %s WHERE id = %s AND title <> %s"
_FILL_LOBBY = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at)
    SELECT %s, id, 'member', 'active', %s FROM users
"""
_COUNT_LOBBY = "UPDATE conversations SET member_count = %s WHERE id = %s"

_OPEN_DIRECT = """
    INSERT INTO conversations (kind, direct_key, title, created_at, last_at, member_count)
    VALUES ('direct', %s, '', %s, %s, 2)
"""
_ENTER = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at)
    VALUES (%s, %s, 'member', 'active', %s)
"""

_MUTE = """
    UPDATE members SET muted = %s WHERE conversation_id = %s AND user_id = %s AND state = 'active'
"""
_LAST = "SELECT last_seq, last_rev FROM conversations WHERE id = %s"
_HIDE = """
    UPDATE members SET hidden_seq = {greatest}(hidden_seq, {least}(%s, %s))
     WHERE conversation_id = %s AND user_id = %s AND state = 'active'
"""


class StoredConversations:
    """`boundaries.ConversationStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._memberships = Together(database, _ids_of, at_once=100)

    async def lobby(self, title: str, at: int) -> ConversationId:
        """The group everyone joins, called so; made, and filled with everyone, at the first call."""
        return await self._database.write(_open_lobby, title, at)

    async def direct(self, user: UserId, other: UserId, at: int) -> Conversation:
        """The direct conversation of two people, made when it is missing."""
        known = await self.find_direct(user, other)
        if known is not None:
            return known
        return await self._database.write(_open_direct, user, other, at)

    async def find_direct(self, user: UserId, other: UserId) -> Conversation | None:
        """The direct conversation of two people, if there is one."""
        return await self._database.read(_find_direct, user, other)

    async def conversation(self, conversation: ConversationId) -> Conversation | None:
        """The conversation as it is now, whoever asks."""
        return await self._database.read(_conversation, conversation)

    async def ids_of(self, user: UserId) -> list[ConversationId]:
        """Every conversation that `user` is a member of."""
        return await self._memberships.ask(user)

    async def members(self, conversation: ConversationId) -> list[UserId]:
        """Everyone who is a member now."""
        return await self._database.read(_members, conversation)

    async def heads(self, user: UserId, limit: int, before: ConversationId | None = None) -> Heads:
        """Newest activity first; direct conversations without messages are left out."""
        return await self._database.read(heads.heads, user, limit, before)

    async def head(self, user: UserId, conversation: ConversationId) -> tuple[Head | None, int]:
        """One head and the user's version; None when not a member."""
        return await self._database.read(heads.head, user, conversation)

    async def public_groups(
        self, user: UserId, query: str, limit: int, before: ConversationId | None
    ) -> tuple[list[Conversation], bool]:
        """Public groups that `user` is not in, whose title holds `query`, newest first."""
        return await self._database.read(public_groups, user, query, limit, before)

    async def member_list(
        self,
        conversation: ConversationId,
        limit: int,
        after: UserId | None = None,
        query: str = "",
    ) -> tuple[list[Member], bool]:
        """Who leads, then by name, after `after`, of those whose names hold `query`."""
        return await self._database.read(member_list, conversation, limit, after, query)

    async def member(self, conversation: ConversationId, user: UserId) -> Member | None:
        """One of that list."""
        return await self._database.read(member, conversation, user)

    async def banned(self, conversation: ConversationId) -> list[Person]:
        """Who is kept out of it, by name."""
        return await self._database.read(banned, conversation)

    async def find_lobby(self) -> ConversationId | None:
        """The group everyone joins, if it was made already."""
        return await self._database.read(_lobby)

    async def set_muted(self, user: UserId, conversation: ConversationId, muted: bool) -> int:
        """The user's new version; raises `NotAMember`."""
        return await self._database.write(_set_muted, user, conversation, muted)

    async def hide(self, user: UserId, conversation: ConversationId, seq: int) -> tuple[int, int]:
        """Clear up to `seq` for oneself; (version, last_rev); raises `NotAMember`."""
        return await self._database.write(_hide, user, conversation, seq)


def _lobby(cursor: Cursor) -> ConversationId | None:
    row = cursor.one(_LOBBY)
    return ConversationId(int(row[0])) if row else None


def _open_lobby(cursor: Cursor, title: str, at: int) -> ConversationId:
    known = _lobby(cursor)
    if known is not None:
        cursor.execute(_RENAME_LOBBY, (title, known, title))
        return known
    cursor.execute(_OPEN_LOBBY, (title, at, at))
    lobby = ConversationId(cursor.lastrowid)
    try:
        cursor.execute(_NAME_LOBBY, (str(lobby),))
    except Duplicate as lost:
        # Another node was quicker: undo ours, and find theirs.
        raise Again from lost
    cursor.execute(_FILL_LOBBY, (lobby, at))
    cursor.execute(_COUNT_LOBBY, (cursor.rowcount, lobby))
    return lobby


def _find_direct(cursor: Cursor, user: UserId, other: UserId) -> Conversation | None:
    row = cursor.one(_DIRECT, (direct_key(user, other),))
    return conversation(row) if row else None


def _open_direct(cursor: Cursor, user: UserId, other: UserId, at: int) -> Conversation:
    """The loser of a race reads what the winner made."""
    try:
        cursor.execute(_OPEN_DIRECT, (direct_key(user, other), at, at))
    except Duplicate as lost:
        if (found := _find_direct(cursor, user, other)) is None:
            raise Again from lost
        return found
    id = ConversationId(cursor.lastrowid)
    cursor.insert_rows(_ENTER, [(id, one, at) for one in sorted((user, other))])
    found = _conversation(cursor, id)
    assert found is not None
    return found


def _conversation(cursor: Cursor, id: ConversationId) -> Conversation | None:
    row = cursor.one(_CONVERSATION, (id,))
    return conversation(row) if row else None


def _ids_of(cursor: Cursor, users: Sequence[UserId]) -> list[list[ConversationId]]:
    found: dict[UserId, list[ConversationId]] = {user: [] for user in users}
    for user, id in cursor.all(_IDS_OF.format(marks=marks(users)), users):
        found[user].append(id)
    return [found[user] for user in users]


def _members(cursor: Cursor, conversation: ConversationId) -> list[UserId]:
    return [row[0] for row in cursor.all(_MEMBERS, (conversation,))]


def _set_muted(cursor: Cursor, user: UserId, conversation: ConversationId, muted: bool) -> int:
    versions = raise_versions(cursor, [user])
    cursor.execute(_MUTE, (int(muted), conversation, user))
    if not cursor.rowcount:
        raise NotAMember
    return versions[user]


def _hide(cursor: Cursor, user: UserId, conversation: ConversationId, seq: int) -> tuple[int, int]:
    versions = raise_versions(cursor, [user])
    last_seq, last_rev = cursor.one(_LAST, (conversation,)) or (0, 0)
    hide = _HIDE.format(greatest=cursor.dialect.greatest, least=cursor.dialect.least)
    cursor.execute(hide, (seq, last_seq, conversation, user))
    if not cursor.rowcount:
        raise NotAMember
    return versions[user], last_rev
