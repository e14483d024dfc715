"""Pages whose browser is listened to: what it complains of fails a test, unless it was to be expected."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Page

PATIENCE = 20_000  # ms; how long a test waits for what must come
_REFUSED_TO_RUN = re.compile(r"violates the following Content Security Policy|^Refused to execute")
_LOST = re.compile(r"WebSocket connection to|net::ERR_|WebSocket is already in CLOSING")


class Watched:
    """The pages of one browser window, and all that was said in their consoles."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def _watched(self, page: Page) -> Page:
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    @property
    def unexpected(self) -> list[str]:
        """What the browser complained of, and nobody said it might."""
        return [
            said
            for said in self.complaints
            if not any(allowed.search(said) for allowed in self._allowed)
        ]

    def may_lose_the_connection(self) -> None:
        """Browsers complain of that in the console."""
        self._allowed.append(_LOST)

    def may_be_refused(self, *statuses: int) -> None:
        """A browser complains of every answer that is an error."""
        for status in statuses:
            self._allowed.append(re.compile(rf"responded with a status of {status}\b"))

    def may_be_kept_from_running(self) -> None:
        """The policy and `nosniff` say what they kept from happening."""
        self._allowed.append(_REFUSED_TO_RUN)
