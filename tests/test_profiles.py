"""What people settle about themselves, and who hears of another name."""

from __future__ import annotations

from tests.client import Frame
from tests.kit import ORIGIN, Browser
from tests.visitor import ApiCase, Visitor


def profiles(browser: Browser) -> list[Frame]:
    """What a connection was told of people."""
    return [update for update in browser.only("update") if update["kind"] == "profile"]


class NameTests(ApiCase):
    """Being called differently."""

    def rename(self, name: str) -> Frame:
        return dict(self.ok("alice", "PATCH", "/me", {"display_name": name})["user"])

    def test_another_name(self) -> None:
        """It is one line, and empty it is the user name again."""
        self.assertEqual(self.rename("  Alice \n Liddell ")["display_name"], "Alice Liddell")
        self.assertEqual(self.ok("alice", "GET", "/me")["user"]["display_name"], "Alice Liddell")
        self.assertEqual(self.rename("")["display_name"], "alice")

    def test_friends_hear(self) -> None:
        """By their version, once; a list that is fetched is current to it."""
        self.server.befriend("alice", "bob")
        bob = self.server.browser("bob")
        before = self.ok("bob", "GET", "/contacts")["version"]
        self.rename("Alice L.")
        told = [update for update in profiles(bob) if update["version"]]
        self.assertEqual([update["version"] for update in told], [before + 1])
        self.assertEqual(told[0]["user"]["display_name"], "Alice L.")
        contacts = self.ok("bob", "GET", "/contacts")
        self.assertEqual(contacts["version"], before + 1)
        self.assertEqual(contacts["friends"][0]["user"]["display_name"], "Alice L.")

    def test_members_hear(self) -> None:
        """Those of one's groups, strangers too, whose lists it does not touch."""
        carol = self.server.browser("carol")
        before = self.ok("carol", "GET", "/contacts")["version"]
        self.rename("Alice L.")
        (told,) = profiles(carol)
        self.assertEqual((told["version"], told["user"]["display_name"]), (0, "Alice L."))
        self.assertEqual(self.ok("carol", "GET", "/contacts")["version"], before)

    def test_who_shares_nothing_hears_nothing(self) -> None:
        """Without lobby, friendship or group one is a stranger."""
        self.open("alice", "bob", lobby="")
        bob = self.server.browser("bob")
        self.rename("Alice L.")
        self.assertEqual(bob.only("update"), [])

    def test_what_is_said_next_is_said_under_it(self) -> None:
        """On a connection that was there before, too; and history agrees."""
        alice, bob = self.server.browser("alice"), self.server.browser("bob")
        self.rename("Alice L.")
        alice.send("hi")
        (message,) = bob.only("message")
        self.assertEqual(message["sender"]["display_name"], "Alice L.")
        (kept,) = self.ok("bob", "GET", f"/conversations/{self.server.lobby}/messages")["items"]
        self.assertEqual(kept["sender"]["display_name"], "Alice L.")

    def test_old_news_of_the_group_use_it(self) -> None:
        """Who was added long ago is called as they are called today."""
        self.server.befriend("alice", "bob")
        team = self.server.group("bob", title="Team")
        self.ok("bob", "POST", f"/conversations/{team}/members", {"username": "alice"}, 201)
        self.rename("Alice L.")
        items = self.ok("bob", "GET", f"/conversations/{team}/messages")["items"]
        self.assertEqual(items[-1]["system"]["user"]["display_name"], "Alice L.")
        self.assertEqual(items[-1]["text"], "bob added Alice L..")
        heads = self.ok("bob", "GET", "/conversations")["conversations"]
        (head,) = (head for head in heads if head["conversation"] == team)
        self.assertEqual(head["preview"]["system"]["user"]["display_name"], "Alice L.")

    def test_refusals(self) -> None:
        """Too long, nothing at all, not a text; the name stays."""
        for body, reason, field in (
            ({"display_name": "x" * 65}, "display_name_too_long", "display_name"),
            ({}, None, None),
            ({"current_password": "x"}, None, None),
            ({"display_name": 7}, "wrong_kind", "display_name"),
        ):
            refused = self.error("alice", "PATCH", "/me", body)
            self.assertEqual(
                (refused["status"], refused.get("reason"), refused.get("field")),
                (400, reason, field),
                body,
            )
        self.assertEqual(self.ok("alice", "GET", "/me")["user"]["display_name"], "alice")

    def test_not_all_the_time(self) -> None:
        """Everyone hears of it, so there is an end to it; the name one has is no change."""
        for number in range(20):
            self.rename(f"Alice {number}")
        self.rename("Alice 19")
        refused = self.error("alice", "PATCH", "/me", {"display_name": "Alice 20"})
        self.assertEqual(refused["code"], "rate_limited")
        self.server.wait(181)
        self.rename("Alice 20")


class LanguageTests(ApiCase):
    """A language that follows the account."""

    def setUp(self) -> None:
        super().setUp()
        self.page = Visitor(self.server, origin=ORIGIN)
        signing = {"username": "alice", "password": "alice-password"}
        self.page.csrf = self.page.api("POST", "/session", signing).json["csrf"]

    def test_every_device_speaks_it(self) -> None:
        """At once where it is chosen, when a page is loaded elsewhere, and at sign-in."""
        other = Visitor(self.server)
        other.cookies.update(self.page.cookies)
        self.assertIn('<html lang="en"', other.ask("GET", "/chat").text)
        answer = self.page.api("PATCH", "/me", {"language": "zh-CN"})
        self.assertEqual((answer.status, answer.json["language"]), (200, "zh-CN"))
        self.assertEqual(self.page.cookies["lang"], "zh-CN")
        self.assertIn('<html lang="zh-CN"', other.ask("GET", "/chat").text)
        self.assertEqual(other.cookies["lang"], "zh-CN")
        third = Visitor(self.server, origin=ORIGIN)
        third.api("POST", "/session", {"username": "alice", "password": "alice-password"})
        self.assertEqual(third.cookies["lang"], "zh-CN")

    def test_as_the_browser(self) -> None:
        """Chosen on one device, every browser is answered as it asks to be."""
        self.page.api("PATCH", "/me", {"language": "zh-CN"})
        other = Visitor(self.server)
        other.cookies.update(self.page.cookies)
        answer = self.page.api("PATCH", "/me", {"language": ""})
        self.assertEqual(answer.json["language"], "")
        self.assertNotIn("lang", self.page.cookies)
        for visitor, asked in ((self.page, "zh-CN"), (other, "en")):
            page = visitor.ask("GET", "/chat", headers={"Accept-Language": asked})
            self.assertIn(f'<html lang="{asked}"', page.text)
            self.assertNotIn("lang", visitor.cookies)

    def test_never_chosen(self) -> None:
        """What was chosen before signing in stays, in that browser."""
        self.page.ask("GET", "/language?to=zh-CN")
        page = self.page.ask("GET", "/chat", headers={"Accept-Language": "en"})
        self.assertIn('<html lang="zh-CN"', page.text)
        self.assertEqual(self.ok("alice", "GET", "/me")["language"], "")

    def test_refusals(self) -> None:
        """A language nobody translated is refused beside the field."""
        refused = self.error("alice", "PATCH", "/me", {"language": "tlh"})
        self.assertEqual((refused["reason"], refused["field"]), ("language_unknown", "language"))


class ThemeTests(ApiCase):
    """The page comes in the theme that was chosen, so that nothing flashes."""

    def test_in_the_page_itself(self) -> None:
        """Whatever else the cookie says is no theme."""
        for cookie, theme, media in (
            ("dark", "dark", "all"),
            ("light", "light", "not all"),
            ("", "", "(prefers-color-scheme: dark)"),
            ('"><script>', "", "(prefers-color-scheme: dark)"),
        ):
            visitor = Visitor(self.server)
            visitor.cookies["theme"] = cookie
            page = visitor.ask("GET", "/login").text
            self.assertIn(f'<html lang="en" data-theme="{theme}">', page, cookie)
            self.assertIn(f'media="{media}"', page, cookie)
