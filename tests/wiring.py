"""What lies between the server and a browser of the tests: bytes in memory, and frames of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from twisted.internet.testing import StringTransport

from tests.client import Frame

_MASK = b"\x01\x02\x03\x04"


class Wires(StringTransport):
    """A `StringTransport` that, like a real one, unregisters twice without fuss."""

    aborted = False
    protocol: Any = None
    producer: Any = None

    def abortConnection(self) -> None:
        self.aborted = True

    def unregisterProducer(self) -> None:
        if self.producer is not None:
            super().unregisterProducer()

    def setTcpNoDelay(self, enabled: bool) -> None:
        """There is nothing to delay."""


def masked(frame: Frame | str | bytes, opcode: int = 1, fin: bool = True) -> bytes:
    """One client frame; a dictionary is written as JSON."""
    payload = json.dumps(frame) if isinstance(frame, dict) else frame
    if isinstance(payload, str):
        payload = payload.encode()
    length = len(payload)
    if length < 126:
        head = bytes([0x80 | length])
    elif length < 1 << 16:
        head = b"\xfe" + length.to_bytes(2, "big")
    else:
        head = b"\xff" + length.to_bytes(8, "big")
    body = bytes(byte ^ _MASK[i % 4] for i, byte in enumerate(payload))
    return bytes([(0x80 if fin else 0) | opcode]) + head + _MASK + body


def frames_in(received: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each whole server frame, with what follows it."""
    while len(received) >= 2:
        opcode, length, start = received[0] & 0x0F, received[1] & 0x7F, 2
        if length == 126:
            length, start = int.from_bytes(received[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(received[2:10], "big"), 10
        if len(received) < start + length:
            return
        payload, received = received[start : start + length], received[start + length :]
        yield opcode, payload, received
