"""
A link into a group: one more noun, as plain as those of `model`.

Way of a message: before any; who comes in by a link hears the group from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from imtwisted.model import ConversationId, Person

InviteId = NewType("InviteId", int)


@dataclass(frozen=True, slots=True)
class Invite:
    """
    A link that makes people members, until `expires_at` and `uses` times at most.

    None is no such limit; `used` is how many became members by it.
    """

    id: InviteId
    conversation: ConversationId
    code: str
    by: Person
    made_at: int
    expires_at: int | None
    uses: int | None
    used: int = 0
    revoked: bool = False
