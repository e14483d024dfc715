"""
What can be asked of a timeline, and what came of it: the journal's entries.

Way of a message: browser -> sockets -> domain -> [entries] -> journal -> backplane.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from imtwisted.files import FileId
from imtwisted.invites import InviteId
from imtwisted.model import (
    FOREVER,
    Change,
    ConversationId,
    Message,
    Person,
    Role,
    UserId,
)

# In place of the hash of what was taken back: the text of a short one could be guessed by it.
NO_CONTENT = bytes(32)


@dataclass(frozen=True, slots=True)
class Post:
    """Say `text` in `conversation`; the same `(sender, client_id)` is said once."""

    conversation: ConversationId
    sender: Person
    client_id: bytes
    text: str
    reply_to: int | None = None
    mentions: tuple[UserId, ...] = ()
    files: tuple[FileId, ...] = ()

    def content_hash(self) -> bytes:
        """What tells a retry (equal) from another message under the same id."""
        content: tuple[object, ...] = (self.conversation, self.text, self.reply_to, self.mentions)
        if self.files:
            content = (*content, self.files)
        return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Deed:
    """
    Something done to a group; it becomes a system message under `client_id`.

    That id, 16 random bytes of ours, is how a second try finds the first.
    """

    sender: Person
    client_id: bytes

    def content_hash(self) -> bytes:
        """Nobody but us knows the id, so there is nothing to compare."""
        return hashlib.sha256(self.client_id).digest()


@dataclass(frozen=True, slots=True)
class Found(Deed):
    """Make a group of which `sender` is the owner and `others` are members."""

    title: str
    public: bool
    others: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Enter(Deed):
    """Make `user` a member: by their own wish, by a link of someone's, or added by the sender."""

    conversation: ConversationId
    user: Person
    invite: Invitation | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """The link by which someone enters, and whose it is."""

    id: InviteId
    by: Person


@dataclass(frozen=True, slots=True)
class Offer(Deed):
    """Make a link; the same `code` is made once, and nobody is told."""

    conversation: ConversationId
    code: str
    expires_at: int | None = None
    uses: int | None = None


@dataclass(frozen=True, slots=True)
class Revoke(Deed):
    """Make a link good for nothing; nobody is told."""

    conversation: ConversationId
    invite: InviteId


@dataclass(frozen=True, slots=True)
class Exit(Deed):
    """End the membership of `user`: their own wish, or removed by the sender."""

    conversation: ConversationId
    user: Person


@dataclass(frozen=True, slots=True)
class Appoint(Deed):
    """Give `user` another role; a new owner leaves the sender a moderator."""

    conversation: ConversationId
    user: Person
    role: Role


@dataclass(frozen=True, slots=True)
class Ban(Deed):
    """Keep `user` out of a group, whether they are in it now or not."""

    conversation: ConversationId
    user: Person


@dataclass(frozen=True, slots=True)
class Pardon(Deed):
    """Let `user` come back; nobody is told."""

    conversation: ConversationId
    user: Person


@dataclass(frozen=True, slots=True)
class Silence(Deed):
    """Let `user` write no more until that time, or until it is lifted."""

    conversation: ConversationId
    user: Person
    until: int = FOREVER


@dataclass(frozen=True, slots=True)
class Unsilence(Deed):
    """Let `user` write again."""

    conversation: ConversationId
    user: Person


@dataclass(frozen=True, slots=True)
class Describe(Deed):
    """Say what a group is for."""

    conversation: ConversationId
    description: str


@dataclass(frozen=True, slots=True)
class Restrict(Deed):
    """Let only who keeps a group in order write there, or everyone again."""

    conversation: ConversationId
    announcement_only: bool


@dataclass(frozen=True, slots=True)
class Settle(Deed):
    """Give a group another title or another door; None leaves it as it is."""

    conversation: ConversationId
    title: str | None = None
    public: bool | None = None


@dataclass(frozen=True, slots=True)
class Portray(Deed):
    """Give a group a picture that the sender uploaded; None takes it away."""

    conversation: ConversationId
    picture: FileId | None


@dataclass(frozen=True, slots=True)
class Dissolve(Deed):
    """End a group: nobody is a member any more."""

    conversation: ConversationId


@dataclass(frozen=True, slots=True)
class Edit:
    """Give one's own message another text; the same `(sender, client_id)` does so once."""

    conversation: ConversationId
    sender: Person
    client_id: bytes
    seq: int
    text: str
    mentions: tuple[UserId, ...] | None = None  # None: those there are

    def content_hash(self) -> bytes:
        """What tells a retry (equal) from another edit under the same id."""
        content: tuple[object, ...] = (self.conversation, self.seq, self.text)
        if self.mentions is not None:
            content = (*content, self.mentions)
        return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Recall:
    """Take a message back: its text is gone, that it was there stays."""

    conversation: ConversationId
    sender: Person
    seq: int


@dataclass(frozen=True, slots=True)
class React:
    """Put `emoji` under a message, or take it away."""

    conversation: ConversationId
    sender: Person
    seq: int
    emoji: str
    on: bool


Alteration = Edit | Recall | React
Order = Appoint | Ban | Pardon | Silence | Unsilence
Face = Settle | Describe | Restrict | Portray
Entry = Post | Found | Enter | Exit | Order | Offer | Revoke | Face | Dissolve | Alteration


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One person's membership after a commit, and their list's new version."""

    user: UserId
    version: int
    is_member: bool


@dataclass(frozen=True, slots=True)
class Committed:
    """
    What one entry became, durable by now.

    `message` is what was added to the timeline: None when nothing was (a
    lobby's join, a state that already was so). `duplicate` says that an
    earlier try had stored it; then nobody is to be told again. With `change`
    it is the message that was altered, as it is by that. `gone` are the places
    on the disk of files that nobody has any more.
    """

    conversation: ConversationId
    members_rev: int
    message: Message | None = None
    duplicate: bool = False
    changes: tuple[MemberChange, ...] = ()
    change: Change | None = None
    gone: tuple[str, ...] = ()
