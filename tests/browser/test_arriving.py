"""The page before its lists have come: it says so, and takes nothing for missing."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.held import Held
from tests.browser.windows import Window, Windows, make_group


class Early:
    """Someone who is quicker than the contacts: they come when `come` is called."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._contacts = Held(window.page, "**/api/v1/contacts")
        window.signs_in()
        with window.page.expect_request("**/api/v1/contacts"):
            window.goes("/chat")
        expect(self.panel).to_have_attribute("aria-busy", "true")

    @property
    def panel(self) -> Locator:
        """Where the contacts will be."""
        return self.window.page.locator("#panel-contacts")

    def come(self) -> None:
        """Let the contacts through."""
        self._contacts.go()
        self.window.is_ready()


def test_who_is_early_is_not_told_of_no_friends(windows: Windows) -> None:
    """The dialogs that begin with friends wait for them, and then show them."""
    alice, bob = windows.people("alice", "bob")
    for entry in ("New group", "Message several friends"):
        early = Early(windows.window(alice))
        window = early.window
        window.opens_contacts()
        expect(early.panel.locator(".skeleton")).to_have_count(6)
        expect(early.panel.locator(".note")).to_have_count(0)
        window.chooses("#new-button", entry)
        expect(window.dialog.locator(".note")).to_have_text("Loading…")
        early.come()
        expect(window.dialog.get_by_label(bob.username)).to_be_visible()
        expect(window.page.locator("dialog")).to_have_count(1)
        expect(early.panel.locator("[data-friend]")).to_have_count(1)


def test_who_turned_away_meanwhile_is_left_alone(windows: Windows) -> None:
    """A dialog that was closed before the friends came does not open by itself."""
    alice, _ = windows.people("alice", "bob")
    early = Early(windows.window(alice))
    early.window.chooses("#new-button", "New group")
    expect(early.window.dialog.locator(".note")).to_have_text("Loading…")
    early.window.page.keyboard.press("Escape")
    expect(early.window.page.locator("dialog")).to_have_count(0)
    early.come()
    early.window.settles()
    expect(early.window.page.locator("dialog")).to_have_count(0)


def test_inviting_early(windows: Windows) -> None:
    """Nobody is told that all friends are in the group already."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    make_group(alice, "Lunch", bob)
    early = Early(windows.window(alice))
    window = early.window
    window.opens("Lunch")
    window.page.locator("#info-button").click()
    window.button("Invite friends").click()
    expect(window.dialog.locator(".note")).to_have_text("Loading…")
    early.come()
    expect(window.button(f"Invite {carol.username}")).to_be_visible()
    expect(window.button(f"Invite {bob.username}")).to_have_count(0)
