"""What was found, and is different while the results are open."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_changes import direct, edits
from tests.browser.test_search import box, hits
from tests.browser.windows import Windows, make_group, tell


def test_what_was_found_is_marked_after_an_edit(windows: Windows) -> None:
    """Where the words stand now; not, once the message says something else; the others stay as they are."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "a red kite", "two kites")
    conversation = direct(alice, bob)
    (window,) = windows.arrive(alice)
    box(window).fill("kite")
    expect(hits(window).locator("mark")).to_have_text(["kite", "kite"])
    first = hits(window).last
    edits(bob, conversation, 1, "My KITE and another kite")
    expect(first.locator(".found-text")).to_have_text("My KITE and another kite")
    expect(first.locator("mark")).to_have_text(["KITE", "kite"])
    edits(bob, conversation, 1, "a red balloon")
    expect(first.locator(".found-text")).to_have_text("a red balloon")
    window.settles()
    expect(first.locator("mark")).to_have_count(0)
    expect(hits(window).first.locator("mark")).to_have_text(["kite"])


def test_what_was_found_takes_the_new_title(windows: Windows) -> None:
    """Of a group that is renamed: the group itself, and what was said in it."""
    alice, bob = windows.people("alice", "bob")
    crew = make_group(alice, "Kite crew", bob)
    alice.asks("POST", f"/conversations/{crew}/messages", {"text": "bring a kite"})
    (window,) = windows.arrive(bob)
    box(window).fill("kite")
    expect(hits(window).locator(".item-title")).to_have_text("Kite crew")
    group = window.page.locator(f".found-line[data-conversation='{crew}'] .person-name")
    expect(group).to_have_text("Kite crew")
    alice.asks("PATCH", f"/conversations/{crew}", {"title": "Kite club"})
    expect(hits(window).locator(".item-title")).to_have_text("Kite club")
    expect(group).to_have_text("Kite club")
    expect(hits(window).locator("mark")).to_have_text("kite")
