"""Tests for `imtwisted.http.origins`: from where a request comes, and whether it may ask."""

from __future__ import annotations

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress

from imtwisted.http import build_site
from imtwisted.http.origins import Origins, Proxies
from tests.kit import Chance, Chat, ChatCase
from tests.visitor import Visitor

PROXY = IPv4Address("TCP", "127.0.0.1", 5000)


def behind(chat: Chat, *proxies: str, public_urls: tuple[str, ...] = ()) -> Chat:
    """`chat`, with another front."""
    chat.site = build_site(
        chat.house,
        reactor=chat.clock,
        entropy=Chance(),
        origins=Origins(public_urls, Proxies(proxies)),
    )
    return chat


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

    def test_a_trusted_proxy_on_a_port_of_both_families(self) -> None:
        """Such a port sees an IPv4 address inside of an IPv6 one; either is believed by either name."""
        seen = IPv6Address("TCP", "::ffff:127.0.0.1", 5000)
        for trusted in ("127.0.0.1", "127.0.0.0/8", "::ffff:127.0.0.1"):
            chat = behind(self.chat("alice"), trusted)
            self.assertEqual(self.address(chat, "203.0.113.7", seen), "203.0.113.7")
        chat = behind(self.chat("alice"), "127.0.0.1")
        self.assertEqual(self.address(chat, "1.2.3.4, ::ffff:127.0.0.1", seen), "1.2.3.4")
        other = IPv6Address("TCP", "::ffff:10.0.0.1", 5000)
        self.assertEqual(self.address(chat, "203.0.113.7", other), "::ffff:10.0.0.1")

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
