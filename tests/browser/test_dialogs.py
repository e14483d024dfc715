"""axe finds nothing in the dialogs that only who leads a group can open."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.windows import Windows, make_group


class Leader:
    """Whoever owns a group, with its panel open, and what axe found there."""

    def __init__(self, windows: Windows, language: str, **how: Any) -> None:
        with urlopen(f"{windows.server.url}/static/i18n/{language}.json") as catalog:
            self.words: dict[str, str] = json.load(catalog)
        alice, bob, carol, dora = windows.people("alice", "bob", "carol", "dora")
        self.bob, self.carol = bob, carol
        group = make_group(alice, "Team", bob, carol, dora)
        alice.asks("PUT", f"/conversations/{group}/silences/{carol.username}", {"for": 3600})
        alice.asks("PUT", f"/conversations/{group}/bans/{dora.username}", {})
        alice.asks("POST", f"/conversations/{group}/invites", {})
        (self.window,) = windows.arrive(alice, locale=language, **how)
        self.page = self.window.page
        self.window.opens("Team")
        self.found: dict[str, list[str]] = {}

    def opens_panel(self) -> None:
        """What is told of the group; some questions close it before they are asked."""
        if not self.page.locator("dialog[open]").count():
            self.page.locator("#info-button").click()
        expect(self.window.dialog.locator(".person")).to_have_count(3)

    def looks(self, at: str) -> None:
        """Let axe look, and close what is on top."""
        results = Axe().run(self.page)
        for violation in results.response["violations"]:
            nodes = [node["html"] for node in violation["nodes"]]
            self.found[f"{at}: {violation['id']}"] = nodes
        depth = self.page.locator("dialog[open]").count()
        self.page.keyboard.press("Escape")
        expect(self.page.locator("dialog[open]")).to_have_count(depth - 1)

    def presses(self, key: str, shows: str) -> None:
        """A button of the panel, and the dialog behind it."""
        self.opens_panel()
        self.window.button(self.words[key]).last.click()
        expect(self.window.dialog.locator(shows).first).to_be_visible()
        self.looks(key)

    def chooses(self, name: str, key: str) -> None:
        """An entry of a member's menu, and the dialog behind it."""
        self.opens_panel()
        self.window.dialog.locator(f".person[data-username={name}] [aria-haspopup]").click()
        self.page.get_by_role("menuitem", name=self.words[key], exact=True).click()
        expect(self.window.dialog.locator("h2")).to_be_visible()
        self.looks(key)


@pytest.mark.parametrize(
    ("language", "how"),
    [("en", {"color_scheme": "light"}), ("zh-CN", {"color_scheme": "dark", "phone": True})],
)
def test_axe_finds_nothing(windows: Windows, language: str, how: dict[str, Any]) -> None:
    """Settings, links, who is banned, silencing, handing over, clearing, leaving, dissolving."""
    leader = Leader(windows, language, **how)
    leader.presses("group.settings", "input")
    leader.presses("invites.title", ".invite")
    leader.presses("group.banned", ".person")
    leader.presses("clear.action", ".button")
    leader.presses("group.leave", ".button")
    leader.presses("group.dissolve", ".button")
    leader.chooses(leader.bob.username, "group.silence")
    leader.chooses(leader.bob.username, "group.hand_over")
    assert not leader.found, json.dumps(leader.found, indent=1, ensure_ascii=False)
