"""Tests for `imtwisted.domain.resets` and `imtwisted.admin`: a lost password, a restored backup."""

from __future__ import annotations

import getpass
import io
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, redirect_stderr
from pathlib import Path
from types import SimpleNamespace

from twisted.python.usage import UsageError

from imtwisted.admin import new_password, parser
from imtwisted.domain.accounts import Visitor
from imtwisted.domain.resets import LIFE, allow_reset
from imtwisted.refusals import BadRequest, NotFound, Unauthorized
from imtwisted.store.inline import InlineDatabase
from tests.kit import Chance, ChatCase

VISITOR = Visitor("10.1.2.3")


class ResetTests(ChatCase):
    """A link sets a new password, once, within a day."""

    def setUp(self) -> None:
        self.server = self.chat("alice", "bob")
        self.resets = self.server.house.resets
        self.chance = Chance()

    def link(self, name: str = "alice") -> str:
        house = self.server.house
        now = int(self.server.clock.seconds() * 1000)
        token = self.server.now(
            allow_reset(house.people, house.stored_resets, name, now, self.chance)
        )
        return str(token)

    def signs_in(self, password: str) -> bool:
        try:
            self.server.now(self.server.house.accounts.sign_in(VISITOR, "alice", password))
        except Unauthorized:
            return False
        return True

    def test_a_new_password_and_nobody_else_signed_in(self) -> None:
        """The old password is worth nothing, every session ends, sockets close."""
        alice, bob = self.server.browser("alice"), self.server.browser("bob")
        self.server.now(self.resets.set_password(self.link("ALICE"), "a new beginning"))
        self.assertEqual([alice.close_code(), bob.close_code()], [4004, None])
        self.assertFalse(self.signs_in("alice-password"))
        self.assertTrue(self.signs_in("a new beginning"))

    def test_once(self) -> None:
        """The link is void after it was used, when a newer one is made, or after a day."""
        replaced, used = self.link(), self.link()
        self.server.now(self.resets.set_password(used, "a new beginning"))
        for token in (used, replaced, "nonsense", ""):
            with self.assertRaises(NotFound):
                self.server.now(self.resets.set_password(token, "yet another one"))
        late = self.link()
        self.server.clock.advance(LIFE / 1000)
        with self.assertRaises(NotFound):
            self.server.now(self.resets.check(late))

    def test_a_bad_password_does_not_use_it_up(self) -> None:
        """What is wrong is said, and the link still works."""
        token = self.link()
        with self.assertRaises(BadRequest):
            self.server.now(self.resets.set_password(token, "short"))
        self.server.now(self.resets.set_password(token, "long enough"))

    def test_nobody(self) -> None:
        """There is no link for who is not there."""
        with self.assertRaises(NotFound):
            self.link("nobody")


class AdminTests(ChatCase):
    """The operator's command line, as a program."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def imchat_admin(self, *words: str, input: str = "") -> subprocess.CompletedProcess[str]:
        program = "from imtwisted.admin import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            input=input,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def make_database(self) -> None:
        """A database as a server leaves it."""
        (self.folder / "imchat-data").mkdir()
        InlineDatabase(str(self.folder / "imchat-data" / "imchat.sqlite3")).close()

    def test_a_wrong_place_is_not_made_right(self) -> None:
        """No database there: said so, and nothing is created."""
        for words in (["new-epoch"], ["user", "reset", "alice", "--data", "typo"]):
            done = self.imchat_admin(*words)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("there is no database", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_place_may_stand_in_the_file(self) -> None:
        """The one that the server reads."""
        self.make_database()
        (self.folder / "imchat-data").rename(self.folder / "elsewhere")
        (self.folder / "imchat.toml").write_text('data = "elsewhere"\nlobby = "Hall"\n')
        done = self.imchat_admin("new-epoch", "--config", "imchat.toml")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_address_that_is_none(self) -> None:
        """A link is made only of what people can type."""
        self.make_database()
        for url in ("javascript:x", "https://chat.example/?a=1", "https://me@chat.example"):
            done = self.imchat_admin("user", "reset", "alice", "--public-url", url)
            self.assertEqual((done.returncode, done.stdout), (1, ""), url)
            self.assertIn("such as https://chat.example", done.stderr)
            self.assertNotIn("Traceback", done.stderr)

    def test_the_database_of_a_newer_server(self) -> None:
        """Said in a sentence, and nothing is changed in it."""
        self.make_database()
        path = str(self.folder / "imchat-data" / "imchat.sqlite3")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("INSERT INTO schema_statements VALUES ('9999_more.sql', 0, 'x', 1)")
            connection.commit()
        for words in (["new-epoch"], ["user", "reset", "alice"], ["user", "delete", "alice"]):
            done = self.imchat_admin(*words)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            said = "the database was made by a newer imtwisted: it has 9999_more.sql"
            self.assertEqual(done.stderr, f"imchat-admin: {said}\n")

    def test_there_is_nobody(self) -> None:
        """Said in a sentence, with status 1."""
        self.make_database()
        for deed in ("reset", "delete"):
            done = self.imchat_admin("user", deed, "nobody")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("nobody named nobody", done.stderr)

    def test_an_account_is_made_once(self) -> None:
        """By a password from a pipe; a second one of that name, or a bad one, is refused in words."""
        self.make_database()
        done = self.imchat_admin("user", "add", "Zhang", input="correct horse\nmore\n")
        self.assertEqual(
            (done.returncode, done.stdout), (0, "Zhang can sign in now.\n"), done.stderr
        )
        for name, password, words in (
            ("zhang", "correct horse", "user name is taken."),
            ("z", "correct horse", "at least 2 characters"),
            ("li", "short", "at least 8 characters"),
            ("li", "", "at least 8 characters"),
        ):
            done = self.imchat_admin("user", "add", name, input=f"{password}\n")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(words, done.stderr)
            self.assertNotIn("Traceback", done.stderr)

    def test_a_person_is_asked_twice(self) -> None:
        """Without echo, as `getpass` does; two that differ are none."""
        self.patch(sys, "stdin", SimpleNamespace(isatty=lambda: True))
        for second, prompts in (("correct horse", 2), ("correct house", 2)):
            answers, asked = ["correct horse", second], list[str]()

            def answer(prompt: str, answers: list[str] = answers, asked: list[str] = asked) -> str:
                asked.append(prompt)
                return answers.pop(0)

            self.patch(getpass, "getpass", answer)
            if second == "correct horse":
                self.assertEqual(new_password(), second)
            else:
                self.assertRaises(UsageError, new_password)
            self.assertEqual(len(asked), prompts)

    def test_no_password_is_an_option(self) -> None:
        """Others on the machine can read command lines."""
        with redirect_stderr(io.StringIO()):
            for words in (["secret-word"], ["--password", "secret-word"]):
                self.assertRaises(SystemExit, parser().parse_args, ["user", "add", "zhang", *words])

    def test_new_epoch(self) -> None:
        """Each time another one."""
        self.make_database()
        first, second = (self.imchat_admin("new-epoch") for _ in range(2))
        self.assertEqual((first.returncode, second.returncode), (0, 0), first.stderr)
        self.assertIn("The epoch is now", first.stdout)
        self.assertNotEqual(first.stdout, second.stdout)

    def test_bad_words(self) -> None:
        """A command that is none is refused."""
        with redirect_stderr(io.StringIO()):
            self.assertRaises(SystemExit, parser().parse_args, ["user", "forget", "bob"])
        self.assertEqual(self.imchat_admin("new-epoch", "--database", "nonsense:").returncode, 1)
