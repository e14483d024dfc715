"""
Puts the HTTP side together: one site for pages, API and sockets.

Way of a message: before the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from twisted.internet.interfaces import IReactorTime

from imtwisted.domain.accounts import Accounts
from imtwisted.domain.catchup import CatchUp
from imtwisted.domain.contacts import Contacts
from imtwisted.domain.conversations import Conversations
from imtwisted.domain.deletions import Deletions
from imtwisted.domain.exports import Exports
from imtwisted.domain.files import Files
from imtwisted.domain.invitations import Invitations
from imtwisted.domain.order import Order
from imtwisted.domain.portraits import Portraits
from imtwisted.domain.profiles import Profiles
from imtwisted.domain.receipts import Receipts
from imtwisted.domain.resets import Resets
from imtwisted.domain.search import Search
from imtwisted.domain.sharing import Sharing
from imtwisted.domain.timeline import Timeline
from imtwisted.http.api import Api
from imtwisted.http.api_accounts import AccountsApi
from imtwisted.http.api_contacts import ContactsApi
from imtwisted.http.api_conversations import ConversationsApi
from imtwisted.http.api_files import FilesApi
from imtwisted.http.api_groups import GroupsApi
from imtwisted.http.api_me import Customs, MeApi
from imtwisted.http.api_messages import MessagesApi
from imtwisted.http.api_portraits import PortraitsApi
from imtwisted.http.api_search import SearchApi
from imtwisted.http.assets import Assets
from imtwisted.http.asyncapi import describe_socket
from imtwisted.http.door import Door
from imtwisted.http.errors import Errors
from imtwisted.http.joining import JoinPages
from imtwisted.http.language import Catalogs
from imtwisted.http.origins import Origins
from imtwisted.http.pages import Pages, Sockets
from imtwisted.http.site import ChatSite
from imtwisted.http.templates import Templates
from imtwisted.http.uploads import Uploads
from imtwisted.places import folder
from imtwisted.settings import Limits


class Customed(Protocol):
    """How a server is run, as far as its clients may know."""

    @property
    def registration(self) -> str: ...

    @property
    def direct_messages(self) -> str: ...

    @property
    def limits(self) -> Limits: ...


class Epochs(Protocol):
    """Knows the lineage of the database."""

    async def epoch(self) -> str: ...


class Rooms(Protocol):
    """What the doors lead to: the house, as seen from the street."""

    accounts: Accounts
    contacts: Contacts
    conversations: Conversations
    invitations: Invitations
    order: Order
    timeline: Timeline
    catchup: CatchUp
    receipts: Receipts
    resets: Resets
    search: Search
    sharing: Sharing
    files: Files
    portraits: Portraits
    profiles: Profiles
    deletions: Deletions
    exports: Exports

    @property
    def plan(self) -> Customed: ...

    @property
    def stored_timelines(self) -> Epochs: ...

    @property
    def sockets(self) -> Sockets: ...


def build_site(
    rooms: Rooms,
    *,
    reactor: IReactorTime,
    entropy: Callable[[int], bytes],
    origins: Origins | None = None,
) -> ChatSite:
    """The whole site; without `origins`, whoever comes to it may ask."""
    origins = origins or Origins()
    door = Door(rooms.accounts, origins, entropy)
    catalogs = Catalogs(folder("web") / "static" / "i18n")
    assets = Assets(folder("web") / "static")
    templates = Templates(
        folder("web") / "templates", catalogs, assets, registration=rooms.plan.registration
    )
    errors = Errors(catalogs, templates.render)
    uploads = Uploads(door, rooms.files, rooms.plan.limits.file_bytes)
    api = Api(_resources(rooms, door, entropy, uploads), door, errors, describe_socket)
    joining = JoinPages(rooms.invitations, door, templates, errors)
    pages = Pages(
        rooms.accounts,
        rooms.resets,
        rooms.profiles,
        door,
        api,
        joining,
        rooms.sockets,
        assets,
        templates,
        errors,
    )
    return ChatSite(
        pages.app.resource(),
        origins,
        uploads,
        errors.unreadable,
        reactor=reactor,
        connections=rooms.plan.limits.connections_per_address,
    )


def _me(rooms: Rooms, door: Door) -> MeApi:
    return MeApi(
        rooms.accounts,
        rooms.profiles,
        rooms.sharing,
        rooms.deletions,
        rooms.exports,
        door,
        rooms.stored_timelines.epoch,
        Customs(rooms.plan.registration, rooms.plan.direct_messages),
    )


def _resources(
    rooms: Rooms, door: Door, entropy: Callable[[int], bytes], uploads: Uploads
) -> list[object]:
    return [
        AccountsApi(rooms.accounts, rooms.profiles, door),
        _me(rooms, door),
        ContactsApi(rooms.contacts, rooms.sharing),
        ConversationsApi(rooms.conversations, rooms.order, rooms.sharing),
        GroupsApi(rooms.invitations, rooms.order, door),
        MessagesApi(rooms.timeline, rooms.catchup, rooms.receipts, entropy),
        SearchApi(rooms.search),
        FilesApi(rooms.files, uploads),
        PortraitsApi(rooms.portraits, rooms.conversations),
    ]
