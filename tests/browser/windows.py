"""
Browser windows of people who chat, as the tests speak of them.

A `Window` is one person at one page, in a browser context of its own. Whatever
the browser complains of, an error of a script or a breach of the content
security policy, fails the test that opened the window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from urllib.parse import quote

from playwright.sync_api import (
    APIResponse,
    Browser,
    BrowserContext,
    Locator,
    expect,
)

from tests.browser.watched import PATIENCE, Watched
from tests.person import PASSWORD, Person
from tests.process import Process

_PHONE = {"width": 390, "height": 844}
# Whether messages wait in the browser's database; they are shown a moment before.
_KEPT = """
    (texts) => new Promise((resolve) => {
        const opening = indexedDB.open("imchat");
        opening.onsuccess = () => {
            const asking = opening.result.transaction("pending").objectStore("pending").getAll();
            asking.onsuccess = () => {
                opening.result.close();
                resolve(texts.every((text) => asking.result.some((entry) => entry.text === text)));
            };
        };
    })
"""
# A try that was under way when the network came back may still fail, so it is told until it helps.
_BACK = """
    () => {
        const { phase } = document.getElementById("connection-line").dataset;
        if (phase !== "live") window.dispatchEvent(new Event("online"));
        return phase === "live";
    }
"""
_SETTLED = """
    async () => {
        await (await fetch("/api/v1/me")).text();
        await new Promise((done) => setTimeout(done));
        await new Promise(requestAnimationFrame);
    }
"""

expect.set_options(timeout=PATIENCE)


class Window(Watched):
    """One person in front of one page."""

    def __init__(self, context: BrowserContext, url: str, person: Person) -> None:
        super().__init__()
        self.context = context
        self.url = url
        self.person = person
        self.name = person.username
        self.page = self._watched(context.new_page())

    # --- coming and going -------------------------------------------------------------

    def goes(self, path: str) -> None:
        """Load a page of the server."""
        self.page.goto(f"{self.url}{path}")

    def signs_in(self) -> None:
        """Sign in without the form; the account has to be there."""
        answer: APIResponse = self.context.request.post(
            f"{self.url}/api/v1/session",
            data={"username": self.name, "password": PASSWORD},
        )
        assert answer.ok, answer.text()

    def arrives(self) -> None:
        """Sign in, load the chat, and wait for the lists."""
        self.signs_in()
        self.goes("/chat")
        self.is_ready()

    def reloads(self) -> None:
        """Load the page again, and wait for the lists."""
        self.page.reload()
        self.is_ready()

    def again(self) -> None:
        """Open the chat in a new page, after the old one was closed."""
        self.page = self._watched(self.context.new_page())
        self.goes("/chat")
        self.is_ready()

    def is_ready(self) -> None:
        """The lists are there: of conversations, and of contacts."""
        for panel in ("#conversation-list", "#panel-contacts"):
            expect(self.page.locator(panel)).to_have_attribute("aria-busy", "false")

    def is_away(self) -> None:
        """The page says that the connection is lost."""
        expect(self.page.locator("#connection-line[data-phase=waiting]")).to_be_visible()

    def is_back(self) -> None:
        """The network is there again, and the page is told so: else it waits up to half a minute."""
        self.page.wait_for_function(_BACK, polling=200)

    def settles(self) -> None:
        """What was under way in the page is done: something begun after it is."""
        self.page.evaluate(_SETTLED)

    # --- finding things ---------------------------------------------------------------

    def item(self, title: str) -> Locator:
        """A line of the list of conversations."""
        name = self.page.locator(".item-title", has_text=exactly(title))
        return self.page.locator(".conversation-item", has=name)

    def badge(self, title: str) -> Locator:
        """What is unread of a conversation."""
        return self.item(title).locator(".badge > [aria-hidden]")

    def contact(self, name: str) -> Locator:
        """A line of the contacts, or of people in the dialog that is open."""
        return self.page.locator(f".person[data-username='{name}']")

    def button(self, label: str) -> Locator:
        """A button by what it says."""
        return self.page.get_by_role("button", name=label, exact=True)

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.locator("dialog[open]").last

    @property
    def texts(self) -> Locator:
        """The texts of all messages of the timeline."""
        return self.page.locator("#messages .message-text")

    def message(self, text: str) -> Locator:
        """One message of the timeline."""
        return self.page.locator(".message", has=self.page.locator("p", has_text=exactly(text)))

    @property
    def composer(self) -> Locator:
        """Where a message is written."""
        return self.page.locator("#composer-text")

    # --- chatting -----------------------------------------------------------------------

    def opens(self, title: str) -> None:
        """Open a conversation of the list."""
        self.item(title).click()
        expect(self.page.locator("#conversation-head .head-title")).to_have_text(title)

    def opens_contacts(self) -> None:
        """Turn to the contacts."""
        self.page.locator("#tab-contacts").click()

    def chooses(self, menu: str, entry: str) -> None:
        """Open a menu by its button's id, and choose."""
        self.page.locator(menu).click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()

    def says(self, *texts: str) -> None:
        """Write messages, each sent with Enter."""
        for text in texts:
            self.composer.fill(text)
            self.composer.press("Enter")

    def sees(self, *texts: str) -> None:
        """The timeline comes to show exactly these messages, once each, in this order."""
        expect(self.texts).to_have_text(list(texts))

    def has_sent(self, *texts: str) -> None:
        """The timeline comes to show these, and the server has them all."""
        self.sees(*texts)
        self.has_nothing_to_send()

    def has_nothing_to_send(self) -> None:
        """The server has all that the timeline shows."""
        expect(self.page.locator(".message:not([data-state=sent])")).to_have_count(0)

    def has_kept(self, *texts: str) -> None:
        """Unsent messages are where the next page will find them."""
        for text in texts:
            expect(self.message(text)).to_have_attribute("data-state", "pending")
        self.page.wait_for_function(_KEPT, arg=texts)


class Windows:
    """The windows of one test, on one browser and one server."""

    _numbers = count(1)

    def __init__(self, browser: Browser, server: Process) -> None:
        self.browser = browser
        self.server = server
        self.opened: list[Window] = []

    def person(self, name: str) -> Person:
        """A new account; its name is `name` with a number, for servers that tests share."""
        return Person(self.server, f"{name}{next(self._numbers)}").registers()

    def people(self, *names: str) -> list[Person]:
        """New accounts of people who are all friends."""
        people = [self.person(name) for name in names]
        for i, one in enumerate(people):
            for other in people[:i]:
                befriend(one, other)
        return people

    def window(self, person: Person, *, url: str = "", phone: bool = False, **how: Any) -> Window:
        """A window for `person`, not signed in yet; `how` as for Playwright's contexts."""
        if phone:
            how = {"viewport": _PHONE, "is_mobile": True, "has_touch": True, **how}
        how = {"locale": "en-GB", "reduced_motion": "reduce", **how}
        window = Window(self.browser.new_context(**how), url or self.server.url, person)
        self.opened.append(window)
        return window

    def arrive(self, *people: Person, **how: Any) -> list[Window]:
        """A window for each, signed in and ready."""
        windows = [self.window(person, **how) for person in people]
        for window in windows:
            window.arrives()
        return windows

    def close(self) -> None:
        """Close them all; what a browser complained of is an error."""
        for window in self.opened:
            window.context.close()
        complaints = {window.name: window.unexpected for window in self.opened}
        assert not any(complaints.values()), complaints


@contextmanager
def windows_on(browser: Browser, server: Process) -> Iterator[Windows]:
    """Windows that are closed, and asked for complaints, at the end."""
    windows = Windows(browser, server)
    try:
        yield windows
    except BaseException:
        for window in windows.opened:
            window.context.close()
        raise
    windows.close()


def exactly(text: str) -> re.Pattern[str]:
    """For Playwright's `has_text`, which is content with a part."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")


def befriend(one: Person, other: Person) -> None:
    """Make two people friends, as they would."""
    one.asks("POST", "/contacts/requests", {"username": other.username})
    other.asks("POST", f"/contacts/requests/{quote(one.username)}/accept", {})


def make_group(owner: Person, title: str, *members: Person, public: bool = False) -> int:
    """A group of `owner` with `members`, who have to be friends; its id."""
    names = [member.username for member in members]
    group = {"title": title, "members": names, "public": public}
    return int(owner.asks("POST", "/conversations", group)["conversation"]["conversation"])


def tell(sender: Person, receiver: Person, *texts: str) -> None:
    """Send direct messages by script."""
    for text in texts:
        sender.asks("POST", "/messages", {"to": receiver.username, "text": text})
