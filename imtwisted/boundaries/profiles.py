"""
What is kept of a person beside their name at the door: settings, data, the end.

Way of a message: beside it; accounts change here, and others are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from imtwisted.model import ConversationId, Person, UserId
from imtwisted.profile import (
    Ended,
    Habits,
    Noticed,
    OwnFile,
    OwnInvite,
    OwnMessage,
    OwnReaction,
    Profile,
    Stay,
)


class ProfileStore(Protocol):
    """What people settle about themselves."""

    async def profile(self, user: UserId) -> Profile: ...

    async def rename(self, user: UserId, display_name: str) -> tuple[Person, Noticed] | None:
        """Show them under another name; None when it is theirs already."""

    async def set_language(self, user: UserId, language: str) -> None:
        """Answer them in this language from now on; empty: in their browser's."""


class DeletionStore(Protocol):
    """Accounts on their way out; every step may be taken twice."""

    async def order(self, user: UserId, at: int) -> None:
        """From now on the account is to be deleted, whatever happens to this process."""

    async def ordered(self) -> Sequence[UserId]:
        """Whose deletion has been ordered and is not finished."""

    async def end(self, user: UserId, at: int) -> Ended:
        """Take the account's name, password and devices away; its order is kept."""

    async def part(self, user: UserId) -> Noticed:
        """
        End what was between the account and others, so that nobody can write to it.

        After `end`; whoever is judged by what was read before must read again.
        """

    async def finish(self, user: UserId) -> None:
        """Nothing of the account is left to delete."""


class ExportStore(Protocol):
    """What is kept of somebody, a page at a time; a page that is not full is the last."""

    async def habits(self, user: UserId) -> Habits: ...

    async def stays(self, user: UserId, after: int, limit: int) -> list[Stay]:
        """Where they are and were, after that conversation."""

    async def own_files(self, user: UserId, after: int, limit: int) -> list[OwnFile]:
        """What they uploaded, after that id."""

    async def own_invites(self, user: UserId, after: int, limit: int) -> list[OwnInvite]:
        """The links they made, after that id."""

    async def own_reactions(
        self, user: UserId, conversation: ConversationId, after: int
    ) -> tuple[list[OwnReaction], int | None]:
        """Some of their reactions after seq `after`, and where to go on; None: the end."""

    async def own_messages(
        self, user: UserId, conversation: ConversationId, after: int, limit: int
    ) -> tuple[list[OwnMessage], int | None]:
        """Some of their messages after seq `after`, and where to go on; None: the end."""
