"""Requests of a page that are kept waiting, for what a page does until an answer comes."""

from __future__ import annotations

from playwright.sync_api import Page, Route


class Held:
    """``held = Held(page, "**/public")``: such requests wait until `go`, later ones do not wait."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._waiting: list[Route] = []
        self._gone = False
        page.route(pattern, self._meet)

    def _meet(self, route: Route) -> None:
        if self._gone:
            route.continue_()
        else:
            self._waiting.append(route)

    def go(self) -> None:
        """Let them go on."""
        self._gone = True
        for route in self._waiting:
            route.continue_()
        self._waiting.clear()
