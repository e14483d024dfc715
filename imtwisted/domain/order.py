"""
Keeping a group in order: what it is for, who may write in it, who is silent for a while.

Way of a message: browser -> http -> [order] -> journal; a send is judged by what was settled here.
"""

from __future__ import annotations

from collections.abc import Callable

from imtwisted import rules
from imtwisted.boundaries import Clock, Journal, PeopleStore
from imtwisted.entries import Describe, Restrict, Silence, Unsilence
from imtwisted.model import FOREVER, ConversationId, Person
from imtwisted.refusals import BadRequest, NotFound

LONGEST = 10 * 365 * 24 * 3600  # seconds, of a silence that has an end


class Order:
    """What those who lead a group may settle; every change goes through the journal."""

    def __init__(
        self,
        journal: Journal,
        people: PeopleStore,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._journal = journal
        self._people = people
        self._clock = clock
        self._entropy = entropy

    async def describe(
        self, person: Person, conversation: ConversationId, description: str
    ) -> None:
        """Say what a group is for; raises `BadRequest` (`description_too_long`), `Denied`."""
        description = rules.checked_description(description)
        await self._journal.append(Describe(person, self._entropy(16), conversation, description))

    async def restrict(self, person: Person, conversation: ConversationId, on: bool) -> None:
        """Let only those write who lead the group, or everyone again; raises `Denied`."""
        await self._journal.append(Restrict(person, self._entropy(16), conversation, on))

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
        now = int(self._clock.seconds() * 1000)
        until = FOREVER if seconds is None else now + seconds * 1000
        other = await self._someone(username)
        await self._journal.append(Silence(person, self._entropy(16), conversation, other, until))

    async def unsilence(self, person: Person, conversation: ConversationId, username: str) -> None:
        """Let a member write again."""
        other = await self._someone(username)
        await self._journal.append(Unsilence(person, self._entropy(16), conversation, other))

    async def _someone(self, username: str) -> Person:
        person = await self._people.person(rules.name_key(username))
        if person is None:
            raise NotFound(reason="no_such_user", field="username")
        return person
