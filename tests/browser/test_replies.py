"""Answers show what they answer, as it is now, and lead there."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.test_actions import chooses
from tests.browser.test_changes import direct, edits, recalls
from tests.browser.test_history import is_at_end, long_talk
from tests.browser.timelines import whole
from tests.browser.windows import Window, Windows, tell
from tests.person import Person


def quote(window: Window, text: str) -> Locator:
    """What a message answers."""
    return window.message(text).locator(".quote")


def answers(person: Person, conversation: int, seq: int, text: str) -> None:
    """Answer a message, by script."""
    body = {"text": text, "reply_to": seq}
    person.asks("POST", f"/conversations/{conversation}/messages", body)


def test_an_answer_quotes(windows: Windows) -> None:
    """The composer shows what is answered, and the answer shows it to both."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "shall we?", "or not?")
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    far.opens(alice.username)
    chooses(near, "shall we?", "Reply")
    expect(near.composer).to_be_focused()
    bar = near.page.locator("#composer-about")
    expect(bar).to_contain_text(f"Replying to {bob.username}")
    expect(bar).to_contain_text("shall we?")
    near.says("yes")
    expect(bar).to_be_hidden()
    near.has_sent("shall we?", "or not?", "yes")
    expect(quote(near, "yes")).to_have_text(f"{bob.username}shall we?")
    expect(quote(far, "yes")).to_have_text("Youshall we?")
    near.says("plain")
    near.has_sent("shall we?", "or not?", "yes", "plain")
    expect(quote(near, "plain")).to_have_count(0)


def test_an_answer_may_be_left(windows: Windows) -> None:
    """With the cross or Escape; what was typed stays."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "shall we?")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    for leave in ("Stop replying", ""):
        chooses(window, "shall we?", "Reply")
        window.composer.fill("let me think")
        if leave:
            window.button(leave).click()
        else:
            window.composer.press("Escape")
        expect(window.page.locator("#composer-about")).to_be_hidden()
        expect(window.composer).to_have_value("let me think")
    window.composer.press("Enter")
    window.has_sent("shall we?", "let me think")
    expect(quote(window, "let me think")).to_have_count(0)


def test_a_quote_follows_its_original(windows: Windows) -> None:
    """Through edits, and when it is taken back its text is nowhere."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "at six")
    conversation = direct(alice, bob)
    answers(alice, conversation, 1, "fine")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(quote(window, "fine")).to_have_text(f"{bob.username}at six")
    edits(bob, conversation, 1, "at seven")
    expect(quote(window, "fine")).to_have_text(f"{bob.username}at seven")
    recalls(bob, conversation, 1)
    expect(quote(window, "fine")).to_have_text(f"{bob.username}This message was taken back.")
    expect(window.page.get_by_text("at seven")).to_have_count(0)


def test_a_quote_leads_far_back(windows: Windows) -> None:
    """Its original is not loaded, is quoted and followed all the same, and is shown when asked for."""
    alice, bob = windows.people("alice", "bob")
    texts = long_talk(bob, alice, 330)
    conversation = direct(alice, bob)
    answers(alice, conversation, 4, "I remember")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    is_at_end(window)
    expect(quote(window, "I remember")).to_have_text(f"{bob.username}message 4")
    edits(bob, conversation, 4, "message four")
    expect(quote(window, "I remember")).to_have_text(f"{bob.username}message four")
    expect(window.message("message four")).to_have_count(0)
    quote(window, "I remember").click()
    original = window.message("message four")
    expect(original).to_be_in_viewport()
    expect(original).to_be_focused()
    assert whole(window) == [*texts[:3], "message four", *texts[4:], "I remember"]
    quote(window, "I remember").click()
    expect(original).to_be_in_viewport()
    window.page.locator("#to-latest").click()
    is_at_end(window)


def test_answers_to_answers(windows: Windows) -> None:
    """Each quotes its own original, in one line."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "a\nb  c")
    conversation = direct(alice, bob)
    answers(bob, conversation, 1, "first")
    answers(alice, conversation, 2, "second")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(quote(window, "first")).to_have_text("Youa b c")
    expect(quote(window, "second")).to_have_text(f"{bob.username}first")
