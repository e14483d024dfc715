"""
The API of messages: saying, reading, what was missed.

Way of a message: script -> http -> [api_messages] -> domain.timeline -> journal.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import UNSET, structs

from imtwisted import frames
from imtwisted.domain.catchup import CatchUp
from imtwisted.domain.receipts import Receipts
from imtwisted.domain.timeline import Answer, Timeline
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import ChangesQuery, Editing, HistoryQuery, Reading, Spoken
from imtwisted.model import ConversationId

_CLIENT_ID_BYTES = 16


class MessagesApi:
    """`/messages` and what is in `/conversations/<id>`."""

    def __init__(
        self,
        timeline: Timeline,
        catchup: CatchUp,
        receipts: Receipts,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._timeline = timeline
        self._catchup = catchup
        self._receipts = receipts
        self._entropy = entropy

    @route("POST", "/messages", status=201)
    async def say_to(self, caller: Caller, body: Spoken) -> Answer:
        """Say something to a person, or to several."""
        return await self._say(caller, body)

    @route("POST", "/conversations/<conversation>/messages", status=201)
    async def say(self, caller: Caller, conversation: int, body: Spoken) -> Answer:
        """Say something in a conversation."""
        return await self._say(caller, structs.replace(body, conversation=conversation))

    async def _say(self, caller: Caller, said: Spoken) -> Answer:
        client_id = bytes.fromhex(said.client_id or self._entropy(_CLIENT_ID_BYTES).hex())
        answer = await self._timeline.say(caller.person, client_id, said)
        if _is_known(answer):
            caller.answer_with(200)
        return answer

    @route("PATCH", "/conversations/<conversation>/messages/<seq>")
    async def edit(self, caller: Caller, conversation: int, seq: int, body: Editing) -> frames.Ack:
        """Give one's own message another text."""
        client_id = body.client_id or self._entropy(_CLIENT_ID_BYTES).hex()
        return await self._alter(
            caller,
            frames.Edit(
                id=0,
                client_id=client_id,
                conversation=conversation,
                seq=seq,
                text=body.text,
                mentions=body.mentions,
            ),
        )

    @route("DELETE", "/conversations/<conversation>/messages/<seq>")
    async def recall(self, caller: Caller, conversation: int, seq: int) -> frames.Ack:
        """Take back one's own message, or as a moderator anyone's."""
        return await self._alter(caller, frames.Recall(id=0, conversation=conversation, seq=seq))

    @route("PUT", "/conversations/<conversation>/messages/<seq>/reactions/<emoji>")
    async def react(self, caller: Caller, conversation: int, seq: int, emoji: str) -> frames.Ack:
        """Put an emoji under a message."""
        return await self._react(caller, conversation, seq, emoji, on=True)

    @route("DELETE", "/conversations/<conversation>/messages/<seq>/reactions/<emoji>")
    async def unreact(self, caller: Caller, conversation: int, seq: int, emoji: str) -> frames.Ack:
        """Take one's own emoji away."""
        return await self._react(caller, conversation, seq, emoji, on=False)

    async def _react(
        self, caller: Caller, conversation: int, seq: int, emoji: str, *, on: bool
    ) -> frames.Ack:
        asked = frames.React(id=0, conversation=conversation, seq=seq, emoji=emoji, on=on)
        return await self._alter(caller, asked)

    async def _alter(self, caller: Caller, asked: frames.Alteration) -> frames.Ack:
        """The ack, which over HTTP needs no `id` to find its request."""
        ack = await self._timeline.altered(caller.person, asked)
        return structs.replace(ack, id=UNSET)

    @route("GET", "/conversations/<conversation>/messages")
    async def history(
        self, caller: Caller, conversation: int, query: HistoryQuery
    ) -> frames.HistoryOut:
        """A page of the timeline."""
        page = await self._catchup.history(
            caller.person.id,
            ConversationId(conversation),
            before=query.before,
            after=query.after,
            around=query.around,
            limit=query.limit,
        )
        return frames.page_of(page)

    @route("GET", "/conversations/<conversation>/changes")
    async def changes(
        self, caller: Caller, conversation: int, query: ChangesQuery
    ) -> frames.DeltaOut | frames.Reset:
        """What happened after a rev."""
        return await self._catchup.changes_or_reset(
            caller.person.id, ConversationId(conversation), query.after
        )

    @route("PUT", "/conversations/<conversation>/read")
    async def read(self, caller: Caller, conversation: int, body: Reading) -> None:
        """Everything up to `seq` is read."""
        await self._catchup.check_member(caller.person.id, ConversationId(conversation))
        self._receipts.read(caller.person.id, ConversationId(conversation), body.seq)
        await self._receipts.written(caller.person.id)


def _is_known(answer: Answer) -> bool:
    """Whether nothing new was stored: a duplicate, or a list of them."""
    results = answer.results if isinstance(answer, frames.Acks) else [answer]
    return all(isinstance(one, frames.Ack) and one.duplicate is not UNSET for one in results)
