"""
What is announced after a commit: finished frames and who is to get them.

Way of a message: domain -> journal -> [events] -> backplane -> registry -> outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from imtwisted.model import ConversationId, Person, SessionId, UserId
from imtwisted.sharing import Topic


@dataclass(frozen=True, slots=True)
class ConversationEvent:
    """
    A finished frame for every member; `rev` 0 for what takes none.

    Several that were committed together travel as one: `frame` is all their
    frames, `rev` the last one's, and `parts` are they themselves. With a `topic`
    it goes only to members who share that themselves.
    """

    conversation: ConversationId
    members_rev: int
    rev: int
    frame: bytes
    without: UserId | None = None
    parts: tuple[ConversationEvent, ...] = ()
    count: int = 1
    topic: Topic | None = None


def together(events: Sequence[ConversationEvent]) -> ConversationEvent:
    """One event out of consecutive ones of one conversation, joined once for everyone."""
    if len(events) == 1:
        return events[0]
    last = events[-1]
    frame = b"".join([event.frame for event in events])
    return ConversationEvent(
        last.conversation,
        last.members_rev,
        last.rev,
        frame,
        parts=tuple(events),
        count=len(events),
    )


@dataclass(frozen=True, slots=True)
class UserEvent:
    """A finished frame for every connection of one person, but `without`."""

    user: UserId
    version: int
    frame: bytes
    without: str | None = None
    count: ClassVar[int] = 1


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


@dataclass(frozen=True, slots=True)
class CircleEvent:
    """What `user` shares, or whom they are friends with, is another than before."""

    user: UserId


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """Somebody is called differently from now on; for the server's own ears."""

    person: Person


Event = (
    ConversationEvent | UserEvent | MembershipEvent | SessionsEnded | CircleEvent | PersonChanged
)
