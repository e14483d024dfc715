"""
The socket described for machines: AsyncAPI 3.0, from the same structs that are spoken.

Way of a message: beside it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from imtwisted.frames import events, requests

_REQUESTS: tuple[type[requests.Request], ...] = (
    requests.Hello,
    requests.Send,
    requests.Read,
    requests.History,
    requests.Changes,
    requests.Ping,
)
_EVENTS: tuple[type[events.Event], ...] = (
    events.Ready,
    events.Ack,
    events.Acks,
    events.Error,
    events.MessageOut,
    events.HistoryOut,
    events.DeltaOut,
    events.Reset,
    events.CursorOut,
    events.ContactsUpdate,
    events.MembershipUpdate,
    events.SessionUpdate,
    events.LagOut,
    events.Pong,
    events.Bye,
)
_REF = "#/components/schemas/{name}"


def asyncapi() -> dict[str, Any]:
    """The document; `send` and `receive` are the server's, as AsyncAPI wants them."""
    _, schemas = msgspec.json.schema_components((*_REQUESTS, *_EVENTS), ref_template=_REF)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "imchat.v1",
            "version": "1.0.0",
            "description": "JSON over WebSocket text frames, one object a frame. "
            "Sign in over HTTP first: session cookie and Origin, or a bearer token.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "chat": {
                "address": "/ws",
                "messages": {each.__name__: _message(each) for each in (*_REQUESTS, *_EVENTS)},
                "bindings": {"ws": {"method": "GET"}},
            }
        },
        "operations": {
            "ask": _operation("receive", _REQUESTS),
            "tell": _operation("send", _EVENTS),
        },
        "components": {"schemas": schemas},
    }


def _message(struct: type[msgspec.Struct]) -> dict[str, Any]:
    summary = (struct.__doc__ or "").strip().partition("\n")[0]
    message: dict[str, Any] = {
        "name": struct.__struct_config__.tag,
        "payload": {"$ref": _REF.format(name=struct.__name__)},
    }
    return message | ({"summary": summary} if summary else {})


def _operation(action: str, structs: tuple[type[msgspec.Struct], ...]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/chat"},
        "messages": [{"$ref": f"#/channels/chat/messages/{each.__name__}"} for each in structs],
    }
