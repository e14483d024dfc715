"""Tests for `imtwisted.http.site`: what holds for every request, whatever it asks."""

from __future__ import annotations

from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import provider

from imtwisted.http.farewell import LINGER
from imtwisted.http.site import BODY_BYTES
from tests.kit import Chat, ChatCase
from tests.visitor import Answer, Line, Visitor, parsed


class HeaderTests(ChatCase):
    """Every answer is hardened."""

    def test_every_answer_is_hardened(self) -> None:
        """Pages, calls, files, errors."""
        visitor = Visitor(self.chat())
        for path in (
            "/login",
            "/api/v1/me",
            "/static/css/base.css",
            "/nowhere",
            "/%ff",
            "/api/v1/x",
        ):
            answer = visitor.ask("GET", path)
            policy = answer.header("Content-Security-Policy")
            for rule in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
                self.assertIn(rule, policy, path)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff", path)
            self.assertEqual(answer.header("Referrer-Policy"), "same-origin", path)
            self.assertNotIn("Twisted", answer.header("Server"), path)

    def test_only_over_tls_browsers_are_bound_to_it(self) -> None:
        """In the clear the header would mean nothing."""
        chat = self.chat()
        self.assertEqual(Visitor(chat).ask("GET", "/").header("Strict-Transport-Security"), "")
        secure = Visitor(chat, secure=True).ask("GET", "/")
        self.assertIn("max-age=", secure.header("Strict-Transport-Security"))

    def test_what_is_ones_own_is_kept_nowhere(self) -> None:
        """Neither by the browser nor on the way."""
        visitor = Visitor(self.chat("alice"))
        for path in ("/login", "/api/v1/me"):
            self.assertEqual(visitor.ask("GET", path).header("Cache-Control"), "no-store")


class BodyTests(ChatCase):
    """Nobody fills the memory."""

    def test_a_body_that_is_announced_too_large(self) -> None:
        """Is refused before it comes."""
        chat = self.chat()
        line = Line(chat.site)
        answer = parsed(line.sends(_head(f"Content-Length: {BODY_BYTES + 1}")))
        self.assert_refused(chat, line, answer)

    def test_a_body_in_chunks(self) -> None:
        """Is refused when it gets too large: nothing announced it."""
        chat = self.chat()
        line = Line(chat.site)
        chunk = b"%x\r\n%b\r\n" % (65536, b"x" * 65536)
        said = line.sends(_head("Transfer-Encoding: chunked"))
        for _ in range(BODY_BYTES // 65536):
            said = line.sends(chunk)
        self.assertEqual(said, b"")
        self.assert_refused(chat, line, parsed(line.sends(chunk)))
        before = line.transport.value()
        line.channel.dataReceived(chunk * 5 + b"0\r\n\r\n")
        self.assertEqual(line.transport.value(), before)

    def test_a_body_that_fits(self) -> None:
        """Up to the last byte, whole or in chunks."""
        name = b'{"username": "alice", "password": "%b"}'
        body = name % (b"x" * (BODY_BYTES - len(name) + 2))
        self.assertEqual(len(body), BODY_BYTES)
        chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        for octets in (
            _head(f"Content-Length: {len(body)}") + body,
            _head("Transfer-Encoding: chunked") + chunks,
        ):
            chat = self.chat()
            line = Line(chat.site)
            line.sends(octets)
            chat.turn()
            self.assertEqual(parsed(line.transport.value()).status, 400)

    def assert_refused(self, chat: Chat, line: Line, answer: Answer) -> None:
        self.assertEqual((answer.status, answer.code), (413, "too_large"))
        self.assertEqual(answer.header("Connection"), "close")
        self.assertIn("default-src 'self'", answer.header("Content-Security-Policy"))
        chat.clock.advance(LINGER)
        self.assertTrue(line.transport.disconnecting)


def _head(header: str) -> bytes:
    return (
        "POST /api/v1/session HTTP/1.1\r\nHost: chat.test\r\n"
        f"Content-Type: application/json\r\n{header}\r\n\r\n"
    ).encode()


class UnreadableTests(ChatCase):
    """What is not even text."""

    def test_a_path_that_is_no_text(self) -> None:
        """400, and not a line in the log."""
        visitor = Visitor(self.chat())
        for path in ("/%ff", "/static/%c3%28", "/api/v1/users/%80", "/%ed%a0%80"):
            self.assertEqual(visitor.ask("GET", path).status, 400, path)
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_a_host_that_is_no_text(self) -> None:
        """Nor a whole URL where a path belongs."""
        visitor = Visitor(self.chat(), host="ch\xe4t.test")
        self.assertEqual(visitor.ask("GET", "/login").status, 400)
        self.assertEqual(Visitor(self.chat()).ask("GET", "http://evil.test/login").status, 400)

    def test_odd_paths_lead_nowhere(self) -> None:
        """Neither out of the site nor to another one."""
        visitor = Visitor(self.chat())
        for path in (
            "//evil.test/chat",
            "/login/",
            "/static",
            "/static/",
            "/api/v1",
            "/api/v1/",
            "/api/v1//me",
            "/..",
            "/%00",
        ):
            answer = visitor.ask("GET", path)
            self.assertEqual((answer.status, answer.header("Location")), (404, ""), path)


class LogTests(ChatCase):
    """The operator's log says who asked for what, and keeps every secret."""

    def setUp(self) -> None:
        self.events: list[LogEvent] = []

        @provider(ILogObserver)
        def note(event: LogEvent) -> None:
            self.events.append(event)

        globalLogPublisher.addObserver(note)
        self.addCleanup(globalLogPublisher.removeObserver, note)

    def lines(self) -> list[str]:
        """What was logged of requests."""
        return [
            f"{event['address']} {event['method']} {event['path']} {event['status']}"
            for event in self.events
            if "path" in event and "status" in event
        ]

    def test_one_line_a_request(self) -> None:
        """Without the query."""
        Visitor(self.chat()).ask("GET", "/login?next=/chat&secret=1")
        self.assertEqual(self.lines(), ["192.0.2.1 GET /login 200"])

    def test_no_secret_is_written(self) -> None:
        """No password, no token, no text."""
        chat = self.chat("alice", "bob")
        visitor = Visitor(chat)
        visitor.api("POST", "/session", {"username": "alice", "password": "alice-password"})
        script = Visitor(chat, token=chat.tokens["alice"])
        lobby = f"/conversations/{chat.lobby}/messages"
        self.assertEqual(script.api("POST", lobby, {"text": "top secret"}).status, 201)
        script.api("POST", lobby, raw=b'{"text": "top secret", "reply_to": []}')
        written = str(self.events)
        for secret in ("alice-password", chat.tokens["alice"], "top secret"):
            self.assertNotIn(secret, written)

    def test_nobody_writes_into_the_terminal(self) -> None:
        """A path cannot carry control characters into it."""
        chat = self.chat()
        Visitor(chat).ask("GET", "/%1b[2J")
        Line(chat.site).sends(b"GET /\x1b[2J HTTP/1.1\r\nHost: chat.test\r\n\r\n")
        self.assertEqual(self.lines(), ["192.0.2.1 GET /%1b[2J 404"])


class LeavingTests(ChatCase):
    """A browser that does not wait."""

    def test_leaving_is_no_fault(self) -> None:
        """Nothing is logged, and the server goes on."""
        chat = self.chat("alice")
        chat.database._clock = chat.clock
        line = Visitor(chat, token=chat.tokens["alice"]).begin("GET", "/api/v1/contacts")
        self.assertEqual(line.transport.value(), b"")
        line.leaves()
        chat.turn()
        self.assertEqual(self.flushLoggedErrors(), [])
        self.assertEqual(Visitor(chat).ask("GET", "/login").status, 200)


class FaultTests(ChatCase):
    """When something of ours is broken."""

    def test_a_fault_is_logged_once_and_not_told(self) -> None:
        """Whoever asked learns that it is not their fault, and no more."""
        chat = self.chat("alice")

        def broken(stage: str) -> None:
            raise ZeroDivisionError("at /secret/place")

        chat.database.fault = broken
        for path, words in (("/api/v1/me", '"unavailable"'), ("/chat", "<html")):
            visitor = Visitor(chat)
            visitor.cookies["imchat"] = chat.tokens["alice"]
            answer = visitor.ask("GET", path)
            self.assertEqual(answer.status, 503)
            self.assertIn(words, answer.text)
            self.assertNotIn("secret", answer.text)
            self.assertNotEqual(answer.header("Retry-After"), "")
            self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
