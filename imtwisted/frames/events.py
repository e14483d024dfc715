"""
What the server says: the events and answers of `imchat.v1`, and writing them.

Way of a message: journal -> [events] -> backplane -> registry -> outbox -> browser.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

# An emoji, how many there are, and in answers to one user whether one is theirs.
ReactionOut = tuple[str | int | bool, ...]
Why = Literal["too_far", "epoch", "cleared", "gone"]


class PersonOut(Struct, frozen=True):
    id: int
    username: str
    display_name: str
    deleted: bool | UnsetType = UNSET
    picture: int | UnsetType = UNSET


class PeerOut(PersonOut, frozen=True, kw_only=True):
    read: int | UnsetType = UNSET
    received: int | UnsetType = UNSET


class SharesOut(Struct, frozen=True):
    receipts: bool
    presence: bool
    typing: bool


class SightingOut(Struct, frozen=True):
    online: bool
    last_seen: int | UnsetType = UNSET


class SystemOut(Struct, frozen=True, omit_defaults=True):
    what: str
    user: PersonOut | None = None
    title: str | None = None
    description: str | None = None
    until: int | None = None
    link_of: PersonOut | None = None
    picture: int | None = None
    members: int | None = None


class SilenceOut(Struct, frozen=True):
    """That one may not write, until that time or until it is lifted."""

    until: int | UnsetType = UNSET


class FileOut(Struct, frozen=True, kw_only=True):
    """Something uploaded; a picture that can be shown has its size in pixels."""

    id: int
    name: str
    size: int
    type: str
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    thumbnail: bool | UnsetType = UNSET


class PreviewOut(Struct, frozen=True):
    seq: int
    at: int
    sender: PersonOut
    kind: str
    text: str
    system: SystemOut | UnsetType = UNSET
    recalled: bool | UnsetType = UNSET
    files: list[FileOut] | UnsetType = UNSET


class HeadOut(Struct, frozen=True, kw_only=True):
    conversation: int
    kind: str
    title: str
    peer: PeerOut | UnsetType = UNSET
    last_rev: int
    last_seq: int
    read_seq: int
    hidden_seq: int | UnsetType = UNSET
    unread: int
    mentions: int
    preview: PreviewOut | UnsetType = UNSET
    muted: bool
    members: int
    role: str
    public: bool
    description: str | UnsetType = UNSET
    announcement_only: bool | UnsetType = UNSET
    silenced: SilenceOut | UnsetType = UNSET
    picture: int | UnsetType = UNSET


class Event(Struct, frozen=True, tag_field="type", kw_only=True):
    """Any frame of the server."""


class Ready(Event, frozen=True, tag="ready"):
    id: int
    user: PersonOut
    epoch: str
    now: int
    heartbeat: int
    limits: dict[str, int]
    version: int
    conversations: list[HeadOut]
    more: bool


class Ack(Event, frozen=True, tag="ack", kw_only=True):
    id: int | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    conversation: int
    seq: int
    rev: int
    at: int
    duplicate: bool | UnsetType = UNSET


class Error(Event, frozen=True, tag="error", kw_only=True):
    id: int | UnsetType = UNSET
    code: str
    message: str
    temporary: bool
    retry_after: int | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    field: str | UnsetType = UNSET
    until: int | UnsetType = UNSET


class Acks(Event, frozen=True, tag="ack", kw_only=True):
    """The answer to a list of `to`, one result a target, in its order."""

    id: int | UnsetType = UNSET
    client_id: str
    results: list[Ack | Error]


class MessageOut(Event, frozen=True, tag="message"):
    conversation: int
    seq: int
    rev: int
    client_id: str
    sender: PersonOut
    at: int
    kind: str
    text: str
    reply_to: int | UnsetType = UNSET
    mentions: list[int] | UnsetType = UNSET
    system: SystemOut | UnsetType = UNSET
    edited_at: int | UnsetType = UNSET
    recalled: bool | UnsetType = UNSET
    reactions: list[ReactionOut] | UnsetType = UNSET
    files: list[FileOut] | UnsetType = UNSET


class ChangeOut(Event, frozen=True, tag="change", kw_only=True):
    conversation: int
    rev: int
    seq: int
    op: str
    by: int
    at: int
    text: str | UnsetType = UNSET
    edited_at: int | UnsetType = UNSET
    mentions: list[int] | UnsetType = UNSET
    emoji: str | UnsetType = UNSET
    on: bool | UnsetType = UNSET
    count: int | UnsetType = UNSET


class HistoryOut(Event, frozen=True, tag="ok", kw_only=True):
    id: int | UnsetType = UNSET
    conversation: int
    items: list[MessageOut]
    more: bool


class DeltaOut(Event, frozen=True, tag="delta", rename={"after": "from"}, kw_only=True):
    id: int | UnsetType = UNSET
    conversation: int
    after: int
    to: int
    items: list[MessageOut]
    more: bool


class Reset(Event, frozen=True, tag="reset", kw_only=True):
    id: int | UnsetType = UNSET
    conversation: int
    rev: int
    why: Why


class CursorOut(Event, frozen=True, tag="cursor"):
    conversation: int
    user: int
    read: int
    received: int
    unread: int | UnsetType = UNSET
    mentions: int | UnsetType = UNSET
    last_seq: int | UnsetType = UNSET


class ContactOut(Struct, frozen=True, kw_only=True):
    user: PersonOut
    state: str
    note: str | UnsetType = UNSET
    at: int


class ContactsUpdate(Event, frozen=True, tag="update", kw_only=True):
    version: int
    kind: Literal["contacts"] = "contacts"
    contact: ContactOut


class MembershipUpdate(Event, frozen=True, tag="update", kw_only=True):
    version: int
    kind: Literal["membership"] = "membership"
    conversation: int
    member: bool
    head: HeadOut | UnsetType = UNSET


class SessionUpdate(Event, frozen=True, tag="update", kw_only=True):
    version: int
    kind: Literal["session"] = "session"


class SettingsUpdate(Event, frozen=True, tag="update", kw_only=True):
    version: int
    kind: Literal["settings"] = "settings"
    settings: SharesOut


class PresenceOut(Event, frozen=True, tag="presence"):
    user: int
    online: bool
    last_seen: int | UnsetType = UNSET


class TypingOut(Event, frozen=True, tag="typing"):
    conversation: int
    user: int


class ProfileUpdate(Event, frozen=True, tag="update", kw_only=True):
    """Somebody is called differently, or deleted; `version` 0 where it counts in no list."""

    version: int
    kind: Literal["profile"] = "profile"
    user: PersonOut


class LagOut(Event, frozen=True, tag="lag"):
    conversations: list[tuple[int, int]]
    version: int


class Pong(Event, frozen=True, tag="pong"):
    now: int


class Bye(Event, frozen=True, tag="bye"):
    code: int
    retry_after: tuple[int, int]
    why: str


_encoder = msgspec.json.Encoder()


def json_of(value: Any) -> bytes:
    """`value` as UTF-8 JSON, for HTTP."""
    return _encoder.encode(value)


def encode(event: Event) -> bytes:
    """`event` as one finished, unmasked WebSocket text frame (RFC 6455, 5.2)."""
    payload = _encoder.encode(event)
    length = len(payload)
    if length < 126:
        return b"\x81%c" % length + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


def pong(payload: bytes) -> bytes:
    """The finished answer to a WebSocket ping, whose payload has at most 125 bytes (5.5.3)."""
    return b"\x8a%c" % len(payload) + payload
