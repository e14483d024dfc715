"""Tests for `imtwisted.domain.accounts`: being signed in, and not any more."""

from __future__ import annotations

import hashlib

from twisted.internet.defer import Deferred

from imtwisted.domain.accounts import Visitor
from imtwisted.refusals import (
    BadRequest,
    Denied,
    NotFound,
    Unauthorized,
)
from tests.kit import Chat, ChatCase

HOME = Visitor("192.0.2.1", "Browser 1.0")
DAY = 24 * 3600


class SessionTests(ChatCase):
    """Being signed in, and not any more."""

    def test_only_a_hash_of_the_token_is_kept(self) -> None:
        """A stolen database opens no door."""
        chat = self.chat("alice")
        token = chat.tokens["alice"]
        rows = chat.now(chat.database.read(lambda cursor: cursor.all("SELECT * FROM sessions")))
        self.assertNotIn(token, str(rows))
        self.assertIn(hashlib.sha256(token.encode()).digest(), rows[0])

    def test_a_session_ends_when_it_is_not_used(self) -> None:
        """30 days after its last use."""
        chat = self.chat("alice")
        for _ in range(4):
            chat.clock.advance(29 * DAY)
            chat.now(chat.house.accounts.session_of(chat.tokens["alice"]))
        chat.clock.advance(31 * DAY)
        self.assert_signed_out(chat, "alice")

    def test_a_session_ends_in_any_case(self) -> None:
        """180 days after signing in, however much it is used."""
        chat = self.chat("alice")
        for _ in range(179):
            chat.clock.advance(DAY)
            chat.now(chat.house.accounts.session_of(chat.tokens["alice"]))
        chat.clock.advance(DAY)
        self.assert_signed_out(chat, "alice")

    def test_a_forged_token_opens_nothing(self) -> None:
        """Nor do an empty one, a long one, or one that is no text."""
        chat = self.chat("alice")
        for token in ("", "x", chat.tokens["alice"] + "x", "x" * 10_000, "\udcff", "' OR 1=1 --"):
            asked = Deferred.fromCoroutine(chat.house.accounts.session_of(token))
            self.failureResultOf(asked, Unauthorized)

    def test_the_last_use_is_noted_once_an_hour(self) -> None:
        """Not with every request: that would be a write each."""
        chat = self.chat("alice")
        writes: list[str] = []
        chat.database.fault = lambda stage: writes.append(stage) if stage == "commit" else None
        for _ in range(60):
            chat.clock.advance(60)
            chat.now(chat.house.accounts.session_of(chat.tokens["alice"]))
        [device] = chat.now(chat.house.accounts.devices(chat.people["alice"].id))[0]
        self.assertEqual(device.last_used_at, int(chat.clock.seconds() * 1000))
        self.assertEqual(len([stage for stage in writes if stage == "commit"]), 1)

    def test_signing_out_closes_the_sockets(self) -> None:
        """Those of that device, with 4004; the others hear of it."""
        chat = self.chat("alice")
        accounts, alice = chat.house.accounts, chat.people["alice"]
        there = chat.browser("alice")
        first = chat.tokens["alice"]
        other = chat.now(accounts.sign_in(HOME, "alice", "alice-password"))
        chat.tokens["alice"] = other.token
        here = chat.browser("alice")
        here.heard()
        chat.now(accounts.sign_out(alice.id, chat.now(accounts.session_of(first)).id))
        self.assertEqual(there.close_code(), 4004)
        self.assertEqual([frame["kind"] for frame in here.only("update")], ["session"])
        self.assertIsNone(here.close_code())

    def test_another_password_signs_every_other_device_out(self) -> None:
        """The new one opens from then on, and links for a lost one are void."""
        chat = self.chat("alice")
        accounts = chat.house.accounts
        session = chat.now(accounts.session_of(chat.tokens["alice"]))
        here = chat.browser("alice")
        other = chat.now(accounts.sign_in(HOME, "alice", "alice-password"))
        chat.tokens["alice"] = other.token
        there = chat.browser("alice")
        here.heard()
        chat.now(accounts.change_password(session, HOME, "alice-password", "a better one"))
        self.assertEqual(there.close_code(), 4004)
        self.assertEqual([frame["kind"] for frame in here.only("update")], ["session"])
        self.assertIsNone(here.close_code())
        self.assert_signed_out(chat, "alice")
        with self.assertRaises(Unauthorized):
            chat.now(accounts.sign_in(HOME, "alice", "alice-password"))
        chat.wait(30)  # for the wrong try
        chat.now(accounts.sign_in(HOME, "alice", "a better one"))

    def test_another_password_needs_the_current_one(self) -> None:
        """Wrong ones count like tries to sign in, and are slowed down like them."""
        chat = self.chat("alice")
        accounts = chat.house.accounts
        session = chat.now(accounts.session_of(chat.tokens["alice"]))
        for _ in range(5):
            with self.assertRaises(Denied) as caught:
                chat.now(accounts.change_password(session, HOME, "a guess", "a better one"))
            self.assertEqual(caught.exception.field, "current_password")
        with self.assertRaises(AssertionError):  # not answered in this turn
            chat.now(accounts.change_password(session, HOME, "a guess", "a better one"))
        with self.assertRaises(BadRequest):
            chat.now(accounts.change_password(session, HOME, "alice-password", "short"))

    def test_one_cannot_sign_out_another_person(self) -> None:
        """Of others' sessions one knows nothing."""
        chat = self.chat("alice", "bob")
        accounts = chat.house.accounts
        session = chat.now(accounts.session_of(chat.tokens["bob"]))
        out = Deferred.fromCoroutine(accounts.sign_out(chat.people["alice"].id, session.id))
        self.failureResultOf(out, NotFound)
        chat.now(accounts.session_of(chat.tokens["bob"]))

    def assert_signed_out(self, chat: Chat, name: str) -> None:
        asked = Deferred.fromCoroutine(chat.house.accounts.session_of(chat.tokens[name]))
        self.failureResultOf(asked, Unauthorized)
