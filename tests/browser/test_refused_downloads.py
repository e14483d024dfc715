"""Downloads that the server refuses: said in words, and the page stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_files import chooses, in_a_conversation, payload, tray, uploaded
from tests.browser.test_settings import settings_of
from tests.browser.windows import Windows
from tests.uploading import png

Refusal = tuple[int, str, str]  # status, code, reason

GONE = (404, "not_found", "no_such_file")
REFUSALS: list[tuple[Refusal, str, str]] = [
    ((403, "denied", ""), "You may not do that.", "没有权限执行此操作。"),
    (GONE, "This file is not here any more.", "文件已不存在。"),
    (
        (404, "not_found", ""),
        "It does not exist, or not for you.",
        "内容不存在，或你无权查看。",
    ),
    (
        (429, "rate_limited", ""),
        "That was too fast. Please wait a moment.",
        "操作太频繁，请稍后再试。",
    ),
    (
        (502, "", ""),
        "The server could not be reached. Please try again.",
        "暂时无法连接服务器，请重试。",
    ),
]


def toast(page: Page) -> Locator:
    """The notes at the bottom."""
    return page.locator(".toast")


def refuse(page: Page, address: str, refusal: Refusal) -> None:
    """Once, as the server does; without a code as a proxy does."""
    status, code, reason = refusal
    headers = {"X-Error-Code": code, "X-Error-Reason": reason}
    given = {name: value for name, value in headers.items() if value}
    page.route(address, lambda route: route.fulfill(status=status, headers=given), times=1)


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_a_file(windows: Windows, language: str) -> None:
    """A card says why nothing is saved; when it is given again, the same card saves it."""
    near, far = in_a_conversation(windows)
    uploaded(near, "notes.txt", b"beans", "text/plain")
    expect(far.page.locator(".file-card")).to_have_count(1)
    (window,) = windows.arrive(far.person, locale=language)
    window.opens(near.name)
    window.may_be_refused(403, 404, 429, 502)
    card = window.page.locator(".file-card")
    for number, (refusal, *words) in enumerate(REFUSALS):
        refuse(window.page, "**/api/v1/files/*", refusal)
        card.click()
        expect(toast(window.page).nth(number)).to_have_text(words[language == "zh-CN"])
    with window.page.expect_download() as download:
        card.click()
    assert download.value.suggested_filename == "notes.txt"
    assert download.value.failure() is None
    expect(card).to_be_visible()


def test_a_file_that_is_gone(windows: Windows) -> None:
    """The server's own refusal, and no server at all."""
    near, far = in_a_conversation(windows)
    uploaded(near, "notes.txt", b"beans", "text/plain")
    card = far.page.locator(".file-card")
    expect(card).to_have_count(1)
    far.may_be_refused(404)
    far.may_lose_the_connection()
    card.evaluate("link => { link.href = '/api/v1/files/999999'; }")
    card.click()
    expect(toast(far.page)).to_have_text("This file is not here any more.")
    far.page.route("**/api/v1/files/*", lambda route: route.abort())
    card.click()
    expect(toast(far.page).last).to_have_text("The server could not be reached. Please try again.")


def test_a_picture_over_the_page(windows: Windows) -> None:
    """What is said is not under the picture that fills the window."""
    near, far = in_a_conversation(windows)
    chooses(near, payload("lake.png", png(900, 450)))
    expect(tray(near)).to_have_count(1)
    near.composer.press("Enter")
    far.page.locator("#messages .picture").click()
    far.may_be_refused(404)
    refuse(far.page, "**/api/v1/files/*", GONE)
    far.page.locator(".lightbox-head a").click()
    expect(far.page.get_by_role("dialog", name="Not downloaded")).to_contain_text(
        "This file is not here any more."
    )
    far.page.keyboard.press("Escape")
    expect(far.page.locator(".lightbox")).to_be_visible()


def test_ones_data(windows: Windows) -> None:
    """While it is being downloaded already, and when the server is away."""
    window = settings_of(windows, windows.person("alice"))
    window.may_be_refused(429, 503)
    link = window.page.get_by_role("link", name="Download my data")
    for refusal, words in (
        ((429, "rate_limited", "download_under_way"), "Your data is being downloaded already."),
        ((503, "unavailable", ""), "The server could not be reached. Please try again."),
    ):
        refuse(window.page, "**/api/v1/me/data", refusal)
        link.click()
        expect(toast(window.page).last).to_have_text(words)
    with window.page.expect_download() as download:
        link.click()
    assert download.value.failure() is None
    expect(link).to_be_visible()
