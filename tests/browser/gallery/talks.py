"""Scenes inside a conversation: what messages can be, and what can be done with them."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.gallery.sights import landscape
from tests.browser.gallery.stage import Stage
from tests.browser.windows import Window

WORKSHOP = "Workshop 工坊"
_OWN = ".message.own:last-child"


def rich(stage: Stage) -> Window:
    """Code, an answer, a mention, reactions; what was edited and what was taken back."""
    return stage.opens(WORKSHOP)


def message_menu(stage: Stage) -> Window:
    """What can be done with a message of one's own."""
    window = stage.opens(WORKSHOP)
    _own(window).hover()
    _own(window).locator(".tool-more").click()
    expect(window.page.get_by_role("menu")).to_be_visible()
    return window


def replying(stage: Stage) -> Window:
    """An answer that is being written."""
    window = stage.opens(WORKSHOP)
    line = window.page.locator(".message", has_text="order two more lamps").first
    line.hover()
    line.locator(".tool-more").click()
    window.page.get_by_role("menuitem", name=stage.words["action.reply"], exact=True).click()
    window.composer.fill("Of course. 好的，")
    return window


def read_by(stage: Stage) -> Window:
    """Who has read it, by name."""
    window = stage.opens(WORKSHOP)
    _own(window).locator(".tool-more").click()
    window.page.get_by_role("menuitem", name=stage.words["action.readers"], exact=True).click()
    expect(window.dialog.locator(".person").first).to_be_visible()
    return window


def typing(stage: Stage) -> Window:
    """The other one is there, has read, and writes."""
    bob = stage.stays(stage.town["bob"].connects())
    ready = bob.asks("hello")
    window = stage.opens("bob")
    there = next(
        head["conversation"]
        for head in ready["conversations"]
        if head.get("peer", {}).get("username") == "alice"
    )
    bob.says("typing", conversation=there)
    expect(window.page.locator(".head-subtitle")).to_have_text(stage.words["typing.direct"])
    return window


def upload(stage: Stage) -> Window:
    """Files before they are sent: one there, one on its way, one refused."""
    window = stage.opens("bob")
    chosen: list[FilePayload] = [
        {"name": "lake.png", "mimeType": "image/png", "buffer": landscape(600, 400)},
        {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
    ]
    window.page.locator("#composer-file").set_input_files(chosen)
    expect(window.page.locator(".tray-item[data-state=done]")).to_have_count(1)
    expect(window.page.locator(".tray-item[data-state=failed]")).to_have_count(1)
    window.page.route("**/api/v1/files", lambda route: None)  # is never answered
    window.page.locator("#composer-file").set_input_files(
        {"name": "evening walk 傍晚.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" * 50_000}
    )
    expect(window.page.locator(".tray-item[data-state=going]")).to_have_count(1)
    window.composer.fill("The pictures of today 今天的照片")
    return window


def files(stage: Stage) -> Window:
    """Pictures in the timeline, and files to save."""
    window = stage.opens("Walks 散步")
    _are_loaded(window.page.locator("#messages .picture img"), 4)
    return window


def lightbox(stage: Stage) -> Window:
    """One picture, as large as the window."""
    window = files(stage)
    window.page.locator("#messages .picture").nth(2).click()
    _are_loaded(window.page.locator(".lightbox-picture"), 1)
    return window


def announcements(stage: Stage) -> Window:
    """A group in which only its leaders write."""
    return stage.opens("Notices 公告")


def silenced(stage: Stage) -> Window:
    """Someone who may not write for a day."""
    return stage.opens("Chess 国际象棋")


def deleted(stage: Stage) -> Window:
    """What is left of someone who deleted the account."""
    return stage.opens(stage.words["person.deleted"])


def _own(window: Window) -> Locator:
    return window.page.locator(".message.own").last


def _are_loaded(pictures: Locator, count: int) -> None:
    expect(pictures).to_have_count(count)
    for number in range(count):
        expect(pictures.nth(number)).to_have_js_property("complete", True)
