"""The catalogs of texts: every key that anything asks for, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from twisted.trial.unittest import SynchronousTestCase

import imtwisted
from imtwisted.places import folder
from imtwisted.reasons import SENTENCES

_WEB = folder("web")
_PYTHON = Path(imtwisted.__file__).parent
# What follows `t(` or `tn(`: a literal, or a template up to its first value.
_ASKED = re.compile(r"""\b(tn?)\(\s*(?:"([^"]+)"|`([^`$]+)\$\{)""")
_PLACE = re.compile(r"\{(\w+)\}")


def catalog(language: str) -> dict[str, str]:
    """Everything said in one language."""
    path = _WEB / "static" / "i18n" / f"{language}.json"
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


def asked() -> Iterator[tuple[str, str, str, str]]:
    """Each key that a script or template asks for: (file, function, literal, or else its beginning)."""
    for path in sorted([*_WEB.rglob("*.js"), *_WEB.rglob("*.html")]):
        for function, literal, beginning in _ASKED.findall(path.read_text("utf-8")):
            yield path.name, function, literal, beginning


def reasons() -> Iterator[tuple[str, str]]:
    """Each reason that the server gives: (file, reason)."""
    for path in sorted(_PYTHON.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.keyword(arg="reason", value=ast.Constant(value=str(reason))):
                    yield path.name, reason
                case ast.Assign(targets=[ast.Name(id="reason")], value=value):
                    words = [each for each in ast.walk(value) if isinstance(each, ast.Constant)]
                    yield from ((path.name, str(word.value)) for word in words)


class CatalogTests(SynchronousTestCase):
    """Nothing is said in one language only, and no key is shown instead of words."""

    def setUp(self) -> None:
        self.english, self.chinese = catalog("en"), catalog("zh-CN")

    def test_the_same_keys_with_the_same_values_in_them(self) -> None:
        """What is filled into a text is filled into both; one person or many is all the same."""
        self.assertEqual(self.english.keys(), self.chinese.keys())
        for key, text in self.english.items():
            if not key.endswith((".one", ".other")):
                places = set(_PLACE.findall(text))
                self.assertEqual(places, set(_PLACE.findall(self.chinese[key])), key)

    def test_one_manner_of_address(self) -> None:
        """Chinese has two words for "you"; the page keeps to the one among friends."""
        said = " ".join(catalog("zh-CN").values())
        self.assertIn("你", said)
        self.assertNotIn("您", said)

    def test_what_the_pages_ask_for(self) -> None:
        """Every literal key is there, and of every key made of parts the beginning."""
        found = list(asked())
        self.assertGreater(len(found), 300)
        for file, function, literal, beginning in found:
            if literal.endswith("."):  # a template joins the rest to it
                beginning = literal
            if beginning:
                known = any(key.startswith(beginning) for key in self.english)
            else:
                known = (f"{literal}.other" if function == "tn" else literal) in self.english
            self.assertTrue(known, f"{file}: {literal or beginning}")

    def test_the_socket_says_the_same(self) -> None:
        """In English: the server's own sentences are those of the page."""
        beginning = "reason."
        told = {
            key.removeprefix(beginning): text
            for key, text in self.english.items()
            if key.startswith(beginning)
        }
        self.assertEqual(SENTENCES, told)

    def test_every_reason_has_its_sentence(self) -> None:
        """And no sentence is there for a reason that nobody gives."""
        given = set(reasons())
        for file, reason in given:
            self.assertIn(f"reason.{reason}", self.english, file)
        sentences = {key.removeprefix("reason.") for key in self.english if "reason." in key[:7]}
        python = "".join(
            path.read_text("utf-8")
            for path in _PYTHON.rglob("*.py")
            if path.name != "reasons.py"  # says all of them, and gives none
        )
        scripts = "".join(path.read_text("utf-8") for path in _WEB.rglob("*.js"))
        for sentence in sentences - {reason for _, reason in given}:
            self.assertIn(f'"{sentence}"', python + scripts, "given by nobody")
