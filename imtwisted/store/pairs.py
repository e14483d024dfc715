"""
Two people under lock: how they stand, and the noting of a change between them.

Beside the way of a message; the order is the one of every lock: their
conversation, then the two by id, then the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from imtwisted.boundaries import Cursor
from imtwisted.model import Contact, ContactChange, ConversationId, Person, Relation, UserId
from imtwisted.refusals import NotFound
from imtwisted.store.faults import Again
from imtwisted.store.rows import PERSON, person
from imtwisted.store.versions import raise_versions, versions_of

_CONVERSATION = "SELECT id FROM conversations WHERE direct_key = %s"
_PEOPLE = f"SELECT {PERSON} FROM users AS u WHERE u.id IN (%s, %s) ORDER BY u.id"
_FRIENDSHIP = """
    SELECT asker_id, note, asked_at, friends_at FROM friendships WHERE low_id = %s AND high_id = %s
"""
_BLOCKS = """
    SELECT blocker_id, at FROM blocks
     WHERE (blocker_id = %s AND blocked_id = %s) OR (blocker_id = %s AND blocked_id = %s)
"""
_CHANGED = "UPDATE conversations SET members_rev = members_rev + 1 WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Friendship:
    """A request, or what became of it."""

    asker: UserId
    note: str
    asked_at: int
    friends_at: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """`me` and `other`, locked; `ids` has the lower first."""

    me: Person
    other: Person
    ids: tuple[UserId, UserId]
    conversation: ConversationId | None
    bond: Friendship | None
    blocked_at: dict[UserId, int]

    def relation(self, viewer: UserId) -> Relation:
        """What the other one is to `viewer`."""
        if viewer in self.blocked_at:
            return "blocked"
        if self.bond is None:
            return "none"
        return relation_of(viewer, self.bond.asker, self.bond.friends_at)

    def contact(self, viewer: UserId, at: int) -> Contact:
        """The other one in the list of `viewer`; `at` is for whom there is nothing to tell of."""
        person = self.other if viewer == self.me.id else self.me
        relation = self.relation(viewer)
        if relation == "blocked":
            return Contact(person, relation, self.blocked_at[viewer])
        if self.bond is None:
            return Contact(person, relation, at)
        if self.bond.friends_at is not None:
            return Contact(person, relation, self.bond.friends_at)
        return Contact(person, relation, self.bond.asked_at, self.bond.note)


def relation_of(viewer: UserId, asker: UserId, friends_at: int | None) -> Relation:
    """What the other one is, where there is a row of friendships."""
    if friends_at is not None:
        return "friend"
    return "outgoing" if asker == viewer else "incoming"


def direct_key(one: UserId, other: UserId) -> str:
    """The key of the direct conversation of two people."""
    return f"{min(one, other)}:{max(one, other)}"


def lock_pair(cursor: Cursor, me: UserId, other: UserId) -> Pair:
    """Lock the two and their conversation; raises `NotFound` unless they are two."""
    lock = cursor.dialect.for_update
    key = direct_key(me, other)
    conversation = cursor.one(_CONVERSATION + lock, (key,))
    people = {row[0]: person(row) for row in cursor.all(_PEOPLE + lock, (me, other))}
    if len(people) != 2:
        raise NotFound
    if conversation is None and cursor.one(_CONVERSATION, (key,)) is not None:
        # Made between our two locks; whoever writes there must hear of this
        # change, and taking its lock now would be the wrong order.
        raise Again
    return _read(cursor, people[me], people[other], conversation[0] if conversation else None)


def _read(cursor: Cursor, me: Person, other: Person, conversation: ConversationId | None) -> Pair:
    ids = (min(me.id, other.id), max(me.id, other.id))
    row = cursor.one(_FRIENDSHIP, ids)
    blocked_at: dict[UserId, int] = dict(cursor.all(_BLOCKS, (*ids, *reversed(ids))))
    return Pair(me, other, ids, conversation, Friendship(*row) if row else None, blocked_at)


def note_change(cursor: Cursor, before: Pair, at: int) -> ContactChange:
    """
    Raise what tells others that this pair has changed, and read how it is now.

    Someone whose own view stays as it was is not told: being blocked by a
    stranger, and forgiven, leaves no trace.
    """
    now = _read(cursor, before.me, before.other, before.conversation)
    if before.conversation is not None:
        cursor.execute(_CHANGED, (before.conversation,))
    mine, theirs = before.me.id, before.other.id
    noticed = before.relation(theirs) != now.relation(theirs)
    raise_versions(cursor, [mine, theirs] if noticed else [mine])
    versions = versions_of(cursor, [mine, theirs])
    return ContactChange(
        mine=now.contact(mine, at),
        my_version=versions[mine],
        theirs=now.contact(theirs, at),
        their_version=versions[theirs],
        noticed=noticed,
    )
