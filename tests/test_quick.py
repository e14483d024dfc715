"""Tests for the quick ways to read and to write: they do exactly what the plain ways do."""

from __future__ import annotations

import json
import socket

from hypothesis import example, given, settings
from hypothesis import strategies as st
from twisted.internet.tcp import Connection
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.quick_read import whole_texts
from imtwisted.quick_write import QuickWriter
from imtwisted.sockets import ChatSocket
from imtwisted.sockets.factory import with_options_of
from tests.client import Frame
from tests.kit import Chat, ChatCase
from tests.wiring import masked

LIMIT = 65_536


class ReadingTests(SynchronousTestCase):
    """What is plain is read, and what is not is left where it is."""

    def test_several_at_once(self) -> None:
        """Short and longer ones, with whatever text."""
        said = ["", "a", "你好 👋", "x" * 125, "y" * 126, "z" * 70_00]
        data = b"".join(masked(text) for text in said)
        self.assertEqual(whole_texts(data, LIMIT), (said, len(data)))

    def test_what_is_not_plain_ends_it(self) -> None:
        """Cut off, unmasked, fragmented, binary, control, too long, wastefully long, no UTF-8."""
        good = masked("good")
        for bad in (
            masked("cut off")[:-1],
            b"\x81",
            b"\x81\x02{}----",
            masked("a", fin=False),
            masked("b", opcode=2),
            masked("", opcode=9),
            masked("x" * (LIMIT + 1)),
            b"\x81\xfe\x00\x01" + b"\x00" * 4 + b"a",
            b"\xc1\x80\x00\x00\x00\x00",
            masked(b"\xff"),
        ):
            self.assertEqual(whole_texts(good + bad + good, LIMIT), (["good"], len(good)))

    def test_the_limit_is_the_frame_s(self) -> None:
        """As much as allowed is read."""
        data = masked("x" * 300)
        self.assertEqual(whole_texts(data, 300)[1], len(data))
        self.assertEqual(whole_texts(data, 299), ([], 0))


FRAMES: list[Frame | str | bytes] = [
    {"type": "ping"},
    {"type": "history", "id": 7, "conversation": 1},
    {"type": "send", "id": 8, "client_id": "a" * 32, "conversation": 1, "text": "hi 你"},
    {"type": "send", "id": 9, "client_id": "b" * 32, "to": "bob", "text": "x"},
    {"type": "edit", "id": 3},
    {"type": "hello", "id": 4},
]

piece = st.one_of(
    st.sampled_from(FRAMES).map(masked),
    st.text(max_size=300).map(masked),
    st.binary(max_size=20).map(masked),
    st.binary(max_size=20).map(lambda payload: masked(payload, opcode=9)),
    st.tuples(st.binary(max_size=9), st.integers(0, 15), st.booleans()).map(
        lambda parts: masked(parts[0], opcode=parts[1], fin=parts[2])
    ),
    st.just(masked('{"type":', fin=False) + masked('"ping"}', opcode=0)),
    st.just(b"\x81\xfe\x00\x01" + b"\x00" * 4 + b"a"),
    st.binary(max_size=12),
)


class SameTests(ChatCase):
    """The same bytes in, the same frames and the same close code out."""

    @settings(max_examples=60, deadline=None)
    @example([b"\x00\x80\x00\x00\x00\x00", masked(b"", opcode=9)], [1])
    @given(st.lists(piece, max_size=6), st.lists(st.integers(1, 40), min_size=1, max_size=30))
    def test_however_they_are_split(self, pieces: list[bytes], sizes: list[int]) -> None:
        """In one packet, in many, or byte by byte."""
        data = b"".join(pieces)
        expected = self.heard(Plain, [data])
        self.assertEqual(self.heard(ChatSocket, [data]), expected)
        self.assertEqual(self.heard(ChatSocket, _split(data, sizes)), expected)
        self.assertEqual(self.heard(Plain, _split(data, sizes)), expected)

    def heard(
        self, kind: type[ChatSocket], packets: list[bytes]
    ) -> tuple[list[Frame], int | None, bytes]:
        """What a new server answers to these packets, pongs included."""
        chat = Chat("alice")
        chat.house.sockets.kind = with_options_of(chat.house.sockets, kind)
        alice = chat.browser("alice")
        for packet in packets:
            if alice.transport.protocol is not None and not alice.transport.disconnecting:
                alice.transport.protocol.dataReceived(packet)
        chat.turn()
        raw = bytes(alice.transport.value())
        frames = alice.heard()
        return sorted(frames, key=json.dumps), alice.closed, pongs_of(raw)


class Plain(ChatSocket):
    """A socket that knows the plain way only."""

    def _may_read_quickly(self) -> bool:
        return False


def _split(data: bytes, sizes: list[int]) -> list[bytes]:
    packets, at, turn = [], 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        packets.append(data[at : at + size])
        at, turn = at + size, turn + 1
    return packets


def pongs_of(raw: bytes) -> bytes:
    """The payloads of the pongs among the frames in `raw`."""
    pongs = b""
    while len(raw) >= 2:
        length, start = raw[1] & 0x7F, 2
        if length == 126:
            length, start = int.from_bytes(raw[2:4], "big"), 4
        if raw[0] & 0x0F == 10:
            pongs += raw[start : start + length] + b"|"
        raw = raw[start + length :]
    return pongs


class WritingTests(SynchronousTestCase):
    """Everything arrives, in order, whichever way it went."""

    def setUp(self) -> None:
        here, self.there = socket.socketpair()
        self.addCleanup(here.close)
        self.addCleanup(self.there.close)
        for end in (here, self.there):
            end.setblocking(False)
        here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.transport = Connection(here, None, MemoryReactorClock())  # type: ignore[arg-type]
        self.transport.connected = True
        self.writer = QuickWriter(self.transport)

    def received(self) -> bytes:
        try:
            return self.there.recv(1 << 20)
        except BlockingIOError:
            return b""

    def test_at_once(self) -> None:
        """Nothing waits for a turn of the reactor."""
        self.writer.write(b"now")
        self.assertEqual(self.received(), b"now")

    def test_behind_what_waits(self) -> None:
        """What the transport holds goes first."""
        self.transport.write(b"first ")
        self.writer.write(b"second")
        self.assertEqual(self.received(), b"")
        self.transport.doWrite()
        self.assertEqual(self.received(), b"first second")

    def test_a_full_socket(self) -> None:
        """The rest is the transport's, and what follows stays behind it."""
        data = bytes(range(256)) * 400
        self.writer.write(data)
        self.writer.write(b"end")
        held = self.writer.backlog()
        whole = self.received()
        self.transport.doWrite()
        self.assertLess(self.writer.backlog(), held)
        for _ in range(200):
            whole += self.received()
            self.transport.doWrite()
        self.assertEqual(whole, data + b"end")

    def test_what_the_kernel_holds_counts(self) -> None:
        """Who takes it makes the backlog smaller, though nothing of ours has moved."""
        self.writer.write(b"x" * 1000)
        held = self.writer.backlog()
        self.assertGreater(held, 0)
        self.assertEqual(len(self.transport.dataBuffer), 0)
        self.received()
        self.assertEqual(self.writer.backlog(), 0)

    def test_a_broken_socket(self) -> None:
        """It is the transport that finds out, in its own way; nothing is raised."""
        self.there.close()
        self.writer.write(b"x")
        self.writer.write(b"y")
        self.assertIsInstance(self.transport.doWrite(), Exception)
