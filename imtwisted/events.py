"""
What is announced after a commit: finished frames and who is to get them.

Way of a message: domain -> journal -> [events] -> backplane -> registry -> outbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from imtwisted.model import ConversationId, SessionId, UserId


@dataclass(frozen=True, slots=True)
class ConversationEvent:
    """A finished frame for every member; `rev` 0 for what takes none."""

    conversation: ConversationId
    members_rev: int
    rev: int
    frame: bytes
    without: UserId | None = None


@dataclass(frozen=True, slots=True)
class UserEvent:
    """A finished frame for every connection of one person, but `without`."""

    user: UserId
    version: int
    frame: bytes
    without: str | None = None


@dataclass(frozen=True, slots=True)
class MembershipEvent:
    """
    From now on `user` hears, or no longer hears, a conversation.

    `version` is what their list has become by it.
    """

    user: UserId
    version: int
    conversation: ConversationId
    is_member: bool


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """These devices of `user` are signed out."""

    user: UserId
    sessions: tuple[SessionId, ...]


Event = ConversationEvent | UserEvent | MembershipEvent | SessionsEnded
