"""
Make the pictures of ``docs/screenshots``.

``python -m tests.browser.screenshots [FOLDER [NAME…]]``, from the checkout: servers
of its own, people who chat on them, and one picture for each state in each look that
`tests.browser.gallery.album` lists; with names, only these.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.conftest import UNLIMITED, a_chromium
from tests.browser.gallery import chats, groups, pages, talks
from tests.browser.gallery.album import ALBUM, FRONT, Picture
from tests.browser.gallery.corners import Corners
from tests.browser.gallery.stage import Place, Scene, Stage
from tests.browser.gallery.town import people_talk, time_passes
from tests.browser.windows import Window, windows_on
from tests.process import Process

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
# Few enough colours for a small file, and enough for what a page shows.
_COLOURS = 256


def main(folder: Path, names: list[str]) -> None:
    """Take the pictures; those of the README before the town has so much to show."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [picture for picture in ALBUM if not names or picture.name in names]
    with a_chromium() as browser, a_place() as place:
        for picture in wanted:
            if picture not in FRONT and place.corners is None:
                place = replace(place, corners=Corners(place.open, place.town))
            take(picture, place, browser, folder)


@contextmanager
def a_place() -> Iterator[Place]:
    """Servers of every kind, and a town on the open one."""
    with (
        Process(*UNLIMITED) as server,
        Process("--registration", "invite") as by_invitation,
        Process("--registration", "closed") as closed,
    ):
        town = people_talk(server)
        time_passes(server)
        yield Place(server, by_invitation, closed, town)


def take(picture: Picture, place: Place, browser: Browser, folder: Path) -> None:
    """Play the scene, and save what the window shows."""
    with windows_on(browser, place.open) as windows, ExitStack() as closing:
        window = scene_of(picture)(Stage(place, windows, picture.look, closing))
        save(window, folder / f"{picture.name}.png", whole=picture.scene in _WHOLE)


# Scenes of a page that is longer than a window.
_WHOLE = {"settings"}


def scene_of(picture: Picture) -> Scene:
    """The function that plays it: of that name, in one of the modules of scenes."""
    name = picture.scene.replace("-", "_")
    found: list[Scene] = [
        vars(module)[each]
        for module in (pages, chats, talks, groups)
        for each in (name, f"{name}_")
        if each in vars(module)
    ]
    assert len(found) == 1, f"{picture.scene} is played {len(found)} times"
    return found[0]


def save(window: Window, path: Path, *, whole: bool) -> None:
    """What the window shows, with as many colours as one can tell apart."""
    window.page.evaluate("document.fonts.ready")
    shot = window.page.screenshot(caret="hide", animations="disabled", full_page=whole)
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, sys.argv[2:])
