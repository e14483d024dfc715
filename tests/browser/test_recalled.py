"""What was taken back is nowhere in a page that is open: not where it was told, found, shown or forwarded."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.cable import Cable
from tests.browser.remains import everything
from tests.browser.test_actions import chooses, opens_menu
from tests.browser.test_changes import direct, edits, recalls
from tests.browser.test_files import chooses as attaches
from tests.browser.test_files import payload, tray
from tests.browser.windows import Window, Windows, make_group, tell
from tests.uploading import png


def heard(window: Window) -> Locator:
    """What a screen reader was told."""
    return window.page.locator("#announcer p")


def finds(window: Window, words: str, hits: int) -> None:
    """Search, and have found so many messages."""
    window.page.locator("#search").fill(words)
    expect(found(window)).to_have_count(hits)


def found(window: Window) -> Locator:
    """The messages that were found."""
    return window.page.locator("#panel-search .found-text")


def test_it_is_nowhere(windows: Windows) -> None:
    """The timeline, the list, what was read out and what was found are without it at once."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hello")
    conversation = direct(alice, bob)
    (window,) = windows.arrive(bob)
    window.opens(alice.username)
    tell(alice, bob, "swordfish at the harbour", "and the harbour again")
    expect(heard(window)).to_have_count(2)
    finds(window, "harbour", 2)
    assert "swordfish" in everything(window)
    recalls(alice, conversation, 2)
    expect(found(window)).to_have_count(1)
    expect(window.texts.nth(1)).to_have_text(f"{alice.username} took back a message")
    expect(heard(window)).to_have_count(1)
    assert "swordfish" not in everything(window)
    edits(alice, conversation, 3, "and the lighthouse")
    expect(found(window)).to_have_text(["and the lighthouse"])
    expect(heard(window)).to_have_text([f"{alice.username}: and the lighthouse"])
    assert "harbour again" not in everything(window)


def test_it_is_found_no_more_after_an_absence(windows: Windows, cable: Cable) -> None:
    """Of what is not loaded nobody tells what became of it: it is looked for anew."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hello")
    conversation = direct(alice, bob)
    window = windows.window(bob, url=cable.url)
    window.may_lose_the_connection()
    window.may_be_refused(502, 503)
    window.arrives()
    tell(alice, bob, "swordfish at the harbour")
    expect(heard(window)).to_have_count(1)
    finds(window, "harbour", 1)
    cable.cut()
    expect(window.page.locator("#connection-line[data-phase=waiting]")).to_be_visible()
    recalls(alice, conversation, 2)
    cable.mend()
    expect(found(window)).to_have_count(0)
    expect(heard(window)).to_have_count(0)
    assert "swordfish" not in everything(window)


def test_who_is_removed_has_none_of_it(windows: Windows) -> None:
    """What was said in a group is gone with the group."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Band", bob)
    (window,) = windows.arrive(bob)
    alice.asks("POST", f"/conversations/{group}/messages", {"text": "swordfish harbour"})
    expect(heard(window)).to_have_count(1)
    finds(window, "harbour", 1)
    alice.asks("DELETE", f"/conversations/{group}/members/{bob.username}")
    expect(found(window)).to_have_count(0)
    expect(window.item("Band")).to_have_count(0)
    assert "swordfish" not in everything(window)


def test_it_is_forwarded_no_more(windows: Windows) -> None:
    """The dialog closes; a menu that was open says why."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "swordfish", "tuna")
    conversation = direct(alice, bob)
    (window,) = windows.arrive(bob)
    window.opens(alice.username)
    chooses(window, "swordfish", "Forward")
    expect(window.dialog).to_be_visible()
    recalls(alice, conversation, 1)
    expect(window.dialog).to_have_count(0)
    menu = opens_menu(window, "tuna")
    recalls(alice, conversation, 2)
    expect(window.page.locator(".message.recalled")).to_have_count(2)
    menu.get_by_role("menuitem", name="Forward", exact=True).click()
    expect(window.page.get_by_text("This message was taken back.")).to_be_visible()
    expect(window.dialog).to_have_count(0)
    assert "swordfish" not in everything(window)


def test_its_picture_is_closed(windows: Windows) -> None:
    """Of another message it stays."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hello")
    conversation = direct(alice, bob)
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    far.opens(alice.username)
    attaches(near, payload("swordfish.png", png(400, 300)))
    expect(tray(near)).to_have_count(1)
    near.composer.press("Enter")
    far.page.locator(".picture").click()
    expect(far.page.locator("dialog.lightbox")).to_be_visible()
    recalls(alice, conversation, 1)
    expect(far.page.locator(".message.recalled")).to_have_count(1)
    expect(far.page.locator("dialog.lightbox")).to_be_visible()
    recalls(alice, conversation, 2)
    expect(far.page.locator("dialog.lightbox")).to_have_count(0)
    assert "swordfish" not in everything(far)
