"""Tests for `imtwisted.rules.invisible`, and for every name that there is: what is in it can be seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from imtwisted import rules
from imtwisted.refusals import BadRequest, ChatError
from imtwisted.rules.invisible import is_ignored, without_invisible
from tests.kit import ChatCase
from tests.visitor import Visitor

# Zero width, soft hyphen, word joiner, byte order mark, marks of direction and what turns
# text around, fillers of Hangul, tags, selectors, invisible times, a noncharacter.
HIDDEN = (
    "\u200b\u00ad\u2060\ufeff\u200e\u200f\u061c\u202e\u2066\u2069\u3164\u115f\u1160\uffa0"
    "\U000e0001\U000e0041\U000e007f\ufe0f\U000e0100\u2062\u034f\u180e\u17b4\uffff\ufff9"
    "\u200c\u200d"
)
# What is written with them, in names of people and groups.
WRITTEN = (
    "علی\u200cرضا",  # Persian: two words in one
    "می\u200cخواهم",
    "क्\u200dष",  # Hindi: the half form
    "র\u200d্যাম",  # Bengali: joined before the virama
    "ශ්\u200dරී",  # Sinhala
    "葛\U000e0100城",  # the form of a Han character that a family uses
    "👩\u200d👩\u200d👧",
    "👩🏽\u200d💻",
    "🏳\ufe0f\u200d🌈",
    "❤\ufe0f\u200d🔥",
    "1\ufe0f⃣ #\ufe0f⃣",
    "‼\ufe0f ℹ\ufe0f",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "🏴\u200d☠\ufe0f",
)
BLANK = ("Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp")
# Names as somebody might make them who looks for holes.
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(HIDDEN + "ab 张علक्্👩🏽🏴❤#1\u0301\u2800\u00a0\n"),
        st.characters(codec="utf-8"),
    ),
    max_size=30,
)


class InvisibleTests(SynchronousTestCase):
    """Nothing is in a name that nobody sees."""

    def test_between_letters(self) -> None:
        """Two names that look the same are the same."""
        for hidden in HIDDEN:
            for name in ("Zhang San", "张三", "Жанна", "Ærø"):
                for place in range(len(name) + 1):
                    typed = name[:place] + hidden + name[place:]
                    if hidden == "\U000e0100" and name == "张三" and place:
                        continue  # where it changes what is seen
                    self.assertEqual(rules.one_line(typed), name, ascii(typed))

    def test_a_part_of_the_writing(self) -> None:
        """Joiners and selectors stay where scripts and emoji need them."""
        for name in WRITTEN:
            self.assertEqual(rules.one_line(name), unicodedata.normalize("NFC", name), ascii(name))

    def test_where_they_are_no_part(self) -> None:
        """A joiner that joins nothing, a second selector, tags without their flag."""
        for typed, shown in (
            ("\u200dعلی\u200c", "علی"),
            ("عل\u200cx", "علx"),
            ("👩\u200d", "👩"),
            ("👩\u200d\u200d👧", "👩\u200d👧"),
            ("👩\u200c👧", "👩👧"),
            ("a\ufe0f", "a"),
            ("❤\ufe0f\ufe0f", "❤\ufe0f"),
            ("\ufe0fx", "x"),
            ("🏴\U000e0067\U000e0062", "🏴"),
            ("x\U000e0067\U000e007f", "x"),
            ("\u2800a\u2800\u2800b", "a b"),
        ):
            self.assertEqual(rules.one_line(typed), shown, ascii(typed))

    def refusal(self, check: Callable[[str], str], name: str) -> str | None:
        try:
            check(name)
        except BadRequest as refused:
            return refused.reason
        return None

    def test_nothing_else(self) -> None:
        """A name in which nothing is seen is refused; one that was left blank is not."""
        for name in (*HIDDEN, HIDDEN, "\u3164 \u200b", "\u0301", "\u2800"):
            for check, reason in (
                (rules.checked_display_name, "display_name_invisible"),
                (rules.checked_title, "title_empty"),
                (lambda name: rules.checked_username(name * 2), "name_characters"),
            ):
                said = self.refusal(check, name)
                if len(name) * 2 > 32 and reason == "name_characters":
                    reason = "name_too_long"
                self.assertEqual(said, reason, ascii(name))
        self.assertEqual(rules.checked_display_name(" \u3000\n"), "")

    def test_user_names(self) -> None:
        """These are typed again by others: nothing is left out of one, it is refused."""
        for hidden in HIDDEN:
            for name in (
                f"a{hidden}b",
                f"张{hidden}三",
                f"عل{hidden}ی",
                f"{hidden}ab",
                f"क्{hidden}ष",
            ):
                self.assertEqual(self.refusal(rules.checked_username, name), "name_characters")
        self.assertEqual(self.refusal(rules.checked_username, "\u0301ab"), "name_characters")
        self.assertIsNone(self.refusal(rules.checked_username, "क्षमा"))

    @given(HOSTILE)
    def test_any_text(self, text: str) -> None:
        """Once cleaned it is clean; what is left of it by itself all leaves a trace."""
        line = rules.one_line(text)
        self.assertEqual(rules.one_line(line), line)
        self.assertEqual(without_invisible(line), line)
        for place, character in enumerate(line):
            if is_ignored(character):
                self.assertGreater(place, 0, ascii(line))
                self.assertNotEqual(line[place - 1], " ", ascii(line))

    @given(HOSTILE, st.sampled_from(HIDDEN[:22]), st.integers(0, 30))
    def test_no_second_look(self, text: str, hidden: str, place: int) -> None:
        """Beside letters of the Latin alphabet whatever is hidden makes no other name."""
        plain = "".join(c for c in text if c.isascii() and c.isalpha())
        typed = plain[:place] + hidden + plain[place:]
        self.assertEqual(rules.one_line(typed), plain)

    @given(HOSTILE)
    def test_any_name(self, text: str) -> None:
        """It is shown with something to see in it, or refused; and again the same."""
        for check in (rules.checked_display_name, rules.checked_title, rules.checked_username):
            try:
                name = check(text)
            except ChatError as refusal:
                self.assertIsNotNone(refusal.reason)
                continue
            self.assertEqual(check(name), name)
            self.assertTrue(not name or not all(unicodedata.category(c) in BLANK for c in name))


class NamesOverHttpTests(ChatCase):
    """What people are told."""

    def test_refused(self) -> None:
        """With a reason, beside the field."""
        chat = self.chat("alice")
        visitor = Visitor(chat, token=chat.tokens["alice"])
        for method, path, body, reason, field in (
            ("PATCH", "/me", {"display_name": "\u3164"}, "display_name_invisible", "display_name"),
            ("POST", "/conversations", {"title": "\u200b\U000e0041"}, "title_empty", "title"),
            (
                "POST",
                "/users",
                {"username": "\u3164\u3164", "password": "long enough"},
                "name_characters",
                "username",
            ),
        ):
            answer = visitor.api(method, path, body)
            self.assertEqual((answer.status, answer.code), (400, "bad_request"))
            error = answer.json["error"]
            self.assertEqual((error["reason"], error["field"]), (reason, field))

    def test_cleaned(self) -> None:
        """Whoever calls themselves as somebody else, with something hidden in it, is called just so."""
        chat = self.chat("alice")
        visitor = Visitor(chat, token=chat.tokens["alice"])
        answer = visitor.api("PATCH", "/me", {"display_name": "Bob\u200b\u2060 \ufeffB."})
        self.assertEqual(answer.json["user"]["display_name"], "Bob B.")
