"""Names that mean harm, wherever the page shows them: they are text, and nothing runs."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.windows import Window, Windows, make_group, tell

_NAME = "<img src=x onerror=\"document.title='run'\"><b>\u202e"
_AGENT = "<script>document.title='run'</script>'; DROP TABLE sessions; --"


def harms_nothing(window: Window) -> None:
    """Neither markup of a name nor a script is in the page."""
    window.settles()
    found = (
        "#app img[src='x'], dialog img[src='x'], main img[src='x'], main b, dialog b, main script"
    )
    assert window.page.locator(found).count() == 0
    assert window.page.title() != "run"


def test_a_display_name(windows: Windows) -> None:
    """In lists, heads, lines, quotes, menus, dialogs and what is read aloud."""
    alice, bob = windows.people("alice", "bob")
    bob.asks("PATCH", "/me", {"display_name": _NAME})
    shown = bob.asks("GET", "/me")["user"]["display_name"]
    assert "<img src=x" in shown
    make_group(alice, _NAME, bob)
    tell(bob, alice, "hi", "there")
    near, far = windows.arrive(alice, bob)
    near.page.locator(".conversation-item", has_text="there").click()
    expect(near.page.locator("#conversation-head .head-title")).to_contain_text("<img src=x")
    far.page.locator(".conversation-item", has_text=alice.username).first.click()
    near.message("hi").hover()
    near.message("hi").locator(".tool-more").click()
    near.page.get_by_role("menuitem", name="Reply").click()
    expect(near.page.locator("#composer-about")).to_contain_text("<img src=x")
    near.says("answer")
    expect(near.message("answer").locator(".quote")).to_contain_text("<img src=x")
    far.says("live")
    expect(near.page.locator("#announcer")).to_contain_text("live")
    harms_nothing(near)
    near.page.locator("#info-button").click()
    expect(near.dialog).to_contain_text("<img src=x")
    harms_nothing(near)
    near.page.keyboard.press("Escape")
    near.page.locator(".conversation-item.pressable, .conversation-item").filter(
        has_text="<img"
    ).last.click()
    near.opens_contacts()
    expect(near.contact(bob.username)).to_contain_text("<img src=x")
    near.chooses("#new-button", "New group")
    expect(near.dialog).to_contain_text("<img src=x")
    harms_nothing(near)
    harms_nothing(far)


def test_the_name_of_a_browser(windows: Windows) -> None:
    """Among one's devices, whatever it calls itself."""
    alice = windows.person("alice")
    window, other = windows.window(alice), windows.window(alice, user_agent=_AGENT)
    other.signs_in()
    window.signs_in()
    window.goes("/settings")
    devices = window.page.locator("#devices")
    expect(devices).to_contain_text("<script>document.title")
    harms_nothing(window)
