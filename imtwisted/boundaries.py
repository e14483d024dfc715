"""
The seams: what the domain asks of the edges, and never who answers.

Every awaited method may raise `Busy` (a bounded queue is full) or
`Unavailable` (the database is away); both are temporary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from imtwisted.entries import Committed, Entry
from imtwisted.events import ConversationEvent, Event, UserEvent
from imtwisted.model import (
    Account,
    Bond,
    Contact,
    ContactChange,
    Conversation,
    ConversationId,
    CursorMoved,
    Delta,
    Device,
    Head,
    Heads,
    Page,
    Person,
    Position,
    Relation,
    Role,
    SessionId,
    UserId,
)
from imtwisted.refusals import ChatError

P = ParamSpec("P")
T = TypeVar("T")

Row = tuple[Any, ...]


class DelayedCall(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None: ...

    def active(self) -> bool: ...


class Clock(Protocol):
    """The only source of time; Twisted's reactor and its `task.Clock` are both one."""

    def seconds(self) -> float: ...

    def callLater(
        self, delay: float, callable: Callable[..., object], *args: object
    ) -> DelayedCall: ...


# --- the database ------------------------------------------------------------


class Dialect(Protocol):
    """How the database at hand words what the databases word differently."""

    @property
    def for_update(self) -> str:
        """Ends a SELECT that locks its rows; empty where a writer is alone anyway."""

    @property
    def greatest(self) -> str:
        """The function that gives the greatest of its arguments."""

    @property
    def least(self) -> str:
        """The function that gives the least of its arguments."""

    def or_keep(self, column: str) -> str:
        """Ends an INSERT that leaves a row alone whose key is there; `column` is any one of it."""

    def or_set(self, keys: str, *columns: str) -> str:
        """Ends an INSERT that gives a row whose `keys` are there the new `columns`."""

    def or_raise(self, keys: str, *columns: str) -> str:
        """`or_set`, but a column that is greater already stays."""


class Cursor(Protocol):
    """
    What an interaction may do: SQL with `%s` marks, whatever the database.

    A literal percent sign has no place in that SQL: patterns are arguments.
    Every method may raise the faults of `store.faults`; only `Duplicate` is
    to be caught, the others end the transaction.
    """

    @property
    def dialect(self) -> Dialect: ...

    @property
    def rowcount(self) -> int:
        """How many rows the last statement found, whether or not it changed them."""

    @property
    def lastrowid(self) -> int: ...

    def execute(self, sql: str, args: Sequence[object] = ()) -> None: ...

    def insert_rows(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """One multi-row insert; `sql` ends in `VALUES (%s, …)` for one row."""

    def one(self, sql: str, args: Sequence[object] = ()) -> Row | None: ...

    def all(self, sql: str, args: Sequence[object] = ()) -> list[Row]: ...


Interaction = Callable[Concatenate[Cursor, P], T]


class Database(Protocol):
    """Runs interactions, each in one transaction, off the reactor's thread."""

    async def read(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `interaction` on one snapshot; repeated when the connection was lost."""

    async def write(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """
        Run `interaction` and COMMIT before returning.

        Repeated after a fault only while it is sure that nothing was committed.
        """

    async def transact(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """
        Run `interaction` and COMMIT, once, for who has rules of repeating of its own.

        Raises the faults of `store.faults`, each with its cause: `Again`, `Away`,
        `CommitUnknown`, `ItemFault`. All of them are `Unavailable`.
        """


# --- stores ------------------------------------------------------------------


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
    ) -> tuple[Person, int]:
        """
        Make an account, a member of the lobby at once; the person and its version.

        Raises `Conflict` (`name_taken`).
        """

    async def account(self, name_key: str) -> Account | None: ...

    async def replace_password_hash(self, user: UserId, password_hash: str) -> None: ...

    async def person(self, name_key: str) -> Person | None: ...

    async def people(self, name_keys: Sequence[str]) -> list[Person]:
        """Those of `name_keys` that exist, in no particular order."""

    async def look_up(
        self, seeker: UserId, prefix: str, limit: int
    ) -> list[tuple[Person, Relation]]:
        """People whose name key begins with `prefix`, without those who block `seeker`."""

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

        Raises `Conflict` (`already_friends`), `Blocked` (the asker blocks),
        `NotFound` (the asker is blocked).
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
        after: UserId | None,
    ) -> tuple[list[tuple[Person, Role, int]], bool]:
        """Members with role and when they joined, by user id, after `after`."""

    async def set_muted(self, user: UserId, conversation: ConversationId, muted: bool) -> int:
        """The user's new version; raises `NotAMember`."""

    async def hide(self, user: UserId, conversation: ConversationId, seq: int) -> tuple[int, int]:
        """Clear up to `seq` for oneself; (version, last_rev); raises `NotAMember`."""


class TimelineStore(Protocol):
    """Reading messages; a member sees what is past its own `hidden_seq`."""

    async def epoch(self) -> str: ...

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
        self, moves: Sequence[tuple[UserId, ConversationId, int, int]]
    ) -> list[CursorMoved]:
        """
        Write (user, conversation, read, received) as the greater of old and new.

        Never past `last_seq`; one transaction for all; those that moved come
        back, those who are no members and those that stayed do not.
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


# --- who is connected ----------------------------------------------------------


class Outlet(Protocol):
    """One live connection, as the domain sees it; nothing here blocks or raises."""

    @property
    def user(self) -> UserId: ...

    @property
    def session(self) -> SessionId: ...

    @property
    def connection(self) -> str:
        """A name for this connection that no other one has."""

    def deliver(self, event: ConversationEvent | UserEvent) -> None:
        """Queue a live event; dropped, and told by `lag` later, when overfull."""

    def reply(self, frame: bytes) -> None:
        """Queue an answer; never dropped."""

    def hold_all(self) -> None:
        """Keep every live event back until `go_live`."""

    def hold(self, conversation: ConversationId) -> None:
        """Keep this conversation's live events back until `release`."""

    def release(self, conversation: ConversationId, rev: int) -> None:
        """Let held events past `rev` follow; forget the others."""

    def go_live(self, version: int, revs: dict[ConversationId, int]) -> None:
        """
        End `hold_all`: what is past `revs` follows, but what is held by itself.

        `version` is the user's, as the client was told.
        """

    async def room(self) -> None:
        """Wait until it is less than half full; returns also when it is gone."""

    @property
    def gone(self) -> bool: ...

    def end(self, code: int, why: str) -> None:
        """Say `bye` and close with `code`."""


class Connections(Protocol):
    """Who is connected here, and which conversations each one hears."""

    def admit(self, outlet: Outlet) -> None:
        """Know of `outlet`, so that it ends with its session; it hears nothing yet."""

    def arrive(self, outlet: Outlet) -> bool:
        """Start routing to `outlet`; False when its memberships are still to be learned."""

    def learn(self, outlet: Outlet, conversations: Sequence[ConversationId]) -> None:
        """
        The memberships of its user, read from the store after `arrive`.

        What was announced meanwhile is newer and stays.
        """

    def leave(self, outlet: Outlet) -> None:
        """Stop routing to `outlet`; harmless if it never arrived."""

    def hears(self, user: UserId, conversation: ConversationId) -> bool:
        """Whether a connected `user` is a member."""

    def is_connected(self, user: UserId) -> bool: ...

    def tell(self, event: Event) -> None:
        """Put `event` into the outlets of whom it concerns."""


class Backplane(Protocol):
    """Brings what was committed to whoever is connected, here or elsewhere."""

    def announce(self, event: Event) -> None:
        """Best effort, in order, without waiting; who misses it catches up."""
