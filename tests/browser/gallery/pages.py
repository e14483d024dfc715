"""Scenes outside the chat: coming in, joining, the settings, and what is not there."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.gallery.stage import Stage
from tests.browser.windows import Window
from tests.processes.test_operator import imchat_admin


def sign_in(stage: Stage) -> Window:
    """The first page one sees."""
    return _page(stage, "/login")


def register_errors(stage: Stage) -> Window:
    """A form that was refused, with why beside the field."""
    window = _page(stage, "/register")
    _fill(window, "a b", "long enough to pass")
    expect(window.page.locator(".field-error").first).to_be_visible()
    return window


def register_closed(stage: Stage) -> Window:
    """A server that takes nobody new."""
    return _page(stage, "/register", stage.place.closed.url)


def register_by_invitation(stage: Stage) -> Window:
    """A server that asks for an invitation, and nobody gave one."""
    return _page(stage, "/register", stage.place.by_invitation.url)


def new_password(stage: Stage) -> Window:
    """The page behind the operator's link for a lost password."""
    url = stage.place.open.url
    link = imchat_admin(stage.place.open, "user", "reset", "carol", "--public-url", url).split()[-1]
    return _page(stage, link.removeprefix(url))


def join_guest(stage: Stage) -> Window:
    """A link into a group, for who is not signed in."""
    return _page(stage, stage.corners.open_link)


def join(stage: Stage) -> Window:
    """The same link, for someone with an account."""
    window = stage.window(stage.corners.newcomer)
    window.signs_in()
    window.goes(stage.corners.open_link)
    return window


def join_expired(stage: Stage) -> Window:
    """A link that is good for nothing any more."""
    return _page(stage, stage.corners.expired_link)


def not_found(stage: Stage) -> Window:
    """An address of nothing."""
    return _page(stage, "/nothing/here")


def settings(stage: Stage) -> Window:
    """Everything about oneself, on one long page."""
    window = stage.window(stage.town["carol"])
    window.signs_in()
    window.goes("/settings")
    expect(window.page.locator("#devices .person")).not_to_have_count(0)
    return window


def _page(stage: Stage, path: str, url: str = "") -> Window:
    window = stage.window(url=url)
    window.goes(path)
    return window


def _fill(window: Window, name: str, password: str) -> None:
    """Send the form as a browser without its own checks would."""
    window.page.locator("form").first.evaluate("(form) => { form.noValidate = true; }")
    window.page.locator("#username").fill(name)
    window.page.locator("#password").fill(password)
    window.page.locator("button[type=submit]").click()
