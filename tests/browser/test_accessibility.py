"""
axe finds nothing on any page, dialog or menu.

One walk through everything there is to see, for each look the pages have:
light and dark, desktop and phone, English and Chinese.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect

from tests.browser.cable import Cable
from tests.browser.conftest import UNLIMITED
from tests.browser.windows import Window, Windows, befriend, make_group, tell, windows_on
from tests.person import Person
from tests.process import Process

LOOKS = list(product(("light", "dark"), ("desktop", "phone"), ("en", "zh-CN")))


class Town:
    """A server with alice, and something of everything for her to see."""

    def __init__(self, server: Process) -> None:
        self.server = server
        names = ("alice", "bob", "carol", "dave", "erin", "小明")
        people = [Person(server, name).registers() for name in names]
        self.alice, self.bob, carol, dave, erin, ming = people
        for friend in (self.bob, carol, ming):
            befriend(self.alice, friend)
        dave.asks("POST", "/contacts/requests", {"username": "alice", "note": "we met at lunch"})
        self.alice.asks("POST", "/contacts/requests", {"username": "erin"})
        mallory = Person(server, "mallory").registers()
        self.alice.asks("PUT", f"/contacts/blocks/{mallory.username}", {})
        make_group(self.alice, "Lunch", self.bob, carol)
        make_group(erin, "Chess", public=True)
        make_group(ming, "读书会", self.alice)
        tell(self.bob, self.alice, "good morning", "https://chat.example/a/long/address")
        tell(self.alice, self.bob, "and to you")
        self.something_of_everything()
        tell(carol, self.alice, "lunch?", "at one")

    def something_of_everything(self) -> None:
        """Reactions, code, an answer, and what was taken back, among what bob and alice said."""
        heads = self.alice.asks("GET", "/conversations")["conversations"]
        there = next(h["conversation"] for h in heads if h["title"] == "bob")
        path = f"/conversations/{there}/messages"
        for person, emoji in ((self.bob, "👍"), (self.alice, "👍"), (self.bob, "🎉")):
            person.asks("PUT", f"{path}/1/reactions/{emoji}")
        self.bob.asks("POST", path, {"text": "`code`\n```\nmore\n```", "reply_to": 3})
        self.alice.asks("POST", path, {"text": "https://example.com/ `code`", "reply_to": 1})
        self.bob.asks("POST", path, {"text": "oh"})
        self.bob.asks("DELETE", f"{path}/6")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """A server whose people the windows of this module look at."""
    with Process(*UNLIMITED) as server:
        yield Town(server)


class Walk:
    """One window of one look, and what axe found on its way."""

    def __init__(self, window: Window, words: dict[str, str], away: str) -> None:
        self.window = window
        self.page = window.page
        self.words = words
        self.away = away  # what is said while the network is
        self.found: dict[str, list[Any]] = {}

    def looks(self, at: str) -> None:
        """Let axe look at what is there now."""
        results = Axe().run(self.page)
        if results.violations_count:
            self.found[at] = [
                (violation["id"], node["html"], node.get("failureSummary"))
                for violation in results.response["violations"]
                for node in violation["nodes"]
            ]

    def opens_menu(self, button: str, at: str) -> None:
        """Look at a menu, and close it."""
        self.page.locator(button).click()
        expect(self.page.get_by_role("menu")).to_be_visible()
        self.looks(at)
        self.page.keyboard.press("Escape")

    def opens_dialog(self, at: str) -> None:
        """Look at the dialog that is open, and close it."""
        expect(self.window.dialog).to_be_visible()
        self.looks(at)
        self.page.keyboard.press("Escape")

    def begins(self, key: str) -> None:
        """Choose from the menu of what can be begun."""
        self.window.chooses("#new-button", self.words[key])

    def goes_back(self) -> None:
        """To the list, where a phone shows one thing at a time."""
        self.page.evaluate("location.hash = '#'")
        expect(self.page.locator("#app")).to_have_attribute("data-pane", "list")


def forms(walk: Walk) -> None:
    """What one sees before signing in, with something wrong too."""
    page = walk.page
    for path in ("/login", "/register"):
        walk.window.goes(path)
        walk.looks(path)
        page.locator("#username").fill("x")
        page.locator("#password").fill("short")
        page.locator("button[type=submit]").click()
        expect(page.locator(".field-error, .form-error").first).to_be_visible()
        walk.looks(f"{path} with errors")
    walk.window.goes("/nothing/here")
    walk.looks("nothing here")


def sidebar(walk: Walk) -> None:
    """Conversations, contacts, and their menus."""
    page = walk.page
    expect(walk.window.item("bob")).to_be_visible()
    walk.looks("conversations")
    walk.opens_menu("#me-button", "my menu")
    walk.opens_menu("#new-button", "menu of beginnings")
    walk.window.opens_contacts()
    walk.looks("contacts")
    walk.opens_menu("[data-username=bob] [aria-haspopup]", "menu of a friend")
    page.locator("[data-username=bob] [aria-haspopup]").click()
    page.get_by_role("menuitem", name=walk.words["contacts.block"], exact=True).click()
    walk.opens_dialog("a question")
    page.locator("#tab-chats").click()
    page.locator("#search").fill("nothing like it")
    expect(page.locator("#panel-search .note")).to_have_text(walk.words["search.nothing"])
    page.locator(".search-filters summary").click()
    walk.looks("nothing found")
    page.locator("#search").fill("o")
    expect(page.locator(".found-line")).not_to_have_count(0)
    walk.looks("what was found")
    page.locator("#search").press("Escape")


def dialogs(walk: Walk) -> None:
    """What can be begun."""
    window, words = walk.window, walk.words
    walk.begins("contacts.add")
    window.dialog.get_by_label(words["find.label"], exact=True).fill("a")
    expect(window.dialog.locator(".person")).not_to_have_count(0)
    walk.opens_dialog("find people")
    walk.begins("group.new")
    walk.opens_dialog("a new group")
    walk.begins("public.title")
    expect(window.dialog.locator(".person")).to_have_count(1)
    walk.opens_dialog("public groups")
    walk.begins("several.title")
    window.dialog.get_by_label("bob").check()
    walk.opens_dialog("several friends")


def conversations(walk: Walk, cable: Cable) -> None:
    """Timelines, what is told of people and groups, and trouble."""
    window, page = walk.window, walk.page
    window.opens("bob")
    expect(window.texts).to_have_count(6)
    walk.looks("a direct conversation")
    actions(walk)
    page.locator("#info-button").click()
    walk.opens_dialog("about a friend")
    walk.goes_back()
    window.opens("Lunch")
    walk.looks("a group")
    page.locator("#info-button").click()
    expect(window.dialog.locator(".person")).to_have_count(3)
    walk.looks("about a group")
    walk.opens_menu("dialog [data-username=bob] [aria-haspopup]", "menu of a member")
    window.button(walk.words["group.invite"]).click()
    walk.opens_dialog("inviting")
    page.keyboard.press("Escape")
    cable.cut()
    window.is_away()
    window.says(walk.away)
    expect(window.message(walk.away)).to_have_attribute("data-state", "pending")
    walk.looks("away")
    walk.window.composer.fill("x" * 16_001)
    walk.looks("too long")
    walk.window.composer.fill("")


def actions(walk: Walk) -> None:
    """What can be done with a message, and what became of some."""
    window, page, words = walk.window, walk.page, walk.words
    mine = window.message("and to you")
    walk.opens_menu("#messages .message:nth-last-child(2) .tool-more", "menu of a message")
    for key, at in (("action.more_emoji", "emoji"), ("action.forward", "forwarding")):
        mine.locator(".tool-more").click()
        page.get_by_role("menuitem", name=words[key], exact=True).click()
        if key == "action.forward":
            walk.opens_dialog(at)
        else:
            walk.looks(at)
            page.keyboard.press("Escape")
    mine.locator(".tool-more").click()
    page.get_by_role("menuitem", name=words["action.edit"], exact=True).click()
    expect(page.locator("#composer-about")).to_be_visible()
    walk.looks("editing")
    window.composer.press("Escape")


def trouble(walk: Walk) -> None:
    """A message that failed, and an address of nothing."""
    window, page = walk.window, walk.page
    page.evaluate("location.hash = '#to=erin'")
    window.says("not yet")
    expect(window.message("not yet")).to_have_attribute("data-state", "failed")
    walk.looks("failed")
    window.message("not yet").locator(".danger").click()
    page.evaluate("location.hash = '#c999'")
    expect(page.locator("#nothing-open")).to_be_visible()
    walk.looks("gone")


def settings(walk: Walk) -> None:
    """Oneself: every section, what is refused, and the last question."""
    page, words = walk.page, walk.words
    shared = {"receipts": True, "typing": False, "presence": True}

    def with_settings(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={"settings": shared, **answer.json()})

    page.route("**/api/v1/me", with_settings)
    walk.window.goes("/settings")
    expect(page.locator("#devices .person")).not_to_have_count(0)
    walk.looks("settings")
    page.get_by_label(words["password.new"]).fill("short")
    page.get_by_role("button", name=words["password.change"]).click()
    expect(page.locator("#password [aria-invalid]")).to_be_visible()
    for theme in ("dark", "light", "system"):
        page.get_by_label(words[f"settings.theme.{theme}"]).check(force=True)
        walk.looks(f"settings, {theme}")
    page.get_by_role("button", name=words["settings.delete"]).click()
    walk.opens_dialog("deleting")


@pytest.mark.parametrize(("scheme", "device", "language"), LOOKS)
def test_axe_finds_nothing(
    chromium: Browser, town: Town, scheme: str, device: str, language: str
) -> None:
    """Neither serious nor minor."""
    with windows_on(chromium, town.server) as windows, Cable(town.server.port) as cable:
        walk = a_walk(windows, town, cable, scheme, device, language)
        walk.window.may_be_refused(400, 401, 404)
        walk.window.may_lose_the_connection()
        forms(walk)
        walk.window.arrives()
        sidebar(walk)
        dialogs(walk)
        conversations(walk, cable)
        cable.mend()
        walk.window.is_back()
        expect(walk.window.message(walk.away)).to_have_attribute("data-state", "sent")
        trouble(walk)
        settings(walk)
    assert not walk.found, json.dumps(walk.found, indent=1, ensure_ascii=False)


def a_walk(
    windows: Windows, town: Town, cable: Cable, scheme: str, device: str, language: str
) -> Walk:
    """Alice's window of this look, behind the cable."""
    with urlopen(f"{town.server.url}/static/i18n/{language}.json") as catalog:
        words = json.load(catalog)
    window = windows.window(
        town.alice,
        url=cable.url,
        phone=device == "phone",
        color_scheme=scheme,
        locale=language,
    )
    return Walk(window, words, f"said away, {scheme} {device} {language}")
