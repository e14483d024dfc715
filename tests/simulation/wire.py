"""RFC 6455 as a client speaks it, and the upgrade before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.kit import HOST

UPGRADE = (
    "GET /ws HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: imchat.v1\r\nAuthorization: Bearer {token}\r\n\r\n"
)
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_MASK = b"\x3a\x91\xc4\x5e"


def upgrade(token: str) -> bytes:
    """The request that opens a socket."""
    return UPGRADE.format(host=HOST, token=token).encode()


def text(frame: dict[str, Any]) -> bytes:
    """One request of the protocol as a text frame."""
    return masked(TEXT, json.dumps(frame, ensure_ascii=False).encode())


def masked(opcode: int, payload: bytes) -> bytes:
    """One frame of a client."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    mask = (_MASK * (size // 4 + 1))[:size]
    body = int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")
    return head + _MASK + body.to_bytes(size, "big")


class Reader:
    """Cuts what a server sends into its status line and its frames."""

    def __init__(self) -> None:
        self.status: int | None = None
        self._octets = b""

    def take(self, octets: bytes) -> Iterator[tuple[int, bytes]]:
        """The (opcode, payload) of each frame that is complete now; the status is set before."""
        self._octets += octets
        if self.status is None:
            head, end, rest = self._octets.partition(b"\r\n\r\n")
            if not end:
                return
            self.status = int(head.split(b" ", 2)[1])
            self._octets = rest if self.status == 101 else b""
        while (frame := self._frame()) is not None:
            yield frame

    def _frame(self) -> tuple[int, bytes] | None:
        octets = self._octets
        if len(octets) < 2:
            return None
        opcode, size, start = octets[0] & 0x0F, octets[1] & 0x7F, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(octets[2:start], "big")
            if len(octets) < start:
                return None
        if len(octets) < start + size:
            return None
        self._octets = octets[start + size :]
        return opcode, octets[start : start + size]
