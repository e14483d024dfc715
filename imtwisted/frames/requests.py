"""
What a client says: the requests of `imchat.v1`, and reading them.

Way of a message: browser -> [requests] -> sockets -> domain.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from imtwisted.misfits import misfit
from imtwisted.refusals import BadRequest, ChatError, Unsupported

Id = Annotated[int, Meta(ge=0, lt=2**53)]
Place = Annotated[int, Meta(ge=1, lt=2**53)]
ClientId = Annotated[str, Meta(pattern="^[0-9a-fA-F]{32}$", min_length=32, max_length=32)]
Mentions = Annotated[list[Id], Meta(max_length=50)]
UserName = Annotated[str, Meta(max_length=64)]


class Request(Struct, frozen=True, tag_field="type", kw_only=True):
    """Any frame of a client."""


class Hello(Request, frozen=True, tag="hello", kw_only=True):
    """The first frame: who am I here, and what did I miss?"""

    id: Id
    epoch: str | None = None
    cursors: Annotated[list[tuple[Id, Id]], Meta(max_length=500)] = []


class Saying(Struct, frozen=True, kw_only=True):
    """The fields of a message to be said, over the socket and over HTTP."""

    conversation: Id | None = None
    to: UserName | Annotated[list[UserName], Meta(min_length=1, max_length=50)] | None = None
    text: str = ""
    reply_to: Place | None = None
    mentions: Mentions = []
    files: Annotated[list[Id], Meta(max_length=50)] = []


class Send(Request, Saying, frozen=True, tag="send", kw_only=True):
    """Say something in a conversation, or to a person, or to several."""

    id: Id
    client_id: ClientId


class Edit(Request, frozen=True, tag="edit", kw_only=True):
    """Give one's own message another text; whom it mentions stays, unless that is said too."""

    id: Id
    client_id: ClientId
    conversation: Id
    seq: Place
    text: str
    mentions: Mentions | UnsetType = UNSET


class Recall(Request, frozen=True, tag="recall", kw_only=True):
    """Take back one's own message, or as a moderator anyone's."""

    id: Id
    conversation: Id
    seq: Place


class React(Request, frozen=True, tag="react", kw_only=True):
    """Put an emoji under a message, or take one's own away."""

    id: Id
    conversation: Id
    seq: Place
    emoji: Annotated[str, Meta(max_length=32)]
    on: bool


class Read(Request, frozen=True, tag="read", kw_only=True):
    """Everything up to `seq` is read."""

    conversation: Id
    seq: Id


class Received(Request, frozen=True, tag="received", kw_only=True):
    """Everything up to there has arrived on this device, in each of these conversations."""

    cursors: Annotated[list[tuple[Id, Id]], Meta(max_length=500)]


class Typing(Request, frozen=True, tag="typing", kw_only=True):
    """I am writing something; at most every three seconds."""

    conversation: Id


class History(Request, frozen=True, tag="history", kw_only=True):
    """A page of the timeline; at most one of the three places."""

    id: Id
    conversation: Id
    before: Place | None = None
    after: Id | None = None
    around: Place | None = None
    limit: Annotated[int, Meta(ge=1, lt=2**53)] | None = None


class Changes(Request, frozen=True, tag="changes", kw_only=True):
    """What happened after rev `after`?"""

    id: Id
    conversation: Id
    after: Id


class Ping(Request, frozen=True, tag="ping"):
    """Are you there?"""


Alteration = Edit | Recall | React
Signal = Read | Received | Typing
AnyRequest = Hello | Send | Alteration | Signal | History | Changes | Ping


class _Envelope(Struct, frozen=True):
    """The two fields by which even an unreadable frame can be answered."""

    type: Any = None
    id: Any = None


_requests: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_envelopes = msgspec.json.Decoder(_Envelope)
_KNOWN = frozenset(
    {"hello", "send", "edit", "recall", "react", "read", "received", "typing"}
    | {"history", "changes", "ping"}
)


class Unreadable(Exception):
    """A frame that is no request; `refusal` says why, `id` whom to answer."""

    def __init__(self, refusal: ChatError, id: int | None) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.id = id


def parse(payload: bytes | str) -> AnyRequest:
    """
    Read one client frame.

    Raises `Unreadable` and nothing else, whatever the client sent. The whole
    payload is decoded first: msgspec does not check UTF-8 in what it skips.
    """
    try:
        text = payload if isinstance(payload, str) else payload.decode()
        return _requests.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as reason:
        raise _unreadable(payload, reason) from None


def _unreadable(payload: bytes | str, reason: Exception) -> Unreadable:
    try:
        envelope = _envelopes.decode(payload)
    except (msgspec.DecodeError, RecursionError):
        return Unreadable(BadRequest(reason="unreadable"), None)
    id = envelope.id if type(envelope.id) is int and 0 <= envelope.id < 2**53 else None
    if isinstance(envelope.type, str) and envelope.type not in _KNOWN:
        return Unreadable(Unsupported(reason="unknown_type"), id)
    return Unreadable(misfit(str(reason)) or BadRequest(reason="unreadable"), id)
