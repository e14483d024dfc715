"""A real Chromium tab that stays open over all faults, and what its page shows."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.browser.timelines import WALK
from tests.person import PASSWORD, Person

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# The page waits up to half a minute before it tries again.
_PATIENCE = 180_000  # ms
_SETTLED = """
    () => !document.querySelector("#connection-line:not([hidden]):not([data-phase=live])")
        && !document.querySelector("#messages [data-state=pending]")
"""
_HAS_ALL = """
    (last) => Number([...document.querySelectorAll("#messages [data-seq]")].at(-1)?.dataset.seq) >= last
"""
# Scroll up until the page says that this is the beginning; try again what failed.
_AT_BEGINNING = """
    () => {
        const frame = document.getElementById("timeline"), top = document.getElementById("timeline-top");
        top.querySelector("button")?.click();
        frame.scrollTop = 0;
        return top.textContent.includes("conversation begins");
    }
"""


class NoChromium(Exception):
    """There is no browser to look at the page with."""


class Tab:
    """One person at one conversation, in one page that is never loaded again."""

    def __init__(self, page: Page, person: Person) -> None:
        self.person = person
        self.sockets = 0
        self.faults: list[str] = []
        self._page = page
        page.on("websocket", lambda _: self._count())
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _count(self) -> None:
        self.sockets += 1

    async def arrives(self, url: str, title: str) -> None:
        """Sign in, load the chat, open the conversation `title`."""
        account = {"username": self.person.username, "password": PASSWORD}
        answer = await self._page.context.request.post(f"{url}/api/v1/session", data=account)
        if not answer.ok:
            raise RuntimeError(await answer.text())
        await self._page.goto(f"{url}/chat")
        await self._page.locator(".item-title", has_text=title).first.click()
        await self._page.locator("#composer-text").wait_for()

    async def says(self, text: str) -> None:
        """Write a message and press Enter, connected or not."""
        await self._page.locator("#composer-text").fill(text)
        await self._page.locator("#composer-text").press("Enter")

    async def has_sent(self) -> None:
        """The page is connected again, and nothing waits to be sent."""
        await self._until(_SETTLED)

    async def lines(self, last_seq: int) -> list[tuple[int, str, str]]:
        """The (seq, state, text) of every message, once the page has come as far as `last_seq`."""
        await self._until(_HAS_ALL, last_seq)
        await self._until(_AT_BEGINNING)
        found: Any = await self._page.evaluate(WALK)
        return [(line[0], line[1], line[2]) for line in found]

    async def _until(self, true: str, *args: object) -> None:
        argument = args[0] if args else None
        await self._page.wait_for_function(true, arg=argument, polling=200, timeout=_PATIENCE)


def chromium() -> str:
    """Debian's program; raises `NoChromium`."""
    path = shutil.which("chromium")
    if path is None:
        raise NoChromium("chromium is not installed; run tests/programs.py chromium")
    return path


@asynccontextmanager
async def a_tab(person: Person) -> AsyncIterator[Tab]:
    """A new tab for `person` in a browser without a screen."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            context = await browser.new_context(locale="en-GB", reduced_motion="reduce")
            page = await context.new_page()
            page.set_default_timeout(_PATIENCE)
            yield Tab(page, person)
        finally:
            await browser.close()
