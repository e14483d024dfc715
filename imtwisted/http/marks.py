"""
What one may see of people beside their names: presence, and how far they have come.

Way of a message: beside it; domain.sharing -> [marks] -> api.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET, UnsetType, structs

from imtwisted import frames
from imtwisted.http.shapes import MemberOut
from imtwisted.model import UserId
from imtwisted.sharing import MemberMarks, Sighting

_NONE = MemberMarks()


def presence_in(
    sightings: Mapping[UserId, Sighting], user: UserId
) -> frames.SightingOut | UnsetType:
    """Whether `user` is there, where one may know."""
    sighting = sightings.get(user)
    return UNSET if sighting is None else frames.sighting_of(sighting)


def marked(member: MemberOut, marks: Mapping[UserId, MemberMarks]) -> MemberOut:
    """`member` with what one may see of them."""
    mark = marks.get(UserId(member.user.id), _NONE)
    return structs.replace(
        member,
        read=UNSET if mark.read is None else mark.read,
        received=UNSET if mark.received is None else mark.received,
        presence=UNSET if mark.sighting is None else frames.sighting_of(mark.sighting),
    )
