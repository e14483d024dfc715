"""
axe finds nothing in any scene of the gallery.

The walk of `test_accessibility` goes through one busy account; the gallery shows the
corners too: who has nothing yet, who may not write, and what has gone wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.gallery.album import ALBUM, SCENES, Picture
from tests.browser.gallery.corners import Corners
from tests.browser.gallery.stage import Place, Stage
from tests.browser.screenshots import a_place, scene_of
from tests.browser.windows import windows_on


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """The servers, with the whole town."""
    with a_place() as town:
        yield replace(town, corners=Corners(town.open, town.town))


@pytest.mark.parametrize("scene", SCENES)
def test_axe_finds_nothing(chromium: Browser, place: Place, scene: str) -> None:
    """In the light and in the dark, on a wide and on a small window."""
    for picture in ALBUM:
        if picture.scene == scene and picture.look in SCENES[scene][:2]:
            assert not violations(chromium, place, picture), picture.name


def violations(chromium: Browser, place: Place, picture: Picture) -> str:
    """What axe finds in the scene; empty when it finds nothing."""
    with windows_on(chromium, place.open) as windows, ExitStack() as closing:
        window = scene_of(picture)(Stage(place, windows, picture.look, closing))
        results = Axe().run(window.page)
        found = [
            (violation["id"], node["html"], node.get("failureSummary"))
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
        return json.dumps(found, indent=1, ensure_ascii=False) if found else ""
