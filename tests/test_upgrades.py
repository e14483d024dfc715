"""Tests for `imtwisted.sockets` below the frames: octets that are no protocol of ours, and upgrades."""

from __future__ import annotations

from imtwisted.sockets import PROTOCOL_ERROR
from tests.kit import Browser, ChatCase
from tests.wiring import masked


class BytesTests(ChatCase):
    """What is no text frame closes the connection with its code, and nothing else happens."""

    def closes(self, octets: bytes) -> int | None:
        chat = self.chat("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        alice.sends(octets)
        code = alice.close_code()
        bob.send("still here")
        self.assertEqual(bob.texts(), ["still here"])
        return code

    def test_binary(self) -> None:
        self.assertEqual(self.closes(masked(b"{}", opcode=2)), PROTOCOL_ERROR)

    def test_invalid_utf8(self) -> None:
        self.assertEqual(self.closes(masked(b'{"type":"ping","x":"\xff"}')), 1007)

    def test_over_64_kib(self) -> None:
        """In one frame, or in pieces."""
        self.assertEqual(self.closes(masked(b"x" * 65_537)), 1009)
        pieces = masked(b"x" * 40_000, fin=False) + masked(b"x" * 40_000, opcode=0)
        self.assertEqual(self.closes(pieces), 1009)

    def test_unmasked(self) -> None:
        self.assertEqual(self.closes(b"\x81\x02{}"), 1002)

    def test_64_kib_are_read(self) -> None:
        """As much as allowed is parsed, and refused for what it says."""
        chat = self.chat("alice")
        alice = chat.browser("alice")
        frame = f'{{"type":"send","id":3,"client_id":"{"a" * 32}","conversation":1,"text":"%s"}}'
        alice.says(frame % ("x" * (65_536 - len(frame) + 2)))
        (error,) = alice.heard()
        self.assertEqual((error["code"], error["id"]), ("too_large", 3))


class UpgradeTests(ChatCase):
    """How a socket begins."""

    def test_the_subprotocol_is_agreed(self) -> None:
        """A browser closes a socket that does not name what it asked for."""
        chat = self.chat("alice")
        token = {"Authorization": f"Bearer {chat.tokens['alice']}"}
        for asked, status, agreed in (
            ("imchat.v1", 101, True),
            ("chat, imchat.v1", 101, True),
            ("chat", 400, False),
        ):
            headers = {**token, "Sec-WebSocket-Protocol": asked}
            browser = Browser(chat, "alice", headers=headers)
            self.assertEqual(browser.status, status, asked)
            named = "Sec-WebSocket-Protocol: imchat.v1" in browser.head
            self.assertEqual(named, agreed, asked)
        self.assertNotIn("Sec-WebSocket-Protocol", Browser(chat, "alice").head)

    def test_compression_is_offered_in_vain(self) -> None:
        """As every browser does: the socket opens, uncompressed."""
        chat = self.chat("alice")
        browser = Browser(
            chat,
            "alice",
            headers={
                "Authorization": f"Bearer {chat.tokens['alice']}",
                "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
            },
        )
        self.assertEqual(browser.status, 101)
        self.assertNotIn("Sec-WebSocket-Extensions", browser.head)
        self.assertEqual(browser.hello()["type"], "ready")
