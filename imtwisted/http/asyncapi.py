"""
The socket's description, made of the frames' own structs.

Way of a message: beside it; whoever writes a client reads this first.
"""

from __future__ import annotations

from typing import Any

import msgspec

from imtwisted import __version__, frames

_ASKED: tuple[Any, ...] = (
    frames.Hello,
    frames.Send,
    frames.Edit,
    frames.Recall,
    frames.React,
    frames.Read,
    frames.Received,
    frames.Typing,
    frames.History,
    frames.Changes,
    frames.Ping,
)
_TOLD: tuple[Any, ...] = (
    frames.Ready,
    frames.Ack,
    frames.Acks,
    frames.HistoryOut,
    frames.Error,
    frames.MessageOut,
    frames.ChangeOut,
    frames.DeltaOut,
    frames.Reset,
    frames.CursorOut,
    frames.ContactsUpdate,
    frames.MembershipUpdate,
    frames.ProfileUpdate,
    frames.SessionUpdate,
    frames.SettingsUpdate,
    frames.PresenceOut,
    frames.TypingOut,
    frames.LagOut,
    frames.Pong,
    frames.Bye,
)
_CHANNEL = "#/channels/chat"


def describe_socket() -> dict[str, Any]:
    """An AsyncAPI 3.0 document of `imchat.v1`."""
    frames_known = (*_ASKED, *_TOLD)
    schemas, components = msgspec.json.schema_components(
        frames_known, ref_template="#/components/schemas/{name}"
    )
    messages = {
        frame.__name__: {
            "name": frame.__struct_config__.tag,
            "summary": (frame.__doc__ or "").strip().partition("\n")[0],
            "payload": schema,
        }
        for frame, schema in zip(frames_known, schemas, strict=True)
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": frames.SUBPROTOCOL, "version": __version__},
        "channels": {
            "chat": {"address": "/ws", "messages": _refs("components/messages", messages)}
        },
        "operations": {"ask": _operation("receive", _ASKED), "tell": _operation("send", _TOLD)},
        "components": {"messages": messages, "schemas": components},
    }


def _refs(place: str, names: Any) -> dict[str, Any]:
    return {name: {"$ref": f"#/{place}/{name}"} for name in names}


def _operation(action: str, known: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": _CHANNEL},
        "messages": [{"$ref": f"{_CHANNEL}/messages/{frame.__name__}"} for frame in known],
    }
