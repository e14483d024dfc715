"""What one can do with a message: react, copy, forward, edit, take back; by pointer, keys and touch."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.cable import Cable
from tests.browser.remains import everything
from tests.browser.test_changes import direct, reacts, recalls
from tests.browser.test_history import long_talk
from tests.browser.windows import Window, Windows, make_group, tell

# An edit that an earlier page could not send.
_LEFT_BEHIND = """
    async ([user, conversation]) => {
        const { PendingStore } = await import("/static/js/pending_store.js");
        const target = { conversation, seq: 1, text: "after" };
        const entry = { user, client_id: "e".repeat(32), at: Date.now(), order: 1, state: "pending" };
        await new PendingStore().put({ ...entry, ...target });
    }
"""
# As long as a press would have to be, and then some: the page's own timers run in order.
_LONGER = "() => new Promise((done) => setTimeout(done, 1_000))"


def opens_menu(window: Window, text: str) -> Locator:
    """The menu of a message, by pointer."""
    window.message(text).locator(".bubble").hover()
    window.message(text).locator(".tool-more").click()
    return window.page.get_by_role("menu")


def chooses(window: Window, text: str, entry: str) -> None:
    """Do this with a message."""
    opens_menu(window, text).get_by_role("menuitem", name=entry, exact=True).click()


def chip(window: Window, text: str, emoji: str) -> Locator:
    """A reaction under a message."""
    return window.message(text).locator(".reaction", has_text=emoji)


def test_reactions_are_toggled(windows: Windows) -> None:
    """From the menu or by the chip; each sees the count, and which are their own."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hi")
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    far.opens(alice.username)
    opens_menu(far, "hi").get_by_role("menuitemcheckbox", name="👍").click()
    for window, mine in ((far, "true"), (near, "false")):
        expect(chip(window, "hi", "👍")).to_have_text("👍1")
        expect(chip(window, "hi", "👍")).to_have_attribute("aria-pressed", mine)
    chip(near, "hi", "👍").click()
    expect(chip(far, "hi", "👍")).to_have_text("👍2")
    expect(chip(near, "hi", "👍")).to_have_attribute("aria-pressed", "true")
    far.reloads()
    expect(chip(far, "hi", "👍")).to_have_attribute("aria-pressed", "true")
    chip(far, "hi", "👍").click()
    expect(chip(near, "hi", "👍")).to_have_text("👍1")
    chip(near, "hi", "👍").click()
    expect(near.page.locator(".reaction")).to_have_count(0)


def test_a_reaction_keeps_the_keyboard_where_it_is(windows: Windows) -> None:
    """A chip that changes under the focus is still the one that is focused."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hi")
    reacts(bob, direct(alice, bob), 1, "🎉")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    chip(window, "hi", "🎉").focus()
    window.page.keyboard.press("Enter")
    expect(chip(window, "hi", "🎉")).to_have_text("🎉2")
    expect(chip(window, "hi", "🎉")).to_be_focused()


def test_what_is_refused_is_said(windows: Windows) -> None:
    """A twenty-first emoji."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hi")
    conversation = direct(alice, bob)
    for number in range(20):
        reacts(bob, conversation, 1, chr(0x1F400 + number))
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    opens_menu(window, "hi").get_by_role("menuitemcheckbox", name="🔥").click()
    expect(window.page.locator(".toast")).to_have_text(
        "There are too many different reactions here already."
    )


def test_an_edit_is_written_in_the_composer(windows: Windows) -> None:
    """A bar says so, Escape leaves the message and brings back what was typed before."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "tpyo")
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    far.opens(alice.username)
    near.composer.fill("half a thought")
    chooses(near, "tpyo", "Edit")
    expect(near.composer).to_be_focused()
    expect(near.composer).to_have_value("tpyo")
    expect(near.page.locator("#composer-about")).to_contain_text("Editing your message")
    near.composer.fill("typ")
    chooses(near, "tpyo", "Edit")
    expect(near.composer).to_have_value("typ")
    near.composer.press("Escape")
    expect(near.composer).to_have_value("half a thought")
    expect(near.page.locator("#composer-about")).to_be_hidden()
    near.composer.fill("")
    near.composer.press("ArrowUp")
    near.composer.fill("typo")
    near.composer.press("Enter")
    near.has_sent("typo")
    far.sees("typo")
    expect(near.composer).to_have_value("")
    expect(opens_menu(far, "typo").get_by_role("menuitem", name="Edit")).to_have_count(0)


def test_an_edit_outlives_the_connection(windows: Windows, cable: Cable) -> None:
    """It is shown at once, as on its way, and made when the network is back; a reload in between is nothing."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "before")
    window = windows.window(alice, url=cable.url)
    window.may_lose_the_connection()
    window.arrives()
    window.opens(bob.username)
    (far,) = windows.arrive(bob)
    far.opens(alice.username)
    cable.cut()
    window.is_away()
    chooses(window, "before", "Edit")
    window.says("after")
    expect(window.message("after")).to_have_attribute("data-state", "pending")
    far.sees("before")
    cable.mend()
    window.is_back()
    window.has_sent("after")
    far.sees("after")


def test_an_edit_that_can_never_be_made_is_gone(windows: Windows, cable: Cable) -> None:
    """It is said why; also of what an earlier page left behind."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "before")
    conversation = direct(alice, bob)
    window = windows.window(alice, url=cable.url)
    window.may_lose_the_connection()
    window.arrives()
    window.opens(bob.username)
    window.sees("before")
    cable.cut()
    window.is_away()
    chooses(window, "before", "Edit")
    window.says("after")
    recalls(alice, conversation, 1)
    cable.mend()
    window.is_back()
    toast = window.page.locator(".toast", has_text="This message was taken back.")
    expect(toast).to_be_visible()
    expect(window.page.locator(".message-failed")).to_have_count(0)
    window.sees("You took back a message")
    window.page.evaluate(_LEFT_BEHIND, [alice.user["id"], conversation])
    window.reloads()
    window.opens(bob.username)
    expect(toast).to_be_visible()
    window.has_sent("You took back a message")
    assert "after" not in everything(window)


def test_an_edit_that_fails_keeps_its_words(windows: Windows, cable: Cable) -> None:
    """Where the message stands, with what to do about it."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "before")
    window = windows.window(alice, url=cable.url)
    window.may_lose_the_connection()
    window.arrives()
    window.opens(bob.username)
    window.sees("before")
    cable.cut()
    chooses(window, "before", "Edit")
    window.says("after")
    bob.asks("DELETE", f"/contacts/{alice.username}")
    cable.mend()
    window.is_back()
    failed = window.page.locator(".message-failed")
    expect(failed).to_contain_text("Not sent.")
    window.sees("after")
    window.button("Remove").click()
    expect(failed).to_have_count(0)
    window.sees("before")


def test_an_edit_that_fails_out_of_sight_is_seen(windows: Windows) -> None:
    """Of a message that is too old to be loaded, its words stand at the end."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "before")
    conversation = direct(alice, bob)
    long_talk(bob, alice, 80)
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(window.message("message 80")).to_be_visible()
    bob.asks("DELETE", f"/contacts/{alice.username}")
    window.page.evaluate(_LEFT_BEHIND, [alice.user["id"], conversation])
    window.reloads()
    failed = window.page.locator(".message[data-state=failed]")
    expect(failed.locator(".message-text")).to_have_text("after")
    window.button("Remove").click()
    expect(failed).to_have_count(0)


def test_a_message_is_taken_back(windows: Windows) -> None:
    """After a question; the others cannot, unless they look after the group."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Allotment", bob)
    for person in (alice, bob):
        person.asks("POST", f"/conversations/{group}/messages", {"text": person.username})
    near, far = windows.arrive(alice, bob)
    near.opens("Allotment")
    far.opens("Allotment")
    menu = opens_menu(far, alice.username)
    expect(menu.get_by_role("menuitem", name="Take back")).to_have_count(0)
    far.page.keyboard.press("Escape")
    chooses(far, bob.username, "Take back")
    far.button("Cancel").click()
    far.sees(alice.username, bob.username)
    chooses(near, bob.username, "Take back")
    near.dialog.get_by_role("button", name="Take back").click()
    near.sees(alice.username, f"{bob.username} took back a message")
    far.sees(alice.username, "You took back a message")
    expect(near.page.locator(".tool-more")).to_have_count(1)


def test_a_message_is_forwarded(windows: Windows) -> None:
    """To each conversation one chooses."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    tell(bob, alice, "news")
    tell(carol, alice, "hello")
    near, far = windows.arrive(alice, carol)
    near.opens(bob.username)
    far.opens(alice.username)
    chooses(near, "news", "Forward")
    send = near.dialog.get_by_role("button", name="Send")
    expect(send).to_be_disabled()
    near.dialog.get_by_role("searchbox").fill(carol.username)
    expect(near.dialog.locator(".picker .person:visible")).to_have_count(1)
    near.dialog.get_by_label(carol.username).check()
    send.click()
    far.sees("hello", "news")
    near.sees("news")


def test_a_message_is_copied(windows: Windows) -> None:
    """As it was written, marks and all."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "run `make`")
    (window,) = windows.arrive(alice, permissions=["clipboard-read", "clipboard-write"])
    window.opens(bob.username)
    opens_menu(window, "run make").get_by_role("menuitem", name="Copy").click()
    expect(window.page.locator(".toast")).to_have_text("Copied.")
    assert window.page.evaluate("navigator.clipboard.readText()") == "run `make`"


def test_everything_by_keyboard(windows: Windows) -> None:
    """One stop of the Tab for all messages; arrows lead from one to the next."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "one", "two", "three")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.sees("one", "two", "three")
    expect(window.page.locator("#messages [tabindex='0']")).to_have_count(1)
    window.composer.focus()
    window.page.keyboard.press("Shift+Tab")
    expect(window.page.locator("#composer-attach")).to_be_focused()
    window.page.keyboard.press("Shift+Tab")
    expect(window.message("three").locator(".tool-more")).to_be_focused()
    window.page.keyboard.press("ArrowUp")
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("menuitemcheckbox", name="👍")).to_be_focused()
    window.page.keyboard.press("ArrowRight")
    window.page.keyboard.press("ArrowDown")
    window.page.keyboard.press("ArrowDown")
    expect(window.page.get_by_role("menuitem", name="Reply")).to_be_focused()
    window.page.keyboard.press("Escape")
    expect(window.message("two").locator(".tool-more")).to_be_focused()
    window.page.keyboard.press("Enter")
    window.page.keyboard.press("Enter")
    expect(chip(window, "two", "👍")).to_have_text("👍1")
    expect(window.message("two").locator(".tool-more")).to_be_focused()


def test_a_finger_that_stays_opens_the_menu(windows: Windows) -> None:
    """A tap does not, and neither does scrolling."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "press me")
    (window,) = windows.arrive(alice, phone=True)
    window.opens(bob.username)
    bubble = window.message("press me").locator(".bubble")
    menu = window.page.get_by_role("menu")
    bubble.tap()
    window.page.evaluate(_LONGER)
    expect(menu).to_have_count(0)
    box = bubble.bounding_box()
    assert box is not None
    finger = window.context.new_cdp_session(window.page)
    touch = {"x": box["x"] + 20, "y": box["y"] + 10}
    further = {**touch, "y": touch["y"] - 40}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [further]})
    window.page.evaluate(_LONGER)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(menu).to_have_count(0)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    expect(menu).to_be_visible()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(menu).to_be_visible()
    menu.get_by_role("menuitemcheckbox", name="🎉").tap()
    expect(chip(window, "press me", "🎉")).to_have_text("🎉1")
