"""
What people let each other see, as it is kept: settings, circles, sightings.

Beside the way of a message: who hears of a cursor, of presence, of typing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from imtwisted.model import ConversationId, UserId
from imtwisted.sharing import Audience, Circle, Shares


class SharingStore(Protocol):
    """Settings, and what may be seen by them."""

    async def circle(self, user: UserId) -> Circle:
        """What `user` shares and who is around them; many ask it together."""

    async def audience(self, conversation: ConversationId) -> Audience:
        """Who hears and may be heard in a conversation; many ask it together."""

    async def shares(self, user: UserId) -> Shares: ...

    async def change(self, user: UserId, changes: Mapping[str, bool]) -> tuple[Shares, int]:
        """Set some of the settings, by their names; all of them, and the user's new version."""

    async def saw(self, sightings: Sequence[tuple[UserId, int]]) -> None:
        """Note when each was last connected, never earlier than was noted before."""

    async def sightings(self, viewer: UserId) -> dict[UserId, int | None]:
        """When each friend was last seen, of those who share it; none if `viewer` does not."""

    async def positions(
        self, viewer: UserId, conversation: ConversationId, most: int
    ) -> dict[UserId, tuple[int, int]]:
        """
        (read, received) of the members who share it; none if `viewer` does not.

        None either in a conversation of more than `most` members.
        """
