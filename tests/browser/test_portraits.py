"""Pictures of people and groups: chosen in the settings, seen by everyone at once."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.windows import Window, Windows, make_group, tell
from tests.uploading import png

PICTURE: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": png(50, 50)}


def picks(window: Window, place: Locator, name: str, content: bytes) -> None:
    """Choose a picture in a field for one."""
    with window.page.expect_file_chooser() as chooser:
        place.get_by_role("button", name="Choose a picture").click()
    picture: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
    chooser.value.set_files(picture)


def is_shown(face: Locator, *, yes: bool = True) -> None:
    """The face is a picture that has loaded, or initials."""
    image = face.locator("img")
    expect(image).to_have_count(int(yes))
    if yes:
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("(image) => image.naturalWidth") > 0


def test_ones_own(windows: Windows) -> None:
    """Chosen in the settings, seen by a friend without reloading, taken away again."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hi")
    near, far = windows.arrive(alice, bob)
    near.may_be_refused(400)
    far.opens(alice.username)
    face = far.item(alice.username).locator(".avatar")
    is_shown(face, yes=False)
    near.goes("/settings")
    field = near.page.locator("#profile .picture-field")
    picks(near, field, "me.png", png(900, 500))
    is_shown(field.locator(".avatar"))
    is_shown(face)
    is_shown(far.page.locator("#conversation-head .avatar"))
    picks(near, field, "broken.png", png(2, 2, said=(100_000, 100_000)))
    expect(field.get_by_role("alert")).to_have_text("That is no picture that can be shown.")
    is_shown(field.locator(".avatar"))
    near.goes("/chat")
    near.is_ready()
    is_shown(near.page.locator("#me-avatar"))
    near.goes("/settings")
    field.get_by_role("button", name="Remove").click()
    is_shown(field.locator(".avatar"), yes=False)
    is_shown(face, yes=False)
    near.page.get_by_label("Display name").fill("Zora")
    near.page.locator("#profile").get_by_role("button", name="Save").click()
    expect(field.locator(".avatar")).to_have_text("Z")


def test_one_that_went_meanwhile(windows: Windows) -> None:
    """The initials stand again, and nothing of a broken picture."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "hi")
    near, far = windows.arrive(alice, bob)
    far.page.route("**/thumbnail", lambda route: route.fulfill(status=404))
    far.may_be_refused(404)
    near.goes("/settings")
    with far.page.expect_response("**/thumbnail"):
        picks(near, near.page.locator("#profile .picture-field"), "me.png", png(90, 50))
    face = far.item(alice.username).locator(".avatar")
    is_shown(face, yes=False)
    expect(face).to_have_text("A")


def test_a_group(windows: Windows) -> None:
    """Its owner gives it one; the members see it, and read who did."""
    alice, bob = windows.people("alice", "bob")
    make_group(alice, "Team", bob)
    near, far = windows.arrive(alice, bob)
    near.opens("Team")
    far.opens("Team")
    near.page.locator("#info-button").click()
    picks(near, near.dialog, "team.png", png(900, 500))
    for window in (near, far):
        is_shown(window.item("Team").locator(".avatar"))
        is_shown(window.page.locator("#conversation-head .avatar"))
    expect(far.page.locator(".system").last).to_have_text(
        f"{alice.username} changed the group’s picture"
    )
    far.page.locator("#info-button").click()
    expect(far.dialog.get_by_role("button", name="Choose a picture")).to_have_count(0)
    is_shown(far.dialog.locator(".avatar.group"))


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_axe(windows: Windows, locale: str) -> None:
    """The field with a picture: axe finds nothing."""
    (near,) = windows.arrive(windows.person("alice"), locale=locale)
    near.goes("/settings")
    field = near.page.locator("#profile .picture-field")
    near.page.locator("#profile input[type=file]").set_input_files(PICTURE)
    is_shown(field.locator(".avatar"))
    assert Axe().run(near.page).violations_count == 0
