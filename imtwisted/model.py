"""
The nouns of the chat: plain values that every room of the house may share.

Way of a message: browser -> sockets -> domain -> journal -> backplane -> registry -> outbox; this module stands beside it.

Positions (`seq`, `rev`) are plain integers from 1, 0 meaning "nothing yet";
times are integer milliseconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from imtwisted.files import File, FileId

UserId = NewType("UserId", int)
ConversationId = NewType("ConversationId", int)
SessionId = NewType("SessionId", int)

Kind = Literal["direct", "group"]
Role = Literal["owner", "moderator", "member"]
MessageKind = Literal["text", "file", "system"]
Op = Literal["edit", "recall", "react"]
Deed = (
    Literal["created", "joined", "left", "added", "removed", "renamed", "dissolved"]
    | Literal["promoted", "demoted", "handed_over", "banned", "silenced", "unsilenced"]
    | Literal["described", "announcements", "discussion", "pictured", "unpictured"]
)
Relation = Literal["none", "friend", "incoming", "outgoing", "blocked", "self"]

FOREVER = 2**53 - 1  # until when something holds that somebody has to end
GONE = "~"  # no name begins with it


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account, as others see them."""

    id: UserId
    username: str
    display_name: str
    picture: FileId | None = None

    @property
    def deleted(self) -> bool:
        """Whether the account is gone: then it is called what nobody can be called."""
        return self.username.startswith(GONE)


@dataclass(frozen=True, slots=True)
class Account:
    """Someone with an account, as the door sees them."""

    person: Person
    password_hash: str


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in device; `csrf` is derived from its token, never stored."""

    id: SessionId
    person: Person
    csrf: str


@dataclass(frozen=True, slots=True)
class Device:
    """A session as its owner sees it in a list."""

    id: SessionId
    created_at: int
    last_used_at: int
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How one person stands to another; `note` comes with a request."""

    person: Person
    relation: Relation
    at: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContactChange:
    """
    How two people see each other after a change, and their lists' versions.

    Unless `noticed` the other one's view is what it was: they are told nothing.
    """

    mine: Contact
    my_version: int
    theirs: Contact
    their_version: int
    noticed: bool = True


@dataclass(frozen=True, slots=True)
class Conversation:
    """A timeline and its counters, as of one snapshot or lock."""

    id: ConversationId
    kind: Kind
    title: str
    public: bool
    last_seq: int
    last_rev: int
    last_at: int
    members_rev: int
    member_count: int
    direct_key: str | None = None
    description: str = ""
    announcement_only: bool = False
    picture: FileId | None = None

    def peer_of(self, user: UserId) -> UserId | None:
        """The other one of a direct conversation; None in a group."""
        if self.direct_key is None:
            return None
        low, high = (UserId(int(part)) for part in self.direct_key.split(":"))
        return high if user == low else low


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person is in a conversation now, in which role, and until when silenced."""

    user: UserId
    role: Role
    silenced_until: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in the list of a conversation's members."""

    person: Person
    role: Role
    joined_at: int
    silenced_until: int = 0


@dataclass(frozen=True, slots=True)
class Bond:
    """How the two of a direct conversation stand, seen from the writer."""

    friends: bool = False
    blocks: bool = False
    blocked: bool = False
    gone: bool = False  # the other account is deleted


@dataclass(frozen=True, slots=True)
class SystemText:
    """What a system message tells; pages word it in their own language."""

    what: Deed
    user: Person | None = None
    title: str | None = None
    description: str | None = None
    until: int | None = None  # of a silence; None: until it is lifted
    link_of: Person | None = None  # by whose link somebody joined
    picture: FileId | None = None
    members: int | None = None  # how many there are now, where somebody came or went


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a message; `mine` is None where it is told to many."""

    emoji: str
    count: int
    mine: bool | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is stored, as it is now."""

    conversation: ConversationId
    seq: int
    rev: int
    client_id: bytes
    sender: Person
    at: int
    kind: MessageKind
    text: str
    reply_to: int | None = None
    mentions: tuple[UserId, ...] = ()
    system: SystemText | None = None
    edited_at: int | None = None
    recalled: bool = False
    reactions: tuple[Reaction, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What `by` did to a message, and what it is by that; the fields of its `op` are set."""

    op: Op
    by: UserId
    at: int
    text: str | None = None
    edited_at: int | None = None
    mentions: tuple[UserId, ...] | None = None
    reaction: Reaction | None = None  # `count` is 0 where the last one was taken back
    on: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The last message of a conversation, shortened for a list."""

    seq: int
    at: int
    sender: Person
    kind: MessageKind
    text: str
    system: SystemText | None = None
    recalled: bool = False
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """The other one of a direct conversation, and how far they have come, unless one hides it."""

    person: Person
    read: int | None
    received: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """One conversation of one member's list; `unread` 100 means 100 or more."""

    conversation: Conversation
    role: Role
    read_seq: int
    hidden_seq: int
    muted: bool
    unread: int
    mentions: int
    title: str
    peer: Peer | None = None
    preview: Preview | None = None
    silenced_until: int = 0


@dataclass(frozen=True, slots=True)
class Heads:
    """The newest conversations of a member, and what the list is current to."""

    version: int
    heads: tuple[Head, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in `seq` order; `more` in the direction that was asked."""

    conversation: ConversationId
    items: tuple[Message, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Delta:
    """Every change with `after` < rev <= `to`, in rev order, from one snapshot."""

    conversation: ConversationId
    after: int
    to: int
    items: tuple[Message, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Position:
    """Where a conversation stands for one member, in one snapshot."""

    conversation: ConversationId
    last_rev: int
    last_seq: int
    hidden_seq: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that a `hello` asks about, in one snapshot."""

    epoch: str
    heads: Heads
    positions: dict[ConversationId, Position]
