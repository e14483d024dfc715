"""What the server refuses is said where it happened, and can be tried again."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.cable import Cable
from tests.browser.conftest import UNLIMITED
from tests.browser.windows import Windows, befriend, tell, windows_on
from tests.process import Process

# As where the operator allowed longer texts than frames; blanks after the JSON mean nothing.
_LONGER_FRAMES = """
    window.WebSocket = class extends WebSocket {
        send(text) { super.send(text.length > 400 ? text + " ".repeat(65536) : text); }
    };
"""


def test_a_message_that_fails_is_kept_and_tried_again(windows: Windows) -> None:
    """With the reason beside it; removed, it is gone for good."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    bob.asks("DELETE", f"/contacts/{alice.username}")
    window.says("still there?", "hello?")
    first, second = window.message("still there?"), window.message("hello?")
    for message in (first, second):
        expect(message).to_have_attribute("data-state", "failed")
        expect(message).to_contain_text("Not sent. You can only write to friends.")
    window.reloads()
    expect(first).to_have_attribute("data-state", "failed")
    befriend(bob, alice)
    first.get_by_role("button", name="Try again").click()
    expect(first).to_have_attribute("data-state", "sent")
    second.get_by_role("button", name="Remove").click()
    window.has_sent("hi", "still there?")
    window.reloads()
    window.sees("hi", "still there?")


def test_what_no_frame_holds_is_refused_once(windows: Windows, cable: Cable) -> None:
    """The server closes for it; the page says so beside the message and goes on with the others."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    window = windows.window(alice, url=cable.url)
    window.page.add_init_script(_LONGER_FRAMES)
    window.may_lose_the_connection()
    window.arrives()
    window.opens("Lobby")
    cable.cut()
    expect(window.page.locator("#connection-line[data-phase=waiting]")).to_be_visible()
    window.says("long " * 100)
    window.opens(bob.username)
    window.says("small")
    cable.mend()
    window.has_sent("hi", "small")
    window.opens("Lobby")
    failed = window.page.locator("[data-state=failed]")
    expect(failed).to_contain_text("That is too large.")
    window.says("next")
    expect(window.message("next")).to_have_attribute("data-state", "sent")
    expect(failed).to_have_count(1)


def test_who_blocks_is_told_where_they_would_write(windows: Windows) -> None:
    """And can take it back there."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.page.locator("#info-button").click()
    window.dialog.get_by_role("button", name="Block").click()
    window.dialog.get_by_role("button", name="Block").click()
    note = window.page.locator("#composer-note")
    expect(note).to_contain_text("You have blocked this person.")
    note.get_by_role("button", name="Unblock").click()
    expect(note).to_be_hidden()


def test_some_of_several_do_not_get_it(windows: Windows) -> None:
    """Those who did not are named, with the reason."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    (window,) = windows.arrive(alice)
    window.chooses("#new-button", "Message several friends")
    for friend in (bob, carol):
        window.dialog.get_by_label(friend.username).check()
    window.dialog.get_by_label("Message", exact=True).fill("lunch?")
    carol.asks("DELETE", f"/contacts/{alice.username}")
    window.dialog.get_by_role("button", name="Send").click()
    unsent = window.page.locator("#unsent")
    expect(unsent).to_contain_text(f"Not sent to {carol.username}. You can only write to friends.")
    window.opens(bob.username)
    window.has_sent("lunch?")
    unsent.get_by_role("button", name="Remove").click()
    expect(unsent).to_be_empty()


def test_too_fast_is_only_slower(chromium: Browser) -> None:
    """A page that is told to wait does, and brings everything out in order."""
    limits = [part for part in UNLIMITED if "sends" not in part and part != "--limit"]
    options = [part for limit in limits for part in ("--limit", limit)]
    slow = ("--limit", "sends_per_10s=20", "--limit", "sends_burst=3")
    with Process(*options, *slow) as server, windows_on(chromium, server) as windows:
        (window,) = windows.arrive(windows.person("alice"))
        window.opens("Lobby")
        texts = [f"{number}" for number in range(8)]
        window.says(*texts)
        window.has_sent(*texts)
