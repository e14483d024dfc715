"""Tests for `imtwisted.http.reading`: nobody holds a connection by not reading what they asked for."""

from __future__ import annotations

from collections.abc import Iterable

from twisted.internet.address import IPv4Address

from imtwisted.http.site import SILENCE
from imtwisted.patience import NO_PROGRESS
from tests.uploading import UploadCase
from tests.visitor import Line
from tests.wiring import Wires

_FULL = 64 * 1024  # above which Twisted's transports ask for no more
_FILE = 2_000_000
_LOGIN = b"GET /login HTTP/1.1\r\nHost: chat.test\r\n\r\n"


class Pipe(Wires):
    """What lies between the server and somebody who reads when they like, as Twisted's transports are."""

    def __init__(self) -> None:
        super().__init__(peerAddress=IPv4Address("TCP", "192.0.2.1", 4321))
        self._appSendBuffer: list[bytes] = []  # as TLS calls it; it is looked at by that name
        self._is_full = False

    @property
    def waiting(self) -> int:
        """The bytes that are here, and in nobody's hands yet."""
        return sum(map(len, self._appSendBuffer))

    def write(self, data: bytes) -> None:
        self._appSendBuffer.append(data)
        if self.waiting > _FULL and not self._is_full and self.producer is not None:
            self._is_full = True
            self.producer.pauseProducing()

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.write(b"".join(data))

    def reads(self, most: int = _FILE) -> bytes:
        """What the other side takes."""
        held = b"".join(self._appSendBuffer)
        self._appSendBuffer = [held[most:]] if held[most:] else []
        if not self._appSendBuffer and self._is_full:
            self._is_full = False
            if self.producer is not None:
                self.producer.resumeProducing()
        return held[:most]


class ReadingTests(UploadCase):
    """Answers of any size, to who reads them and who does not."""

    def setUp(self) -> None:
        super().setUp()
        self.lines: list[Line] = []

    def tearDown(self) -> None:
        for line in self.lines:
            line.leaves()

    def asks(self, path: str, *headers: str) -> tuple[Pipe, Line]:
        """A connection on which alice has asked for that."""
        line = Line.__new__(Line)
        pipe = Pipe()
        line.transport = pipe
        line.channel = self.server.site.buildProtocol(pipe.getPeer())
        line.channel.makeConnection(pipe)
        head = [f"GET {path} HTTP/1.1", "Host: chat.test", *headers]
        head.append(f"Authorization: Bearer {self.server.tokens['alice']}")
        line.channel.dataReceived("".join(f"{each}\r\n" for each in [*head, ""]).encode())
        self.server.turn()
        self.lines.append(line)
        return pipe, line

    def download(self) -> tuple[Pipe, Line]:
        """One of a large file."""
        file = self.uploaded("alice", b"x" * _FILE)
        return self.asks(f"/api/v1/files/{file['id']}")

    def test_who_never_reads(self) -> None:
        """Is let go after half a minute, by force; the file was not read into memory."""
        pipe, line = self.download()
        self.assertLess(pipe.waiting, 3 * _FULL)
        self.server.clock.advance(NO_PROGRESS - 0.1)
        self.assertFalse(pipe.aborted)
        self.server.clock.advance(0.2)
        self.assertTrue(pipe.aborted)
        calls = len(self.server.clock.getDelayedCalls())
        self.lines.remove(line)
        line.leaves()
        self.server.turn()
        self.assertLess(pipe.waiting, 3 * _FULL)
        self.assertLessEqual(len(self.server.clock.getDelayedCalls()), calls)

    def test_who_stops_reading(self) -> None:
        """Half way through is no better."""
        pipe, _ = self.download()
        got = 0
        while got < _FILE // 2:
            got += len(pipe.reads())
            self.server.turn()
        self.server.clock.advance(NO_PROGRESS + 0.1)
        self.assertTrue(pipe.aborted)

    def test_who_reads_slowly(self) -> None:
        """Gets all of it, however long that takes, and may ask for more afterwards."""
        pipe, line = self.download()
        got, minutes = b"", 0
        while len(got) < _FILE:
            got += pipe.reads(20_000)
            self.server.clock.advance(NO_PROGRESS - 1)
            self.assertFalse(pipe.aborted)
            self.assertLess(pipe.waiting, 3 * _FULL)
            minutes += 1
        self.assertGreater(minutes, 90)
        self.assertIn(b"\r\n\r\n" + b"x" * 1000, got)
        got += pipe.reads()
        self.server.clock.advance(SILENCE - NO_PROGRESS)
        self.assertFalse(pipe.aborted or pipe.disconnecting)
        line.channel.dataReceived(_LOGIN)
        self.server.turn()
        self.assertTrue(pipe.reads().startswith(b"HTTP/1.1 200"))

    def test_the_last_answer(self) -> None:
        """One that is small, and after which the connection ends, is not waited for for ever either."""
        pipe, _ = self.asks("/api/v1/me", "Connection: close")
        self.assertTrue(pipe.disconnecting)
        self.assertTrue(0 < pipe.waiting < _FULL)
        self.server.clock.advance(NO_PROGRESS + 0.1)
        self.assertTrue(pipe.aborted)

    def test_a_page_of_history(self) -> None:
        """Is whole at once: it is held while it is being read, and no longer."""
        path = f"/conversations/{self.server.lobby}/messages"
        for number in range(20):
            self.ok("alice", "POST", path, {"text": f"{number}" + "好" * 5000}, status=201)
            self.server.clock.advance(1)
        for read in (0, 30_000):
            pipe, _ = self.asks(f"/api/v1{path}")
            self.assertGreater(pipe.waiting, 200_000)
            for _ in range(3):
                pipe.reads(read)
                self.server.clock.advance(NO_PROGRESS - 1)
            self.assertEqual(pipe.aborted or pipe.disconnecting, read == 0)

    def test_one_after_the_other(self) -> None:
        """Who asks again and again without reading is not even heard, and let go."""
        pipe, line = self.asks("/login")
        asked = 0
        while pipe.producerState == "producing" and asked < 1000:
            line.channel.dataReceived(_LOGIN)
            self.server.turn()
            asked += 1
        self.assertLess(asked, 1000)
        self.assertLess(pipe.waiting, 2 * _FULL)
        self.server.clock.advance(NO_PROGRESS + 0.1)
        self.assertTrue(pipe.aborted)

    def test_all_at_once(self) -> None:
        """Who asks for much in one breath is answered as they read, all of it, in order."""
        pipe, line = self.asks("/login")
        line.channel.dataReceived(_LOGIN * 100)
        got = b""
        while True:
            self.server.turn()
            self.assertLess(pipe.waiting, 2 * _FULL)
            part = pipe.reads()
            if not part:
                break
            got += part
        self.assertEqual(got.count(b"HTTP/1.1 200 OK"), 101)
        self.assertEqual(pipe.producerState, "producing")
        self.server.clock.advance(SILENCE - 1)
        self.assertFalse(pipe.disconnecting or pipe.aborted)

    def test_what_is_said_during_a_download(self) -> None:
        """Is not collected without end: after a little, nothing more is read."""
        pipe, line = self.download()
        told = 0
        while pipe.producerState == "producing" and told < 1_000_000:
            line.channel.dataReceived(_LOGIN * 10)
            told += 10 * len(_LOGIN)
        self.assertLess(told, _FULL)
        got = b""
        while part := pipe.reads():
            got += part
            self.server.turn()
        self.assertEqual(got.count(b"HTTP/1.1 200 OK"), 1 + told // len(_LOGIN))
        self.assertEqual(pipe.producerState, "producing")
