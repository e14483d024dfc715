"""Who is kept out of a group is gone from every page that is open."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.cable import Cable
from tests.browser.windows import Window, Windows, make_group


def subtitle(window: Window) -> Locator:
    """How many members the open group has, as its head says."""
    return window.page.locator(".head-subtitle")


def test_a_ban_in_an_open_page(windows: Windows) -> None:
    """A member counts no more and is offered no more; a stranger never counted."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    stranger = windows.person("mallory")
    group = make_group(alice, "Band", bob, carol)
    (window,) = windows.arrive(bob)
    window.opens("Band")
    expect(subtitle(window)).to_have_text("3 members")
    window.composer.press_sequentially("@")
    expect(window.page.get_by_role("option")).to_have_count(2)
    window.composer.fill("")
    alice.asks("PUT", f"/conversations/{group}/bans/{carol.username}", {})
    expect(subtitle(window)).to_have_text("2 members")
    alice.asks("PUT", f"/conversations/{group}/bans/{stranger.username}", {})
    expect(window.page.locator(".system").last).to_contain_text(stranger.username)
    expect(subtitle(window)).to_have_text("2 members")
    window.composer.press_sequentially("@")
    expect(window.page.get_by_role("option")).to_have_count(1)
    window.composer.fill(f"@{carol.username} is gone")
    window.composer.press("Enter")
    window.has_sent(f"@{carol.username} is gone")
    (said,) = bob.asks("GET", f"/conversations/{group}/messages?limit=1")["items"]
    assert "mentions" not in said


def test_who_is_mentioned_leaves_while_one_is_offline(windows: Windows, cable: Cable) -> None:
    """What was written to them then is said all the same."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    group = make_group(alice, "Band", bob, carol)
    window = windows.window(alice, url=cable.url)
    window.may_lose_the_connection()
    window.arrives()
    window.opens("Band")
    window.composer.press_sequentially(f"hello @{bob.username} ")
    window.composer.press_sequentially(f"and @{carol.username} ")
    expect(window.page.get_by_role("option")).to_have_count(0)
    cable.cut()
    expect(window.page.locator("#connection-line[data-phase=waiting]")).to_be_visible()
    window.composer.press("Enter")
    text = f"hello @{bob.username} and @{carol.username}"
    window.has_kept(text)
    carol.asks("POST", f"/conversations/{group}/leave", {})
    cable.mend()
    window.has_sent(text)
    (said,) = bob.asks("GET", f"/conversations/{group}/messages?limit=1")["items"]
    assert said["mentions"] == [bob.user["id"]]
