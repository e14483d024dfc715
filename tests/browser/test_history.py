"""Older messages come by scrolling, and the reader's place stays."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.timelines import stands_at, whole
from tests.browser.windows import Window, Windows, tell
from tests.person import Person

# Where the first message in sight stands, and which it is.
_PLACE = """
    timeline => {
        const top = timeline.getBoundingClientRect().top;
        const there = [...timeline.querySelectorAll("[data-seq]")];
        const first = there.find(line => line.getBoundingClientRect().bottom > top);
        return [first.dataset.seq, first.getBoundingClientRect().top];
    }
"""


def long_talk(sender: Person, reader: Person, messages: int) -> list[str]:
    """Messages of `sender` that `reader` has read; their texts."""
    texts = [f"message {number}" for number in range(1, messages + 1)]
    with sender.connects() as socket:
        socket.asks("hello")
        for number, text in enumerate(texts):
            send = {"client_id": f"{number:032x}", "to": reader.username, "text": text}
            conversation = socket.asks("send", **send)["conversation"]
    reader.asks("PUT", f"/conversations/{conversation}/read", {"seq": messages})
    return texts


def is_at_end(window: Window) -> None:
    """The newest message is in sight."""
    expect(window.page.locator("#to-latest")).to_be_hidden()
    expect(window.texts.last).to_be_in_viewport()


def test_older_messages_come_by_scrolling(windows: Windows) -> None:
    """Page by page to the beginning, each message once, and what is read stays where it is."""
    alice, bob = windows.people("alice", "bob")
    texts = long_talk(bob, alice, 160)
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    is_at_end(window)
    timeline = window.page.locator("#timeline")
    height = "it => it.scrollHeight"
    for _ in range(2):
        before = timeline.evaluate(height)
        timeline.evaluate("it => it.scrollTop = 300")
        seq, top = timeline.evaluate(_PLACE)
        window.page.wait_for_function(
            "before => document.getElementById('timeline').scrollHeight > before + 800", arg=before
        )
        stands_at(window, seq, top)
    expect(window.page.locator("#timeline-top")).to_have_text(
        "This is where the conversation begins."
    )
    assert whole(window) == texts


def test_who_reads_old_messages_is_left_there(windows: Windows) -> None:
    """A new one moves nothing, and a button leads to it."""
    alice, bob = windows.people("alice", "bob")
    long_talk(bob, alice, 60)
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    is_at_end(window)
    timeline = window.page.locator("#timeline")
    timeline.evaluate("it => it.scrollTop = 900")
    seq, top = timeline.evaluate(_PLACE)
    tell(bob, alice, "something new")
    latest = window.page.locator("#to-latest")
    expect(latest).to_contain_text("1")
    stands_at(window, seq, top)
    expect(window.badge(bob.username)).to_have_text("1")
    latest.click()
    is_at_end(window)
    expect(window.message("something new")).to_be_in_viewport()
    expect(window.badge(bob.username)).to_have_count(0)


def test_a_long_absence_begins_where_it_began(windows: Windows) -> None:
    """Opened with much unread, the timeline starts at the first new message."""
    alice, bob = windows.people("alice", "bob")
    long_talk(bob, alice, 20)
    with bob.connects() as socket:
        socket.asks("hello")
        for number in range(80):
            send = {
                "client_id": f"{100 + number:032x}",
                "to": alice.username,
                "text": f"new {number}",
            }
            socket.asks("send", **send)
    (window,) = windows.arrive(alice)
    expect(window.badge(bob.username)).to_have_text("80")
    window.opens(bob.username)
    expect(window.page.locator(".divider")).to_be_in_viewport()
    expect(window.message("new 0")).to_be_in_viewport()
    expect(window.badge(bob.username)).to_have_text("80")
