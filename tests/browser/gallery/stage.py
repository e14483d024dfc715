"""What every scene has: the people, their windows in one look, and the words of its language."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.browser.cable import Cable
from tests.browser.gallery.album import Look
from tests.browser.gallery.corners import Corners
from tests.browser.windows import Window, Windows
from tests.person import Person
from tests.process import Process


@dataclass(frozen=True, slots=True)
class Place:
    """The servers, and who is on the one that is open."""

    open: Process
    by_invitation: Process
    closed: Process
    town: dict[str, Person]
    corners: Corners | None = None


class Stage:
    """One look, for one picture; what it has opened is closed with it."""

    def __init__(self, place: Place, windows: Windows, look: Look, closing: ExitStack) -> None:
        self.place = place
        self.town = place.town
        self.look = look
        self._windows = windows
        self._closing = closing
        language = "zh-CN" if look.language == "zh" else "en"
        with urlopen(f"{place.open.url}/static/i18n/{language}.json") as catalog:
            self.words: dict[str, str] = json.load(catalog)

    @property
    def corners(self) -> Corners:
        """Who and what is there after the first pictures."""
        assert self.place.corners is not None
        return self.place.corners

    @property
    def is_small(self) -> bool:
        """Whether one pane at a time is shown."""
        return self.look.device != "desktop"

    def window(self, person: Person | None = None, url: str = "") -> Window:
        """A window of this look, not signed in; complaints are what some scenes are about."""
        window = self._windows.window(person or self.town["alice"], url=url, **self.look.context)
        window.may_be_refused(400, 401, 403, 404, 503)
        window.may_lose_the_connection()
        return window

    def arrives(self, person: Person | None = None, url: str = "") -> Window:
        """The chat, with the lists there."""
        window = self.window(person, url)
        window.arrives()
        return window

    def opens(self, title: str, person: Person | None = None, url: str = "") -> Window:
        """The chat, with this conversation open."""
        window = self.arrives(person, url)
        window.opens(title)
        expect(window.page.locator(".message").last).to_be_visible()
        return window

    def cable(self) -> Cable:
        """A cable to the open server."""
        return self._closing.enter_context(Cable(self.place.open.port))

    def stays(self, thing: Any) -> Any:
        """Have a context end with the picture."""
        return self._closing.enter_context(thing)

    def chooses(self, window: Window, button: str, key: str) -> None:
        """Open a menu, and choose by the key of its words."""
        window.chooses(button, self.words[key])


Scene = Callable[[Stage], Window]
