"""Tests for `imtwisted.http.site`: what holds for every request, whatever it asks."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import Site
from zope.interface import provider

from imtwisted.http import build_site
from imtwisted.http.operations import operations
from imtwisted.http.origins import Origins, Proxies
from imtwisted.http.site import BODY_BYTES
from tests.kit import Chance, Chat, ChatCase
from tests.visitor import Answer, Line, Visitor, parsed

PROXY = IPv4Address("TCP", "127.0.0.1", 5000)


def behind(chat: Chat, *proxies: str, public_urls: tuple[str, ...] = ()) -> Chat:
    """`chat`, with another front."""
    chat.site = build_site(
        chat.house,
        reactor=chat.clock,
        entropy=Chance(),
        public_urls=public_urls,
        trusted_proxies=proxies,
    )
    return chat


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
        line = Line(self.chat().site)
        answer = parsed(line.sends(_head(f"Content-Length: {BODY_BYTES + 1}")))
        self.assert_refused(line, answer)

    def test_a_body_in_chunks(self) -> None:
        """Is refused when it gets too large: nothing announced it."""
        line = Line(self.chat().site)
        chunk = b"%x\r\n%b\r\n" % (65536, b"x" * 65536)
        said = line.sends(_head("Transfer-Encoding: chunked"))
        for _ in range(BODY_BYTES // 65536):
            said = line.sends(chunk)
        self.assertEqual(said, b"")
        self.assert_refused(line, parsed(line.sends(chunk)))
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

    def assert_refused(self, line: Line, answer: Answer) -> None:
        self.assertEqual((answer.status, answer.code), (413, "too_large"))
        self.assertEqual(answer.header("Connection"), "close")
        self.assertIn("default-src 'self'", answer.header("Content-Security-Policy"))
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


class ProxyTests(ChatCase):
    """Behind a reverse proxy."""

    def address(self, chat: Chat, forwarded: str, peer: object = PROXY) -> str:
        """The address that a sign-in from there is noted with."""
        visitor = Visitor(chat, peer=peer)  # type: ignore[arg-type]
        answer = visitor.api(
            "POST",
            "/session",
            {"username": "alice", "password": "alice-password"},
            headers={"X-Forwarded-For": forwarded},
        )
        script = Visitor(chat, token=answer.json["token"])
        return str(script.api("GET", "/sessions").json["sessions"][0]["address"])

    def test_a_trusted_proxy_says_who_calls(self) -> None:
        """The last hop that is not itself one; further left stands what anyone may write."""
        chat = behind(self.chat("alice"), "127.0.0.1", "10.0.0.0/8")
        for forwarded, address in (
            ("203.0.113.7", "203.0.113.7"),
            ("1.2.3.4, 203.0.113.7", "203.0.113.7"),
            ("203.0.113.7, 10.1.2.3", "203.0.113.7"),
            ("", "127.0.0.1"),
        ):
            chat.clock.advance(1)
            self.assertEqual(self.address(chat, forwarded), address)

    def test_anyone_else_is_not_believed(self) -> None:
        """Otherwise one would have as many addresses as one likes."""
        chat = self.chat("alice")
        self.assertEqual(self.address(chat, "203.0.113.7"), "127.0.0.1")
        chat = behind(self.chat("alice"), "10.0.0.1")
        self.assertEqual(self.address(chat, "203.0.113.7"), "127.0.0.1")

    def test_a_proxy_on_a_unix_socket(self) -> None:
        """Has no address, and is trusted by the name "unix"."""
        peer = UNIXAddress("/run/chat")
        chat = behind(self.chat("alice"), "unix")
        self.assertEqual(self.address(chat, "203.0.113.7", peer), "203.0.113.7")
        self.assertEqual(self.address(self.chat("alice"), "203.0.113.7", peer), "unix")

    def test_tls_at_the_proxy_is_tls(self) -> None:
        """The cookie is Secure, and the Origin's scheme is https."""
        chat = behind(self.chat("alice"), "127.0.0.1")
        visitor = Visitor(chat, peer=PROXY, origin="https://chat.test")
        body = {"username": "alice", "password": "alice-password"}
        proto = {"X-Forwarded-Proto": "https"}
        self.assertEqual(visitor.api("POST", "/session", body, headers=proto).status, 200)
        self.assertIn("__Host-imchat", visitor.cookies)
        liar = Visitor(self.chat("alice"), peer=PROXY, origin="https://chat.test")
        self.assertEqual(liar.api("POST", "/session", body, headers=proto).status, 403)

    def test_what_is_no_address_is_refused_at_start(self) -> None:
        """An operator's slip is not a hole."""
        self.assertRaises(ValueError, Proxies, ["localhost"])
        for url in ("chat.example", "ftp://chat.example", "https://"):
            self.assertRaises(ValueError, Origins, [url])


class OriginTests(ChatCase):
    """Another site's page cannot act in one's name."""

    def status(self, chat: Chat, origin: str, host: str = "chat.test", secure: bool = False) -> int:
        visitor = Visitor(chat, origin=origin, host=host, secure=secure)
        return visitor.api("POST", "/session", {"username": "x", "password": "y"}).status

    def test_without_a_public_url_it_is_the_requests_own(self) -> None:
        """Scheme, host and port, exactly; 401 means it was heard."""
        chat = self.chat()
        for origin, host, status in (
            ("http://chat.test", "chat.test", 401),
            ("http://chat.test:8080", "chat.test:8080", 401),
            ("http://[::1]:8080", "[::1]:8080", 401),
            ("http://CHAT.test", "chat.TEST", 401),
            ("http://chat.test", "chat.test:80", 401),
            ("https://chat.test", "chat.test", 403),
            ("http://chat.test:8080", "chat.test", 403),
            ("http://chat.test.evil.test", "chat.test", 403),
            ("http://evil.test/http://chat.test", "chat.test", 403),
            ("null", "chat.test", 403),
            ("http://", "", 403),
        ):
            self.assertEqual(self.status(chat, origin, host), status, (origin, host))

    def test_over_tls_the_scheme_is_https(self) -> None:
        """A page in the clear is another site."""
        chat = self.chat()
        self.assertEqual(self.status(chat, "https://chat.test", secure=True), 401)
        self.assertEqual(self.status(chat, "http://chat.test", secure=True), 403)

    def test_public_urls_are_the_only_ones(self) -> None:
        """Also when the Host header says something else."""
        chat = behind(
            self.chat(), public_urls=("https://chat.example/", "http://lan.example:8080/x")
        )
        self.assertEqual(self.status(chat, "https://chat.example"), 401)
        self.assertEqual(self.status(chat, "http://lan.example:8080"), 401)
        self.assertEqual(self.status(chat, "http://chat.test"), 403)
        self.assertEqual(self.status(chat, "https://chat.example:8443"), 403)

    def test_cookies_follow_the_public_url(self) -> None:
        """Secure where people come by https, also when TLS ends before us."""
        chat = behind(self.chat(), public_urls=("https://chat.example", "http://lan.example:8080"))
        for host, name in (
            ("chat.example", "__Host-imchat-form"),
            ("lan.example:8080", "imchat-form"),
            ("10.0.0.1", "__Host-imchat-form"),
        ):
            visitor = Visitor(chat, host=host)
            visitor.ask("GET", "/login")
            self.assertEqual(list(visitor.cookies), [name])


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


class OperationsTests(SynchronousTestCase):
    """The operator's port."""

    def setUp(self) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []
        registry = CollectorRegistry()
        Counter("imchat_messages", "Messages stored", registry=registry).inc()
        root = operations(lambda: self.problems, lambda: self.warnings, registry)
        self.site = Site(root)

    def ask(self, path: str) -> Answer:
        line = Line(self.site)
        return parsed(line.sends(f"GET {path} HTTP/1.0\r\n\r\n".encode()))

    def test_alive(self) -> None:
        """Whatever else is wrong."""
        self.problems.append("the database is away")
        self.assertEqual(self.ask("/healthz").status, 200)

    def test_ready_or_why_not(self) -> None:
        """503 with the reasons; a warning alone turns nobody away."""
        self.assertEqual(self.ask("/readyz").status, 200)
        self.warnings.append("COMMIT is not durable")
        answer = self.ask("/readyz")
        self.assertEqual(
            (answer.status, answer.text.splitlines()[-1]), (200, "warning: COMMIT is not durable")
        )
        self.problems.append("the database is away")
        answer = self.ask("/readyz")
        self.assertEqual(
            (answer.status, answer.text.splitlines()[0]), (503, "the database is away")
        )

    def test_metrics(self) -> None:
        """In the words of Prometheus."""
        self.assertIn("imchat_messages_total 1.0", self.ask("/metrics").text)
