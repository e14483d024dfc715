"""
The API of accounts: registering, signing in and out, devices.

Way of a message: browser -> http -> [api_accounts] -> domain.accounts.
"""

from __future__ import annotations

from msgspec import UNSET

from imtwisted import frames
from imtwisted.domain.accounts import Accounts, SignedIn
from imtwisted.domain.profiles import Profiles
from imtwisted.http.door import Door
from imtwisted.http.headers import header_of
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import (
    Credentials,
    DeviceOut,
    Registration,
    SessionsAnswer,
    SignedInAnswer,
)
from imtwisted.model import SessionId


class AccountsApi:
    """`/users` (registering), `/session`, `/sessions`."""

    def __init__(self, accounts: Accounts, profiles: Profiles, door: Door) -> None:
        self._accounts = accounts
        self._profiles = profiles
        self._door = door

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
        profile = await self._profiles.of(signed_in.session.person.id)
        self._door.speak(caller.request, profile.language)
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
