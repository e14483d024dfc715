"""Tests for `imtwisted.rules`: what a name may be, and who may do what."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from imtwisted import rules
from imtwisted.model import Bond, Conversation, ConversationId, Membership, Role, UserId
from imtwisted.refusals import BadRequest, ChatError, TooLarge


class NameTests(SynchronousTestCase):
    """Names are for people of every script, and nobody can look like somebody else by width."""

    def reason(self, name: str) -> str | None:
        try:
            rules.checked_username(name)
        except BadRequest as refusal:
            self.assertEqual(refusal.field, "username")
            return refusal.reason
        return None

    def test_names(self) -> None:
        """Letters, digits and `_ - .`, 2 to 32 of them, with nothing around them."""
        for name in ("张三", "al", "Ærøskøbing", "o_o", "a-b.c", "नमस्ते", "Ж9", "x" * 32):
            self.assertIsNone(self.reason(name), name)
        for name, reason in (
            ("a", "name_too_short"),
            ("", "name_too_short"),
            ("  ", "name_too_short"),
            ("x" * 33, "name_too_long"),
            ("a b", "name_characters"),
            ("..", "name_characters"),
            ("．．", "name_characters"),
            ("a\u200bb", "name_characters"),
            ("a\u202eb", "name_characters"),
            ("<b>", "name_characters"),
            ("a/b", "name_characters"),
            ("a@b", "name_characters"),
            ("👋👋", "name_characters"),
            ("a\x00b", "name_characters"),
        ):
            self.assertEqual(self.reason(name), reason, repr(name))

    def test_names_to_be_shown(self) -> None:
        """Any words; nothing that turns others around, and nothing that cannot be seen."""
        for typed, shown in (
            ("  Zhang\tSan \n", "Zhang San"),
            ("小明 👩‍👩‍👧", "小明 👩‍👩‍👧"),
            ("\u202egnimrahc\u202c", "gnimrahc"),
            ("\u2066a\u2069", "a"),
            (" \t\u3000", ""),
        ):
            self.assertEqual(rules.checked_display_name(typed), shown, repr(typed))
        self.assertRaises(BadRequest, rules.checked_display_name, "x" * 65)

    def test_what_groups_say_of_themselves(self) -> None:
        """Titles, descriptions and notes turn nothing around either; a title can be seen."""
        turned = "a\u202e\u202ab\u202c \u2066c\u2069\u2067\u2068"
        self.assertEqual(rules.checked_title(turned), "ab c")
        self.assertEqual(rules.checked_note(turned), "ab c")
        self.assertEqual(rules.checked_description(f"{turned}\n{turned}"), "ab c\nab c")
        self.assertEqual(rules.cleaned_name(f"{turned}.txt"), "ab c.txt")
        for title in ("\u202e", " \u200b ", "\u3164", "\u0301"):
            refusal = self.assertRaises(BadRequest, rules.checked_title, title)
            self.assertEqual(refusal.reason, "title_empty", repr(title))

    def test_names_of_files_that_need_joiners(self) -> None:
        """Persian words and emoji stay what they are; a joiner that joins nothing goes."""
        for typed, shown in (
            ("نامه\u200cها.pdf", "نامه\u200cها.pdf"),
            ("क्\u200dष.txt", "क्\u200dष.txt"),
            ("👩\u200d👩\u200d👧 👩🏽\u200d💻.png", "👩\u200d👩\u200d👧 👩🏽\u200d💻.png"),
            ("🏳\ufe0f\u200d🌈.gif", "🏳\ufe0f\u200d🌈.gif"),
            ("report\u200d.\u200cexe", "report.exe"),
            ("re\u200dport.txt", "report.txt"),
            ("é\u200d\u200dé.txt", "éé.txt"),
            ("é\u200d", "é"),
            ("\u200d.txt", "txt"),
            ("\u200c\u200d", "file"),
            ("é\u200d\u202eé.txt", "é\u200dé.txt"),
            ("é\u200b\u2060é.txt", "éé.txt"),
            ("é\u200d" * 120 + ".txt", "é\u200d" * 57 + "é" + ".txt"),
        ):
            self.assertEqual(rules.cleaned_name(typed), shown, repr(typed))

    def test_the_same_name(self) -> None:
        """Case, width, composition and blanks around it make no other name."""
        same = ("Straße", "STRASSE", " strasse", "ｓｔｒａｓｓｅ")
        self.assertEqual(len({rules.name_key(name) for name in same}), 1)
        self.assertEqual(rules.name_key("é"), rules.name_key("e\u0301"))
        self.assertNotEqual(rules.name_key("张三"), rules.name_key("張三"))

    @given(st.text(max_size=40))
    def test_any_text(self, text: str) -> None:
        """It is a name or refused; a name's key is its key's key, and a name again."""
        try:
            name = rules.checked_username(text)
        except BadRequest:
            return
        key = rules.name_key(name)
        self.assertEqual(rules.name_key(key), key)
        self.assertEqual(rules.name_key(rules.checked_username(key)), key)

    @given(st.text())
    def test_one_line(self, text: str) -> None:
        """Titles and notes have no line breaks, controls or outer blanks."""
        line = rules.one_line(text)
        self.assertEqual(line, line.strip())
        self.assertFalse([c for c in line if unicodedata.category(c) in ("Cc", "Zl", "Zp")])

    def test_texts(self) -> None:
        """A message is kept as it is, unless it is blank or too long."""
        self.assertEqual(rules.checked_text(" x\n", 3), " x\n")
        self.assertRaises(BadRequest, rules.checked_text, " \u3000\n", 9)
        self.assertRaises(TooLarge, rules.checked_text, "xxxx", 3)

    def test_passwords(self) -> None:
        """8 characters or more, of whatever kind, kept as they are."""
        self.assertEqual(rules.checked_password("  密码 pass "), "  密码 pass ")
        self.assertRaises(BadRequest, rules.checked_password, "1234567")
        self.assertRaises(BadRequest, rules.checked_password, "x" * 2000)


def group(public: bool = False, members: int = 2) -> Conversation:
    return Conversation(ConversationId(1), "group", "Team", public, 5, 5, 0, 0, members)


def member(role: Role, user: int = 1) -> Membership:
    return Membership(UserId(user), role)


class RightsTests(SynchronousTestCase):
    """Who may do what in a group, as a table."""

    def code(self, rule: object, *args: object, **more: object) -> str:
        try:
            rule(*args, **more)  # type: ignore[operator]
        except ChatError as refusal:
            return refusal.code
        return "ok"

    def test_removing(self) -> None:
        """Owners remove anyone, moderators members, members nobody; oneself may always go."""
        roles: tuple[Role, ...] = ("owner", "moderator", "member")
        table = {
            (actor, target): self.code(
                rules.may_remove, group(), member(actor), member(target, 2), by_own_wish=False
            )
            for actor in roles
            for target in roles
        }
        allowed = {pair for pair, code in table.items() if code == "ok"}
        self.assertEqual(
            allowed, {("owner", "moderator"), ("owner", "member"), ("moderator", "member")}
        )
        for role in roles:
            leaving = self.code(
                rules.may_remove, group(), member(role), member(role), by_own_wish=True
            )
            self.assertEqual(leaving, "ok")

    def test_settling(self) -> None:
        """Owners and moderators name the group; only the owner ends it."""
        for role, settles, ends in (
            ("owner", "ok", "ok"),
            ("moderator", "ok", "denied"),
            ("member", "denied", "denied"),
        ):
            actor = Membership(UserId(1), role)  # type: ignore[arg-type]
            self.assertEqual(self.code(rules.may_settle, group(), actor), settles)
            self.assertEqual(self.code(rules.may_dissolve, group(), actor), ends)
        self.assertEqual(self.code(rules.may_settle, group(), None), "not_member")

    def test_writing(self) -> None:
        """What each bond allows, with and without friendship being needed."""
        for bond, friends_only, anyone in (
            (Bond(), "not_friend", "ok"),
            (Bond(friends=True), "ok", "ok"),
            (Bond(friends=True, blocks=True), "blocked", "blocked"),
            (Bond(blocked=True), "not_friend", "denied"),
        ):
            for may, expected in ((False, friends_only), (True, anyone)):
                code = self.code(rules.may_write_to, bond, anyone_may_write=may)
                self.assertEqual(code, expected, (bond, may))
