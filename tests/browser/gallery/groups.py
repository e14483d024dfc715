"""Scenes about groups: making one, who is in it, and the ways into it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.gallery.stage import Stage
from tests.browser.gallery.talks import WORKSHOP
from tests.browser.windows import Window


def new_group(stage: Stage) -> Window:
    """A group that is being made."""
    window = stage.arrives()
    stage.chooses(window, "#new-button", "group.new")
    window.dialog.get_by_label(stage.words["group.title"]).fill("Summer trip 夏日旅行")
    window.dialog.get_by_label("carol").check()
    return window


def group(stage: Stage) -> Window:
    """What a group is for, who is in it, and what its owner can do."""
    window = stage.opens(WORKSHOP)
    window.page.locator("#info-button").click()
    expect(window.dialog.locator(".person")).to_have_count(5)
    return window


def group_links(stage: Stage) -> Window:
    """The links that lead into a group."""
    window = stage.opens(WORKSHOP)
    window.page.locator("#info-button").click()
    window.button(stage.words["invites.title"]).click()
    expect(window.dialog.locator(".invite").first).to_be_visible()
    return window
