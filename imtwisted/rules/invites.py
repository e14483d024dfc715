"""
Which links are still good, and how they may be made: pure functions.

Way of a message: before any; domain -> [invites] -> journal -> [invites] again, under the lock.
"""

from __future__ import annotations

from imtwisted.invites import Invite
from imtwisted.refusals import BadRequest, NotFound

CODE_BYTES = 12
EXPIRES_IN = range(60, 365 * 24 * 3600 + 1)  # seconds
USES = range(1, 100_001)
INVITES = 50  # of one group that are good at once


def must_be_good(invite: Invite | None, now: int) -> Invite:
    """`invite` when it is good `now`; raises `NotFound`, the same for every reason."""
    if invite is None or invite.revoked or is_over(invite, now):
        raise void_invite()
    return invite


def void_invite() -> NotFound:
    """The one refusal of every link that lets nobody in."""
    return NotFound(reason="invite_void")


def is_over(invite: Invite, now: int) -> bool:
    """Whether its time or its uses have run out."""
    expired = invite.expires_at is not None and invite.expires_at <= now
    return expired or (invite.uses is not None and invite.used >= invite.uses)


def check_terms(expires_in: int | None, uses: int | None) -> None:
    """Raise `BadRequest` beside the field that is too small or too large."""
    if expires_in is not None and expires_in not in EXPIRES_IN:
        raise BadRequest(reason="invite_expiry", field="expires_in")
    if uses is not None and uses not in USES:
        raise BadRequest(reason="invite_uses", field="uses")


def is_code(text: str) -> bool:
    """Whether `text` looks like the code of a link: base64url, of the right length."""
    return len(text) == CODE_BYTES * 4 // 3 and text.isascii() and _alone(text)


def _alone(text: str) -> bool:
    return all(character.isalnum() or character in "-_" for character in text)
