"""
Who may write where, as of a conversation's lock.

Way of a message: journal -> batch -> [rights] -> rules -> commit.

What was read stays true while `members_rev` is the same, so it is kept between
batches; what a batch changes itself it learns only by its commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from imtwisted.boundaries import Cursor
from imtwisted.model import Bond, ConversationId, Kind, Membership, UserId

REMEMBERED = 20_000  # members of all conversations together, then a fresh start

_MEMBERS = """
    SELECT conversation_id, user_id, role, silenced_until FROM members
     WHERE state = 'active' AND ({pairs})
"""
_OF_ONE = "(conversation_id = %s AND user_id IN ({marks}))"

_FRIENDS = """
    SELECT 1 FROM friendships
     WHERE low_id = %s AND high_id = %s AND friends_at IS NOT NULL
"""
_BLOCKS = """
    SELECT blocker_id FROM blocks
     WHERE (blocker_id = %s AND blocked_id = %s) OR (blocker_id = %s AND blocked_id = %s)
"""
_IS_GONE = "SELECT 1 FROM users WHERE id = %s AND deleted_at IS NOT NULL"


class Opened(Protocol):
    """What is asked of a locked conversation."""

    id: ConversationId
    kind: Kind
    members_rev: int

    def peer_of(self, user: UserId) -> UserId | None: ...


@dataclass(slots=True)
class Rights:
    """One conversation's members and bonds, as far as they were asked for."""

    members_rev: int
    members: dict[UserId, Membership | None] = field(default_factory=dict)
    bonds: dict[UserId, Bond] = field(default_factory=dict)

    def copy(self) -> Rights:
        return Rights(self.members_rev, dict(self.members), dict(self.bonds))


class RightsCache:
    """What one lane knows from its earlier batches; touched by that lane alone."""

    def __init__(self) -> None:
        self._rights: dict[ConversationId, Rights] = {}
        self._size = 0

    def of(self, conversation: Opened) -> Rights:
        """A copy to work with: what is known, or nothing when it is out of date."""
        known = self._rights.get(conversation.id)
        if known is None or known.members_rev != conversation.members_rev:
            return Rights(conversation.members_rev)
        return known.copy()

    def learn(self, learned: dict[ConversationId, Rights]) -> None:
        """Keep what a committed batch knew at its end."""
        for conversation, rights in learned.items():
            before = self._rights.get(conversation)
            self._size += len(rights.members) - (len(before.members) if before else 0)
            self._rights[conversation] = rights
        if self._size > REMEMBERED:
            self._rights.clear()
            self._size = 0


def read_members(
    cursor: Cursor, wanted: dict[ConversationId, set[UserId]], into: dict[ConversationId, Rights]
) -> None:
    """Complete `into` by the memberships of `wanted` that it lacks, in one statement."""
    pairs, args = [], []
    for conversation, users in wanted.items():
        missing = sorted(users - into[conversation].members.keys())
        if missing:
            pairs.append(_OF_ONE.format(marks=marks(missing)))
            args += [conversation, *missing]
            into[conversation].members.update(dict.fromkeys(missing))
    if not pairs:
        return
    found = cursor.all(_MEMBERS.format(pairs=" OR ".join(pairs)), args)
    for conversation, *membership in found:
        into[conversation].members[membership[0]] = Membership(*membership)


def read_bond(cursor: Cursor, writer: UserId, other: UserId) -> Bond:
    """How `writer` and `other` stand now."""
    low, high = sorted((writer, other))
    blockers = {row[0] for row in cursor.all(_BLOCKS, (writer, other, other, writer))}
    return Bond(
        friends=cursor.one(_FRIENDS, (low, high)) is not None,
        blocks=writer in blockers,
        blocked=other in blockers,
        gone=cursor.one(_IS_GONE, (other,)) is not None,
    )


def bond_of(cursor: Cursor, rights: Rights, conversation: Opened, writer: UserId) -> Bond:
    """The bond behind a direct conversation, read at most once a `members_rev`."""
    other = conversation.peer_of(writer)
    if other is None:
        return Bond()
    bond = rights.bonds.get(writer)
    if bond is None:
        bond = rights.bonds[writer] = read_bond(cursor, writer, other)
    return bond


def marks(values: Sequence[object] | Iterable[object]) -> str:
    """As many `%s` as there are `values`, for an IN list."""
    return ", ".join("%s" for _ in values)
