"""
What goes in and out of a search.

Beside the way of a message: browser -> http -> [search_shapes] -> api_search.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec import field as named

from imtwisted import frames
from imtwisted.http.shapes import Id, In, KnownPerson, Out, Place, Words


class SearchQuery(In, frozen=True, kw_only=True):
    """`since` and `until` are ms, the second one exclusive; `before` is the `next` of a page."""

    q: Words
    conversation: Id | None = None
    said_by: Words | None = named(default=None, name="from")
    since: Place | None = None
    until: Place | None = None
    before: Annotated[str, Meta(max_length=64)] | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class NamesQuery(In, frozen=True, kw_only=True):
    q: Words
    limit: Annotated[int, Meta(ge=1, le=20)] = 5


class HitOut(Out, frozen=True, kw_only=True):
    """
    A message, where in its text (code points, the end exclusive), and its conversation's title.

    `file_highlights` says the same of the names of its files, a list for each of `files`;
    `peer` is the other person of a direct conversation, whose name is the title.
    """

    message: frames.MessageOut
    highlights: list[tuple[int, int]]
    title: str
    file_highlights: list[list[tuple[int, int]]] | UnsetType = UNSET
    peer: frames.PersonOut | UnsetType = UNSET


class SearchAnswer(Out, frozen=True, kw_only=True):
    """Newest first; with `more`, `next` is where to go on, also after a page without items."""

    items: list[HitOut]
    more: bool
    next: str | UnsetType = UNSET


class CalledOut(Out, frozen=True, kw_only=True):
    conversation: int
    title: str
    member: bool
    members: int
    peer: frames.PersonOut | UnsetType = UNSET
    picture: int | UnsetType = UNSET


class NamesAnswer(Out, frozen=True, kw_only=True):
    people: list[KnownPerson]
    conversations: list[CalledOut]
