"""
What clients say: frames of `imchat.v1` and XMPP stanzas, as bytes. Pure.
"""

from __future__ import annotations

import base64
from xml.sax.saxutils import escape, quoteattr

# About what a person types; the same for every server.
TEXT = "Shall we meet at the harbour at eight and bring the small boat?"


def text_frame(payload: bytes) -> bytes:
    """
    `payload` as one WebSocket text frame of a client (RFC 6455, section 5.2).

    The mask is zero: servers undo it like any other, and it costs nothing here.
    """
    length = len(payload)
    if length < 126:
        head = bytes((0x81, 0x80 | length))
    elif length < 1 << 16:
        head = b"\x81\xfe" + length.to_bytes(2, "big")
    else:
        head = b"\x81\xff" + length.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


def hello(id: int, cursors: list[tuple[int, int]]) -> bytes:
    """The first frame of a chat socket."""
    places = ",".join(f"[{conversation},{rev}]" for conversation, rev in cursors)
    return b'{"type":"hello","id":%d,"cursors":[%s]}' % (id, places.encode())


def send(number: int, client_id: str, conversation: str) -> bytes:
    """Say `TEXT`; the relays, which read nothing, are sent the same payload."""
    return (
        f'{{"type":"send","id":{number},"client_id":"{client_id}",'
        f'"conversation":{conversation},"text":"{TEXT}"}}'
    ).encode()


def stream(domain: str) -> bytes:
    """Open an XMPP stream (RFC 6120, section 4.2)."""
    return (
        f"<?xml version='1.0'?><stream:stream to={quoteattr(domain)} version='1.0' "
        "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    ).encode()


def plain(name: str, password: str) -> bytes:
    """Sign in by SASL PLAIN (RFC 4616)."""
    secret = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
    return (
        f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>"
    ).encode()


BIND = (
    b"<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    b"<resource>bench</resource></bind></iq>"
)
PRESENCE = b"<presence/>"
PING = b"<iq type='get' id='ping'><ping xmlns='urn:xmpp:ping'/></iq>"


def enter(room: str, nick: str) -> bytes:
    """Join a room of many (XEP-0045), asking for none of its past."""
    return (
        f"<presence to={quoteattr(f'{room}/{nick}')}>"
        "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
    ).encode()


def message(to: str, kind: str, id: str) -> bytes:
    """Say `TEXT` to a person ("chat") or a room ("groupchat"); `id` names it to the receivers."""
    return (
        f"<message to={quoteattr(to)} type='{kind}' id='{id}'>"
        f"<body>{id} {escape(TEXT)}</body></message>"
    ).encode()
