"""
Everything the server keeps of a person, for that person: told piece by piece.

Way of a message: beside it; a download of any size needs the memory of a page.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from dataclasses import asdict
from typing import Any

from imtwisted import frames
from imtwisted.boundaries import Clock, ContactStore, ExportStore, ProfileStore
from imtwisted.domain.accounts import Accounts
from imtwisted.files import File
from imtwisted.model import Contact, Person, Relation, UserId
from imtwisted.profile import BROWSERS, OwnFile, OwnMessage, Stay
from imtwisted.refusals import RateLimited

_MESSAGES = 100  # of one's own, at a time
_PAGE = 100  # of conversations, files and links
_AGAIN = 10_000  # ms, after which one may ask again while a download runs

_LISTS: dict[Relation, str] = {
    "friend": "friends",
    "incoming": "incoming",
    "outgoing": "outgoing",
    "blocked": "blocked",
}


class Exports:
    """Writes one JSON document a person; one at a time for each."""

    def __init__(
        self,
        accounts: Accounts,
        profiles: ProfileStore,
        contacts: ContactStore,
        exports: ExportStore,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._profiles = profiles
        self._contacts = contacts
        self._exports = exports
        self._clock = clock
        self._under_way: set[UserId] = set()

    async def of(self, person: Person) -> AsyncGenerator[bytes, None]:
        """
        The document in parts; each is read from the database when it is asked for.

        Raises `RateLimited` while another one of the same person is under way.
        """
        if person.id in self._under_way:
            raise RateLimited(reason="download_under_way", retry_after=_AGAIN)
        self._under_way.add(person.id)
        try:
            yield await self._account(person)
            yield b',"contacts":' + await self._people(person.id)
            yield b',"files":['
            async for part in self._files(person.id):
                yield part
            yield b'],"invites":['
            async for part in self._invites(person.id):
                yield part
            yield b'],"conversations":['
            between = b""
            async for stay in self._stays(person.id):
                yield between
                async for part in self._conversation(person.id, stay):
                    yield part
                between = b","
            yield b"]}\n"
        finally:
            self._under_way.discard(person.id)

    async def _account(self, person: Person) -> bytes:
        """The document's beginning, without the brace that ends it."""
        profile = await self._profiles.profile(person.id)
        devices, _ = await self._accounts.devices(person.id)
        habits = await self._exports.habits(person.id)
        return _open(
            exported_at=int(self._clock.seconds() * 1000),
            user=frames.person_of(person),
            created_at=profile.created_at,
            language=profile.language.strip(BROWSERS),
            settings=frames.shares_of(habits.shares),
            last_seen=habits.last_seen,
            sessions=[
                {
                    "created_at": device.created_at,
                    "last_used_at": device.last_used_at,
                    "address": device.address,
                    "agent": device.agent,
                }
                for device in devices
            ],
        )

    async def _people(self, user: UserId) -> bytes:
        contacts, _ = await self._contacts.contacts(user)
        return frames.json_of(
            {name: _entries(contacts, relation) for relation, name in _LISTS.items()}
        )

    async def _files(self, user: UserId) -> AsyncGenerator[bytes, None]:
        """All one has uploaded: sent, unsent, and pictures of oneself or of groups."""
        after, between = 0, b""
        while some := await self._exports.own_files(user, after, _PAGE):
            for one in some:
                yield between + frames.json_of(_own_file(one))
                between = b","
            after = some[-1].file.id

    async def _invites(self, user: UserId) -> AsyncGenerator[bytes, None]:
        """The links one has made, without the code that opens a door to others."""
        after, between = 0, b""
        while some := await self._exports.own_invites(user, after, _PAGE):
            for one in some:
                yield between + frames.json_of(_known(asdict(one)))
                between = b","
            after = some[-1].id

    async def _stays(self, user: UserId) -> AsyncGenerator[Stay, None]:
        after = 0
        while some := await self._exports.stays(user, after, _PAGE):
            for stay in some:
                yield stay
            after = some[-1].conversation

    async def _conversation(self, user: UserId, stay: Stay) -> AsyncGenerator[bytes, None]:
        """One conversation one is or was in, and what one has left there."""
        told = asdict(stay)
        del told["peer"]
        peer = None if stay.peer is None else frames.person_of(stay.peer)
        yield _open(**told, with_=peer)
        yield b',"messages":['
        async for part in self._messages(user, stay):
            yield part
        yield b'],"reactions":['
        async for part in self._reactions(user, stay):
            yield part
        yield b"]}"

    async def _messages(self, user: UserId, stay: Stay) -> AsyncGenerator[bytes, None]:
        between = b""
        after: int | None = 0
        while after is not None:
            some, after = await self._exports.own_messages(
                user, stay.conversation, after, _MESSAGES
            )
            for one in some:
                yield between + frames.json_of(_message(one))
                between = b","

    async def _reactions(self, user: UserId, stay: Stay) -> AsyncGenerator[bytes, None]:
        between = b""
        after: int | None = 0
        while after is not None:
            some, after = await self._exports.own_reactions(user, stay.conversation, after)
            for one in some:
                yield between + frames.json_of(asdict(one))
                between = b","


def _open(**fields: Any) -> bytes:
    """An object to which more is added; a field that is None is left out."""
    return frames.json_of({name.rstrip("_"): value for name, value in _known(fields).items()})[:-1]


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _file(file: File) -> dict[str, Any]:
    """What it is, and where it is fetched."""
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "type": file.type,
        "url": f"/api/v1/files/{file.id}",
    }


def _own_file(one: OwnFile) -> dict[str, Any]:
    return {**_file(one.file), "purpose": one.purpose, "created_at": one.created_at}


def _entries(contacts: Iterable[Contact], relation: Relation) -> list[dict[str, Any]]:
    return [
        {"user": frames.person_of(contact.person), "note": contact.note, "at": contact.at}
        for contact in contacts
        if contact.relation == relation
    ]


def _message(message: OwnMessage) -> dict[str, Any]:
    said: dict[str, Any] = {"seq": message.seq, "at": message.at, "text": message.text}
    if message.reply_to is not None:
        said["reply_to"] = message.reply_to
    if message.edited_at is not None:
        said["edited_at"] = message.edited_at
    if message.files:
        said["files"] = [_file(each) for each in message.files]
    return said
