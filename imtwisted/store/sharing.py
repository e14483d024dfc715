"""
What people let each other see: `boundaries.SharingStore` in SQL.

Beside the way of a message. Who signs in asks for one circle; thousands who do
so at once are answered a hundred at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import ConversationId, Membership, UserId
from imtwisted.rules import SHARED_UP_TO
from imtwisted.sharing import Audience, Circle, Shares
from imtwisted.store.estrangement import estranged
from imtwisted.store.rights import marks
from imtwisted.store.rows import in_groups
from imtwisted.store.together import Together
from imtwisted.store.versions import raise_versions

# The friends of one person that are told of presence; more are asked for over HTTP.
FRIENDS = 2_000

_SHARES = """
    SELECT id, share_receipts, share_presence, share_typing FROM users WHERE id IN ({marks})
"""
_CHANGE = "UPDATE users SET share_{name} = %s WHERE id = %s"
# The three questions about a circle, for one trip; the last three columns are of the first kind.
_CIRCLES = """
    SELECT 'shares', id, 0, share_receipts, share_presence, share_typing
      FROM users WHERE id IN ({marks})
 UNION ALL
    SELECT 'friend', low_id, high_id, 0, 0, 0
      FROM friendships WHERE low_id IN ({marks}) AND friends_at IS NOT NULL
 UNION ALL
    SELECT 'friend', high_id, low_id, 0, 0, 0
      FROM friendships WHERE high_id IN ({marks}) AND friends_at IS NOT NULL
 UNION ALL
    SELECT 'block', blocker_id, blocked_id, 0, 0, 0 FROM blocks WHERE blocker_id IN ({marks})
 UNION ALL
    SELECT 'block', blocked_id, blocker_id, 0, 0, 0 FROM blocks WHERE blocked_id IN ({marks})
"""
# Of many who come at once some are shown to their friends so much later: a storm asks less.
_REST = 0.05  # seconds
_NOTHING = Shares(receipts=False, presence=False, typing=False)
_AUDIENCES = """
    SELECT id, member_count, direct_key, announcement_only FROM conversations WHERE id IN ({marks})
"""
# All others are ordinary members, of whom nothing is to be known.
_SPECIAL = """
    SELECT m.conversation_id, m.user_id, m.role, m.silenced_until
      FROM members AS m
      JOIN conversations AS c ON c.id = m.conversation_id
     WHERE c.id IN ({marks}) AND c.kind = 'group' AND c.member_count <= %s
       AND m.state = 'active' AND (m.role <> 'member' OR m.silenced_until > 0)
"""
# Who was deleted is gone some seconds later, and was never seen.
_GONE = "SELECT id FROM users WHERE id IN ({marks}) AND deleted_at IS NOT NULL"
_SAW = "INSERT INTO sightings (user_id, last_seen) VALUES (%s, %s)"
_SIGHTINGS = """
    SELECT u.id, s.last_seen
      FROM friendships AS f
      JOIN users AS u ON u.id = f.high_id
 LEFT JOIN sightings AS s ON s.user_id = u.id
     WHERE f.low_id = %s AND f.friends_at IS NOT NULL AND u.share_presence = 1
 UNION ALL
    SELECT u.id, s.last_seen
      FROM friendships AS f
      JOIN users AS u ON u.id = f.low_id
 LEFT JOIN sightings AS s ON s.user_id = u.id
     WHERE f.high_id = %s AND f.friends_at IS NOT NULL AND u.share_presence = 1
"""
_POSITIONS = """
    SELECT m.user_id, m.read_seq, m.received_seq
      FROM members AS m
      JOIN users AS u ON u.id = m.user_id
      JOIN conversations AS c ON c.id = m.conversation_id
     WHERE m.conversation_id = %s AND m.state = 'active' AND u.share_receipts = 1
       AND c.member_count <= %s
"""


class StoredSharing:
    """`boundaries.SharingStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._circles = Together(database, _circles_of, at_once=100, rest=_REST)
        self._audiences = Together(database, _audiences_of, at_once=100)

    async def circle(self, user: UserId) -> Circle:
        """What `user` shares and who is around them."""
        return await self._circles.ask(user)

    async def audience(self, conversation: ConversationId) -> Audience:
        """Who hears and may be heard in a conversation; nobody in one that is not there."""
        return await self._audiences.ask(conversation)

    async def shares(self, user: UserId) -> Shares:
        """What `user` lets others see."""
        return await self._database.read(_shares_of, user)

    async def change(self, user: UserId, changes: Mapping[str, bool]) -> tuple[Shares, int]:
        """Set some of the settings, by their names; all of them, and the user's new version."""
        return await self._database.write(_change, user, changes)

    async def saw(self, sightings: Sequence[tuple[UserId, int]]) -> None:
        """Note when each was last connected, never earlier than was noted before."""
        await self._database.write(_saw, sightings)

    async def sightings(self, viewer: UserId) -> dict[UserId, int | None]:
        """When each friend was last seen, of those who share it; none if `viewer` does not."""
        return await self._database.read(_sightings, viewer)

    async def positions(
        self, viewer: UserId, conversation: ConversationId, most: int
    ) -> dict[UserId, tuple[int, int]]:
        """(read, received) of the members who share it; none if `viewer` does not."""
        return await self._database.read(_positions, viewer, conversation, most)


def _circles_of(cursor: Cursor, users: Sequence[UserId]) -> list[Circle]:
    shares: dict[UserId, Shares] = {}
    others: dict[tuple[str, UserId], list[UserId]] = {}
    for kind, user, other, *what in cursor.all(_CIRCLES.format(marks=marks(users)), [*users] * 5):
        if kind == "shares":
            shares[user] = Shares(*map(bool, what))
        else:
            others.setdefault((kind, user), []).append(other)
    return [
        Circle(
            shares.get(user, _NOTHING),
            frozenset(others.get(("friend", user), ())[:FRIENDS]),
            frozenset(others.get(("block", user), ())),
        )
        for user in users
    ]


def _shares(cursor: Cursor, users: Sequence[UserId]) -> dict[UserId, Shares]:
    rows = cursor.all(_SHARES.format(marks=marks(users)), users)
    return {row[0]: Shares(*map(bool, row[1:])) for row in rows}


def _shares_of(cursor: Cursor, user: UserId) -> Shares:
    return _shares(cursor, [user])[user]


def _audiences_of(cursor: Cursor, conversations: Sequence[ConversationId]) -> list[Audience]:
    special: dict[ConversationId, dict[UserId, Membership]] = {}
    args = [*conversations, SHARED_UP_TO]
    for id, *membership in cursor.all(_SPECIAL.format(marks=marks(conversations)), args):
        special.setdefault(id, {})[membership[0]] = Membership(*membership)
    rows = cursor.all(_AUDIENCES.format(marks=marks(conversations)), conversations)
    found = {
        id: Audience(members, _pair(key), bool(announcement_only), special.get(id, {}))
        for id, members, key, announcement_only in rows
    }
    return [found.get(conversation, Audience(0)) for conversation in conversations]


def _pair(direct_key: str | None) -> frozenset[UserId]:
    return (
        frozenset(UserId(int(part)) for part in direct_key.split(":"))
        if direct_key
        else frozenset()
    )


def _change(cursor: Cursor, user: UserId, changes: Mapping[str, bool]) -> tuple[Shares, int]:
    version = raise_versions(cursor, [user])[user]
    for name in ("receipts", "presence", "typing"):
        if name in changes:
            cursor.execute(_CHANGE.format(name=name), (int(changes[name]), user))
    return _shares_of(cursor, user), version


def _saw(cursor: Cursor, sightings: Sequence[tuple[UserId, int]]) -> None:
    # By key, so that two nodes lock the rows in one order.
    keys = cursor.dialect.or_raise("user_id", "last_seen")
    for some in in_groups(sorted(sightings)):
        ids = [user for user, _ in some]
        gone = {row[0] for row in cursor.all(_GONE.format(marks=marks(ids)), ids)}
        cursor.insert_rows(_SAW + keys, [each for each in some if each[0] not in gone])


def _sightings(cursor: Cursor, viewer: UserId) -> dict[UserId, int | None]:
    if not _shares_of(cursor, viewer).presence:
        return {}
    return dict(cursor.all(_SIGHTINGS, (viewer, viewer)))


def _positions(
    cursor: Cursor, viewer: UserId, conversation: ConversationId, most: int
) -> dict[UserId, tuple[int, int]]:
    if not _shares_of(cursor, viewer).receipts or estranged(cursor, [conversation]):
        return {}
    rows = cursor.all(_POSITIONS, (conversation, most))
    return {user: (read, received) for user, read, received in rows}
