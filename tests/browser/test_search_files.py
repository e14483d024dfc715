"""Messages found by the names of what they bring."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_files import chooses, in_a_conversation, payload, tray
from tests.browser.test_search import box, hits
from tests.browser.windows import Windows
from tests.uploading import png


def test_found_by_a_name(windows: Windows) -> None:
    """The name is shown with what was found marked; the hit leads to the message."""
    near, far = in_a_conversation(windows)
    chooses(near, payload("Lageplan 北京.pdf", b"%PDF-1.7", "application/pdf"))
    chooses(near, payload("lake.png", png(90, 45)))
    expect(tray(near)).to_have_count(2)
    near.says("where we meet")
    near.has_sent("hi", "where we meet")
    far.sees("hi", "where we meet")
    box(far).fill("plan meet")
    expect(hits(far)).to_have_count(1)
    expect(hits(far).locator(".found-file")).to_have_text(["Lageplan 北京.pdf"])
    expect(hits(far).locator("mark")).to_have_text(["meet", "plan"])
    box(far).fill("meet")
    expect(hits(far).locator("mark")).to_have_text(["meet"])
    expect(hits(far).locator(".found-file")).to_have_count(0)
    box(far).fill("北京.P")
    expect(hits(far).locator("mark")).to_have_text(["北京.p"])
    hits(far).click()
    expect(far.page.locator(".stands-out")).to_contain_text("where we meet")
