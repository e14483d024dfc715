"""
Keeping a group in order: what it is called and for, who may write in it, who is silent for a while.

Way of a message: browser -> http -> [order] -> journal; a send is judged by what was settled here.
"""

from __future__ import annotations

from collections.abc import Callable

from imtwisted import rules
from imtwisted.boundaries import Clock, Journal, PeopleStore
from imtwisted.entries import Describe, Restrict, Settle, Silence, Unsilence
from imtwisted.limits import Buckets
from imtwisted.model import FOREVER, ConversationId, Person
from imtwisted.refusals import BadRequest, NotFound

LONGEST = 10 * 365 * 24 * 3600  # seconds, of a silence that has an end


class Order:
    """
    What those who lead a group may settle; every change goes through the journal.

    The whole group hears of it: each raises `RateLimited` too.
    """

    def __init__(
        self,
        journal: Journal,
        people: PeopleStore,
        clock: Clock,
        deeds: Buckets,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._journal = journal
        self._people = people
        self._clock = clock
        self._deeds = deeds
        self._entropy = entropy

    async def settle(
        self,
        person: Person,
        conversation: ConversationId,
        *,
        title: str | None = None,
        public: bool | None = None,
        description: str | None = None,
        announcement_only: bool | None = None,
    ) -> None:
        """
        Change what a group is called, its door, what it is for, or who may write.

        Everything is checked before anything is changed. Raises `BadRequest`
        beside a field, `NotAMember`, `Denied`.
        """
        if title is not None:
            title = rules.checked_title(title)
        if description is not None:
            description = rules.checked_description(description)
        self._deeds.take(person.id)
        # One rule judges all of them: who may not, may not do the first.
        deeds: list[Settle | Describe | Restrict] = []
        if title is not None or public is not None:
            deeds.append(Settle(person, self._entropy(16), conversation, title, public))
        if description is not None:
            deeds.append(Describe(person, self._entropy(16), conversation, description))
        if announcement_only is not None:
            deeds.append(Restrict(person, self._entropy(16), conversation, announcement_only))
        for deed in deeds:
            await self._journal.append(deed)

    async def silence(
        self,
        person: Person,
        conversation: ConversationId,
        username: str,
        seconds: int | None = None,
    ) -> None:
        """Let a member write no more for so long, None: until it is lifted; raises `Denied`."""
        if seconds is not None and not 1 <= seconds <= LONGEST:
            raise BadRequest(reason="silence_time", field="for")
        self._deeds.take(person.id)
        now = int(self._clock.seconds() * 1000)
        until = FOREVER if seconds is None else now + seconds * 1000
        other = await self._someone(username)
        await self._journal.append(Silence(person, self._entropy(16), conversation, other, until))

    async def unsilence(self, person: Person, conversation: ConversationId, username: str) -> None:
        """Let a member write again."""
        self._deeds.take(person.id)
        other = await self._someone(username)
        await self._journal.append(Unsilence(person, self._entropy(16), conversation, other))

    async def _someone(self, username: str) -> Person:
        person = await self._people.person(rules.name_key(username))
        if person is None:
            raise NotFound(reason="no_such_user", field="username")
        return person
