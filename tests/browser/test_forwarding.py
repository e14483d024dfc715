"""Messages with files, forwarded: copies that stay, also when something fails on the way."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.test_actions import chooses, opens_menu
from tests.browser.test_changes import direct, recalls
from tests.browser.test_files import chooses as attaches
from tests.browser.test_files import payload, pictures, tray
from tests.browser.windows import Window, Windows, make_group, tell
from tests.uploading import png


def with_a_picture(windows: Windows) -> tuple[Window, Window, Window]:
    """Alice has sent Bob a picture; with both and Carol she has a group."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    tell(carol, alice, "hello")
    make_group(alice, "Walks", bob, carol)
    tell(bob, alice, "hi")
    near, far, third = windows.arrive(alice, carol, bob)
    near.opens(bob.username)
    attaches(near, payload("lake.png", png(900, 450)))
    expect(tray(near)).to_have_count(1)
    near.says("the trip")
    near.has_sent("hi", "the trip")
    far.opens(alice.username)
    third.opens(alice.username)
    return near, far, third


def forwards(window: Window, *titles: str) -> None:
    """Choose where to, and send."""
    chooses(window, "the trip", "Forward")
    expect(window.dialog.locator(".forward-text")).to_have_text("Picture · the trip")
    for title in titles:
        window.dialog.get_by_label(title).check()
    window.dialog.get_by_role("button", name="Send").click()


def test_a_picture_is_forwarded(windows: Windows) -> None:
    """With its words to two conversations; when the first is taken back, the copies are still shown."""
    near, far, third = with_a_picture(windows)
    forwards(near, far.name, "Walks")
    expect(near.page.locator(".toast")).to_have_text("Forwarded to 2 conversations.")
    far.sees("hello", "the trip")
    expect(pictures(far)).to_have_js_property("naturalWidth", 640)
    seq = int(near.message("the trip").get_attribute("data-seq") or 0)
    recalls(near.person, direct(near.person, third.person), seq)
    expect(pictures(third)).to_have_count(0)
    far.reloads()
    far.opens(near.name)
    expect(pictures(far)).to_have_js_property("naturalWidth", 640)
    far.opens("Walks")
    expect(pictures(far)).to_have_js_property("naturalWidth", 640)


def test_tried_again(windows: Windows) -> None:
    """The second conversation's copy fails: that is said, the first is not sent twice."""
    near, far, _ = with_a_picture(windows)
    near.may_be_refused(503)
    asked: list[str] = []

    def second_fails(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 2:
            error = {"code": "unavailable", "message": "no"}
            route.fulfill(status=503, json={"error": error})
        else:
            route.continue_()

    near.page.route("**/copy", second_fails)
    forwards(near, far.name, "Walks")
    expect(near.dialog.get_by_role("alert")).not_to_be_empty()
    expect(near.dialog.locator("input:checked")).to_have_count(1)
    near.dialog.get_by_role("button", name="Send").click()
    expect(near.page.locator(".toast")).to_have_text("Forwarded to one conversation.")
    assert len(asked) == 3
    far.sees("hello", "the trip")
    far.opens("Walks")
    expect(far.message("the trip")).to_have_count(1)


def test_in_chinese(windows: Windows) -> None:
    """The entry is there for a picture too."""
    near, _, third = with_a_picture(windows)
    window = windows.window(near.person, locale="zh-CN")
    window.arrives()
    window.opens(third.name)
    menu = opens_menu(window, "the trip")
    menu.get_by_role("menuitem", name="转发", exact=True).click()
    expect(window.dialog.locator(".forward-text")).to_have_text("图片 · the trip")
