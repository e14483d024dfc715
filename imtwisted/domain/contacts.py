"""
Who knows whom: looking people up, asking, accepting, parting, blocking.

Way of a message: beside it. What is decided here decides who may write to whom.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from imtwisted import frames, rules
from imtwisted.boundaries import Backplane, Clock, ContactStore, PeopleStore
from imtwisted.events import CircleEvent, UserEvent
from imtwisted.limits import Buckets
from imtwisted.model import Contact, ContactChange, Person, Relation, UserId
from imtwisted.refusals import BadRequest, NotFound

# Longer than any name's key; what is longer is nobody's.
_LONGEST_QUERY = 64

Change = Callable[[UserId, UserId, int], Awaitable[ContactChange | None]]


class Contacts:
    """
    Changes how two people stand, and tells both as soon as it is stored.

    Each change takes one of the person's `deeds`: it raises `RateLimited` too.
    """

    def __init__(
        self,
        people: PeopleStore,
        contacts: ContactStore,
        backplane: Backplane,
        clock: Clock,
        deeds: Buckets,
        look_ups: Buckets,
    ) -> None:
        self._people = people
        self._contacts = contacts
        self._backplane = backplane
        self._clock = clock
        self._deeds = deeds
        self._look_ups = look_ups

    # --- looking

    async def of(self, user: UserId) -> tuple[list[Contact], int]:
        """Everyone `user` has to do with, and the version this is current to."""
        return await self._contacts.contacts(user)

    async def look_up(
        self, user: UserId, query: str, limit: int
    ) -> tuple[list[tuple[Person, Relation]], bool]:
        """
        Up to `limit` people whose name begins with `query`, and whether there are more.

        Raises `RateLimited`: whoever tries all names makes a list of everybody.
        """
        self._look_ups.take(user)
        prefix = rules.name_key(query[:_LONGEST_QUERY])
        if not prefix:
            return [], False
        found = await self._people.look_up(user, prefix, limit + 1)
        return found[:limit], len(found) > limit

    async def person(self, user: UserId, username: str) -> tuple[Person, Relation]:
        """One person and how `user` stands to them; raises `NotFound`, `RateLimited`."""
        self._look_ups.take(user)
        other = await self._named(username)
        return other, await self._contacts.relation(user, other.id)

    # --- changing

    async def ask(self, person: Person, username: str, note: str) -> tuple[Contact, int]:
        """
        Ask `username` for friendship; crossing requests make one.

        Who is blocked is answered like anybody, and their request waits unseen
        until the block ends: every refusal would tell. Raises `NotFound`, `Conflict` (`already_friends`), `Blocked`.
        """
        words = rules.checked_note(note)
        other = await self._to_change(person, username)
        before = await self._contacts.relation(other.id, person.id)
        try:
            with self._looked_at_again(person, other):
                change = await self._contacts.ask(person.id, other.id, words, self._now())
        except NotFound:
            raise _nobody() from None  # deleted since
        if change is None:
            return await self._unchanged(person.id, other)
        return self._tell(person.id, other.id, before, change)

    async def accept(self, person: Person, username: str) -> tuple[Contact, int]:
        """Accept the request of `username`; raises `NotFound`."""
        other = await self._to_change(person, username)
        with self._looked_at_again(person, other):
            change = await self._contacts.accept(person.id, other.id, self._now())
        return self._tell(person.id, other.id, "outgoing", change)

    async def decline(self, person: Person, username: str) -> None:
        """Decline the request of `username`; raises `NotFound`."""
        other = await self._to_change(person, username)
        if await self._contacts.relation(person.id, other.id) != "incoming":
            raise NotFound
        await self._change(person, other, self._contacts.part)

    async def remove(self, person: Person, username: str) -> None:
        """End a friendship, or take one's own request back; raises `NotFound`."""
        other = await self._to_change(person, username)
        if await self._contacts.relation(person.id, other.id) not in ("friend", "outgoing"):
            raise NotFound
        await self._change(person, other, self._contacts.part)

    async def block(self, person: Person, username: str) -> None:
        """Keep `username` from writing and asking; they are not told."""
        other = await self._to_change(person, username)
        await self._change(person, other, self._contacts.block)

    async def unblock(self, person: Person, username: str) -> None:
        """Let `username` write and ask again."""
        other = await self._to_change(person, username)
        await self._change(person, other, self._contacts.unblock)

    async def _change(self, person: Person, other: Person, change: Change) -> None:
        before = await self._contacts.relation(other.id, person.id)
        with self._looked_at_again(person, other):
            changed = await change(person.id, other.id, self._now())
        if changed is not None:
            self._tell(person.id, other.id, before, changed)

    def _tell(
        self, user: UserId, other: UserId, before: Relation, change: ContactChange
    ) -> tuple[Contact, int]:
        """
        Announce `change` to both; to the other only what changes for them.

        Otherwise an update about nothing would tell a stranger of being blocked.
        """
        mine = frames.contacts_update(change.my_version, change.mine)
        self._backplane.announce(UserEvent(user, change.my_version, mine))
        if change.theirs.relation != before:
            theirs = frames.contacts_update(change.their_version, change.theirs)
            self._backplane.announce(UserEvent(other, change.their_version, theirs))
        return change.mine, change.my_version

    @contextmanager
    def _looked_at_again(self, *people: Person) -> Iterator[None]:
        """Who is friends with whom may change: also when nobody knows whether it was stored."""
        try:
            yield
        finally:
            for person in people:
                self._backplane.announce(CircleEvent(person.id))

    async def _unchanged(self, user: UserId, other: Person) -> tuple[Contact, int]:
        """The request that was there already."""
        contacts, version = await self._contacts.contacts(user)
        for contact in contacts:
            if contact.person.id == other.id:
                return contact, version
        return Contact(other, "none", self._now()), version

    # --- people

    async def _to_change(self, person: Person, username: str) -> Person:
        """Whom `person` is about to change how they stand to; takes one of their deeds."""
        self._deeds.take(person.id)
        other = await self._named(username)
        if other.id == person.id:
            raise BadRequest(reason="not_yourself", field="username")
        return other

    async def _named(self, username: str) -> Person:
        # Cut, a name of any length costs little and a too long one is nobody's.
        key = rules.name_key(username[:_LONGEST_QUERY])
        other = await self._people.person(key)
        if other is None:
            raise _nobody()
        return other

    def _now(self) -> int:
        return int(self._clock.seconds() * 1000)


def _nobody() -> NotFound:
    return NotFound(reason="no_such_user", field="username")
