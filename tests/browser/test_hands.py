"""With a thumb on a phone, and with a keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.windows import Window, Windows, make_group, tell

LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 2


def fits(window: Window) -> None:
    """Nothing of the page sticks out sideways."""
    wide = window.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0


def test_a_phone_shows_one_thing_at_a_time(windows: Windows) -> None:
    """The list, then the conversation with its composer, and back."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi", "https://chat.example/" + "a" * 300)
    (window,) = windows.arrive(alice, phone=True)
    sidebar, conversation = window.page.locator("#sidebar"), window.page.locator("#conversation")
    expect(sidebar).to_be_visible()
    expect(conversation).to_be_hidden()
    fits(window)
    window.item(bob.username).tap()
    expect(conversation).to_be_visible()
    expect(sidebar).to_be_hidden()
    expect(window.composer).to_be_in_viewport(ratio=1)
    fits(window)
    window.composer.tap()
    window.composer.fill("from my phone")
    window.page.locator("#composer-send").tap()
    expect(window.message("from my phone")).to_have_attribute("data-state", "sent")
    window.page.get_by_role("link", name="Back to the list").tap()
    expect(sidebar).to_be_visible()
    window.page.go_back()
    expect(conversation).to_be_visible()


def test_long_names_fit(windows: Windows) -> None:
    """In lists, heads, dialogs and menus, on a phone."""
    alice, bob = windows.people("alice", "bob")
    make_group(bob, LONG[:80], alice)
    tell(bob, alice, LONG * 4)
    (window,) = windows.arrive(alice, phone=True)
    fits(window)
    window.opens(LONG[:80])
    fits(window)
    window.page.locator("#info-button").tap()
    expect(window.dialog.locator(".person")).to_have_count(2)
    fits(window)
    assert window.dialog.evaluate("it => it.scrollWidth <= it.clientWidth")


def tabs_to(window: Window, target: Locator, key: str = "Tab") -> None:
    """Press Tab until `target` has the focus, and see where it is."""
    for _ in range(60):
        if target.evaluate("it => it === document.activeElement"):
            break
        window.page.keyboard.press(key)
    expect(target).to_be_focused()
    ring = target.evaluate(
        "it => { const {outlineStyle, boxShadow} = getComputedStyle(it);"
        " return outlineStyle !== 'none' || boxShadow !== 'none' }"
    )
    assert ring, "the focus cannot be seen"


def test_everything_by_keyboard(windows: Windows) -> None:
    """Sign in, open a conversation, write, look up the group, make another, sign out."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    window = windows.window(alice)
    keys = window.page.keyboard
    window.goes("/login")
    expect(window.page.locator("#username")).to_be_focused()
    keys.type(alice.username)
    keys.press("Tab")
    keys.type("correct horse battery")
    keys.press("Enter")
    window.is_ready()

    tabs_to(window, window.page.locator("#tab-chats"))
    keys.press("ArrowRight")
    expect(window.page.locator("#panel-contacts")).to_be_visible()
    keys.press("ArrowLeft")
    tabs_to(window, window.item(bob.username))
    keys.press("Enter")
    expect(window.composer).to_be_focused()
    keys.type("by keyboard")
    keys.press("Enter")
    window.has_sent("hi", "by keyboard")
    tabs_to(window, window.page.locator("#timeline"), "Shift+Tab")

    begin = window.page.locator("#new-button")
    tabs_to(window, begin, "Shift+Tab")
    keys.press("Enter")
    expect(window.page.get_by_role("menuitem").first).to_be_focused()
    keys.press("Escape")
    expect(begin).to_be_focused()
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(window.dialog.get_by_label("Group name")).to_be_focused()
    keys.type("Lunch")
    keys.press("Enter")
    expect(window.page.locator("#conversation-head .head-title")).to_have_text("Lunch")
    tabs_to(window, window.page.locator("#info-button"), "Shift+Tab")
    keys.press("Enter")
    expect(window.dialog).to_be_visible()
    keys.press("Escape")
    expect(window.page.locator("#info-button")).to_be_focused()

    me = window.page.locator("#me-button")
    tabs_to(window, me, "Shift+Tab")
    keys.press("Enter")
    keys.press("ArrowUp")
    expect(window.page.get_by_role("menuitem", name="Sign out")).to_be_focused()
    keys.press("Enter")
    expect(window.page.locator("h1")).to_have_text("Welcome back")


def test_the_list_is_one_stop_of_the_tab(windows: Windows) -> None:
    """Arrows lead through it; who is at a conversation stays there when it moves, or at its neighbour."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    lunch = make_group(bob, "Lunch", alice)
    tell(bob, alice, "hi")
    tell(carol, alice, "hello")
    (window,) = windows.arrive(alice)
    items = window.page.locator(".conversation-item")
    expect(items).to_have_count(4)
    expect(window.page.locator("#conversation-list [tabindex='0']")).to_have_count(1)
    keys = window.page.keyboard
    window.page.locator("#tab-chats").focus()
    tabs_to(window, window.item(carol.username))
    keys.press("ArrowDown")
    expect(window.item(bob.username)).to_be_focused()
    keys.press("End")
    expect(items.last).to_be_focused()
    keys.press("Home")
    expect(items.first).to_be_focused()
    keys.press("ArrowDown")
    tell(bob, alice, "to the top")
    expect(items.first).to_contain_text("to the top")
    expect(window.item(bob.username)).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(window.item("Lunch")).to_be_focused()
    bob.asks("DELETE", f"/conversations/{lunch}/members/{alice.username}")
    expect(items).to_have_count(3)
    expect(window.item("Lobby")).to_be_focused()
    expect(window.page.locator("#conversation-list [tabindex='0']")).to_have_count(1)
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(window.composer).to_be_focused()
    tabs_to(window, window.item(carol.username), "Shift+Tab")


def test_members_are_one_stop_of_the_tab(windows: Windows) -> None:
    """Who removes somebody is at the next one then."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    make_group(alice, "Lunch", bob, carol)
    (window,) = windows.arrive(alice)
    window.opens("Lunch")
    window.page.locator("#info-button").click()
    members = window.dialog.locator(".members .person")
    expect(members).to_have_count(3)
    expect(window.dialog.locator(".members ul [tabindex='0']")).to_have_count(1)
    others = members.get_by_role("button")
    tabs_to(window, others.first)
    keys = window.page.keyboard
    keys.press("ArrowDown")
    expect(others.nth(1)).to_be_focused()
    keys.press("Home")
    keys.press("Enter")
    window.page.get_by_role("menuitem", name="Remove from group").click()
    expect(members).to_have_count(2)
    expect(others).to_have_count(1)
    expect(others.first).to_be_focused()


def test_a_narrow_window_has_room_for_the_tools(windows: Windows) -> None:
    """Zoomed in, or beside another window: with a mouse, on messages of any width."""
    alice, bob = windows.people("alice", "bob")
    own, theirs = " ".join(["own"] * 60), " ".join(["theirs"] * 60)
    tell(alice, bob, own, "own short")
    tell(bob, alice, theirs, "short")
    (window,) = windows.arrive(alice, viewport={"width": 500, "height": 640})
    window.opens(bob.username)
    for text in (own, "own short", theirs, "short"):
        message = window.message(text)
        message.locator(".bubble").hover()
        for tool in message.locator(".message-tool").all():
            expect(tool).to_be_in_viewport(ratio=1)
        message.locator(".tool-more").click()
        expect(window.page.get_by_role("menu")).to_be_visible()
        window.page.keyboard.press("Escape")
    fits(window)
