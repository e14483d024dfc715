"""Searching on a phone, where the results and the conversation share one place."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_search import box, hits
from tests.browser.windows import Window, Windows, tell
from tests.person import Person


def searching_here(windows: Windows, word: str) -> tuple[Person, Person, Window]:
    """On a phone, a conversation is open and `word` was looked for in it."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "the needle", *(f"straw {n}" for n in range(70)))
    (window,) = windows.arrive(alice, phone=True)
    window.item(bob.username).tap()
    expect(window.message("straw 69")).to_be_in_viewport()
    window.button("Search in this conversation").tap()
    expect(box(window)).to_be_focused()
    box(window).fill(word)
    expect(hits(window)).to_have_count(1)
    return alice, bob, window


def test_a_hit_in_the_open_conversation(windows: Windows) -> None:
    """What comes meanwhile takes nothing away, and a tapped hit is shown; so is a second one."""
    alice, bob, window = searching_here(windows, "needle")
    tell(bob, alice, "meanwhile")
    window.settles()
    expect(window.page.locator(".badge").first).to_be_attached()
    expect(hits(window)).to_be_visible()
    expect(box(window)).to_be_focused()
    hits(window).tap()
    expect(window.page.locator(".stands-out")).to_contain_text("the needle")
    expect(window.message("the needle")).to_be_in_viewport()
    expect(window.message("the needle")).to_be_focused()
    window.button("Search in this conversation").tap()
    box(window).fill("straw 69")
    expect(hits(window)).to_contain_text(["straw 69"])
    hits(window).tap()
    expect(window.message("straw 69")).to_be_in_viewport()


def test_back_to_the_conversation(windows: Windows) -> None:
    """Escape and Done lead to where one began; the list opens the same conversation again."""
    _, bob, window = searching_here(windows, "needle")
    window.page.keyboard.press("Escape")
    expect(window.message("straw 69")).to_be_in_viewport()
    window.button("Search in this conversation").tap()
    window.button("Done").tap()
    expect(window.message("straw 69")).to_be_in_viewport()
    window.button("Search in this conversation").tap()
    window.button("Search everywhere").tap()
    expect(box(window)).to_be_visible()
    window.item(bob.username).tap()
    expect(window.message("straw 69")).to_be_in_viewport()
    window.page.keyboard.press("Control+k")
    box(window).fill(bob.username)
    window.page.locator("#found-conversations ~ ul .found-line").first.tap()
    expect(window.message("straw 69")).to_be_in_viewport()
