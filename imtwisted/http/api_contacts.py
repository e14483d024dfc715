"""
The API of people: looking them up, requests, friends, blocks.

Way of a message: browser -> http -> [api_contacts] -> domain.contacts.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from imtwisted import frames
from imtwisted.domain.contacts import Contacts
from imtwisted.domain.sharing import Sharing
from imtwisted.http.marks import presence_in
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import (
    Asking,
    ContactAnswer,
    ContactEntry,
    ContactsAnswer,
    KnownPerson,
    PeopleAnswer,
    PeopleQuery,
    PersonAnswer,
)
from imtwisted.model import Contact, Person, Relation, UserId
from imtwisted.sharing import Sighting


class ContactsApi:
    """`/users` (looking up) and `/contacts`."""

    def __init__(self, contacts: Contacts, sharing: Sharing) -> None:
        self._contacts = contacts
        self._sharing = sharing

    @route("GET", "/users")
    async def look_up(self, caller: Caller, query: PeopleQuery) -> PeopleAnswer:
        """People whose name begins with `query`."""
        found, more = await self._contacts.look_up(caller.person.id, query.query, query.limit)
        return PeopleAnswer(users=[_known(*each) for each in found], more=more)

    @route("GET", "/users/<username>")
    async def person(self, caller: Caller, username: str) -> PersonAnswer:
        """One person, and how one stands to them."""
        return PersonAnswer(user=_known(*await self._contacts.person(caller.person.id, username)))

    @route("GET", "/contacts")
    async def all(self, caller: Caller) -> ContactsAnswer:
        """Everyone one has to do with, and which friends are there."""
        contacts, version = await self._contacts.of(caller.person.id)
        sightings = await self._sharing.friends(caller.person.id)
        return ContactsAnswer(
            friends=_entries(contacts, "friend", sightings),
            incoming=_entries(contacts, "incoming"),
            outgoing=_entries(contacts, "outgoing"),
            blocked=_entries(contacts, "blocked"),
            version=version,
        )

    @route("POST", "/contacts/requests", status=201)
    async def ask(self, caller: Caller, body: Asking) -> ContactAnswer:
        """Ask for friendship; two crossing requests make one."""
        contact, version = await self._contacts.ask(caller.person, body.username, body.note)
        return ContactAnswer(contact=frames.contact_of(contact), version=version)

    @route("POST", "/contacts/requests/<username>/accept")
    async def accept(self, caller: Caller, username: str) -> ContactAnswer:
        """Accept a request."""
        contact, version = await self._contacts.accept(caller.person, username)
        return ContactAnswer(contact=frames.contact_of(contact), version=version)

    @route("POST", "/contacts/requests/<username>/decline")
    async def decline(self, caller: Caller, username: str) -> None:
        """Decline a request."""
        await self._contacts.decline(caller.person, username)

    @route("DELETE", "/contacts/<username>")
    async def remove(self, caller: Caller, username: str) -> None:
        """End a friendship, or take one's own request back."""
        await self._contacts.remove(caller.person, username)

    @route("PUT", "/contacts/blocks/<username>")
    async def block(self, caller: Caller, username: str) -> None:
        """Keep someone from writing and asking; they are not told."""
        await self._contacts.block(caller.person, username)

    @route("DELETE", "/contacts/blocks/<username>")
    async def unblock(self, caller: Caller, username: str) -> None:
        """Let someone write and ask again."""
        await self._contacts.unblock(caller.person, username)


def _known(person: Person, relation: Relation) -> KnownPerson:
    picture = UNSET if person.picture is None else person.picture
    return KnownPerson(
        person.id, person.username, person.display_name, picture=picture, relation=relation
    )


def _entries(
    contacts: list[Contact], relation: Relation, sightings: Mapping[UserId, Sighting] = {}
) -> list[ContactEntry]:
    return [
        ContactEntry(
            user=frames.person_of(contact.person),
            note=contact.note or UNSET,
            at=contact.at,
            presence=presence_in(sightings, contact.person.id),
        )
        for contact in contacts
        if contact.relation == relation
    ]
