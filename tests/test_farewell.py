"""Tests for `imtwisted.http.farewell`: what cannot be read is answered, not cut off."""

from __future__ import annotations

from imtwisted.http.farewell import LINGER
from tests.kit import Chat, ChatCase
from tests.visitor import Line, Visitor, parsed

_HOST = b"Host: chat.test\r\n"


class FarewellTests(ChatCase):
    """A request that is not one."""

    def setUp(self) -> None:
        self.server = self.chat()

    def told(self, chat: Chat, *sent: bytes) -> Line:
        """A connection on which that was sent, one part after the other."""
        line = Line(chat.site)
        for part in sent:
            line.sends(part)
        return line

    def is_refused(self, status: int, *sent: bytes) -> None:
        """Answered once, with that, and left within moments."""
        chat = self.server
        line = self.told(chat, *sent)
        said = bytes(line.transport.value())
        answer = parsed(said)
        self.assertEqual((answer.status, answer.header("Connection")), (status, "close"))
        self.assertEqual((said.count(b"HTTP/1.1"), answer.body), (1, b""))
        self.assertFalse(line.transport.disconnecting)
        self.assertEqual(line.sends(b"y" * 100_000 + b"\r\n\r\n"), said)
        chat.clock.advance(LINGER)
        self.assertTrue(line.transport.disconnecting)
        self.assertEqual(line.sends(b"GET / HTTP/1.1\r\n\r\n"), said)
        chat.clock.advance(15)
        self.assertTrue(line.transport.aborted)

    def test_a_long_header(self) -> None:
        """All at once, with its end or without, and in parts."""
        head = b"GET /login HTTP/1.1\r\n" + _HOST + b"X-Long: "
        self.is_refused(431, head + b"x" * 200_000 + b"\r\n\r\n")
        self.is_refused(431, head + b"x" * 200_000)
        self.is_refused(431, head, *[b"x" * 1000] * 40)

    def test_many_bytes_of_headers(self) -> None:
        """No line of them is long."""
        lines = b"".join(b"X-%d: %b\r\n" % (number, b"x" * 500) for number in range(60))
        self.is_refused(431, b"GET /login HTTP/1.1\r\n" + _HOST + lines + b"\r\n")

    def test_many_headers(self) -> None:
        """None of them is long, nor all of them together."""
        lines = b"".join(b"X-%d: x\r\n" % number for number in range(600))
        self.is_refused(431, b"GET /login HTTP/1.1\r\n" + _HOST + lines + b"\r\n")

    def test_a_long_path(self) -> None:
        """The first line has a word of its own for that."""
        self.is_refused(414, b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\n" + _HOST + b"\r\n")

    def test_no_request(self) -> None:
        """Another protocol, a header without a colon, a length that is none."""
        self.is_refused(400, b"hello\r\n\r\n")
        self.is_refused(400, b"GET / HTTP/1.1\r\nno header\r\n\r\n")
        self.is_refused(400, b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n")

    def test_a_body(self) -> None:
        """One that is too large is refused in words, and those who still send it can read them."""
        line = self.told(
            self.server,
            b"POST /api/v1/session HTTP/1.1\r\n" + _HOST + b"Content-Length: 999999\r\n\r\n",
            *[b"x" * 50_000] * 5,
        )
        self.assertEqual(parsed(line.transport.value()).status, 413)
        self.assertFalse(line.transport.disconnecting)
        self.server.clock.advance(LINGER)
        self.assertTrue(line.transport.disconnecting)

    def test_the_second_request(self) -> None:
        """The first one on the same connection was answered."""
        line = self.told(self.server, b"GET /login HTTP/1.1\r\n" + _HOST + b"\r\n")
        self.server.turn()
        self.assertEqual(parsed(line.transport.value()).status, 200)
        line.transport.clear()
        line.sends(b"GET /login HTTP/1.1\r\nX-Long: " + b"x" * 20_000)
        self.assertEqual(parsed(line.transport.value()).status, 431)

    def test_who_goes_by_themselves(self) -> None:
        """Nothing is waited for then."""
        before = len(self.server.clock.getDelayedCalls())
        line = self.told(self.server, b"hello\r\n\r\n")
        line.leaves()
        self.assertEqual(len(self.server.clock.getDelayedCalls()), before)

    def test_what_is_long_enough(self) -> None:
        """Cookies of other programs on the same machine do no harm."""
        answer = Visitor(self.server).ask("GET", "/login", headers={"X-Long": "x" * 15_000})
        self.assertEqual(answer.status, 200)
