"""
What goes in and out of the JSON API, where it is not a frame's own shape.

Way of a message: browser -> http -> [shapes] -> api -> domain.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from imtwisted import frames
from imtwisted.model import Role

Id = Annotated[int, Meta(ge=1, lt=2**53)]
Place = Annotated[int, Meta(ge=0, lt=2**53)]
Words = Annotated[str, Meta(max_length=4096)]
ClientId = Annotated[str, Meta(pattern="^[0-9a-fA-F]{32}$", min_length=32, max_length=32)]


class In(Struct, frozen=True, kw_only=True):
    """What a client sends; unknown fields are ignored."""


class Out(Struct, frozen=True, kw_only=True):
    """What a client gets."""


# --- asked -----------------------------------------------------------------------


class Registration(In, frozen=True, kw_only=True):
    username: Words
    password: Words
    display_name: Words = ""
    invite: Words = ""


class Credentials(In, frozen=True, kw_only=True):
    username: Words
    password: Words


class Asking(In, frozen=True, kw_only=True):
    username: Words
    note: Words = ""


class Named(In, frozen=True, kw_only=True):
    username: Words


class Appointing(In, frozen=True, kw_only=True):
    role: Role


class Portraying(In, frozen=True, kw_only=True):
    file: Id


class Founding(In, frozen=True, kw_only=True):
    title: Words
    members: Annotated[list[Words], Meta(max_length=200)] = []
    public: bool = False


class Settling(In, frozen=True, kw_only=True):
    title: Words | None = None
    public: bool | None = None
    description: Words | None = None
    announcement_only: bool | None = None
    muted: bool | None = None
    hidden_seq: Place | None = None


class Reading(In, frozen=True, kw_only=True):
    seq: Place


class Spoken(frames.Saying, frozen=True, kw_only=True):
    """The fields of `send`; without a `client_id` a retry is a new message."""

    client_id: ClientId | None = None


class SharesChange(In, frozen=True, kw_only=True, omit_defaults=True):
    """Which of the settings are to be what; the others stay."""

    receipts: bool | None = None
    presence: bool | None = None
    typing: bool | None = None


class ChangeOfMe(In, frozen=True, kw_only=True):
    """What is left out stays; a new password needs the current one, an empty language is the browser's."""

    password: Words | None = None
    current_password: Words = ""
    display_name: Words | None = None
    language: Words | None = None
    settings: SharesChange | None = None


class Farewell(In, frozen=True, kw_only=True):
    password: Words


class Editing(In, frozen=True, kw_only=True):
    """Another text; without a `client_id` a retry is another edit."""

    text: str
    mentions: frames.Mentions | UnsetType = UNSET
    client_id: ClientId | None = None


class PeopleQuery(In, frozen=True, kw_only=True):
    query: Words = ""
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class ListQuery(In, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    before: Id | None = None


class PublicQuery(ListQuery, frozen=True, kw_only=True):
    query: Words = ""


class MembersQuery(In, frozen=True, kw_only=True):
    """`after` is the user id of the last one of the page before this."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    after: Id | None = None
    query: Words = ""


class HistoryQuery(In, frozen=True, kw_only=True):
    """At most one of the three places; without one, the newest."""

    limit: Annotated[int, Meta(ge=1, lt=2**53)] | None = None
    before: Id | None = None
    after: Place | None = None
    around: Id | None = None


class ChangesQuery(In, frozen=True, kw_only=True):
    after: Place


# --- answered --------------------------------------------------------------------


class ErrorDetail(Out, frozen=True, kw_only=True, omit_defaults=True):
    code: str
    message: str
    field: str | None = None
    reason: str | None = None
    until: int | None = None


class ErrorAnswer(Out, frozen=True, kw_only=True):
    error: ErrorDetail


class SignedInAnswer(Out, frozen=True, kw_only=True):
    """`token` is for scripts: a browser has its cookie."""

    user: frames.PersonOut
    token: str | UnsetType = UNSET
    csrf: str


class MeAnswer(Out, frozen=True, kw_only=True):
    user: frames.PersonOut
    csrf: str
    version: int
    epoch: str
    registration: str
    direct_messages: str
    settings: frames.SharesOut
    language: str


class DeviceOut(Out, frozen=True, kw_only=True):
    id: int
    created_at: int
    last_used_at: int
    address: str
    agent: str
    current: bool


class SessionsAnswer(Out, frozen=True, kw_only=True):
    sessions: list[DeviceOut]
    version: int


class KnownPerson(frames.PersonOut, frozen=True, kw_only=True):
    """A person, and how one stands to them."""

    relation: str


class PeopleAnswer(Out, frozen=True, kw_only=True):
    users: list[KnownPerson]
    more: bool


class PersonAnswer(Out, frozen=True, kw_only=True):
    user: KnownPerson


class ContactEntry(Out, frozen=True, kw_only=True):
    user: frames.PersonOut
    note: str | UnsetType = UNSET
    at: int
    presence: frames.SightingOut | UnsetType = UNSET


class ContactsAnswer(Out, frozen=True, kw_only=True):
    friends: list[ContactEntry]
    incoming: list[ContactEntry]
    outgoing: list[ContactEntry]
    blocked: list[ContactEntry]
    version: int


class ContactAnswer(Out, frozen=True, kw_only=True):
    contact: frames.ContactOut
    version: int


class HeadsAnswer(Out, frozen=True, kw_only=True):
    conversations: list[frames.HeadOut]
    more: bool
    version: int


class HeadAnswer(Out, frozen=True, kw_only=True):
    conversation: frames.HeadOut
    version: int


class PublicGroup(Out, frozen=True, kw_only=True):
    conversation: int
    title: str
    members: int
    picture: int | UnsetType = UNSET


class PublicAnswer(Out, frozen=True, kw_only=True):
    conversations: list[PublicGroup]
    more: bool


class MemberOut(Out, frozen=True, kw_only=True):
    """How far others have come is told in groups up to 100; who hides it is left out."""

    user: frames.PersonOut
    role: str
    joined_at: int
    read: int | UnsetType = UNSET
    received: int | UnsetType = UNSET
    presence: frames.SightingOut | UnsetType = UNSET
    silenced: frames.SilenceOut | UnsetType = UNSET


class MembersAnswer(Out, frozen=True, kw_only=True):
    members: list[MemberOut]
    more: bool
    version: int


class BannedAnswer(Out, frozen=True, kw_only=True):
    banned: list[frames.PersonOut]


class UserAnswer(Out, frozen=True, kw_only=True):
    user: frames.PersonOut


class FileAnswer(Out, frozen=True, kw_only=True):
    file: frames.FileOut


class MemberAnswer(Out, frozen=True, kw_only=True):
    member: MemberOut
