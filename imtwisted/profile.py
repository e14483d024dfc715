"""
The nouns of what is kept of a person: settings, what they said, what is left of them.

Way of a message: beside it, as `model` is.
"""

from __future__ import annotations

from dataclasses import dataclass

from imtwisted.files import File
from imtwisted.model import GONE, ConversationId, Person, SessionId, UserId
from imtwisted.sharing import Shares

BROWSERS = "*"  # the language of each browser, chosen as such


@dataclass(frozen=True, slots=True)
class Profile:
    """
    What someone has settled about themselves.

    An empty language was never chosen: each browser keeps what it has, by its
    cookie. With `BROWSERS` every one is answered as it asks to be.
    """

    language: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """
    Who is to be told that a person is not what they were.

    `versions` are the lists that show the person, as this change left them;
    `groups` those they are in, with their `members_rev`.
    """

    versions: dict[UserId, int]
    groups: tuple[tuple[ConversationId, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """What an account left behind when its door was closed."""

    ghost: Person
    sessions: tuple[SessionId, ...]
    groups: tuple[tuple[ConversationId, int], ...]


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """Something one has said oneself, for one's own keeping."""

    seq: int
    at: int
    text: str
    reply_to: int | None
    edited_at: int | None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """One's place in a conversation, also in one that one is not in any more."""

    conversation: ConversationId
    kind: str
    title: str
    state: str
    role: str
    joined_at: int
    read_seq: int
    received_seq: int
    hidden_seq: int
    muted: bool
    silenced_until: int
    peer: Person | None = None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """Something one has uploaded, and what it is used for."""

    file: File
    purpose: str
    created_at: int


@dataclass(frozen=True, slots=True)
class OwnInvite:
    """A link one has made into a group."""

    id: int
    conversation: ConversationId
    made_at: int
    expires_at: int | None
    uses: int | None
    used: int
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class OwnReaction:
    """What one has put under a message."""

    seq: int
    emoji: str
    at: int


@dataclass(frozen=True, slots=True)
class Habits:
    """What others may see of one, and when one was last here."""

    shares: Shares
    last_seen: int | None


def ghost(user: UserId) -> Person:
    """What is left of a deleted account: somebody said this, and is gone."""
    return Person(user, f"{GONE}{user}", "Deleted account")
