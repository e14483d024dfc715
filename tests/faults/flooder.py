"""
A client that is fast and not polite: it says what it is given as quickly as TCP takes it.

It speaks just enough WebSocket for that, in bytes, so that the machine's other
core is busy with the server and not with us. It can stop reading for good.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import socket
import time
from collections import Counter
from functools import partial

from tests.client import Frame
from tests.faults.ledger import Broken, Row
from tests.person import Person

_ANSWER = re.compile(
    rb'"type":"ack","id":(\d+),"client_id":"([0-9a-f]{32})","conversation":(\d+),"seq":(\d+)'
    rb'|"type":"error","id":(\d+),"code":"(\w+)"'
)
_LONGEST = 256  # bytes of what the pattern matches
_PATIENCE = 60.0


def masked(frame: Frame) -> bytes:
    """One text frame of a client; the mask is of zeros, which is a mask too."""
    payload = json.dumps(frame).encode()
    size = len(payload)
    head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + payload


class Flooder(asyncio.Protocol):
    """One connection of `person`, who says things in `conversation`."""

    def __init__(self, person: Person, conversation: int, number: int) -> None:
        self.conversation = conversation
        self.acks: dict[int, tuple[str, int]] = {}  # request → client_id, seq
        self.codes: Counter[str] = Counter()
        self.waits: list[float] = []  # seconds from a send to its ack, when a window is kept
        self.offered = 0
        self.heard: set[str] = set()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False
        self._person, self._number = person, number
        self._rest = b""
        self._open = False
        self._sent: dict[int, float] = {}
        self._window = self._before = 0
        self._text = "x" * 100

    @property
    def untaken(self) -> int:
        """The bytes that the server has not read, and TCP does not take."""
        return 0 if self.lost else self._transport.get_write_buffer_size()

    @property
    def unanswered(self) -> int:
        """How many answers are still to come."""
        return 0 if self.lost else len(self._sent)

    # --- talking ------------------------------------------------------------------------

    def offer(self, number: int) -> None:
        """Say so many things at once, whatever waits already."""
        if not self.lost:
            self._transport.write(b"".join(self._next() for _ in range(number)))

    def offer_up_to(self, number: int) -> None:
        """Have offered so many since `keep` was last called."""
        self.offer(self._before + number - self.offered)

    def keep(self, window: int) -> None:
        """Have always so many unanswered ones; 0 is the end of it."""
        self._window = window
        self._before = self.offered
        self._top_up()

    def ask_for_pages(self, number: int) -> None:
        """Ask for the newest messages, again and again."""
        ask = {"type": "history", "id": 1, "conversation": self.conversation, "limit": 200}
        self._transport.write(masked(ask) * number)

    def _next(self) -> bytes:
        self.offered += 1
        self._sent[self.offered] = time.monotonic()
        return masked(
            {
                "type": "send",
                "id": self.offered,
                "client_id": f"{self._number:08x}{self.offered:024x}",
                "conversation": self.conversation,
                "text": self._text,
            }
        )

    def _top_up(self) -> None:
        if len(self._sent) < self._window:
            self.offer(self._window - len(self._sent))

    # --- listening ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(bytes(16)).decode()
        transport.write(
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: imchat.v1\r\n"
            f"Authorization: Bearer {self._person.token}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self._open:
            self._rest, self._open = data, b"\r\n\r\n" in data
            if self._open:
                self._transport.write(masked({"type": "hello", "id": 0}))
            return
        for kind in ("ready", "lag", "bye"):
            if f'"type":"{kind}"'.encode() in data:
                self.heard.add(kind)
        if "ready" in self.heard and not self.ready.done():
            self.ready.set_result(None)
        end = 0
        for found in _ANSWER.finditer(data):
            end = found.end()
            self._answered(found)
        self._rest = data[max(end, len(data) - _LONGEST) :]
        if self._window:
            self._top_up()

    def _answered(self, found: re.Match[bytes]) -> None:
        request = int(found[1] or found[5])
        began = self._sent.pop(request, None)
        if found[6]:
            self.codes[found[6].decode()] += 1
            return
        self.acks[request] = found[2].decode(), int(found[4])
        if began is not None:
            self.waits.append(time.monotonic() - began)

    def stop_reading(self) -> None:
        """Take nothing more off the wire."""
        self._transport.pause_reading()

    def read_again(self) -> None:
        """Take what has waited."""
        self._transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if not self.ready.done():
            self.ready.set_exception(error or ConnectionError("closed before ready"))

    def abort(self) -> None:
        """Go away without a word; what TCP did not take is forgotten."""
        self._transport.abort()

    # --- judging ------------------------------------------------------------------------

    def check(self, stored: dict[str, Row]) -> None:
        """P1, P3: every ack is kept where it was said to be, and in the order of the sends."""
        last = 0
        for request, (client_id, seq) in sorted(self.acks.items()):
            row = stored.get(client_id)
            if row is None or (row.conversation, row.seq) != (self.conversation, seq):
                raise Broken(f"P1: {client_id} was acknowledged as {seq}, stored is {row}")
            if seq <= last:
                raise Broken(f"P3: request {request} has {seq}, one before it had {last}")
            last = seq


async def flooder(
    port: int, person: Person, conversation: int, number: int, buffer: int | None = None
) -> Flooder:
    """A connection past its `ready`; `buffer` bytes of what it is told wait in its kernel."""
    end = socket.socket()
    end.setblocking(False)
    if buffer is not None:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    loop = asyncio.get_running_loop()
    make = partial(Flooder, person, conversation, number)
    try:
        await loop.sock_connect(end, ("127.0.0.1", port))
        _, client = await loop.create_connection(make, sock=end)
    except OSError:
        end.close()
        raise
    async with asyncio.timeout(_PATIENCE):
        await client.ready
    return client
