"""
The API of oneself: what one is called, one's settings, one's data, the end.

Way of a message: browser -> http -> [api_me] -> domain.profiles, domain.deletions.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec import to_builtins

from imtwisted import frames
from imtwisted.domain.accounts import Accounts
from imtwisted.domain.deletions import Deletions
from imtwisted.domain.exports import Exports
from imtwisted.domain.profiles import Profiles
from imtwisted.domain.sharing import Sharing
from imtwisted.http.door import Door
from imtwisted.http.language import LANGUAGES
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import ChangeOfMe, Farewell, MeAnswer, SharesChange
from imtwisted.http.streams import Download
from imtwisted.model import Person
from imtwisted.profile import BROWSERS
from imtwisted.refusals import BadRequest


@dataclass(frozen=True, slots=True)
class Customs:
    """What a client may know of how this server is run."""

    registration: str = "open"
    direct_messages: str = "friends"


class MeApi:
    """`/me`."""

    def __init__(
        self,
        accounts: Accounts,
        profiles: Profiles,
        sharing: Sharing,
        deletions: Deletions,
        exports: Exports,
        door: Door,
        epoch: Callable[[], Awaitable[str]],
        customs: Customs,
    ) -> None:
        self._accounts = accounts
        self._profiles = profiles
        self._sharing = sharing
        self._deletions = deletions
        self._exports = exports
        self._door = door
        self._epoch = epoch
        self._customs = customs

    @route("GET", "/me")
    async def me(self, caller: Caller) -> MeAnswer:
        """Oneself, and what a page needs to begin."""
        return await self._told(caller, caller.person)

    @route("PATCH", "/me")
    async def change_me(self, caller: Caller, body: ChangeOfMe) -> MeAnswer:
        """Change one's password (every other device is signed out), name, language or settings."""
        settings = to_builtins(body.settings or SharesChange())
        said = (body.password, body.display_name, body.language)
        if not settings and all(each is None for each in said):
            raise BadRequest("Say what is to change.")
        if body.language not in (None, "", *LANGUAGES):
            raise BadRequest(reason="language_unknown", field="language")
        person = caller.person
        if body.password is not None:
            visitor = self._door.visitor(caller.request)
            await self._accounts.change_password(
                caller.session, visitor, body.current_password, body.password
            )
        if body.display_name is not None:
            person = await self._profiles.rename(person, body.display_name)
        if body.language is not None:
            await self._profiles.speak(person.id, body.language)
            self._door.remember_language(caller.request, body.language)
        if settings:
            await self._sharing.change(person.id, settings)
        return await self._told(caller, person)

    @route("DELETE", "/me")
    async def delete_me(self, caller: Caller, body: Farewell) -> None:
        """Delete one's account, for ever; asks for the password once more."""
        visitor = self._door.visitor(caller.request)
        await self._accounts.check_password(caller.person, visitor, body.password, "password")
        await self._deletions.delete(caller.person.id)
        await self._door.let_out(caller.request, caller.session)

    @route("GET", "/me/data")
    async def data(self, caller: Caller) -> Download:
        """Everything the server keeps of oneself, as one JSON document to download."""
        return Download(self._exports.of(caller.person), "imtwisted-data.json")

    async def _told(self, caller: Caller, person: Person) -> MeAnswer:
        profile = await self._profiles.of(person.id)
        return MeAnswer(
            user=frames.person_of(person),
            csrf=caller.session.csrf,
            version=await self._accounts.version(person.id),
            epoch=await self._epoch(),
            registration=self._customs.registration,
            direct_messages=self._customs.direct_messages,
            language=profile.language.strip(BROWSERS),
            settings=frames.shares_of(await self._sharing.settings(person.id)),
        )
