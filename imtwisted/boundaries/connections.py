"""
Who is connected, and how an event reaches them.

Way of a message: journal -> [connections] -> outbox -> browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from imtwisted.events import ConversationEvent, Event, UserEvent
from imtwisted.model import ConversationId, Person, SessionId, UserId


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

    def hint(self, event: ConversationEvent) -> None:
        """`deliver` what nobody misses; a reader that is slow is spared it without a word."""

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

    def present(self, person: Person) -> Person:
        """A connected `person` as they are called now."""

    def tell(self, event: Event) -> None:
        """Put `event` into the outlets of whom it concerns."""


class Backplane(Protocol):
    """Brings what was committed to whoever is connected, here or elsewhere."""

    def announce(self, event: Event) -> None:
        """Best effort, in order, without waiting; who misses it catches up."""
