"""
Friendships, requests and blocks: `boundaries.ContactStore` in SQL.

Beside the way of a message: who may write to whom directly is decided by these
rows, so every change of them raises the `members_rev` of the two's conversation.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import Bond, Contact, ContactChange, Relation, UserId
from imtwisted.refusals import Blocked, Conflict, NotFound
from imtwisted.store.pairs import lock_pair, note_change, relation_of
from imtwisted.store.rights import marks, read_bond
from imtwisted.store.rows import PERSON, in_groups, person
from imtwisted.store.versions import version_of

_FRIENDSHIPS = f"""
    SELECT {PERSON}, f.asker_id, f.note, f.asked_at, f.friends_at
      FROM friendships AS f JOIN users AS u ON u.id = f.high_id
     WHERE f.low_id = %s
 UNION ALL
    SELECT {PERSON}, f.asker_id, f.note, f.asked_at, f.friends_at
      FROM friendships AS f JOIN users AS u ON u.id = f.low_id
     WHERE f.high_id = %s
"""
_BLOCKED = f"""
    SELECT {PERSON}, b.at FROM blocks AS b JOIN users AS u ON u.id = b.blocked_id
     WHERE b.blocker_id = %s
"""
_RELATED = """
    SELECT high_id, asker_id, friends_at FROM friendships WHERE low_id = %s AND high_id IN ({marks})
 UNION ALL
    SELECT low_id, asker_id, friends_at FROM friendships WHERE high_id = %s AND low_id IN ({marks})
"""
_BLOCKED_OF = "SELECT blocked_id FROM blocks WHERE blocker_id = %s AND blocked_id IN ({marks})"

_ASK = """
    INSERT INTO friendships (low_id, high_id, asker_id, note, asked_at) VALUES (%s, %s, %s, %s, %s)
"""
_BEFRIEND = "UPDATE friendships SET friends_at = %s WHERE low_id = %s AND high_id = %s"
_PART = "DELETE FROM friendships WHERE low_id = %s AND high_id = %s"
_BLOCK = "INSERT INTO blocks (blocker_id, blocked_id, at) VALUES (%s, %s, %s)"
_UNBLOCK = "DELETE FROM blocks WHERE blocker_id = %s AND blocked_id = %s"


class StoredContacts:
    """`boundaries.ContactStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def contacts(self, user: UserId) -> tuple[list[Contact], int]:
        """Everyone that `user` has to do with, and the version the list is current to."""
        return await self._database.read(_contacts, user)

    async def relation(self, user: UserId, other: UserId) -> Relation:
        """What `other` is to `user`."""
        return await self._database.read(_relation, user, other)

    async def bond(self, user: UserId, other: UserId) -> Bond:
        """Whether `user` may write to `other`: what the rules ask of the two."""
        return await self._database.read(read_bond, user, other)

    async def ask(self, user: UserId, other: UserId, note: str, at: int) -> ContactChange | None:
        """Ask for friendship; two crossing requests make one. None: already asked."""
        return await self._database.write(_ask, user, other, note, at)

    async def accept(self, user: UserId, other: UserId, at: int) -> ContactChange:
        """Accept the request of `other`; raises `NotFound`."""
        return await self._database.write(_accept, user, other, at)

    async def part(self, user: UserId, other: UserId, at: int) -> ContactChange | None:
        """End a friendship, decline or take back a request; None: there was none."""
        return await self._database.write(_part, user, other, at)

    async def block(self, user: UserId, other: UserId, at: int) -> ContactChange | None:
        """End what was between them and hear nothing more; None: blocked already."""
        return await self._database.write(_block, user, other, at)

    async def unblock(self, user: UserId, other: UserId, at: int) -> ContactChange | None:
        """Be strangers again; None: not blocked."""
        return await self._database.write(_unblock, user, other, at)


def _contacts(cursor: Cursor, user: UserId) -> tuple[list[Contact], int]:
    found = {}
    for *who, asker, note, asked_at, friends_at in cursor.all(_FRIENDSHIPS, (user, user)):
        relation = relation_of(user, asker, friends_at)
        at, words = (asked_at, note) if friends_at is None else (friends_at, "")
        found[who[0]] = Contact(person(tuple(who)), relation, at, words)
    for *who, at in cursor.all(_BLOCKED, (user,)):
        found[who[0]] = Contact(person(tuple(who)), "blocked", at)  # in place of their request
    return list(found.values()), version_of(cursor, user)


def _relation(cursor: Cursor, user: UserId, other: UserId) -> Relation:
    return relations_of(cursor, user, [other])[other]


def relations_of(cursor: Cursor, user: UserId, others: list[UserId]) -> dict[UserId, Relation]:
    """What each of `others` is to `user`, in two statements."""
    found: dict[UserId, Relation] = {other: "self" if other == user else "none" for other in others}
    for some in in_groups(others):
        ids = marks(some)
        related = cursor.all(_RELATED.format(marks=ids), (user, *some, user, *some))
        found |= {other: relation_of(user, asker, at) for other, asker, at in related}
        blocked = cursor.all(_BLOCKED_OF.format(marks=ids), (user, *some))
        found |= {row[0]: "blocked" for row in blocked}
    return found


def _ask(cursor: Cursor, user: UserId, other: UserId, note: str, at: int) -> ContactChange | None:
    # Whether the other one blocks is not asked here: `relation` hides it from both.
    pair = lock_pair(cursor, user, other)
    if user in pair.blocked_at:
        raise Blocked
    if pair.bond is None:
        cursor.execute(_ASK, (*pair.ids, user, note, at))
    elif pair.bond.friends_at is not None:
        raise Conflict(reason="already_friends")
    elif pair.bond.asker == user:
        return None
    else:
        cursor.execute(_BEFRIEND, (at, *pair.ids))
    return note_change(cursor, pair, at)


def _accept(cursor: Cursor, user: UserId, other: UserId, at: int) -> ContactChange:
    pair = lock_pair(cursor, user, other)
    if pair.relation(user) != "incoming":
        raise NotFound
    cursor.execute(_BEFRIEND, (at, *pair.ids))
    return note_change(cursor, pair, at)


def _part(cursor: Cursor, user: UserId, other: UserId, at: int) -> ContactChange | None:
    pair = lock_pair(cursor, user, other)
    if pair.bond is None:
        return None
    cursor.execute(_PART, pair.ids)
    return note_change(cursor, pair, at)


def _block(cursor: Cursor, user: UserId, other: UserId, at: int) -> ContactChange | None:
    pair = lock_pair(cursor, user, other)
    if user in pair.blocked_at:
        return None
    cursor.execute(_PART, pair.ids)
    cursor.execute(_BLOCK, (user, other, at))
    return note_change(cursor, pair, at)


def _unblock(cursor: Cursor, user: UserId, other: UserId, at: int) -> ContactChange | None:
    pair = lock_pair(cursor, user, other)
    if user not in pair.blocked_at:
        return None
    cursor.execute(_UNBLOCK, (user, other))
    return note_change(cursor, pair, at)
