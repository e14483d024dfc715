"""Files that went with an account, or while a page was open."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.test_files import (
    chooses,
    in_a_conversation,
    payload,
    pictures,
    tray,
    uploaded,
)
from tests.browser.windows import Window, Windows
from tests.person import PASSWORD, Person
from tests.uploading import png

GONE = "The files of this message are gone."


def test_files_go_with_who_sent_them(windows: Windows) -> None:
    """The list and the timeline say that something was there."""
    near, far = in_a_conversation(windows)
    uploaded(near, "notes.txt", b"beans", "text/plain")
    expect(far.page.locator(".file-card")).to_have_count(1)
    near.person.asks("DELETE", "/me", {"password": PASSWORD})
    near.may_be_refused(401)
    far.reloads()
    deleted = far.page.locator(".conversation-item", has_text="Deleted account")
    expect(deleted.locator(".item-preview")).to_have_text(GONE)
    deleted.click()
    expect(far.texts).to_have_text(["hi", GONE])


def loses(window: Window, name: str) -> None:
    """The server has pictures of the timeline no more, of which the page knows."""
    window.page.route(f"**/{name}", lambda route: route.fulfill(status=404))
    window.may_be_refused(404)


def sent(windows: Windows, *names: str, **how: Any) -> tuple[Window, Person]:
    """Someone who has not opened yet what a friend sent them: pictures, in one message."""
    near, far = in_a_conversation(windows)
    chooses(near, *(payload(name, png(90, 60)) for name in names))
    expect(tray(near)).to_have_count(len(names))
    near.composer.press("Enter")
    expect(pictures(near)).to_have_count(len(names))
    near.has_nothing_to_send()
    (other,) = windows.arrive(far.person, **how)
    return other, near.person


def test_a_picture_that_went_meanwhile(windows: Windows) -> None:
    """The words of a message whose files are gone, and no mark of a broken picture."""
    window, friend = sent(windows, "lake.png")
    loses(window, "thumbnail")
    window.opens(friend.username)
    window.sees("hi", GONE)
    expect(pictures(window)).to_have_count(0)


def test_one_picture_of_several(windows: Windows) -> None:
    """Words stand in its place, also when one turns to it; the others are shown."""
    window, friend = sent(windows, "a.png", "b.png", "c.png", locale="zh-CN")
    source = pictures(windows.opened[0]).nth(1).get_attribute("src") or ""
    file = source.removesuffix("/thumbnail")
    for name in (file, source):
        loses(window, name.removeprefix("/"))
    window.opens(friend.username)
    expect(window.page.locator(".message .picture-gone")).to_have_text("此图片已不存在。")
    expect(pictures(window)).to_have_count(2)
    pictures(window).first.click()
    note = window.dialog.locator(".picture-gone")
    expect(note).to_be_hidden()
    window.page.keyboard.press("ArrowRight")
    expect(note).to_be_visible()
    expect(window.dialog.locator("img")).to_be_hidden()
    window.page.keyboard.press("ArrowRight")
    expect(window.dialog.locator("img")).to_be_visible()
