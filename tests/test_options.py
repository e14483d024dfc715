"""Tests for `imtwisted.options` and `imtwisted.settings`: what an operator may say."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from twisted.logger import Logger, LogLevel
from twisted.python.failure import Failure
from twisted.python.reflect import namedAny
from twisted.python.usage import UsageError
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.logs import as_json, json_observer
from imtwisted.options import DEFAULT_LISTEN, Options, secret
from imtwisted.settings import Limits, names


class OptionsTests(SynchronousTestCase):
    """The command line, the file, the defaults."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def parse(self, *words: str) -> Options:
        options = Options()
        options.parseOptions(list(words))
        return options

    def file(self, text: str) -> str:
        path = self.folder / f"{len(list(self.folder.iterdir()))}.toml"
        path.write_text(text, "utf-8")
        return str(path)

    def test_defaults(self) -> None:
        """Nothing said is a private server on this machine, for friends."""
        options = self.parse()
        self.assertEqual(options["listen"], [DEFAULT_LISTEN])
        self.assertEqual(options["direct-messages"], "friends")
        self.assertEqual(options["limits"], Limits())
        self.assertIsNone(options["database"])

    def test_what_may_be_repeated(self) -> None:
        """Several ports, addresses, limits, proxies."""
        options = self.parse(
            *("--listen", "tcp:1", "--listen", "tcp:2", "--public-url", "https://a.example"),
            *("--limit", "sends_burst=7", "--limit", "page_messages=3", "--trust-proxy", "unix"),
        )
        self.assertEqual(options["listen"], ["tcp:1", "tcp:2"])
        self.assertEqual(options["public-url"], ["https://a.example"])
        self.assertEqual((options["limits"].sends_burst, options["limits"].page_messages), (7, 3))
        self.assertEqual(options["trust-proxy"], ["unix"])

    def test_a_file_says_the_same(self) -> None:
        """And the command line wins."""
        path = self.file(
            'listen = ["tcp:7"]\nlobby = "大厅"\nregistration = "closed"\n[limits]\nsends_burst = 9\n'
        )
        options = self.parse("--config", path, "--lobby", "Hall")
        self.assertEqual((options["listen"], options["lobby"]), (["tcp:7"], "Hall"))
        self.assertEqual(options["registration"], "closed")
        self.assertEqual(options["limits"].sends_burst, 9)
        self.assertEqual(self.parse("--config", path, "--listen", "tcp:8")["listen"], ["tcp:8"])

    def test_what_makes_no_sense_is_said(self) -> None:
        """By name, before anything starts."""
        for words, said in (
            (["--registration", "maybe"], "--registration"),
            (["--direct-messages", "nobody"], "--direct-messages"),
            (["--log-format", "xml"], "--log-format"),
            (["--limit", "sends_burst"], "NAME=VALUE"),
            (["--limit", "nonsense=1"], "nonsense"),
            (["--limit", "page_messages=0"], "page_messages"),
            (["--limit", "page_messages=-1"], "page_messages"),
            (["--limit", "text_characters=16001"], "frame_bytes must be at least 65540 where"),
            (["--limit", "frame_bytes=65535"], "frame_bytes must be at least 65536 where"),
            (
                ["--limit", "text_characters=9", "--limit", "frame_bytes=16383"],
                "frame_bytes must be at least 16384 where",
            ),
            (
                ["--config", self.file("[limits]\ntext_characters = 30000")],
                "frame_bytes must be at least 121536 where text_characters is 30000; it is 65536",
            ),
            (["--config", str(self.folder / "none.toml")], "none.toml"),
            (["--config", self.file("listen = ")], ".toml"),
            (["--config", self.file("listne = 1")], "listne"),
            (["--config", self.file("lobby = 5")], "lobby"),
            (["--config", self.file("listen = [5]")], "listen"),
        ):
            with self.assertRaises(UsageError) as caught:
                self.parse(*words)
            self.assertIn(said, str(caught.exception))

    def test_public_urls(self) -> None:
        """Scheme, host and port: what a browser sends as the place it comes from."""
        for url in (
            "https://chat.example",
            "http://a.test:8080/",
            "http://[::1]:80",
            "HTTPS://A.b",
        ):
            self.assertEqual(self.parse("--public-url", url)["public-url"], [url])
        for url in (
            "https://chat.example/chat",
            "https://chat.example//",
            "https://chat.example?a=1",
            "https://chat.example/?",
            "https://chat.example/#",
            "https://me@chat.example",
            "https://me:secret@chat.example",
            "https://chat.example:0",
            "https://chat.example:99999",
            "https://[::1",
            "https://chat.example\n",
            "https://",
            "chat.example",
            "javascript:x",
            "",
        ):
            for words in (
                ["--public-url", url],
                ["--config", self.file(f"public-url = [{json.dumps(url)}]")],
            ):
                with self.assertRaises(UsageError) as caught:
                    self.parse(*words)
                self.assertIn("--public-url", str(caught.exception), url)

    def test_long_texts_in_large_frames(self) -> None:
        """In whichever order the two are said."""
        words = ["--limit", "text_characters=30000", "--limit", "frame_bytes=121536"]
        for said in (words, words[2:] + words[:2]):
            self.assertEqual(self.parse(*said)["limits"].text_characters, 30_000)

    def test_help_names_every_option(self) -> None:
        """And no secret is one of them."""
        told = str(Options())
        for name in ("listen", "database", "data", "public-url", "registration", "lobby"):
            self.assertIn(f"--{name}=", told)
        for name in ("operations", "limit", "trust-proxy", "log-format", "config"):
            self.assertIn(f"--{name}=", told)
        self.assertNotIn("--password", told)

    def test_json_logs_are_chosen_by_name(self) -> None:
        """Twistd imports the name it is given; a file of its own is another matter."""
        options = Options()
        parent: dict[str, str | None] = {"logfile": None}
        options.parent = parent  # type: ignore[assignment]
        options.parseOptions(["--log-format", "json"])
        self.assertIs(namedAny(parent["logger"]), json_observer)
        options.parent = {"logfile": "x.log"}  # type: ignore[assignment]
        self.assertRaises(UsageError, options.parseOptions, ["--log-format", "json"])

    def test_secrets(self) -> None:
        """From the environment, or from the file it names, without the line's end."""
        path = self.folder / "secret"
        path.write_text("swordfish\n")
        self.assertEqual(secret("X", {"X": "plain"}), "plain")
        self.assertEqual(secret("X", {"X_FILE": str(path), "X": "plain"}), "swordfish")
        self.assertEqual(secret("X", {}), "")
        with self.assertRaises(UsageError):
            secret("X", {"X_FILE": str(self.folder / "none")})


class LimitTests(SynchronousTestCase):
    """Every limit is told to clients and may be set."""

    def test_a_rate_may_be_lifted_and_a_queue_may_not(self) -> None:
        """0 is no limit for a rate; a queue or a size without bound is refused."""
        self.assertEqual(Limits().with_one("sends_per_10s=0").sends_per_10s, 0)
        for name in ("outbox_events", "waiting_writes", "frame_bytes", "text_characters"):
            with self.assertRaises(ValueError):
                Limits().with_one(f"{name}=0")

    def test_they_are_told(self) -> None:
        """By the names they are set by."""
        told = Limits().with_one("outbox_events=5").as_told()
        self.assertEqual(sorted(told), sorted(names()))
        self.assertEqual(told["outbox_events"], 5)


class JsonLogTests(SynchronousTestCase):
    """One object a line, whatever is logged."""

    def test_a_line(self) -> None:
        """Time, level, words; a traceback when there is one."""
        events: list[str] = []
        told = Logger("here", observer=lambda event: events.append(as_json(event)))  # type: ignore[arg-type]
        told.warn("two\nlines of {what}", what="text")
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            told.failure("broken", Failure(), LogLevel.error)
        warning, failure = (json.loads(line) for line in events)
        self.assertEqual([line.count("\n") for line in events], [1, 1])
        self.assertEqual(
            (warning["level"], warning["namespace"], warning["text"]),
            ("warn", "here", "two\nlines of text"),
        )
        self.assertIn("ZeroDivisionError", failure["traceback"])
