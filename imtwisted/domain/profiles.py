"""
What people settle about themselves: what they are called, in which language they are answered.

Way of a message: beside it; whoever sees the person hears of another name.
"""

from __future__ import annotations

from imtwisted import frames, rules
from imtwisted.boundaries import Backplane, ProfileStore
from imtwisted.events import ConversationEvent, PersonChanged, UserEvent
from imtwisted.limits import Buckets
from imtwisted.model import Person, UserId
from imtwisted.profile import BROWSERS, Noticed, Profile


class Profiles:
    """Changes what somebody is, and tells who is to know."""

    def __init__(self, profiles: ProfileStore, backplane: Backplane, renames: Buckets) -> None:
        self._profiles = profiles
        self._backplane = backplane
        self._renames = renames

    async def of(self, user: UserId) -> Profile:
        """What `user` has settled."""
        return await self._profiles.profile(user)

    async def rename(self, person: Person, display_name: str) -> Person:
        """
        Show `person` under another name, an empty one being the user name.

        Raises `BadRequest` beside the field, and `RateLimited`: many hear of it.
        """
        name = rules.checked_display_name(display_name) or person.username
        if name == person.display_name:
            return person
        self._renames.take(str(person.id))
        changed = await self._profiles.rename(person.id, name)
        if changed is None:
            return person
        renamed, noticed = changed
        self._backplane.announce(PersonChanged(renamed))
        tell_of(self._backplane, renamed, noticed)
        return renamed

    async def speak(self, user: UserId, language: str) -> None:
        """Answer `user` in `language`, on every device; empty: as each browser asks."""
        await self._profiles.set_language(user, language or BROWSERS)


def tell_of(backplane: Backplane, person: Person, noticed: Noticed) -> None:
    """
    Tell who has `person` in a list, by their version; the groups without one.

    A group's messages and members are read anew by whoever misses this, so
    counting it in a thousand lists would only make a thousand people ask.
    """
    for user, version in noticed.versions.items():
        backplane.announce(UserEvent(user, version, frames.profile_update(version, person)))
    frame = frames.profile_update(0, person)
    for conversation, members_rev in noticed.groups:
        backplane.announce(ConversationEvent(conversation, members_rev, 0, frame))
