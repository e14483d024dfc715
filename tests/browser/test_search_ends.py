"""Where a search ends: days that are typed, nothing so far, and the focus of who goes on."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.test_search import box, hits, status
from tests.browser.windows import Windows, tell


def test_days_are_typed(windows: Windows) -> None:
    """A year that is not typed to its end asks for nothing; a last day before the first is told."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "the boat")
    (window,) = windows.arrive(alice)
    box(window).fill("boat")
    expect(hits(window)).to_have_count(1)
    window.page.locator(".search-filters summary").click()
    since, until = window.page.get_by_label("From day"), window.page.get_by_label("To day")
    for year in ("0002", "0020", "0202"):
        since.fill(f"{year}-03-04")
        since.blur()
        expect(hits(window)).to_have_count(1)
    since.fill("2020-03-04")
    until.fill("2020-03-03")
    until.blur()
    expect(status(window)).to_have_text("The last day is before the first.")


def test_nothing_so_far(windows: Windows) -> None:
    """A search that has looked far and found nothing says that there is more."""
    (window,) = windows.arrive(windows.person("alice"))
    asked: list[str] = []

    def empty(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"items": [], "more": True, "next": "x"})

    window.page.route("**/api/v1/search?*", empty)
    box(window).fill("boat")
    expect(status(window)).to_have_text("Nothing so far; what is older was not looked through yet.")
    count = len(asked)
    window.button("Older results").click()
    expect(window.button("Older results")).to_have_attribute("aria-disabled", "false")
    assert len(asked) > count


def test_going_on_after_a_refusal(windows: Windows) -> None:
    """What was found stays, and trying again goes on from there."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, *(f"boat {number}" for number in range(25)))
    (window,) = windows.arrive(alice)
    window.may_be_refused(429)
    refusal = {"code": "rate_limited", "reason": "too_many_tries", "message": "Later."}
    box(window).fill("boat")
    expect(hits(window)).to_have_count(20)
    window.page.route(
        "**/api/v1/search?*before=*",
        lambda route: route.fulfill(status=429, json={"error": refusal}),
        times=1,
    )
    window.button("Older results").click()
    expect(status(window)).to_have_text("Too many tries. Please wait a moment.")
    expect(hits(window)).to_have_count(20)
    window.button("Try again").click()
    expect(hits(window)).to_have_count(25)
    expect(hits(window).first).to_contain_text("boat 24")


def test_who_looks_everywhere_types_on(windows: Windows) -> None:
    """The button that goes does not take the focus along."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "the boat")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.button("Search in this conversation").click()
    window.button("Search everywhere").click()
    expect(box(window)).to_be_focused()
