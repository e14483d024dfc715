"""
A password was lost: the operator makes a link, its owner sets a new one, once.

Way of a message: before any; whoever had the old password is signed out.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from imtwisted import rules
from imtwisted.boundaries import Backplane, Clock, PeopleStore, ResetStore
from imtwisted.domain.passwords import Passwords
from imtwisted.events import SessionsEnded
from imtwisted.refusals import NotFound

TOKEN_BYTES = 32
LIFE = 24 * 3600 * 1000  # ms


async def allow_reset(
    people: PeopleStore,
    resets: ResetStore,
    username: str,
    now: int,
    entropy: Callable[[int], bytes],
) -> str:
    """A token that lets `username` set a new password within a day; raises `NotFound`."""
    person = await people.person(rules.name_key(username))
    if person is None:
        raise NotFound(reason="no_such_user")
    token = base64.urlsafe_b64encode(entropy(TOKEN_BYTES)).rstrip(b"=").decode()
    await resets.allow(person.id, _hash_of(token), now + LIFE)
    return token


class Resets:
    """What a visitor with such a link may do."""

    def __init__(
        self, resets: ResetStore, passwords: Passwords, backplane: Backplane, clock: Clock
    ) -> None:
        self._resets = resets
        self._passwords = passwords
        self._backplane = backplane
        self._clock = clock

    async def check(self, token: str) -> None:
        """Raise `NotFound` when the link is used, too old, or never was one."""
        if not await self._resets.is_allowed(_hash_of(token), self._now()):
            raise NotFound(reason="link_void")

    async def set_password(self, token: str, password: str) -> None:
        """Set the password and sign every device out; raises beside the field."""
        await self.check(token)
        rules.checked_password(password)
        hashed = await self._passwords.hash(password)
        used = await self._resets.use(_hash_of(token), self._now(), hashed)
        if used is None:
            raise NotFound(reason="link_void")
        user, sessions = used
        self._backplane.announce(SessionsEnded(user, tuple(sessions)))

    def _now(self) -> int:
        return int(self._clock.seconds() * 1000)


def _hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
