"""What is said while a message that one leaps to has to be loaded first."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser.cable import Cable
from tests.browser.test_changes import direct
from tests.browser.test_history import is_at_end, long_talk
from tests.browser.test_replies import answers, quote
from tests.browser.windows import Window, Windows
from tests.person import Person

AWAY = {
    "en-GB": "You are not connected. The message is shown as soon as you are again.",
    "zh-CN": "当前未连接，恢复连接后将显示该消息。",
}


def notice(window: Window) -> Locator:
    """What is said of the message that is sought."""
    return window.page.locator("#seeking span")


def friends(windows: Windows) -> tuple[Person, str]:
    """Someone whose newest message answers one that a page does not have; and their friend's name."""
    alice, bob = windows.people("alice", "bob")
    long_talk(bob, alice, 330)
    answers(alice, direct(alice, bob), 4, "I remember")
    return alice, bob.username


def opens(window: Window, friend: str) -> Window:
    """See the answer."""
    window.arrives()
    window.opens(friend)
    is_at_end(window)
    expect(quote(window, "I remember")).to_contain_text("message 4")
    return window


@pytest.mark.parametrize(("locale", "phone"), [("en-GB", False), ("zh-CN", True)])
def test_without_a_connection(windows: Windows, cable: Cable, locale: str, phone: bool) -> None:
    """That it cannot be shown now is said plainly; with the connection it is shown, and nothing is said."""
    alice, bob = friends(windows)
    window = windows.window(alice, url=cable.url, locale=locale, phone=phone)
    window.may_lose_the_connection()
    opens(window, bob)
    cable.cut()
    window.is_away()
    quote(window, "I remember").click()
    expect(notice(window)).to_have_text(AWAY[locale])
    assert Axe().run(window.page).violations_count == 0
    cable.mend()
    window.is_back()
    expect(window.message("message 4")).to_be_in_viewport()
    expect(notice(window)).to_have_count(0)


def test_one_need_not_wait(windows: Windows, cable: Cable) -> None:
    """Who stays where they are is left there when the connection is back."""
    alice, bob = friends(windows)
    window = windows.window(alice, url=cable.url)
    window.may_lose_the_connection()
    opens(window, bob)
    cable.cut()
    window.is_away()
    quote(window, "I remember").click()
    window.button("Stay here").click()
    expect(notice(window)).to_have_count(0)
    expect(window.page.locator("#timeline")).to_be_focused()
    cable.mend()
    window.is_back()
    window.says("here I am")
    window.has_nothing_to_send()
    is_at_end(window)
    expect(window.message("message 4")).to_have_count(0)


def test_it_takes_a_while(windows: Windows) -> None:
    """That it is coming is said until it is there; refused once, it can be asked for again."""
    alice, bob = friends(windows)
    window = windows.window(alice)
    held: list[tuple[WebSocketRoute, str]] = []
    socket: list[WebSocketRoute] = []

    def meet(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        socket[:] = [page, server]

        def hear(frame: str | bytes) -> None:
            asked = json.loads(frame)
            if "around" in asked and asked["limit"] > 1:  # more than what is quoted
                held.append((server, str(frame)))
            else:
                server.send(frame)

        page.on_message(hear)

    window.page.route_web_socket("**/ws", meet)
    opens(window, bob)
    quote(window, "I remember").click()
    expect(notice(window)).to_have_text("Loading the message…")
    page, server = socket
    refusal = {"type": "error", "code": "busy", "message": "Later.", "temporary": True}
    page.send(json.dumps({**refusal, "id": json.loads(held[0][1])["id"]}))
    expect(notice(window)).to_have_text("The message could not be loaded.")
    window.button("Try again").click()
    expect(notice(window)).to_have_text("Loading the message…")
    server.send(held[1][1])
    expect(window.message("message 4")).to_be_in_viewport()
    expect(notice(window)).to_have_count(0)
