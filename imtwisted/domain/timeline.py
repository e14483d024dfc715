"""
What it means to say something.

Way of a message: browser -> sockets -> [timeline] -> journal -> (commit) -> backplane.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from msgspec import UNSET, UnsetType
from twisted.internet.defer import Deferred

from imtwisted import frames, rules
from imtwisted.boundaries import (
    Clock,
    ContactStore,
    ConversationStore,
    Journal,
    PeopleStore,
)
from imtwisted.domain.wording import alteration_of, users_of
from imtwisted.entries import Committed, Edit, Post
from imtwisted.files import FileId
from imtwisted.limits import Buckets
from imtwisted.model import ConversationId, Person
from imtwisted.refusals import (
    BadRequest,
    Blocked,
    ChatError,
    NotAFriend,
    NotFound,
    RateLimited,
)
from imtwisted.settings import Limits

Outcome = Committed | ChatError
Answer = frames.Ack | frames.Acks
T = TypeVar("T")


class Timeline:
    """Says things: checked early, judged and stored by the journal."""

    def __init__(
        self,
        journal: Journal,
        people: PeopleStore,
        contacts: ContactStore,
        conversations: ConversationStore,
        clock: Clock,
        limits: Limits,
        rates: Buckets,
        *,
        anyone_may_write: bool,
    ) -> None:
        self._journal = journal
        self._people = people
        self._contacts = contacts
        self._conversations = conversations
        self._clock = clock
        self._limits = limits
        self._rates = rates
        self._anyone_may_write = anyone_may_write

    async def say(self, sender: Person, client_id: bytes, said: frames.Saying) -> Answer:
        """
        Store `said` in its conversation, or as a direct message to each of `to`.

        Raises the refusal; of a list, only what concerns all of it.
        """
        entered: Deferred[Answer] = Deferred()
        answered = _into(entered)
        await self.enter(sender, client_id, said, answered)
        return await entered

    def post(
        self,
        sender: Person,
        client_id: bytes,
        said: frames.Saying,
        answered: Callable[[frames.Ack | ChatError], None],
        id: int | UnsetType = UNSET,
    ) -> None:
        """
        Say something in a known conversation: queued before this returns.

        The ack will carry `id`. Raises the refusal of what can be judged at once.
        """
        self._check(said)
        if said.conversation is None:
            raise BadRequest(reason="one_addressee")
        self._charge(sender, 1)
        conversation = ConversationId(said.conversation)
        self._submit(sender, client_id, conversation, said, answered, id)

    def alter(
        self,
        sender: Person,
        asked: frames.Alteration,
        answered: Callable[[frames.Ack | ChatError], None],
    ) -> None:
        """
        Edit, recall or react to a message: queued before this returns.

        The ack will carry the request's `id`. Raises the refusal of what can be
        judged at once.
        """
        entry = alteration_of(sender, asked, self._limits.text_characters)
        self._charge(sender, 1)
        client_id = entry.client_id if isinstance(entry, Edit) else None

        def settled(outcome: Outcome) -> None:
            answered(_ack(outcome, asked.id, client_id))

        self._journal.submit(entry, settled)

    async def altered(self, sender: Person, asked: frames.Alteration) -> frames.Ack:
        """`alter`, for who can wait; raises the refusal."""
        altered: Deferred[frames.Ack] = Deferred()
        self.alter(sender, asked, _into(altered))
        return await altered

    async def enter(
        self,
        sender: Person,
        client_id: bytes,
        said: frames.Saying,
        answered: Callable[[Answer | ChatError], None],
        id: int | UnsetType = UNSET,
    ) -> None:
        """
        Bring `said` into the journal's queue; `answered` follows, once.

        Returns when it is queued, so that what is asked next comes after it.
        """
        if isinstance(said.to, list):
            await self._enter_list(sender, client_id, said, said.to, answered, id)
        elif said.to is None:
            self.post(sender, client_id, said, answered, id)
        else:
            self._check(said)
            self._charge(sender, 1)
            conversation = await self._direct_with(sender, said.to)
            self._submit(sender, client_id, conversation, said, answered, id)

    # --- one ----------------------------------------------------------------------

    def _check(self, said: frames.Saying) -> None:
        """Refuse what no conversation would take."""
        if (said.conversation is None) == (said.to is None):
            raise BadRequest(reason="one_addressee")
        if said.files:
            rules.check_files(said.files, to_several=isinstance(said.to, list))
            rules.checked_caption(said.text, self._limits.text_characters)
        else:
            rules.checked_text(said.text, self._limits.text_characters)

    def _charge(self, sender: Person, messages: int) -> None:
        wait = self._rates.wait(sender.id, messages)
        if wait:
            raise RateLimited(retry_after=wait)
        self._rates.owe(sender.id, messages)

    def _submit(
        self,
        sender: Person,
        client_id: bytes,
        conversation: ConversationId,
        said: frames.Saying,
        answered: Callable[[frames.Ack | ChatError], None],
        id: int | UnsetType = UNSET,
    ) -> None:
        post = Post(
            conversation,
            sender,
            client_id,
            said.text,
            said.reply_to,
            users_of(said.mentions) if said.mentions else (),
            tuple(dict.fromkeys(map(FileId, said.files))) if said.files else (),
        )

        def settled(outcome: Outcome) -> None:
            answered(_ack(outcome, id, client_id))

        self._journal.submit(post, settled)

    # --- to people ------------------------------------------------------------------

    async def _direct_with(self, sender: Person, username: str) -> ConversationId:
        """
        The conversation with `username`, made if the two may talk.

        One that exists is left to the journal to judge: it may be a retry.
        """
        other = await self._people.person(rules.name_key(username))
        if other is None:
            raise NotFound(reason="no_such_user", field="to")
        if other.id == sender.id:
            raise BadRequest(reason="not_yourself", field="to")
        known = await self._conversations.find_direct(sender.id, other.id)
        if known is None:
            relation = await self._contacts.relation(sender.id, other.id)
            if relation == "blocked":
                raise Blocked(reason="blocked")
            if relation != "friend" and not self._anyone_may_write:
                raise NotAFriend(reason="not_friend")
            now = int(self._clock.seconds() * 1000)
            known = await self._conversations.direct(sender.id, other.id, now)
        return known.id

    async def _enter_list(
        self,
        sender: Person,
        client_id: bytes,
        said: frames.Saying,
        to: list[str],
        answered: Callable[[Answer | ChatError], None],
        id: int | UnsetType,
    ) -> None:
        """One message to each, under an id of its own; answered when all are."""
        self._check(said)
        self._charge(sender, len(to))
        results = _Results(client_id.hex(), len(to), answered, id)
        for place, username in enumerate(to):
            try:
                conversation = await self._direct_with(sender, username)
            except ChatError as refusal:
                results.put(place, refusal)
                continue
            each = listed_client_id(client_id, conversation)
            self._submit(sender, each, conversation, said, results.at(place))


class _Results:
    """Collects what became of each target of a list."""

    def __init__(
        self,
        client_id: str,
        size: int,
        answered: Callable[[Answer | ChatError], None],
        id: int | UnsetType,
    ) -> None:
        self._id = id
        self._client_id = client_id
        self._results: list[frames.Ack | frames.Error | None] = [None] * size
        self._open = size
        self._answered = answered

    def at(self, place: int) -> Callable[[frames.Ack | ChatError], None]:
        return lambda answer: self.put(place, answer)

    def put(self, place: int, answer: frames.Ack | ChatError) -> None:
        self._results[place] = frames.error_of(answer) if isinstance(answer, ChatError) else answer
        self._open -= 1
        if not self._open:
            results = [result for result in self._results if result is not None]
            self._answered(frames.Acks(id=self._id, client_id=self._client_id, results=results))


def _into(waiting: Deferred[T]) -> Callable[[T | ChatError], None]:
    """The call that answers who waits."""

    def answered(answer: T | ChatError) -> None:
        if waiting.called:
            return  # who asked has left
        if isinstance(answer, ChatError):
            waiting.errback(answer)
        else:
            waiting.callback(answer)

    return answered


def listed_client_id(client_id: bytes, conversation: ConversationId) -> bytes:
    """The id of one message of a list: the same again when the list is repeated."""
    return hashlib.sha256(client_id + conversation.to_bytes(8, "big")).digest()[:16]


def _ack(outcome: Outcome, id: int | UnsetType, client_id: bytes | None) -> frames.Ack | ChatError:
    if isinstance(outcome, ChatError):
        return outcome
    if outcome.message is None:
        raise ValueError("what is asked of a timeline is always of a message")
    return frames.ack_of(outcome.message, outcome.duplicate, id, client_id=client_id)
