"""What the documents say of the tests: each place and each name is there."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import TestCase

from imtwisted.domain.files import AT_ONCE, COPIES_PER_MINUTE
from imtwisted.house import RENAMES_PER_HOUR
from imtwisted.settings import Limits

ROOT = Path(__file__).parents[1]
_PLACE = re.compile(r"\btests/[\w/]*\w(?:\.\w+)?")
_QUOTED = re.compile(r"`(\w+)`")
# `tests/test_x.py` (`OneTests`, `test_another`)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)` \(((?:`\w+`(?:, )?)+)\)")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})*")
_OF_TESTS = re.compile(r"test_\w+|\w+(?:Tests|Contract)")


class DocumentsTests(TestCase):
    """Who reads a promise finds what proves it."""

    def setUp(self) -> None:
        documents = [*ROOT.glob("docs/*.md"), *ROOT.glob("README*.md")]
        self.texts = {path.name: path.read_text("utf-8") for path in documents}

    def test_places(self) -> None:
        """Every file and folder of tests that is named exists."""
        places = {
            (name, place) for name, text in self.texts.items() for place in _PLACE.findall(text)
        }
        self.assertGreater(len(places), 10)
        self.assertEqual([each for each in sorted(places) if not (ROOT / each[1]).exists()], [])

    def test_names(self) -> None:
        """Every test and class of tests that is named is in the file beside it, and has one."""
        named = 0
        for document, text in self.texts.items():
            for place, names in _NAMED.findall(text):
                source = (ROOT / place).read_text("utf-8")
                for name in _QUOTED.findall(names):
                    found = re.search(rf"^\s*(?:class|def) {name}\b", source, re.MULTILINE)
                    self.assertTrue(found, f"{document}: {name} is not in {place}")
                    named += 1
            for name in _QUOTED.findall(_NAMED.sub("", text)):
                self.assertIsNone(_OF_TESTS.fullmatch(name), f"{document}: where is {name}?")
        self.assertGreaterEqual(named, 5)

    def test_limits_of_every_server(self) -> None:
        """Those that nobody sets stand below the table, with their numbers."""
        section = self.texts["protocol.md"].split("\n## Limits\n")[1].split("\n## ")[0]
        for said in (
            f"name is changed {RENAMES_PER_HOUR} times an hour",
            f"copy`) {COPIES_PER_MINUTE} times a minute",
            f"{AT_ONCE} uploads of a person are on their way at once",
        ):
            self.assertIn(said, section)

    maxDiff = None

    def test_limits(self) -> None:
        """Every limit that `ready` tells stands in the table of limits, with its default."""
        section = self.texts["protocol.md"].split("\n## Limits\n")[1].split("\n## ")[0]
        rows = [line.split("|")[1:] for line in section.splitlines() if line.startswith("| `")]
        told = {
            name: int(default.replace(",", ""))
            for names, defaults, *_ in rows
            for name, default in zip(
                _QUOTED.findall(names), _NUMBER.findall(defaults), strict=False
            )
        }
        self.assertEqual(told, Limits().as_told())
