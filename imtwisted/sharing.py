"""
The nouns of what people let each other see: receipts, presence, typing.

Way of a message: beside it, with `model`; plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from imtwisted.model import ConversationId, Membership, UserId

Topic = Literal["receipts", "presence", "typing"]


@dataclass(frozen=True, slots=True)
class Shares:
    """What a person lets others see; who hides something sees none of it of others."""

    receipts: bool = True
    presence: bool = True
    typing: bool = True


@dataclass(frozen=True, slots=True)
class Circle:
    """A person and those around them: what they share, their friends, a block either way."""

    shares: Shares
    friends: frozenset[UserId] = frozenset()
    estranged: frozenset[UserId] = frozenset()


@dataclass(frozen=True, slots=True)
class Audience:
    """
    How many hear what is said in a conversation; `pair` are the two of a direct one.

    `special` are those of a small group who lead it or are silenced.
    """

    members: int
    pair: frozenset[UserId] = frozenset()
    announcement_only: bool = False
    special: Mapping[UserId, Membership] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether someone is connected; `last_seen` is None while they are, and if never seen."""

    online: bool
    last_seen: int | None = None


@dataclass(frozen=True, slots=True)
class MemberMarks:
    """What a member may see of another one; None where either hides it."""

    read: int | None = None
    received: int | None = None
    sighting: Sighting | None = None


@dataclass(frozen=True, slots=True)
class CursorMoved:
    """
    A member's read and received positions after they were written.

    `has_read` is False when only the received one moved; `shared` says whether
    the member lets others see them. The counts are as of `last_seq`.
    """

    conversation: ConversationId
    user: UserId
    read: int
    received: int
    unread: int
    mentions: int
    members: int
    is_direct: bool = False
    has_read: bool = True
    shared: bool = True
    last_seq: int = 0
