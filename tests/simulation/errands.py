"""HTTP requests of a device, byte by byte over lines of their own, and what is answered."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.kit import HOST
from tests.simulation.network import Line
from tests.simulation.server import Server
from tests.simulation.timekeeping import World

PATIENCE = 15.0  # seconds
_LENGTH, _CHUNKED = b"content-length:", b"transfer-encoding: chunked"


@dataclass(frozen=True)
class Answer:
    """What the server says to one request, whole."""

    status: int
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """What is told in JSON; nothing of an answer without any."""
        return dict(json.loads(self.body)) if self.body else {}

    @property
    def refusal(self) -> dict[str, Any]:
        """The `error` of a refusal."""
        return dict(self.told["error"])


def request(method: str, path: str, token: str, body: bytes = b"", type: str = "") -> bytes:
    """One request, after which the connection ends."""
    lines = [
        f"{method} /api/v1{path} HTTP/1.1",
        f"Host: {HOST}",
        f"Authorization: Bearer {token}",
        "Connection: close",
        f"Content-Length: {len(body)}",
        *([f"Content-Type: {type}"] if type else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Errand:
    """One request on its way: `answered` once, with None when nobody knows what became of it."""

    def __init__(
        self,
        world: World,
        name: str,
        chance: random.Random,
        answered: Callable[[Answer | None], None],
    ) -> None:
        self._world = world
        self._answered: Callable[[Answer | None], None] | None = answered
        self._octets = b""
        self._line = Line(world, name, self, chance)

    def go(self, server: Server, octets: bytes, cut_after: float | None) -> None:
        """Send `octets`; the line is cut after so many seconds, if it is still there."""
        later = self._world.clock.callLater
        later(PATIENCE, self.give_up)
        if not server.dial(self._line):
            later(0.02, self.give_up)
            return
        self._line.send(octets)
        if cut_after is not None:
            later(cut_after, self._cut)

    def _cut(self) -> None:
        if self._answered is not None:
            self._line.cut()

    def give_up(self) -> None:
        """Wait no longer."""
        self._settle(None)

    def received(self, octets: bytes) -> None:
        """Bytes of the server."""
        self._octets += octets
        head, end, rest = self._octets.partition(b"\r\n\r\n")
        body = _body(head.lower(), rest) if end else None
        if body is not None:
            self._settle(Answer(int(head.split(b" ", 2)[1]), body))

    def hung_up(self) -> None:
        """The other end closed, or the network did."""
        self._settle(None)

    def _settle(self, answer: Answer | None) -> None:
        answered, self._answered = self._answered, None
        if answered is not None:
            self._line.hang_up()
            answered(answer)


def _body(head: bytes, rest: bytes) -> bytes | None:
    """What follows `head`, once it is there; none where no length is told."""
    if _CHUNKED in head:
        return _joined(rest)
    lengths = [line[len(_LENGTH) :] for line in head.split(b"\r\n") if line.startswith(_LENGTH)]
    length = int(lengths[0]) if lengths else 0
    return rest[:length] if len(rest) >= length else None


def _joined(chunks: bytes) -> bytes | None:
    """The chunks of RFC 9112, section 7.1, once the last is there."""
    body = b""
    while True:
        size, end, rest = chunks.partition(b"\r\n")
        if not end or len(rest) < int(size, 16) + 2:
            return None
        if not int(size, 16):
            return body
        body += rest[: int(size, 16)]
        chunks = rest[int(size, 16) + 2 :]
