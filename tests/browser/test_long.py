"""A conversation of 100,000 messages: quick, still where it is read, and small in the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import UNLIMITED
from tests.browser.test_history import is_at_end
from tests.browser.timelines import fill, stands_at, text_of, walked
from tests.browser.watched import PATIENCE
from tests.browser.windows import Window, Windows, befriend, tell, windows_on
from tests.person import Person
from tests.process import Process

MESSAGES = 100_000
FAR = 1_000
# Lines in the page: three screens before what is in sight and three behind, at the most.
LINES = 160

_PLACE = """
    timeline => {
        const top = timeline.getBoundingClientRect().top;
        const first = [...timeline.querySelectorAll("[data-seq]")].find(line => line.getBoundingClientRect().top > top);
        return [Number(first.dataset.seq), first.getBoundingClientRect().top];
    }
"""
# Close to an end of what is loaded; the first message in sight there, where it is, and how high all was.
_SCROLL = """
    async (timeline, up) => {
        const before = timeline.scrollHeight;
        timeline.scrollTop = up ? 200 : timeline.scrollHeight - timeline.clientHeight - 200;
        const top = timeline.getBoundingClientRect().top;
        const lines = () => [...timeline.querySelectorAll("[data-seq]")].filter(line => line.getBoundingClientRect().top > top);
        if (!lines().length || lines()[0].getBoundingClientRect().top > top + 400) await new Promise(requestAnimationFrame);
        return [Number(lines()[0].dataset.seq), lines()[0].getBoundingClientRect().top, before];
    }
"""
_FEW = "most => document.getElementById('messages').children.length <= most"

# What a person who scrolls up would feel: frames that came late, work that blocked, lines that went back.
_FEEL = """
    () => {
        const felt = window.felt = { frames: [], tasks: [], back: 0, lines: 0 };
        new PerformanceObserver((list) => felt.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
        const frame = document.getElementById("timeline");
        let last = performance.now();
        let places = new Map();
        requestAnimationFrame(function look(now) {
            felt.frames.push(now - last);
            last = now;
            felt.lines = Math.max(felt.lines, document.getElementById("messages").children.length);
            const before = places;
            places = new Map();
            for (const line of frame.querySelectorAll("[data-seq]")) {
                const { top } = line.getBoundingClientRect();
                if (top < 0 || top > innerHeight) continue;
                places.set(line.dataset.seq, top);
                felt.back = Math.max(felt.back, (before.get(line.dataset.seq) ?? top) - top);
            }
            requestAnimationFrame(look);
        });
    }
"""

Record = Callable[[str, object], None]


class Talk:
    """Two people, and all they have said."""

    def __init__(self, server: Process) -> None:
        self.server = server
        self.alice = Person(server, "alice").registers()
        self.bob = Person(server, "bob").registers()
        befriend(self.alice, self.bob)
        tell(self.bob, self.alice, text_of(1))
        heads = self.alice.asks("GET", "/conversations")["conversations"]
        self.id = next(int(head["conversation"]) for head in heads if head["title"] == "bob")
        fill(server, self.id, self.bob, MESSAGES - 1)


@pytest.fixture(scope="module")
def talk() -> Iterator[Talk]:
    """A server with a long conversation."""
    with Process(*UNLIMITED) as server:
        yield Talk(server)


@pytest.fixture
def reader(chromium: Browser, talk: Talk) -> Iterator[Window]:
    """Alice, with the conversation open."""
    with windows_on(chromium, talk.server) as windows:
        yield opened(windows, talk)


def opened(windows: Windows, talk: Talk) -> Window:
    """A window of Alice's, at the end of the conversation."""
    (window,) = windows.arrive(talk.alice)
    window.opens("bob")
    is_at_end(window)
    return window


def leads(window: Window, talk: Talk, seq: int) -> None:
    """Follow a link to a message."""
    window.page.evaluate("hash => { location.hash = hash }", f"#c{talk.id}/{seq}")
    expect(window.page.locator(f"[data-seq='{seq}']")).to_be_focused()
    expect(window.page.locator(f"[data-seq='{seq}']")).to_be_in_viewport()


def place(window: Window) -> Any:
    """The first message that begins in sight, and where."""
    return window.page.locator("#timeline").evaluate(_PLACE)


def passed(window: Window) -> int:
    """Before how many messages one is."""
    return MESSAGES - int(place(window)[0])


def test_scrolling_far_is_smooth(reader: Window, record_property: Record) -> None:
    """A thousand messages pass: few are in the page, and nothing jumps back."""
    page = reader.page
    page.locator("#timeline").hover()
    page.evaluate(_FEEL)
    for turn in range(3_000):
        page.mouse.wheel(0, -1_200)
        page.wait_for_timeout(16)
        if not turn % 10 and passed(reader) > FAR:
            break
    felt = page.evaluate("felt")
    frames = sorted(felt["frames"])
    report = {
        "messages": passed(reader),
        "frames": len(frames),
        "median": round(frames[len(frames) // 2], 1),
        "p99": round(frames[int(len(frames) * 0.99)], 1),
        "longtasks": [round(task) for task in felt["tasks"]],
        "back": felt["back"],
        "lines": felt["lines"],
    }
    record_property("scrolling", report)  # alone on a machine: 17 ms each, and no task is long
    assert report["messages"] > FAR, report
    assert felt["lines"] <= LINES, report
    assert felt["back"] <= 1.5, report
    reader.button("Latest").click()
    is_at_end(reader)
    expect(reader.message(text_of(MESSAGES))).to_be_in_viewport()


def test_the_place_stays_when_pages_come(reader: Window, talk: Talk) -> None:
    """Older ones above and newer ones below: what is read stays where it is, to the pixel."""
    leads(reader, talk, 50_000)
    timeline = reader.page.locator("#timeline")
    for up in (True, False) * 4:
        seq, top, before = timeline.evaluate(_SCROLL, up)
        reader.page.wait_for_function(
            "before => document.getElementById('timeline').scrollHeight !== before", arg=before
        )
        reader.page.wait_for_function(_FEW, arg=LINES)  # what is far is let go, too
        stands_at(reader, seq, top)


def test_a_leap_and_back(reader: Window, talk: Talk) -> None:
    """To a message far back, which stands out; what is said meanwhile moves nothing; and back to the latest."""
    leads(reader, talk, 50_000)
    line = reader.page.locator("[data-seq='50000']")
    expect(line).to_have_class(re.compile("stands-out"))
    expect(line).to_have_attribute("aria-posinset", "50000")
    expect(line).to_have_attribute("aria-setsize", str(MESSAGES))
    expect(line).not_to_have_class(re.compile("stands-out"))
    seq, top = place(reader)
    tell(talk.bob, talk.alice, "meanwhile")
    latest = reader.page.locator("#to-latest")
    expect(latest).to_contain_text("1")
    stands_at(reader, seq, top)
    expect(reader.page.locator("#announcer")).to_have_text("bob: meanwhile")
    latest.click()
    is_at_end(reader)
    expect(reader.message("meanwhile")).to_be_in_viewport()
    expect(reader.badge("bob")).to_have_count(0)
    page = reader.page
    page.locator("#timeline").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-seq='1']")).to_be_in_viewport()
    expect(page.locator("#timeline-top")).to_contain_text("begins")
    page.keyboard.press("End")
    expect(reader.message("meanwhile")).to_be_in_viewport()


def test_reading_on_from_an_old_message(reader: Window, talk: Talk) -> None:
    """Scrolling down from there shows every message once, in order, until it joins the newest."""
    leads(reader, talk, MESSAGES - 700)
    seqs = [seq for seq, _, _ in walked(reader)]
    assert seqs == list(range(seqs[0], seqs[-1] + 1))
    assert seqs[0] <= MESSAGES - 700
    assert seqs[-1] >= MESSAGES
    expect(reader.page.locator("#to-latest")).to_be_hidden()


def test_a_link_to_a_message_opens_the_page_there(chromium: Browser, talk: Talk) -> None:
    """Also when nothing is loaded yet; and one to a message that is not there says so."""
    with windows_on(chromium, talk.server) as windows:
        window = windows.window(talk.alice)
        window.signs_in()
        window.goes(f"/chat#c{talk.id}/1234")
        expect(window.page.locator("[data-seq='1234']")).to_be_focused()
        leads(window, talk, 98_765)
        window.page.evaluate("hash => { location.hash = hash }", f"#c{talk.id}/{MESSAGES * 3}")
        expect(window.page.locator(".toast")).to_have_text("That message is not here any more.")
        expect(window.page.locator("[data-seq='98765']")).to_be_in_viewport()


def test_what_is_old_follows_changes(reader: Window, talk: Talk) -> None:
    """An edit and a reaction reach the old messages in sight, and those below stay where they are."""
    leads(reader, talk, 50_000)
    path = f"/conversations/{talk.id}/messages"
    first = reader.page.locator("#timeline").evaluate(_PLACE)[0]
    below = reader.page.locator(f"[data-seq='{first + 3}']")
    top = below.evaluate("it => it.getBoundingClientRect().top")
    talk.bob.asks("PATCH", f"{path}/{first - 1}", {"text": "longer\n" * 6})
    expect(reader.page.locator(f"[data-seq='{first - 1}'] .message-text")).to_contain_text("longer")
    talk.alice.asks("PUT", f"{path}/{first - 3}/reactions/👍")
    expect(reader.page.locator(f"[data-seq='{first - 3}'] .reaction")).to_have_count(1)
    stands_at(reader, first + 3, top)


def test_arrows_lead_on_and_the_focus_stays(reader: Window) -> None:
    """From message to message past what was in the page; and scrolled out of sight, the focus is where it was."""
    page = reader.page
    focused = "() => Number(document.activeElement.closest('[data-seq]')?.dataset.seq)"
    page.locator("#messages .tool-more").last.focus()
    last = page.evaluate(focused)
    for number in range(last - 1, last - 61, -1):
        page.keyboard.press("ArrowUp")
        for _ in range(PATIENCE // 50):  # the first of those loaded waits for the others
            if page.evaluate(focused) <= number:
                break
            page.wait_for_timeout(50)
            page.keyboard.press("ArrowUp")
        assert page.evaluate(focused) == number
    expect(page.locator(f"[data-seq='{last - 60}']")).to_be_in_viewport()
    page.locator("#timeline").evaluate("it => it.scrollTop -= 6000")
    page.wait_for_function(f"() => !document.querySelector(\"[data-seq='{last - 40}']\")")
    assert page.evaluate(focused) == last - 60
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"[data-seq='{last - 59}']")).to_be_in_viewport()
    page.keyboard.press("End")
    expect(page.locator(f"[data-seq='{last}']")).to_be_in_viewport()
