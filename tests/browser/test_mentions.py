"""Members of a group are offered by name while one types, and hear that they were mentioned."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.windows import Window, Windows, make_group, tell


def offered(window: Window) -> Locator:
    """The names to choose from."""
    return window.page.get_by_role("option")


def test_a_name_is_completed(windows: Windows) -> None:
    """By keys; the one who is mentioned sees it stand out, and the server knows."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    group = make_group(alice, "Band", bob, carol)
    near, far = windows.arrive(alice, bob)
    near.opens("Band")
    far.opens("Band")
    near.composer.press_sequentially("dear @")
    expect(offered(near)).to_have_count(2)
    near.composer.press_sequentially("bo")
    expect(offered(near)).to_have_count(1)
    assert not Axe().run(near.page).violations_count
    near.composer.press("Enter")
    expect(offered(near)).to_have_count(0)
    expect(near.composer).to_have_value(f"dear @{bob.username} ")
    near.composer.press_sequentially("hello")
    near.composer.press("Enter")
    text = f"dear @{bob.username} hello"
    near.has_sent(text)
    far.sees(text)
    expect(far.page.locator(".mention.me")).to_have_text(f"@{bob.username}")
    last = bob.asks("GET", f"/conversations/{group}/messages?limit=1")["items"][-1]
    assert last["mentions"] == [bob.user["id"]]


def test_the_keys_of_the_list_are_its_own(windows: Windows) -> None:
    """Arrows choose, Escape closes, and after that Enter sends what is there."""
    people = windows.people("alice", "bob", "carol")
    alice, bob, carol = people
    make_group(alice, "Band", bob, carol)
    (window,) = windows.arrive(alice)
    window.opens("Band")
    window.composer.press_sequentially("@")
    expect(offered(window).first).to_have_attribute("aria-selected", "true")
    window.composer.press("ArrowDown")
    expect(offered(window).nth(1)).to_have_attribute("aria-selected", "true")
    second = offered(window).nth(1).locator(".person-about").inner_text()
    window.composer.press("Tab")
    expect(window.composer).to_have_value(f"{second} ")
    window.composer.fill("")
    window.composer.press_sequentially("@b")
    expect(offered(window)).to_have_count(1)
    window.composer.press("Escape")
    expect(offered(window)).to_have_count(0)
    window.composer.press("Enter")
    window.has_sent("@b")
    window.composer.press_sequentially("@b")
    offered(window).click()
    expect(window.composer).to_have_value(f"@{bob.username} ")
    expect(window.composer).to_be_focused()


def test_two_who_talk_mention_nobody(windows: Windows) -> None:
    """An at sign is an at sign, also within an address."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.composer.press_sequentially("@bo")
    window.settles()
    expect(offered(window)).to_have_count(0)
    window.composer.press("Enter")
    window.has_sent("hi", "@bo")


def test_drafts_are_gone_after_signing_out(windows: Windows) -> None:
    """They outlive a window, and not the person at the machine."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.composer.fill("half a thought")
    window.page.close()
    window.again()
    window.opens(bob.username)
    expect(window.composer).to_have_value("half a thought")
    window.chooses("#me-button", "Sign out")
    expect(window.page.locator("#username")).to_be_visible()
    assert "half" not in window.page.evaluate("JSON.stringify({...localStorage})")
