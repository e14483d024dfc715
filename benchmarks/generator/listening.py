"""
Who only listens: the bytes of one read are compared with what another was brought.

A batch that went to all is the same bytes for all. Parsing it once for each
receiver would make the generator, not the server, what is measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from benchmarks.generator.spoken import Ear
from benchmarks.generator.talk import Talk

_TEXT, _PING = 0x81, 0x89
_PONG = b"\x8a\x80\0\0\0\0"  # empty, by a mask of zeros (RFC 6455, section 5.5.3)


class Listening(asyncio.Protocol):
    """The frames of one connection after its `ready`, a read at a time."""

    def __init__(
        self,
        talk: Talk,
        ear: Ear,
        read: Callable[[bytes], None],
        answer: Callable[[bytes], None],
        lost: Callable[[], None],
    ) -> None:
        self._talk = talk
        self._hears_again = talk.hears_again
        self._ear = ear
        self._read = read  # takes the payload that is not due, or not known
        self._answer = answer
        self._lost = lost
        self._rest = b""  # of a frame that is not whole yet

    def data_received(self, data: bytes) -> None:
        """Compare what was brought before, and parse the rest."""
        if self._rest or not self._hears_again(self._ear, data):
            self._parse(data)

    def _parse(self, data: bytes) -> None:
        first, whole = self._ear.count, self._rest + data
        payloads, at = frames_of(whole)
        for opcode, payload in payloads:
            if opcode == _PING:
                self._answer(_PONG)
            elif opcode == _TEXT and not self._talk.hears(self._ear, payload):
                self._read(payload)
        if not self._rest and at == len(whole) and len(payloads) == self._ear.count - first:
            self._talk.remember(first, self._ear.count, data)
        self._rest = whole[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the client that it was left."""
        self._lost()


def frames_of(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """The first byte and the payload of each whole frame of a server, and where they end."""
    frames: list[tuple[int, bytes]] = []
    at, end = 0, len(data)
    while end - at >= 2:
        length, start = data[at + 1], at + 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length, start = int.from_bytes(data[start : start + size], "big"), start + size
        if start + length > end:
            break
        frames.append((data[at], data[start : start + length]))
        at = start + length
    return frames, at
