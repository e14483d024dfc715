"""
Everything the server keeps of a person, for that person: told piece by piece.

Way of a message: beside it; a download of any size needs the memory of a page.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from typing import Any

from imtwisted import frames
from imtwisted.boundaries import Clock, ContactStore, ConversationStore, ExportStore, ProfileStore
from imtwisted.domain.accounts import Accounts
from imtwisted.model import Contact, ConversationId, Head, Person, Relation, UserId
from imtwisted.profile import BROWSERS, OwnMessage
from imtwisted.refusals import RateLimited

_MESSAGES = 100  # of one's own, at a time
_CONVERSATIONS = 100
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
        conversations: ConversationStore,
        exports: ExportStore,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._profiles = profiles
        self._contacts = contacts
        self._conversations = conversations
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
            yield b',"conversations":['
            between = b""
            async for head in self._heads(person.id):
                yield between
                async for part in self._conversation(person.id, head):
                    yield part
                between = b","
            yield b"]}\n"
        finally:
            self._under_way.discard(person.id)

    async def _account(self, person: Person) -> bytes:
        """The document's beginning, without the brace that ends it."""
        profile = await self._profiles.profile(person.id)
        devices, _ = await self._accounts.devices(person.id)
        return _open(
            exported_at=int(self._clock.seconds() * 1000),
            user=frames.person_of(person),
            created_at=profile.created_at,
            language=profile.language.strip(BROWSERS),
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

    async def _heads(self, user: UserId) -> AsyncGenerator[Head, None]:
        before: ConversationId | None = None
        while True:
            heads = await self._conversations.heads(user, _CONVERSATIONS, before)
            for head in heads.heads:
                yield head
            if not heads.more:
                return
            before = heads.heads[-1].conversation.id

    async def _conversation(self, user: UserId, head: Head) -> AsyncGenerator[bytes, None]:
        """One conversation one is in, and what one has said there."""
        conversation = head.conversation
        yield _open(
            conversation=conversation.id,
            kind=conversation.kind,
            title=head.title,
            role=head.role,
            with_=None if head.peer is None else frames.person_of(head.peer.person),
        )
        yield b',"messages":['
        between = b""
        after: int | None = 0
        while after is not None:
            some, after = await self._exports.own_messages(user, conversation.id, after, _MESSAGES)
            for one in some:
                yield between + frames.json_of(_message(one))
                between = b","
        yield b"]}"


def _open(**fields: Any) -> bytes:
    """An object to which more is added; a field that is None is left out."""
    said = {name.rstrip("_"): value for name, value in fields.items() if value is not None}
    return frames.json_of(said)[:-1]


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
    return said
