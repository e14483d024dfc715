"""Tests for `imtwisted.http.channel`: nobody keeps everybody else out by asking slowly."""

from __future__ import annotations

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress

from imtwisted.http.channel import ARRIVES, REQUEST_WITHIN, UPLOAD_BYTES, UPLOAD_WINDOW
from imtwisted.http.site import SILENCE
from imtwisted.settings import Limits
from tests.kit import Chat, ChatCase
from tests.test_origins import PROXY, behind
from tests.uploading import TYPE, UploadCase, form
from tests.visitor import Line, Visitor, parsed

HELD = 20  # connections of one address, where they are counted

_POST = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: chat.test\r\n"
    b"Content-Type: application/json\r\nContent-Length: 2000\r\n\r\n"
)
_GET = b"GET /login HTTP/1.1\r\nHost: chat.test\r\n\r\n"


def is_cut(line: Line) -> bool:
    """Whether the server has told the browser to go."""
    return line.transport.disconnecting


class DeadlineTests(ChatCase):
    """A request that comes byte by byte."""

    def drips(self, chat: Chat, line: Line, seconds: float, byte: bytes = b" ") -> bytes:
        """What has been said to who sends a byte every few seconds, until cut off or so long."""
        for _ in range(int(seconds // 5)):
            chat.clock.advance(5)
            if is_cut(line):
                break
            line.sends(byte)
        return bytes(line.transport.value())

    def test_a_slow_body(self) -> None:
        """Cut off half a minute after its first byte, with a status, and by force after that."""
        chat = self.chat()
        line = Line(chat.site)
        line.sends(_POST)
        self.drips(chat, line, REQUEST_WITHIN - 5)
        self.assertFalse(is_cut(line))
        answer = parsed(self.drips(chat, line, 5))
        self.assertEqual((answer.status, answer.header("Connection")), (408, "close"))
        self.assertTrue(is_cut(line))
        chat.clock.advance(15)
        self.assertTrue(line.transport.aborted)

    def test_slow_headers(self) -> None:
        """The same: a request without an end to its head."""
        chat = self.chat()
        line = Line(chat.site)
        line.sends(b"GET /login HTTP/1.1\r\nX-Long: ")
        self.assertEqual(parsed(self.drips(chat, line, 60, b"x")).status, 408)

    def test_a_form_of_a_stranger(self) -> None:
        """Nor may one who is not signed in take longer by calling it an upload."""
        chat = self.chat()
        line = Visitor(chat).begin(
            "POST",
            "/api/v1/files",
            raw=form(b"x" * 50_000)[:20_000],
            headers={"Content-Type": TYPE, "Content-Length": "50000"},
        )
        chat.turn()
        self.assertEqual(parsed(self.drips(chat, line, 60)).status, 408)

    def test_one_request_after_the_other(self) -> None:
        """Each has its own time, and between them a browser may be silent for longer."""
        chat = self.chat()
        line = Line(chat.site)
        for _ in range(3):
            line.sends(_GET[:9])
            chat.clock.advance(REQUEST_WITHIN - 1)
            line.sends(_GET[9:])
            chat.turn()
            line.transport.clear()
            chat.clock.advance(SILENCE - 1)
            self.assertFalse(is_cut(line))
        chat.clock.advance(1)
        self.assertTrue(is_cut(line))

    def test_a_socket(self) -> None:
        """What has become a socket has the limits of sockets only."""
        chat = self.chat("alice")
        alice = chat.browser("alice")
        for _ in range(20):
            chat.clock.advance(5)
            alice.says({"type": "ping"})
        self.assertEqual(len(alice.only("pong")), 20)


class SlowUploadTests(UploadCase):
    """Files over thin lines."""

    def test_a_thin_line(self) -> None:
        """Who is signed in may take as long as it takes, as long as the file comes on."""
        body = form(b"x" * (5 * UPLOAD_BYTES))
        script = self.scripts["alice"]
        line = script.begin(
            "POST",
            "/api/v1/files",
            raw=body[:UPLOAD_BYTES],
            headers={"Content-Type": TYPE, "Content-Length": str(len(body))},
        )
        self.server.turn()
        for start in range(UPLOAD_BYTES, len(body), UPLOAD_BYTES):
            self.server.clock.advance(UPLOAD_WINDOW / 2)
            self.assertFalse(is_cut(line))
            line.sends(body[start : start + UPLOAD_BYTES])
        self.server.turn()
        self.assertEqual(script.take(line).status, 201)

    def test_one_that_does_not_come_on(self) -> None:
        """A byte now and then is no upload: it is cut off, and nothing is left of it."""
        line = self.scripts["alice"].begin(
            "POST",
            "/api/v1/files",
            raw=form(b"x" * 50_000)[: 2 * UPLOAD_BYTES],
            headers={"Content-Type": TYPE, "Content-Length": "60000"},
        )
        self.server.turn()
        waited = 0
        while not is_cut(line) and waited < 600:
            line.sends(b"x")
            self.server.clock.advance(5)
            waited += 5
        self.assertEqual(waited, REQUEST_WITHIN + UPLOAD_WINDOW)
        line.leaves()
        self.server.turn()
        self.assertEqual(list((self.folder / "incoming").iterdir()), [])


class CrowdTests(ChatCase):
    """How many connections one address may hold."""

    def narrow(self, *people: str) -> Chat:
        """A server with room for `HELD` of them."""
        return self.chat(*people, limits=Limits(connections_per_address=HELD))

    def opened(self, chat: Chat, count: int, peer: IAddress | None = None) -> list[Line]:
        """So many connections on which a request has begun."""
        lines = [Line(chat.site, peer) for _ in range(count)]
        for line in lines:
            line.sends(b"GET /login HTTP/1.1\r\n")
        return lines

    def test_too_many(self) -> None:
        """One more is told to come again; others come in, and so does it when one has gone."""
        chat = self.narrow()
        lines = self.opened(chat, HELD)
        self.assertFalse(any(map(is_cut, lines)))
        (late,) = self.opened(chat, 1)
        answer = parsed(late.transport.value())
        self.assertEqual((answer.status, answer.header("Retry-After")), (503, "1"))
        self.assertTrue(is_cut(late))
        late.leaves()
        other = Visitor(chat, peer=IPv4Address("TCP", "192.0.2.2", 1))
        self.assertEqual(other.ask("GET", "/login").status, 200)
        lines[7].leaves()
        self.assertEqual(Visitor(chat).ask("GET", "/login").status, 200)

    def test_before_a_handshake(self) -> None:
        """Over TLS nobody waits for one: the connection is cut."""
        chat = self.narrow()
        self.opened(chat, HELD)
        self.assertTrue(Line(chat.site, secure=True).transport.aborted)

    def test_an_address_of_ipv6(self) -> None:
        """Its /64 counts as one, as everywhere."""
        chat = self.narrow()
        for number in range(HELD):
            self.opened(chat, 1, IPv6Address("TCP", f"2001:db8::{number:x}", 1))
        (late,) = self.opened(chat, 1, IPv6Address("TCP", "2001:db8::ffff:1", 1))
        self.assertTrue(is_cut(late))

    def test_one_that_asks_nothing_makes_room(self) -> None:
        """A school behind one address is not locked out by what its browsers keep open."""
        chat = self.narrow()
        lines = self.opened(chat, HELD - 1)
        silent = Line(chat.site)
        chat.clock.advance(ARRIVES)
        self.assertEqual(Visitor(chat).ask("GET", "/login").status, 200)
        self.assertTrue(is_cut(silent))
        self.assertFalse(any(map(is_cut, lines)))

    def test_those_that_will_not_go(self) -> None:
        """They count until they are gone."""
        chat = self.narrow()
        before = [Line(chat.site) for _ in range(HELD)]
        chat.clock.advance(ARRIVES)
        self.opened(chat, HELD)
        self.assertTrue(all(map(is_cut, before)))
        late = self.opened(chat, 5)
        self.assertEqual([parsed(line.transport.value()).status for line in late], [503] * 5)

    def test_all_at_once(self) -> None:
        """Who has just come and not asked yet is not put out by who comes a moment later."""
        chat = self.narrow()
        lines = [Line(chat.site) for _ in range(HELD)]
        chat.clock.advance(ARRIVES - 1)
        late = Line(chat.site)
        self.assertTrue(is_cut(late))
        self.assertFalse(any(map(is_cut, lines)))

    def test_a_trusted_proxy(self) -> None:
        """Everybody comes through it."""
        chat = behind(self.narrow(), "127.0.0.1")
        self.assertFalse(any(map(is_cut, self.opened(chat, HELD + 10, PROXY))))

    def test_sockets_do_not_count(self) -> None:
        """They have a limit of their own."""
        chat = self.narrow("alice")
        home = chat.browser("alice").transport.getPeer()
        self.opened(chat, HELD - 1, home)
        chat.browser("alice")
        (last,) = self.opened(chat, 1, home)
        self.assertFalse(is_cut(last))
