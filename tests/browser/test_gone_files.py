"""Files of an account that was deleted."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_files import in_a_conversation, uploaded
from tests.browser.windows import Windows
from tests.person import PASSWORD

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
