"""
What goes in and out of the API of groups' links and silences.

Way of a message: browser -> http -> [group_shapes] -> api_groups -> domain.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from imtwisted import frames
from imtwisted.http.shapes import In, Out

Count = Annotated[int, Meta(ge=0, lt=2**53)]


class Inviting(In, frozen=True, kw_only=True):
    """Seconds, and how many may come in by it; without them it has no such end."""

    expires_in: Count | None = None
    uses: Count | None = None


class Silencing(In, frozen=True, kw_only=True):
    """Seconds; without them it holds until it is lifted."""

    seconds: Count | None = field(name="for", default=None)


class InviteOut(Out, frozen=True, kw_only=True):
    id: int
    url: str
    code: str
    by: frames.PersonOut
    made_at: int
    expires_at: int | UnsetType = UNSET
    uses: int | UnsetType = UNSET
    used: int


class InviteAnswer(Out, frozen=True, kw_only=True):
    invite: InviteOut


class InvitesAnswer(Out, frozen=True, kw_only=True):
    invites: list[InviteOut]


class LookAnswer(Out, frozen=True, kw_only=True):
    title: str
    members: int
    description: str
