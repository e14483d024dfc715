"""
Who someone is: registering, signing in and out, and the devices signed in.

Way of a message: browser -> http -> [accounts] -> sockets. No socket is born
without a session from here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from twisted.logger import Logger

from imtwisted import frames, rules
from imtwisted.boundaries import Backplane, Clock, PeopleStore
from imtwisted.domain.invitations import Invitations
from imtwisted.domain.passwords import Passwords
from imtwisted.domain.signins import SignIns
from imtwisted.events import SessionsEnded, UserEvent
from imtwisted.invites import InviteId
from imtwisted.model import ConversationId, Device, Person, Session, SessionId, UserId
from imtwisted.refusals import ChatError, Conflict, Denied, NotFound, Unauthorized, Unavailable

Registration = Literal["open", "invite", "closed"]

TOKEN_BYTES = 32
_DAY = 24 * 3600 * 1000
_ADDRESS_LENGTH = 64
_AGENT_LENGTH = 200
# Longer than any name, and short enough to normalise for anyone who asks.
_LONGEST_TRY = 256
# A session's last use is worth a write an hour, not one a request.
_TOUCHED_EVERY = 3600 * 1000


@dataclass(frozen=True, slots=True)
class SessionLife:
    """How long a session lasts, in milliseconds."""

    unused: int = 30 * _DAY
    longest: int = 180 * _DAY


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from, before it is known from whom."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun; the only moment its token is known."""

    session: Session
    token: str


class Accounts:
    """People's accounts and sessions; passwords and tokens are kept as hashes only."""

    _log = Logger()

    def __init__(
        self,
        people: PeopleStore,
        passwords: Passwords,
        signins: SignIns,
        backplane: Backplane,
        clock: Clock,
        entropy: Callable[[int], bytes],
        lobby: Callable[[], Awaitable[ConversationId | None]],
        *,
        registration: Registration = "open",
        invitations: Invitations | None = None,
        life: SessionLife = SessionLife(),
    ) -> None:
        self._people = people
        self._passwords = passwords
        self._signins = signins
        self._backplane = backplane
        self._clock = clock
        self._entropy = entropy
        self._lobby = lobby
        self.registration = registration
        self._invitations = invitations
        self.life = life

    # --- coming in

    async def register(
        self,
        visitor: Visitor,
        username: str,
        password: str,
        display_name: str = "",
        invite: str = "",
    ) -> SignedIn:
        """
        Make an account and sign it in; by a link into a group, a member of that.

        Raises `BadRequest` and `Conflict` beside a field, `Denied` when
        registration is closed or wants a link, `NotFound` for a link that is
        void, `RateLimited`.
        """
        self._check_registration(invite)
        name = rules.checked_username(username)
        rules.checked_password(password)
        shown = rules.checked_display_name(display_name) or name
        key = rules.name_key(name)
        self._signins.registering(visitor.address)
        admission = await self._admission(invite)
        # Asked first, so that a taken name costs no hash; the store has the last word.
        if await self._people.person(key) is not None:
            raise Conflict(reason="name_taken", field="username")
        lobby = await self._lobby()
        hashed = await self._passwords.hash(password)
        person, _ = await self._people.register(
            name, key, shown, hashed, self._now(), lobby, admission
        )
        if admission is not None:
            await self._bring_in(person, invite)
        return await self._opened(person, visitor)

    def _check_registration(self, invite: str) -> None:
        if self.registration == "closed":
            raise Denied(reason="registration_closed")
        if self.registration == "invite" and not invite:
            raise Denied(reason="invite_needed")

    async def _admission(self, invite: str) -> InviteId | None:
        """The link that was given, if it is good; a use of it is counted with the account."""
        if not invite or self._invitations is None:
            return None
        return await self._invitations.good(invite)

    async def _bring_in(self, person: Person, invite: str) -> None:
        """The account is there whatever comes now; the same link lets them in again."""
        assert self._invitations is not None, "there was a link"
        try:
            await self._invitations.join(person, invite)
        except ChatError as refusal:
            self._log.info("someone new is not in their group yet: {code}", code=refusal.code)

    async def sign_in(self, visitor: Visitor, username: str, password: str) -> SignedIn:
        """
        Begin a session; the same answer after the same time for an unknown name.

        Raises `Unauthorized` (`wrong_credentials`), `RateLimited`.
        """
        key = rules.name_key(username[:_LONGEST_TRY])
        async with self._signins.trying(visitor.address, key) as attempt:
            account = await self._people.account(key)
            stored = account.password_hash if account else None
            if not await self._passwords.check(stored, password) or account is None:
                raise Unauthorized("Wrong name or password.", reason="wrong_credentials")
            attempt.forgive()
        await self._keep_fresh(account.person.id, account.password_hash, password)
        signed_in = await self._opened(account.person, visitor)
        await self._tell_devices(account.person.id)
        return signed_in

    async def _keep_fresh(self, user: UserId, stored: str, password: str) -> None:
        """Hash again what was hashed with older costs: now the password is at hand."""
        if self._passwords.is_outdated(stored):
            await self._people.replace_password_hash(user, await self._passwords.hash(password))

    async def _opened(self, person: Person, visitor: Visitor) -> SignedIn:
        token = base64.urlsafe_b64encode(self._entropy(TOKEN_BYTES)).rstrip(b"=").decode()
        id = await self._people.open_session(
            person.id,
            _hash_of(token),
            self._now(),
            visitor.address[:_ADDRESS_LENGTH],
            rules.one_line(visitor.agent)[:_AGENT_LENGTH],
        )
        return SignedIn(Session(id, person, csrf_of(token)), token)

    # --- being here

    async def session_of(self, token: str) -> Session:
        """The live session of `token`; raises `Unauthorized`."""
        now = self._now()
        found = await self._people.session(
            _hash_of(token), now - self.life.unused, now - self.life.longest
        )
        if found is None:
            raise Unauthorized
        id, person, last_used = found
        if now - last_used >= _TOUCHED_EVERY:
            await self._touch(id, now)
        return Session(id, person, csrf_of(token))

    async def _touch(self, session: SessionId, now: int) -> None:
        try:
            await self._people.touch_session(session, now)
        except Unavailable:
            # Who only reads may go on while nothing can be written.
            self._log.warn("the last use of a session could not be noted")

    async def devices(self, user: UserId) -> tuple[list[Device], int]:
        """The devices of `user`, and the version that the list is current to."""
        now = self._now()
        return await self._people.devices(user, now - self.life.unused, now - self.life.longest)

    async def version(self, user: UserId) -> int:
        """The number of the latest change that concerns `user` alone."""
        return await self._people.version(user)

    async def change_password(
        self, session: Session, visitor: Visitor, current: str, password: str
    ) -> None:
        """
        Set another password and sign every other device out.

        Raises `BadRequest` beside a field, `Denied` for a wrong current
        password, which counts as a try to sign in, and `RateLimited`.
        """
        rules.checked_password(password)
        person = session.person
        await self.check_password(person, visitor, current, "current_password")
        hashed = await self._passwords.hash(password)
        version, ended = await self._people.change_password(person.id, hashed, session.id)
        self._backplane.announce(SessionsEnded(person.id, tuple(ended)))
        self._announce_devices(person.id, version)

    async def check_password(
        self, person: Person, visitor: Visitor, password: str, field: str
    ) -> None:
        """Raise `Denied` beside `field` for a wrong one, which counts as a try to sign in."""
        key = rules.name_key(person.username)
        async with self._signins.trying(visitor.address, key) as attempt:
            account = await self._people.account(key)
            stored = account.password_hash if account else None
            if not await self._passwords.check(stored, password):
                raise Denied(reason="wrong_password", field=field)
            attempt.forgive()

    # --- going

    async def sign_out(self, user: UserId, session: SessionId) -> None:
        """End one session and close its sockets; raises `NotFound`."""
        version = await self._people.end_session(user, session)
        if version is None:
            raise NotFound
        self._backplane.announce(SessionsEnded(user, (session,)))
        self._announce_devices(user, version)

    async def tidy(self) -> None:
        """Forget the sessions that nobody can use any more."""
        now = self._now()
        await self._people.forget_sessions(now - self.life.unused, now - self.life.longest)

    async def _tell_devices(self, user: UserId) -> None:
        self._announce_devices(user, await self._people.version(user))

    def _announce_devices(self, user: UserId, version: int) -> None:
        frame = frames.encode(frames.SessionUpdate(version=version))
        self._backplane.announce(UserEvent(user, version, frame))

    def _now(self) -> int:
        return int(self._clock.seconds() * 1000)


def csrf_of(token: str) -> str:
    """What a page must repeat beside the cookie; it says nothing about the token."""
    mark = hmac.digest(token.encode(), b"imtwisted csrf", "sha256")
    return base64.urlsafe_b64encode(mark).rstrip(b"=").decode()


def _hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
