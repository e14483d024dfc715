"""
The API of pictures: one's own, and those of groups.

Way of a picture: browser -> http -> [api_portraits] -> domain.portraits.
"""

from __future__ import annotations

from imtwisted import frames
from imtwisted.domain.conversations import Conversations
from imtwisted.domain.portraits import Portraits
from imtwisted.files import FileId
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import HeadAnswer, Portraying, UserAnswer
from imtwisted.model import ConversationId


class PortraitsApi:
    """`/me/picture` and `/conversations/<id>/picture`."""

    def __init__(self, portraits: Portraits, conversations: Conversations) -> None:
        self._portraits = portraits
        self._conversations = conversations

    @route("PUT", "/me/picture")
    async def show_me(self, caller: Caller, body: Portraying) -> UserAnswer:
        """Show oneself with a picture one has uploaded."""
        return await self._person(caller, FileId(body.file))

    @route("DELETE", "/me/picture")
    async def hide_me(self, caller: Caller) -> UserAnswer:
        """Have no picture any more."""
        return await self._person(caller, None)

    async def _person(self, caller: Caller, file: FileId | None) -> UserAnswer:
        shown = await self._portraits.of_person(caller.person, file)
        return UserAnswer(user=frames.person_of(shown))

    @route("PUT", "/conversations/<conversation>/picture")
    async def show_group(self, caller: Caller, conversation: int, body: Portraying) -> HeadAnswer:
        """Give a group one leads a picture one has uploaded."""
        return await self._group(caller, conversation, FileId(body.file))

    @route("DELETE", "/conversations/<conversation>/picture")
    async def hide_group(self, caller: Caller, conversation: int) -> HeadAnswer:
        """Take a group's picture away."""
        return await self._group(caller, conversation, None)

    async def _group(self, caller: Caller, conversation: int, file: FileId | None) -> HeadAnswer:
        id = ConversationId(conversation)
        await self._portraits.of_group(caller.person, id, file)
        head, version = await self._conversations.head(caller.person.id, id)
        return HeadAnswer(conversation=frames.head_of(head), version=version)
