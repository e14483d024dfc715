"""
What is kept: people, contacts, conversations, timelines, and the one writer of these.

Way of a message: domain -> [stores] -> commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from imtwisted.entries import Committed, Entry
from imtwisted.invites import Invite, InviteId
from imtwisted.model import (
    Account,
    Bond,
    Contact,
    ContactChange,
    Conversation,
    ConversationId,
    Delta,
    Device,
    Head,
    Heads,
    Member,
    Page,
    Person,
    Position,
    Relation,
    SessionId,
    Standing,
    UserId,
)
from imtwisted.refusals import ChatError
from imtwisted.sharing import CursorMoved


class PeopleStore(Protocol):
    """Accounts and their signed-in devices."""

    async def register(
        self,
        username: str,
        name_key: str,
        display_name: str,
        password_hash: str,
        at: int,
        lobby: ConversationId | None,
        invite: InviteId | None = None,
    ) -> tuple[Person, int]:
        """
        Make an account, a member of the lobby at once; the person and its version.

        With an `invite` it is a use of that, and they may come in by it. Raises
        `Conflict` (`name_taken`), `NotFound` (`invite_void`).
        """

    async def account(self, name_key: str) -> Account | None: ...

    async def change_password(
        self, user: UserId, password_hash: str, keep: SessionId
    ) -> tuple[int, list[SessionId]]:
        """Set it and end every session but `keep`; the user's new version, and those ended."""

    async def replace_password_hash(self, user: UserId, password_hash: str) -> None: ...

    async def person(self, name_key: str) -> Person | None: ...

    async def people(self, name_keys: Sequence[str]) -> list[Person]:
        """Those of `name_keys` that exist, in no particular order."""

    async def look_up(
        self, seeker: UserId, prefix: str, limit: int
    ) -> list[tuple[Person, Relation]]:
        """People whose name key begins with `prefix`, and what they are to `seeker`."""

    async def open_session(
        self, user: UserId, token_hash: bytes, at: int, address: str, agent: str
    ) -> SessionId: ...

    async def session(
        self, token_hash: bytes, used_after: int, opened_after: int
    ) -> tuple[SessionId, Person, int] | None:
        """The live session of a token and its last use; None if ended or too old."""

    async def touch_session(self, session: SessionId, at: int) -> None: ...

    async def devices(
        self, user: UserId, used_after: int, opened_after: int
    ) -> tuple[list[Device], int]:
        """The signed-in devices, and the `version` of the user they are current to."""

    async def end_session(self, user: UserId, session: SessionId) -> int | None:
        """Sign a device out; the user's new version, None if it was not there."""

    async def forget_sessions(self, used_before: int, opened_before: int) -> None:
        """Delete what has ended by age."""

    async def version(self, user: UserId) -> int: ...


class ResetStore(Protocol):
    """One-time links for lost passwords."""

    async def allow(self, user: UserId, token_hash: bytes, expires_at: int) -> None:
        """Let a link set the password of `user`; an earlier one is void."""

    async def is_allowed(self, token_hash: bytes, now: int) -> bool:
        """Whether the link would still work."""

    async def use(
        self, token_hash: bytes, now: int, password_hash: str
    ) -> tuple[UserId, list[SessionId]] | None:
        """Set the password and end every session, these; None when the link is void."""


class ContactStore(Protocol):
    """
    Friendships, requests and blocks.

    Each change raises `last_version` of both, and `members_rev` of their direct
    conversation, in its own transaction. What comes back is (mine, my version,
    theirs, their version): how each now sees the other.
    """

    async def contacts(self, user: UserId) -> tuple[list[Contact], int]: ...

    async def relation(self, user: UserId, other: UserId) -> Relation: ...

    async def bond(self, user: UserId, other: UserId) -> Bond:
        """Whether `user` may write to `other`: what the rules ask of the two."""

    async def ask(self, user: UserId, other: UserId, note: str, at: int) -> ContactChange | None:
        """
        Ask for friendship; two crossing requests make one. None: already asked.

        Raises `Conflict` (`already_friends`), `Blocked` (the asker blocks). Who is
        blocked asks like anybody; the other one sees it once the block is gone.
        """

    async def accept(self, user: UserId, other: UserId, at: int) -> ContactChange:
        """Accept the request of `other`; raises `NotFound`."""

    async def part(self, user: UserId, other: UserId, at: int) -> ContactChange | None:
        """End a friendship, decline or take back a request; None: there was none."""

    async def block(self, user: UserId, other: UserId, at: int) -> ContactChange | None: ...

    async def unblock(self, user: UserId, other: UserId, at: int) -> ContactChange | None: ...


class ConversationStore(Protocol):
    """Conversations and who is in them, as lists; changes go through the journal."""

    async def lobby(self, title: str, at: int) -> ConversationId:
        """The group everyone joins; made, and filled with everyone, at the first call."""

    async def direct(self, user: UserId, other: UserId, at: int) -> Conversation:
        """The direct conversation of two people, made when it is missing."""

    async def find_direct(self, user: UserId, other: UserId) -> Conversation | None:
        """The direct conversation of two people, if there is one."""

    async def conversation(self, conversation: ConversationId) -> Conversation | None: ...

    async def ids_of(self, user: UserId) -> list[ConversationId]:
        """Every conversation that `user` is a member of."""

    async def members(self, conversation: ConversationId) -> list[UserId]: ...

    async def heads(self, user: UserId, limit: int, before: ConversationId | None = None) -> Heads:
        """Newest activity first; direct conversations without messages are left out."""

    async def head(self, user: UserId, conversation: ConversationId) -> tuple[Head | None, int]:
        """One head and the user's version; None when not a member."""

    async def public_groups(
        self, user: UserId, query: str, limit: int, before: ConversationId | None
    ) -> tuple[list[Conversation], bool]:
        """Public groups that `user` is not in, whose title holds `query`."""

    async def member_list(
        self,
        conversation: ConversationId,
        limit: int,
        after: UserId | None = None,
        query: str = "",
    ) -> tuple[list[Member], bool]:
        """Who leads, then by name, after `after`, of those whose names hold `query`; more?"""

    async def member(self, conversation: ConversationId, user: UserId) -> Member | None:
        """One of that list; None for who is not in it."""

    async def banned(self, conversation: ConversationId) -> list[Person]:
        """Who is kept out of it, by name."""

    async def set_muted(self, user: UserId, conversation: ConversationId, muted: bool) -> int:
        """The user's new version; raises `NotAMember`."""

    async def hide(self, user: UserId, conversation: ConversationId, seq: int) -> tuple[int, int]:
        """Clear up to `seq` for oneself; (version, last_rev); raises `NotAMember`."""


class InviteStore(Protocol):
    """Links that make people members; they change through the journal."""

    async def invite(self, code: str) -> Invite | None:
        """The link with that code, good or not."""

    async def is_admitted(self, invite: InviteId, user: UserId) -> bool:
        """Whether `user` has registered by it, and is still to come in."""

    async def invites(self, conversation: ConversationId, now: int) -> list[Invite]:
        """Those that nobody has revoked: the good ones, then the newest of the others."""


class TimelineStore(Protocol):
    """Reading messages; a member sees what is past its own `hidden_seq`."""

    async def epoch(self) -> str: ...

    async def standing(
        self, user: UserId, limit: int, conversations: Sequence[ConversationId]
    ) -> Standing:
        """
        The epoch, the newest `limit` heads, and where `conversations` stand.

        From one snapshot: a cursor that its head shows to be behind gets a delta.
        """

    async def positions(
        self, user: UserId, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, Position]:
        """Where each stands, for those that `user` is a member of."""

    async def delta(
        self,
        user: UserId,
        conversation: ConversationId,
        after: int,
        limit: int,
        size: int,
    ) -> Delta:
        """
        The changes after rev `after`, at most `limit` messages or `size` bytes.

        Rows and `to` come from one snapshot: `to` is its `last_rev` when `more`
        is false. Raises `NotAMember`.
        """

    async def history(
        self,
        user: UserId,
        conversation: ConversationId,
        limit: int,
        size: int,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
    ) -> Page:
        """A page in seq order; none of the three: the newest. Raises `NotAMember`."""

    async def last_revs(
        self, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, int]: ...


class CursorStore(Protocol):
    """How far members have read and received."""

    async def advance(
        self, moves: Sequence[tuple[UserId, ConversationId, int, int]], *, again: bool = False
    ) -> list[CursorMoved]:
        """
        Write (user, conversation, read, received) as the greater of old and new.

        Never past `last_seq`; one transaction for all; those that moved come
        back, those who are no members and those that stayed do not. `again`:
        a first try may have been written, so those that stayed come back too.
        """


Settled = Callable[[Committed | ChatError], None]


class Journal(Protocol):
    """The one writer of timelines: grouped, durable, once, in order."""

    def submit(self, entry: Entry, settled: Settled) -> None:
        """
        Queue `entry` behind what was submitted before for its conversation.

        `settled` is called once, after the COMMIT or with the refusal, whoever
        still listens; what was committed is announced right after it.
        """

    async def append(self, entry: Entry) -> Committed:
        """`submit`, for who can wait; cancelling stops the waiting, not the entry."""
