"""
Nothing jumps: what arrives and what is loaded moves nothing that someone reads.

Chromium measures it as "layout shift": how much of the window moved without being
scrolled, times how far. A page is held to be good below 0.1 in all. We ask for a
tenth of that, which is less than a timeline makes that moves by one line, once.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import FilePayload, Route, expect

from tests.browser.timelines import fill
from tests.browser.windows import Window, Windows, tell
from tests.uploading import png

STILL = 0.01

_WATCH = """
    () => {
        const shifts = window.shifts = [];
        const at = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
        const what = ({ node, previousRect, currentRect }) =>
            `${node?.className} ${node?.dataset?.seq}: ${at(previousRect)} -> ${at(currentRect)}`;
        new PerformanceObserver((list) => {
            for (const { value, sources } of list.getEntries()) shifts.push([value, sources.map(what)]);
        }).observe({ type: "layout-shift" });
    }
"""
# Chromium takes a turn of the wheel for a shift when lines are added above in that very frame: it knows
# only their sum. So the wheel is turned no further than what is drawn, and rests while older lines load.
_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_LOADED = "() => !document.getElementById('timeline-top').textContent.includes('Loading')"
_SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))"


def shifts(window: Window) -> list[Any]:
    """What has moved: how much, and which elements."""
    window.page.evaluate(_SETTLED)
    return [tuple(shift) for shift in window.page.evaluate("window.shifts")]


def is_still(window: Window) -> None:
    """Nothing that anyone would see has moved."""
    found = shifts(window)
    assert sum(value for value, _ in found) < STILL, found


def sends_pictures(window: Window) -> None:
    """A wide and a high one, in one message."""
    files: list[FilePayload] = [
        {"name": name, "mimeType": "image/png", "buffer": png(*size)}
        for name, size in (("wide.png", (900, 450)), ("high.png", (300, 700)))
    ]
    window.page.locator("#composer-file").set_input_files(files)
    expect(window.page.locator(".tray-item[data-state=done]")).to_have_count(2)
    window.composer.press("Enter")


def test_while_messages_and_pictures_arrive(own_windows: Windows) -> None:
    """At the end, and far up, where older ones are loaded meanwhile."""
    alice, bob = own_windows.people("alice", "bob")
    tell(bob, alice, "hi")
    heads = alice.asks("GET", "/conversations")["conversations"]
    there = next(head["conversation"] for head in heads if head["title"] == bob.username)
    fill(own_windows.server, there, bob, 600)
    near, far = own_windows.arrive(alice, bob)
    for window, other in ((near, bob), (far, alice)):
        window.opens(other.username)
        expect(window.texts.last).to_be_in_viewport()
    waiting: list[Route] = []
    near.page.route("**/thumbnail", lambda route: waiting.append(route))
    near.page.evaluate(_WATCH)

    tell(bob, alice, "one line", "two\nlines", "words " * 200)
    sends_pictures(far)
    expect(near.page.locator("#messages .picture img")).to_have_count(2)
    tell(bob, alice, "after the pictures")
    expect(near.texts.last).to_have_text("after the pictures")
    for route in waiting:
        route.continue_()
    expect(near.page.locator("#messages .picture img").last).to_have_js_property("complete", True)
    is_still(near)

    older = near.page.locator("#messages [data-seq]").first.get_attribute("data-seq")
    near.page.locator("#timeline").hover()
    for _ in range(40):
        near.page.mouse.wheel(0, -400)
        near.page.evaluate(_DRAWN)
        near.page.wait_for_function(_LOADED)
    tell(bob, alice, "while one reads old ones")
    expect(near.page.locator("#to-latest .badge")).to_be_visible()
    first = near.page.locator("#messages [data-seq]").first.get_attribute("data-seq")
    assert int(first or 0) < int(older or 0)
    is_still(near)
