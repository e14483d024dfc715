"""
What is searched for, and what was found: nouns.

Beside the way of a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from imtwisted.files import FileId
from imtwisted.model import ConversationId, Message, Person, Relation, UserId


class Spot(NamedTuple):
    """Where a message stands among all messages: by time, then by conversation and `seq`."""

    at: int
    conversation: ConversationId
    seq: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Folded parts that a message must hold, and where else it must be: times are [since, until)."""

    parts: tuple[str, ...]
    conversation: ConversationId | None = None
    sender: UserId | None = None
    since: int | None = None
    until: int | None = None
    before: Spot | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """
    A message that was found, where in its text, and what its conversation is called.

    `named` says the same of the names of its files, one after the other; `peer`
    is the other one of a direct conversation.
    """

    message: Message
    highlights: tuple[tuple[int, int], ...]
    title: str
    named: tuple[tuple[tuple[int, int], ...], ...] = ()
    peer: Person | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """The newest hits, in order; `next` is the spot to go on before, None at the end."""

    hits: tuple[Hit, ...]
    next: Spot | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """A conversation by its name; `peer` is the other one of a direct conversation."""

    conversation: ConversationId
    title: str
    is_member: bool
    members: int
    peer: Person | None = None
    picture: FileId | None = None  # of a group


@dataclass(frozen=True, slots=True)
class Names:
    """People and conversations whose names hold what was searched for."""

    people: tuple[tuple[Person, Relation], ...]
    conversations: tuple[Called, ...]
