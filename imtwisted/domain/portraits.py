"""
What people and groups look like.

Beside the way of a message: http -> [portraits] -> database or journal -> whoever sees
them. The picture before is deleted with its file.
"""

from __future__ import annotations

from collections.abc import Callable

from imtwisted.boundaries import Backplane, Journal, PortraitStore
from imtwisted.domain.files import Files
from imtwisted.domain.profiles import tell_of
from imtwisted.entries import Portray
from imtwisted.events import PersonChanged
from imtwisted.files import FileId
from imtwisted.limits import Buckets
from imtwisted.model import ConversationId, Person


class Portraits:
    """Gives people and groups pictures, and tells who sees them."""

    def __init__(
        self,
        portraits: PortraitStore,
        journal: Journal,
        backplane: Backplane,
        files: Files,
        changes: Buckets,
        deeds: Buckets,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._portraits = portraits
        self._journal = journal
        self._backplane = backplane
        self._files = files
        self._changes = changes
        self._deeds = deeds
        self._entropy = entropy

    async def of_person(self, person: Person, file: FileId | None) -> Person:
        """
        Show `person` with a picture they uploaded, or with none.

        Raises `NotFound`, `Conflict`, `BadRequest`, and `RateLimited`: many hear of it.
        """
        self._changes.take(str(person.id))
        changed = await self._portraits.portray(person.id, file)
        if changed is None:
            return person
        shown, noticed, gone = changed
        self._backplane.announce(PersonChanged(shown))
        tell_of(self._backplane, shown, noticed)
        self._files.clear(gone)
        return shown

    async def of_group(
        self, person: Person, conversation: ConversationId, file: FileId | None
    ) -> None:
        """Give a group one leads a picture, or take it away; raises as `of_person`, and `Denied`."""
        self._deeds.take(person.id)
        await self._journal.append(Portray(person, self._entropy(16), conversation, file))
