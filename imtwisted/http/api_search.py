"""
The API of searching: messages, and names of people and conversations.

Beside the way of a message: browser -> http -> [api_search] -> domain.search.
"""

from __future__ import annotations

import re

from msgspec import UNSET, structs

from imtwisted import frames
from imtwisted.domain.search import Search
from imtwisted.findings import Called, Hit, Spot, Wanted
from imtwisted.http.routes import Caller, route
from imtwisted.http.search_shapes import (
    CalledOut,
    HitOut,
    NamesAnswer,
    NamesQuery,
    SearchAnswer,
    SearchQuery,
)
from imtwisted.http.shapes import KnownPerson
from imtwisted.model import ConversationId
from imtwisted.refusals import BadRequest

_SPOT = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,18})", re.ASCII)


class SearchApi:
    """`/search`."""

    def __init__(self, search: Search) -> None:
        self._search = search

    @route("GET", "/search")
    async def messages(self, caller: Caller, query: SearchQuery) -> SearchAnswer:
        """Messages one may see, newest first, that hold every part of `q`."""
        where = Wanted(
            (),
            conversation=None if query.conversation is None else ConversationId(query.conversation),
            since=query.since,
            until=query.until,
            before=None if query.before is None else _spot(query.before),
        )
        found = await self._search.messages(
            caller.person.id, query.q, query.said_by, where, query.limit
        )
        return SearchAnswer(
            items=[_hit(hit) for hit in found.hits],
            more=found.next is not None,
            next=UNSET if found.next is None else ".".join(map(str, found.next)),
        )

    @route("GET", "/search/names")
    async def names(self, caller: Caller, query: NamesQuery) -> NamesAnswer:
        """People, one's own conversations and public groups that are called so."""
        found = await self._search.names(caller.person.id, query.q, query.limit)
        return NamesAnswer(
            people=[
                KnownPerson(**structs.asdict(frames.person_of(person)), relation=relation)
                for person, relation in found.people
            ],
            conversations=[_called(one) for one in found.conversations],
        )


def _spot(text: str) -> Spot:
    """The `next` of an earlier page; raises `BadRequest` for what is none."""
    match = _SPOT.fullmatch(text)
    if match is None:
        raise BadRequest("That is not the `next` of a page.", field="before")
    at, conversation, seq = map(int, match.groups())
    return Spot(at, ConversationId(conversation), seq)


def _hit(hit: Hit) -> HitOut:
    return HitOut(
        message=frames.message_of(hit.message),
        highlights=list(hit.highlights),
        title=hit.title,
        file_highlights=[list(spans) for spans in hit.named] if any(hit.named) else UNSET,
        peer=UNSET if hit.peer is None else frames.person_of(hit.peer),
    )


def _called(one: Called) -> CalledOut:
    return CalledOut(
        conversation=one.conversation,
        title=one.title,
        member=one.is_member,
        members=one.members,
        peer=UNSET if one.peer is None else frames.person_of(one.peer),
        picture=UNSET if one.picture is None else one.picture,
    )
