"""Messages that are there change: in the timeline, in the list, and after an absence."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.cable import Cable
from tests.browser.windows import Window, Windows, tell
from tests.person import Person

_CHANGES = """
    async ([steps, me]) => {
        const { Conversation } = await import("/static/js/protocol/conversation.js");
        const log = new Conversation(1, 0, me);
        log.start = 1;
        for (const [what, ...given] of steps) log[what](...given);
        return log.shown();
    }
"""


def direct(one: Person, other: Person) -> int:
    """The id of the conversation of two who have talked."""
    heads = one.asks("GET", "/conversations")["conversations"]
    named = [head for head in heads if head.get("peer", {}).get("username") == other.username]
    return int(named[0]["conversation"])


def edits(person: Person, conversation: int, seq: int, text: str) -> None:
    """Give one's own message another text, by script."""
    person.asks("PATCH", f"/conversations/{conversation}/messages/{seq}", {"text": text})


def recalls(person: Person, conversation: int, seq: int) -> None:
    """Take a message back, by script."""
    person.asks("DELETE", f"/conversations/{conversation}/messages/{seq}")


def reacts(person: Person, conversation: int, seq: int, emoji: str) -> None:
    """React by script."""
    person.asks("PUT", f"/conversations/{conversation}/messages/{seq}/reactions/{emoji}")


def preview(window: Window, title: str) -> Any:
    """The line under a title of the list."""
    return window.item(title).locator(".item-preview")


def test_an_edit_arrives_everywhere(windows: Windows) -> None:
    """In the timeline, and in the preview of who has not opened it."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "first", "secnd")
    conversation = direct(alice, bob)
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    near.sees("first", "secnd")
    edits(alice, conversation, 2, "second")
    near.sees("first", "second")
    expect(near.message("second").locator(".message-meta")).to_contain_text("edited")
    expect(preview(near, bob.username)).to_have_text("You: second")
    expect(preview(far, alice.username)).to_have_text("second")
    edits(alice, conversation, 1, "the first")
    near.sees("the first", "second")
    expect(preview(far, alice.username)).to_have_text("second")


def test_what_was_taken_back_is_gone(windows: Windows) -> None:
    """Its text is nowhere, the list says so, and it is no longer unread."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "fine", "a mistake")
    conversation = direct(alice, bob)
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    expect(far.badge(alice.username)).to_have_text("2")
    recalls(alice, conversation, 2)
    near.sees("fine", "You took back a message")
    words = f"{alice.username} took back a message"
    expect(preview(far, alice.username)).to_have_text(words)
    expect(far.badge(alice.username)).to_have_text("1")
    far.opens(alice.username)
    far.sees("fine", words)
    far.reloads()
    far.sees("fine", words)
    expect(preview(far, alice.username)).to_have_text(words)


def test_changes_missed_are_caught_up(windows: Windows, cable: Cable) -> None:
    """Whoever was away sees the messages as they are now."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "one", "two", "three")
    conversation = direct(alice, bob)
    window = windows.window(bob, url=cable.url)
    window.may_lose_the_connection()
    window.arrives()
    window.opens(alice.username)
    window.sees("one", "two", "three")
    cable.cut()
    window.is_away()
    edits(alice, conversation, 1, "ONE")
    recalls(alice, conversation, 3)
    cable.mend()
    window.is_back()
    window.sees("ONE", "two", f"{alice.username} took back a message")


def test_mine_survives_what_is_told_to_all(windows: Windows) -> None:
    """A change by oneself is one's own; another's, or a message told whole, changes nothing of that."""
    (window,) = windows.arrive(windows.person("alice"))
    message = {
        "type": "message",
        "conversation": 1,
        "seq": 1,
        "rev": 1,
        "client_id": "0" * 32,
        "sender": {"id": 2},
        "kind": "text",
        "text": "hi",
    }

    def react(rev: int, by: int, emoji: str, *, on: bool, count: int) -> tuple[Any, ...]:
        change = {"type": "change", "op": "react", "conversation": 1, "seq": 1, "at": 0}
        return ("live", {**change, "rev": rev, "by": by, "emoji": emoji, "on": on, "count": count})

    def after(*steps: tuple[Any, ...]) -> list[Any]:
        shown = window.page.evaluate(_CHANGES, [[list(step) for step in steps], 7])
        return list(shown[0]["reactions"])

    steps = [
        ("live", message),
        react(2, 7, "+", on=True, count=1),
        react(3, 2, "+", on=True, count=2),
        react(4, 2, "!", on=True, count=1),
    ]
    assert after(*steps) == [["+", 2, True], ["!", 1, False]]
    whole = {**message, "rev": 5, "reactions": [["+", 3], ["!", 1]]}
    assert after(*steps, ("live", whole)) == [["+", 3, True], ["!", 1, False]]
    assert after(*steps, react(5, 7, "+", on=False, count=1)) == [["+", 1, False], ["!", 1, False]]
    assert after(*steps, react(5, 2, "!", on=False, count=0)) == [["+", 2, True]]
