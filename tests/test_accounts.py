"""Tests for `imtwisted.domain.accounts`: who may come in, for how long, and who may not guess."""

from __future__ import annotations

from argon2 import PasswordHasher
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from imtwisted.domain.accounts import SignedIn, Visitor
from imtwisted.domain.passwords import Passwords
from imtwisted.refusals import (
    BadRequest,
    ChatError,
    Conflict,
    Denied,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from imtwisted.settings import Limits
from tests.kit import CHEAP, Chat, ChatCase, HereAndNow

HOME = Visitor("192.0.2.1", "Browser 1.0")


class RegistrationTests(ChatCase):
    """Making an account."""

    def refusal(self, chat: Chat, username: str, password: str = "long enough") -> ChatError:
        register = chat.house.accounts.register(HOME, username, password)
        refusal = self.failureResultOf(Deferred.fromCoroutine(register), ChatError).value
        assert isinstance(refusal, ChatError)
        return refusal

    def test_one_is_signed_in_at_once(self) -> None:
        """Who registers need not sign in as well."""
        chat = self.chat()
        signed_in = chat.now(chat.house.accounts.register(HOME, "张三", "long enough", "三哥"))
        session = chat.now(chat.house.accounts.session_of(signed_in.token))
        self.assertEqual(session.person.username, "张三")
        self.assertEqual(session.person.display_name, "三哥")
        self.assertEqual(session, signed_in.session)

    def test_without_a_display_name_the_name_is_shown(self) -> None:
        """The field may be left empty, or blank."""
        chat = self.chat()
        signed_in = chat.now(chat.house.accounts.register(HOME, "alice", "long enough", "  "))
        self.assertEqual(signed_in.session.person.display_name, "alice")

    def test_names_that_only_look_different_are_taken(self) -> None:
        """Case and width do not make another person."""
        chat = self.chat("Alice")
        for name in ("Alice", "alice", "ALICE", "Ａｌｉｃｅ"):
            refusal = self.refusal(chat, name)
            self.assertIsInstance(refusal, Conflict)
            self.assertEqual((refusal.reason, refusal.field), ("name_taken", "username"))

    def test_what_is_wrong_is_said_beside_its_field(self) -> None:
        """Each with a word that pages translate."""
        chat = self.chat()
        for name, password, field, reason in (
            ("a", "long enough", "username", "name_too_short"),
            ("a" * 33, "long enough", "username", "name_too_long"),
            ("<b>alice</b>", "long enough", "username", "name_characters"),
            ("alice'; --", "long enough", "username", "name_characters"),
            ("alice", "short", "password", "password_too_short"),
            ("alice", "x" * 2000, "password", "password_too_long"),
        ):
            refusal = self.refusal(chat, name, password)
            self.assertIsInstance(refusal, BadRequest)
            self.assertEqual((refusal.field, refusal.reason), (field, reason))

    def test_a_closed_server_takes_nobody(self) -> None:
        """The operator decides."""
        refusal = self.refusal(self.chat(registration="closed"), "alice")
        self.assertIsInstance(refusal, Denied)
        self.assertEqual(refusal.reason, "registration_closed")

    def test_an_address_registers_so_often_an_hour(self) -> None:
        """And then has to wait; others do not."""
        chat = self.chat(limits=Limits(registrations_per_hour=2))
        for name in ("alice", "bob"):
            chat.now(chat.house.accounts.register(HOME, name, "long enough"))
        self.assertIsInstance(self.refusal(chat, "carol"), RateLimited)
        chat.now(chat.house.accounts.register(Visitor("192.0.2.2"), "carol", "long enough"))
        chat.clock.advance(1800)
        chat.now(chat.house.accounts.register(HOME, "dave", "long enough"))

    def test_everyone_is_in_the_lobby(self) -> None:
        """There is somebody to talk to from the first moment."""
        chat = self.chat("alice")
        heads = chat.now(chat.house.conversations.heads(chat.people["alice"].id, 10))
        self.assertEqual([head.title for head in heads.heads], ["Lobby"])


class SignInTests(ChatCase):
    """Coming in with a name and a password."""

    def sign_in(
        self, chat: Chat, name: str, password: str, address: str = "192.0.2.1"
    ) -> Deferred[SignedIn]:
        accounts = chat.house.accounts
        return Deferred.fromCoroutine(accounts.sign_in(Visitor(address), name, password))

    def test_the_right_password_opens(self) -> None:
        """However the name is written."""
        chat = self.chat("alice")
        signed_in = self.successResultOf(self.sign_in(chat, "ＡＬＩＣＥ", "alice-password"))
        self.assertEqual(signed_in.session.person, chat.people["alice"])

    def test_the_same_password_from_another_keyboard(self) -> None:
        """Composed or decomposed, é is é."""
        chat = self.chat()
        chat.now(chat.house.accounts.register(HOME, "alice", "caf\u00e9 au lait"))
        self.successResultOf(self.sign_in(chat, "alice", "cafe\u0301 au lait"))

    def test_an_unknown_name_is_answered_like_a_wrong_password(self) -> None:
        """In the same words and after the same work: nobody learns who is here."""
        hasher = CountingHasher()
        chat = self.chat("alice")
        chat.house.accounts._passwords = Passwords(hasher, HereAndNow())
        refusals = []
        for name in ("alice", "nobody", "\0", "x" * 100_000):
            refusal = self.failureResultOf(self.sign_in(chat, name, "wrong password")).value
            refusals.append((type(refusal), refusal.reason, refusal.message))
        self.assertEqual(set(refusals), {refusals[0]})
        self.assertEqual(refusals[0][1], "wrong_credentials")
        self.assertEqual(hasher.verified, 4)

    def test_wrong_passwords_delay_and_never_lock(self) -> None:
        """After five wrong ones even the right one waits, but it does open."""
        chat = self.chat("alice")
        for _ in range(5):
            self.failureResultOf(self.sign_in(chat, "alice", "wrong password"), Unauthorized)
        right = self.sign_in(chat, "alice", "alice-password")
        self.assertNoResult(right)
        chat.clock.advance(11)
        self.assertNoResult(right)
        chat.clock.advance(1)
        self.successResultOf(right)

    def test_many_guessers_do_not_lock_either(self) -> None:
        """Half a minute is the most that others can make one wait."""
        chat = self.chat("alice")
        for guess in range(100):
            tried = self.sign_in(chat, "alice", "wrong password", f"198.51.100.{guess}")
            tried.addErrback(lambda failure: failure.trap(Unauthorized) and None)
        right = self.sign_in(chat, "alice", "alice-password")
        chat.wait(30)
        self.successResultOf(right)

    def test_guessing_at_once_gains_nothing(self) -> None:
        """A hundred tries at the same moment are delayed like a hundred in a row."""
        chat = self.chat("alice")
        answered: list[Failure] = []
        for guess in range(100):
            tried = self.sign_in(chat, "alice", "wrong password", f"198.51.100.{guess}")
            tried.addErrback(answered.append)
        chat.turn()
        self.assertEqual(len(answered), 5)

    def test_right_passwords_do_not_count(self) -> None:
        """A script may sign in all day."""
        chat = self.chat("alice", limits=Limits(sign_ins_per_minute=0))
        for _ in range(20):
            self.successResultOf(self.sign_in(chat, "alice", "alice-password"))

    def test_an_unreachable_database_is_no_wrong_password(self) -> None:
        """Who could not be checked has not guessed."""
        chat = self.chat("alice")

        def away(stage: str) -> None:
            raise Unavailable

        chat.database.fault = away
        for _ in range(10):
            self.failureResultOf(self.sign_in(chat, "alice", "alice-password"), Unavailable)
        chat.database.fault = lambda stage: None
        self.successResultOf(self.sign_in(chat, "alice", "alice-password"))

    def test_an_address_tries_so_often_a_minute(self) -> None:
        """Whatever names it tries."""
        chat = self.chat(limits=Limits(sign_ins_per_minute=3))
        for name in ("ann", "ben", "cid"):
            self.failureResultOf(self.sign_in(chat, name, "wrong password"), Unauthorized)
        refusal = self.failureResultOf(self.sign_in(chat, "dan", "wrong password")).value
        self.assertIsInstance(refusal, RateLimited)
        self.assertEqual(refusal.reason, "too_many_tries")
        self.assertEqual(refusal.retry_after, 20_000)

    def test_who_leaves_while_waiting_is_forgotten(self) -> None:
        """No timer is left, and the try has counted."""
        chat = self.chat("alice")
        for _ in range(5):
            self.failureResultOf(self.sign_in(chat, "alice", "wrong password"), Unauthorized)
        before = len(chat.clock.getDelayedCalls())
        waiting = self.sign_in(chat, "alice", "wrong password")
        waiting.cancel()
        self.failureResultOf(waiting)
        self.assertEqual(len(chat.clock.getDelayedCalls()), before)

    def test_old_hashes_are_made_anew(self) -> None:
        """When the costs are raised, each sign-in brings one account up to date."""
        chat = self.chat("alice")
        before = chat.now(chat.house.people.account("alice"))
        dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
        chat.house.accounts._passwords = Passwords(dearer, HereAndNow())
        self.successResultOf(self.sign_in(chat, "alice", "alice-password"))
        after = chat.now(chat.house.people.account("alice"))
        self.assertIn("t=1", before.password_hash)
        self.assertIn("t=2", after.password_hash)
        self.successResultOf(self.sign_in(chat, "alice", "alice-password"))


class CountingHasher:
    """A hasher that says how often it was asked."""

    def __init__(self) -> None:
        self.verified = 0

    def hash(self, password: str) -> str:
        return CHEAP.hash(password)

    def verify(self, hash: str, password: str) -> bool:
        self.verified += 1
        return CHEAP.verify(hash, password)

    def check_needs_rehash(self, hash: str) -> bool:
        return False
