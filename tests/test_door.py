"""Tests for `imtwisted.http.door`: who may open a socket."""

from __future__ import annotations

from tests.kit import ORIGIN, Browser, Chat, ChatCase
from tests.visitor import Visitor


class SocketDoorTests(ChatCase):
    """Who may open a socket is decided here."""

    def status(self, chat: Chat, **headers: str) -> int:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return Browser(chat, "alice", headers=given).status

    def test_a_token_opens_it(self) -> None:
        """For scripts, from anywhere."""
        chat = self.chat("alice")
        bearer = f"Bearer {chat.tokens['alice']}"
        self.assertEqual(self.status(chat, Authorization=bearer), 101)
        self.assertEqual(self.status(chat, Authorization="Bearer forged"), 401)
        self.assertEqual(self.status(chat, Authorization="Basic YTpi"), 401)

    def test_who_shows_nothing(self) -> None:
        """Is to sign in; the pages of other sites are told no more than before."""
        chat = self.chat("alice")
        self.assertEqual(self.status(chat), 401)
        self.assertEqual(self.status(chat, Cookie="other=1"), 401)
        self.assertEqual(self.status(chat, Origin="http://evil.test"), 403)

    def test_a_cookie_needs_its_own_site(self) -> None:
        """Browsers send it with the upgrade of any page."""
        chat = self.chat("alice")
        cookie = f"imchat={chat.tokens['alice']}"
        self.assertEqual(self.status(chat, Cookie=cookie, Origin=ORIGIN), 101)
        for origin in ("http://evil.test", "null", "https://chat.test"):
            self.assertEqual(self.status(chat, Cookie=cookie, Origin=origin), 403)
        self.assertEqual(self.status(chat, Cookie=cookie), 403)
        self.assertEqual(self.status(chat, Cookie="imchat=forged", Origin=ORIGIN), 401)
        self.assertEqual(self.status(chat, Origin=ORIGIN), 401)

    def test_authorization_wins(self) -> None:
        """A forged token is not saved by a good cookie."""
        chat = self.chat("alice")
        cookie = f"imchat={chat.tokens['alice']}"
        self.assertEqual(
            self.status(chat, Cookie=cookie, Origin=ORIGIN, Authorization="Bearer forged"), 401
        )

    def test_the_protocol(self) -> None:
        """Ours, or none asked; only others: 400."""
        chat = self.chat("alice")
        bearer = f"Bearer {chat.tokens['alice']}"
        for asked, status in (
            ("imchat.v1", 101),
            ("imchat.v9, imchat.v1", 101),
            ("imchat.v9", 400),
            ("chat, superchat", 400),
        ):
            got = self.status(chat, Authorization=bearer, Sec_WebSocket_Protocol=asked)
            self.assertEqual(got, status, asked)

    def test_a_plain_request_is_told_to_upgrade(self) -> None:
        """426, not a blank page."""
        chat = self.chat("alice")
        self.assertEqual(Visitor(chat, token=chat.tokens["alice"]).ask("GET", "/ws").status, 426)
