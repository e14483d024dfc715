"""What a list says when there is nothing in it, and of what needs one most."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.windows import Windows, make_group


def test_first_steps(windows: Windows) -> None:
    """Someone without conversations begins with a press; the ways go when one has a conversation."""
    zoe = windows.person("zoe")
    (lobby,) = zoe.asks("GET", "/conversations")["conversations"]
    zoe.asks("POST", f"/conversations/{lobby['conversation']}/leave", {})
    (window,) = windows.arrive(zoe)
    steps = window.page.locator("#first-steps")
    expect(steps.get_by_role("button")).to_have_text(["Add a friend", "New group", "Join a group"])
    steps.get_by_role("button", name="New group").click()
    expect(window.dialog).to_contain_text("New group")
    window.page.keyboard.press("Escape")
    make_group(zoe, "Alone")
    expect(window.item("Alone")).to_be_visible()
    expect(steps).to_be_hidden()


def test_the_mark_of_a_mention_can_be_read(windows: Windows) -> None:
    """It has the colours of the badge beside it; and code is previewed without its fences."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Band", bob)
    (window,) = windows.arrive(bob)
    text = {"text": f"@{bob.username}\n```\ncode\n```", "mentions": [bob.user["id"]]}
    alice.asks("POST", f"/conversations/{group}/messages", text)
    marks = window.item("Band").locator(".badge")
    expect(marks).to_have_count(2)
    expect(window.item("Band").locator(".item-preview")).to_have_text(
        f"{alice.username}: @{bob.username} code"
    )
    look = "(it) => [getComputedStyle(it).color, getComputedStyle(it).borderRadius]"
    mention, unread = (marks.nth(number).evaluate(look) for number in range(2))
    assert mention == unread
