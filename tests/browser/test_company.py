"""What people see of each other: who is there, who writes, what has arrived and what is read."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.watched import PATIENCE
from tests.browser.windows import Window, Windows, make_group, tell
from tests.person import Person


def subtitle(window: Window) -> Locator:
    """The line under the title of the open conversation."""
    return window.page.locator("#conversation-head .head-subtitle")


def mark(window: Window, text: str) -> Locator:
    """How far a message of one's own has come."""
    return window.message(text).locator(".message-mark")


def present(locator: Locator) -> Locator:
    """The same, if it says that someone is there."""
    return locator.and_(locator.page.locator("[data-present]"))


def share(person: Person, **settings: Any) -> None:
    """Show something, or hide it."""
    person.asks("PATCH", "/me", {"settings": settings})


def has_read(person: Person, seq: int) -> None:
    """The server comes to know that they have read so far in their only conversation with anybody."""
    while_patient = time.monotonic() + PATIENCE / 1_000
    while time.monotonic() < while_patient:
        heads = person.asks("GET", "/conversations")["conversations"]
        if [head["read_seq"] for head in heads if head["kind"] == "direct"] == [seq]:
            return
        time.sleep(0.05)
    raise AssertionError(heads)


def looks_away(window: Window) -> None:
    """The page is open, and nobody looks at it."""
    window.page.evaluate("document.hasFocus = () => false")


def looks_back(window: Window) -> None:
    window.page.evaluate("delete document.hasFocus; window.dispatchEvent(new Event('focus'))")


def test_sent_delivered_read(windows: Windows) -> None:
    """One's own message says how far it has come, at each step, and after a reload."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hello")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.says("are you there?")
    expect(mark(window, "are you there?")).to_have_attribute("data-mark", "sent")
    (other,) = windows.arrive(bob)
    expect(mark(window, "are you there?")).to_have_attribute("data-mark", "delivered")
    other.opens(alice.username)
    expect(mark(window, "are you there?")).to_have_attribute("data-mark", "read")
    looks_away(other)
    window.says("now?")
    expect(mark(window, "now?")).to_have_attribute("data-mark", "delivered")
    window.reloads()
    expect(mark(window, "now?")).to_have_attribute("data-mark", "delivered")
    expect(mark(window, "are you there?")).to_have_attribute("data-mark", "read")
    looks_back(other)
    expect(mark(window, "now?")).to_have_text("Read")


def test_who_has_read_it_in_a_group(windows: Windows) -> None:
    """A small number, and the names behind it and in the menu of the message."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    group = make_group(alice, "Team", bob, carol)
    window, other = windows.arrive(alice, bob)
    window.opens("Team")
    window.says("lunch?")
    expect(mark(window, "lunch?")).to_have_attribute("data-mark", "sent")
    other.opens("Team")
    expect(mark(window, "lunch?")).to_have_text("1")
    window.message("lunch?").hover()
    mark(window, "lunch?").click()
    names = window.dialog.locator("[data-readers='readers.read'] .person")
    expect(names).to_have_count(1)
    expect(names).to_have_attribute("data-username", bob.username)
    neither = window.dialog.locator("[data-readers='readers.neither'] .person")
    expect(neither).to_have_attribute("data-username", carol.username)
    window.page.keyboard.press("Escape")
    carol.asks("PUT", f"/conversations/{group}/read", {"seq": 2})
    expect(mark(window, "lunch?")).to_have_text("2")
    window.reloads()
    expect(mark(window, "lunch?")).to_have_text("2")
    window.message("lunch?").hover()
    window.message("lunch?").locator(".tool-more").click()
    window.page.get_by_role("menuitem", name="Read by…").click()
    expect(window.dialog.locator("[data-readers='readers.read'] .person")).to_have_count(2)


def test_who_hides_it_sees_nothing_of_it(windows: Windows) -> None:
    """Neither of others nor by others; shown again, it is there at once."""
    alice, bob = windows.people("alice", "bob")
    window, other = windows.arrive(alice, bob)
    tell(alice, bob, "one")
    other.opens(alice.username)
    window.opens(bob.username)
    expect(mark(window, "one")).to_have_attribute("data-mark", "read")
    share(alice, receipts=False)
    expect(mark(window, "one")).to_have_attribute("data-mark", "sent")
    other.says("two")
    window.sees("one", "two")
    has_read(alice, 2)
    window.says("three")
    other.sees("one", "two", "three")  # said after it was read: word of that would be here by now
    expect(mark(other, "two")).to_have_attribute("data-mark", "sent")
    other.reloads()
    expect(mark(other, "two")).to_have_attribute("data-mark", "sent")
    share(alice, receipts=True)
    expect(mark(window, "one")).to_have_attribute("data-mark", "read")


def test_a_friend_comes_and_goes(windows: Windows) -> None:
    """In the lists and above the conversation, without a reload."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hello")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(subtitle(window)).to_have_text(f"@{bob.username}")
    (other,) = windows.arrive(bob)
    expect(subtitle(window)).to_have_text("online")
    expect(present(window.item(bob.username))).to_be_visible()
    window.opens_contacts()
    expect(present(window.contact(bob.username))).to_contain_text("online")
    other.reloads()
    other.context.close()
    windows.opened.remove(other)
    expect(subtitle(window)).to_have_text("last seen just now")
    expect(window.contact(bob.username).locator(".person-about")).to_have_text("last seen just now")
    expect(present(window.contact(bob.username))).to_have_count(0)
    window.reloads()
    expect(subtitle(window)).to_have_text("last seen just now")


def test_hiding_that_one_is_there(windows: Windows) -> None:
    """Others lose sight of one at once, and one of them."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hello")
    window, other = windows.arrive(alice, bob)
    window.opens(bob.username)
    other.opens(alice.username)
    expect(subtitle(window)).to_have_text("online")
    expect(subtitle(other)).to_have_text("online")
    share(bob, presence=False)
    expect(subtitle(window)).to_have_text(f"@{bob.username}")
    expect(subtitle(other)).to_have_text(f"@{alice.username}")
    share(bob, presence=True)
    expect(subtitle(window)).to_have_text("online")
    expect(subtitle(other)).to_have_text("online")


def test_somebody_is_typing(windows: Windows) -> None:
    """It is said while they do, and not any more once they have said it, or stopped."""
    alice, bob = windows.people("alice", "bob")
    make_group(alice, "Team", bob)
    tell(bob, alice, "hello")
    window, other = windows.arrive(alice, bob)
    window.opens(bob.username)
    other.opens(alice.username)
    other.composer.press_sequentially("I think")
    expect(subtitle(window)).to_have_text("typing…")
    other.composer.press("Enter")
    window.sees("hello", "I think")
    expect(subtitle(window)).to_have_text("online")
    window.opens("Team")
    other.opens("Team")
    other.composer.press_sequentially("hm")
    expect(subtitle(window)).to_have_text(f"{bob.username} is typing…")
    expect(subtitle(window)).to_have_text("2 members")  # after a while, by itself


def test_typing_is_told_now_and_then(windows: Windows) -> None:
    """Not at every letter."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hello")
    window = windows.window(alice)
    sent: list[str] = []
    window.page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda payload: sent.append(str(payload))),
    )
    window.arrives()
    window.opens(bob.username)
    began = time.monotonic()
    window.composer.press_sequentially("a rather long sentence")
    window.sees("hello")
    told = len([frame for frame in sent if '"type":"typing"' in frame])
    assert 1 <= told <= 1 + (time.monotonic() - began) / 3, sent


def test_mentions_are_marked_in_the_list(windows: Windows) -> None:
    """On every device, until they are read on one."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(bob, "Team", alice)
    one, two = windows.arrive(alice, alice)
    one.opens("Lobby")
    two.opens("Lobby")
    said = {"text": f"@{alice.username} look", "mentions": [alice.user["id"]]}
    bob.asks("POST", f"/conversations/{group}/messages", said)
    for window in (one, two):
        expect(window.item("Team").locator(".badge.mention")).to_have_text("@1 mention of you")
    one.opens("Team")
    for window in (one, two):
        expect(window.item("Team").locator(".badge.mention")).to_have_count(0)


def test_a_line_and_a_button_where_one_stopped(windows: Windows) -> None:
    """Who reads further up is told how much is new, and is led there."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, *(f"line {n}" for n in range(40)))
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(window.page.locator(".divider")).to_be_in_viewport()
    window.page.locator("#to-latest").click()
    expect(window.badge(bob.username)).to_have_count(0)
    window.page.locator("#timeline").evaluate("frame => { frame.scrollTop = 300; }")
    expect(window.page.locator("#to-latest")).to_be_visible()
    tell(bob, alice, "new one", "new two")
    expect(window.page.locator("#to-latest .badge")).to_have_text("2")
    expect(window.page).to_have_title(f"(2) {bob.username}")
    window.page.locator("#to-latest").click()
    expect(window.message("new two")).to_be_in_viewport()
    expect(window.page.locator("#to-latest")).to_be_hidden()
    expect(window.page).to_have_title(bob.username)
