"""
The nouns of what is kept of a person: settings, what they said, what is left of them.

Way of a message: beside it, as `model` is.
"""

from __future__ import annotations

from dataclasses import dataclass

from imtwisted.model import GONE, ConversationId, Person, SessionId, UserId

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


def ghost(user: UserId) -> Person:
    """What is left of a deleted account: somebody said this, and is gone."""
    return Person(user, f"{GONE}{user}", "Deleted account")
