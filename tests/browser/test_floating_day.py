"""While one scrolls through old messages, their day is shown over them."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.timelines import fill
from tests.browser.windows import Window, Windows, tell

# A message a minute: this many are more than two days.
MESSAGES = 3_000
_FIRST_TIME = """
    () => {
        const { top } = document.getElementById("timeline").getBoundingClientRect();
        const lines = [...document.querySelectorAll("#messages [data-seq]")];
        const line = lines.find((one) => one.getBoundingClientRect().bottom > top + 1);
        return Date.parse(line.querySelector("time").dateTime);
    }
"""
_NAME = """
    (at) => new Intl.DateTimeFormat(document.documentElement.lang,
        { weekday: "long", month: "long", day: "numeric" }).format(at)
"""


def chip(window: Window) -> Locator:
    """The day that floats."""
    return window.page.locator("#floating-day")


def wheel(window: Window, up: int) -> None:
    """Scroll with the mouse over the timeline."""
    window.page.locator("#timeline").hover()
    window.page.mouse.wheel(0, -up)


def long_talk(windows: Windows) -> Window:
    """A conversation of two days and more, open at its end."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    heads = alice.asks("GET", "/conversations")["conversations"]
    there = next(head["conversation"] for head in heads if head["title"] == bob.username)
    fill(windows.server, there, bob, MESSAGES)
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(window.texts.last).to_be_in_viewport()
    return window


def test_shown_while_one_scrolls(own_windows: Windows) -> None:
    """Not at the end; above old messages, and it goes when one rests."""
    window = long_talk(own_windows)
    expect(chip(window)).to_be_hidden()
    page = window.page
    for _ in range(12):
        wheel(window, 4_000)
        page.wait_for_timeout(100)
    page.locator("#timeline").evaluate("(it) => { it.scrollTop = 20_000; }")
    expect(chip(window)).to_be_visible()
    shown = chip(window).text_content()
    expect(chip(window)).to_be_hidden()
    at = page.evaluate(_FIRST_TIME)
    assert shown in {"Today", "Yesterday", page.evaluate(_NAME, at)}, shown


def test_not_beside_the_day_itself(windows: Windows) -> None:
    """Where the line of the day is in sight it would say the same twice."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, *(f"line {number}" for number in range(60)))
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.page.locator("#timeline").evaluate("(it) => { it.scrollTop = 500; }")
    expect(chip(window)).to_be_visible()
    expect(chip(window)).to_have_text("Today")
    window.page.locator("#timeline").evaluate("(it) => { it.scrollTop = 0; }")
    expect(window.page.locator("#messages .day")).to_be_in_viewport()
    expect(chip(window)).to_be_hidden(timeout=500)


def test_not_over_the_line_of_what_is_new(windows: Windows) -> None:
    """Where that line stands at the top, the day waits."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, *(f"old {number}" for number in range(40)))
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.page.locator("#to-latest").click()
    expect(window.message("old 39")).to_be_in_viewport()
    expect(window.badge(bob.username)).to_have_count(0)
    window.opens("Lobby")
    tell(bob, alice, *(f"new {number}" for number in range(60)))
    window.opens(bob.username)
    divider = window.page.locator("#messages .divider")
    expect(divider).to_be_in_viewport()
    wheel(window, -900)
    expect(divider).not_to_be_in_viewport()
    expect(chip(window)).to_be_visible()
    divider.evaluate("it => it.scrollIntoView()")
    expect(divider).to_be_in_viewport()
    expect(chip(window)).to_be_hidden(timeout=500)
