"""
What people let each other see: choosing it, and looking at what others let one see.

Beside the way of a message: lists of people carry what this finds.
"""

from __future__ import annotations

from collections.abc import Mapping

from imtwisted import frames, rules
from imtwisted.boundaries import Backplane, SharingStore
from imtwisted.domain.presence import Presence
from imtwisted.events import CircleEvent, UserEvent
from imtwisted.model import ConversationId, UserId
from imtwisted.sharing import MemberMarks, Shares, Sighting


class Sharing:
    """A person's settings, and the marks beside others' names."""

    def __init__(self, store: SharingStore, presence: Presence, backplane: Backplane) -> None:
        self._store = store
        self._presence = presence
        self._backplane = backplane

    async def settings(self, user: UserId) -> Shares:
        """What `user` lets others see."""
        return await self._store.shares(user)

    async def change(self, user: UserId, changes: Mapping[str, bool]) -> Shares:
        """Show or hide something, by the names of `Shares`, from now on and on every device."""
        try:
            shares, version = await self._store.change(user, changes)
        finally:
            # Also when nobody knows whether it was stored.
            self._backplane.announce(CircleEvent(user))
        update = frames.settings_update(version, shares)
        self._backplane.announce(UserEvent(user, version, update))
        return shares

    async def friends(self, viewer: UserId) -> dict[UserId, Sighting]:
        """Whether each friend is there; without those who hide it, empty for who hides it."""
        seen = await self._store.sightings(viewer)
        return {user: self._sighting(user, at) for user, at in seen.items()}

    async def members(
        self, viewer: UserId, conversation: ConversationId
    ) -> dict[UserId, MemberMarks]:
        """What a member may see of the others; the marks of who hides all are missing."""
        positions = await self._store.positions(viewer, conversation, rules.SHARED_UP_TO)
        sightings = await self.friends(viewer)
        marks = {}
        for user in positions.keys() | sightings.keys():
            read, received = positions.get(user, (None, None))
            marks[user] = MemberMarks(read, received, sightings.get(user))
        return marks

    def _sighting(self, user: UserId, last_seen: int | None) -> Sighting:
        if self._presence.is_online(user):
            return Sighting(online=True)
        return Sighting(online=False, last_seen=last_seen)
