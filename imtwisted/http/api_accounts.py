"""
The API of accounts: registering, signing in and out, devices, oneself.

Way of a message: browser -> http -> [api_accounts] -> domain.accounts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec import UNSET, to_builtins

from imtwisted import frames
from imtwisted.domain.accounts import Accounts, SignedIn
from imtwisted.domain.sharing import Sharing
from imtwisted.http.door import Door
from imtwisted.http.headers import header_of
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import (
    ChangeOfMe,
    Credentials,
    DeviceOut,
    MeAnswer,
    Registration,
    SessionsAnswer,
    SharesChange,
    SignedInAnswer,
)
from imtwisted.model import SessionId
from imtwisted.refusals import BadRequest


@dataclass(frozen=True, slots=True)
class Customs:
    """What a client may know of how this server is run."""

    registration: str = "open"
    direct_messages: str = "friends"


class AccountsApi:
    """`/users` (registering), `/session`, `/sessions`, `/me`."""

    def __init__(
        self,
        accounts: Accounts,
        sharing: Sharing,
        door: Door,
        epoch: Callable[[], Awaitable[str]],
        customs: Customs,
    ) -> None:
        self._accounts = accounts
        self._sharing = sharing
        self._door = door
        self._epoch = epoch
        self._customs = customs

    @route("POST", "/users", status=201, is_open=True)
    async def register(self, caller: Caller, body: Registration) -> SignedInAnswer:
        """Make an account and sign it in."""
        visitor = self._door.visitor(caller.request)
        signed_in = await self._accounts.register(
            visitor, body.username, body.password, body.display_name, body.invite
        )
        return await self._welcomed(caller, signed_in)

    @route("POST", "/session", is_open=True)
    async def sign_in(self, caller: Caller, body: Credentials) -> SignedInAnswer:
        """Begin a session on this device."""
        visitor = self._door.visitor(caller.request)
        signed_in = await self._accounts.sign_in(visitor, body.username, body.password)
        return await self._welcomed(caller, signed_in)

    async def _welcomed(self, caller: Caller, signed_in: SignedIn) -> SignedInAnswer:
        await self._door.let_in(caller.request, signed_in)
        # A page has its cookie, and what a script of it cannot read it cannot lose.
        is_page = header_of(caller.request, b"origin") is not None
        return SignedInAnswer(
            user=frames.person_of(signed_in.session.person),
            token=UNSET if is_page else signed_in.token,
            csrf=signed_in.session.csrf,
        )

    @route("DELETE", "/session")
    async def sign_out(self, caller: Caller) -> None:
        """End this device's session and close its sockets."""
        await self._door.let_out(caller.request, caller.session)

    @route("GET", "/sessions")
    async def devices(self, caller: Caller) -> SessionsAnswer:
        """The devices signed in."""
        devices, version = await self._accounts.devices(caller.person.id)
        sessions = [
            DeviceOut(
                id=device.id,
                created_at=device.created_at,
                last_used_at=device.last_used_at,
                address=device.address,
                agent=device.agent,
                current=device.id == caller.session.id,
            )
            for device in devices
        ]
        return SessionsAnswer(sessions=sessions, version=version)

    @route("DELETE", "/sessions/<session>")
    async def revoke(self, caller: Caller, session: int) -> None:
        """Sign another device out."""
        await self._accounts.sign_out(caller.person.id, SessionId(session))

    @route("PATCH", "/me")
    async def change_me(self, caller: Caller, body: ChangeOfMe) -> MeAnswer:
        """Change one's password, which signs every other device out, or what others see."""
        settings = to_builtins(body.settings or SharesChange())
        if body.password is None and not settings:
            raise BadRequest("Say what is to change.")
        if body.password is not None:
            await self._accounts.change_password(
                caller.session,
                self._door.visitor(caller.request),
                body.current_password,
                body.password,
            )
        if settings:
            await self._sharing.change(caller.person.id, settings)
        return await self.me(caller)

    @route("GET", "/me")
    async def me(self, caller: Caller) -> MeAnswer:
        """Oneself, and what a page needs to begin."""
        return MeAnswer(
            user=frames.person_of(caller.person),
            csrf=caller.session.csrf,
            version=await self._accounts.version(caller.person.id),
            epoch=await self._epoch(),
            registration=self._customs.registration,
            direct_messages=self._customs.direct_messages,
            settings=frames.shares_of(await self._sharing.settings(caller.person.id)),
        )
