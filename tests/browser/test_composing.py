"""What is typed is what is sent: input methods, line breaks, drafts, and texts that mean harm."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.windows import Window, Windows, make_group, tell

HOSTILE = [
    "<img src=x onerror=\"document.title='run'\">",
    "<script>document.title='run'</script>",
    "</p></li></ol><h1>not a heading</h1>",
    "javascript:document.title='run'",
    "&lt;b&gt; &amp;amp; {{ 7 * 7 }} ${7 * 7} {name}",
    "Robert'); DROP TABLE messages;--",
    "\u202egnp.exe \u2066and back",
]


def in_a_conversation(windows: Windows) -> tuple[Window, Window]:
    """Two friends, each at their conversation."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    far.opens(alice.username)
    return near, far


def test_chinese_is_composed(windows: Windows) -> None:
    """The Enter that chooses a candidate sends nothing; the one after it does."""
    near, far = in_a_conversation(windows)
    keyboard = near.context.new_cdp_session(near.page)
    near.composer.focus()
    keyboard.send("Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2})
    keyboard.send(
        "Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5}
    )
    expect(near.composer).to_have_value("nihao")
    enter = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    # Safari says 229 after the composition has ended; here it has not ended yet.
    keyboard.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13},
    )
    keyboard.send("Input.insertText", {"text": "你好"})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(near.composer).to_have_value("你好")
    near.sees("hi")
    near.composer.press("Enter")
    near.has_sent("hi", "你好")
    far.sees("hi", "你好")


def test_enter_sends_and_shift_enter_breaks_the_line(windows: Windows) -> None:
    """Lines stay lines; space around is not sent, and nothing but space is nothing."""
    near, far = in_a_conversation(windows)
    near.composer.press_sequentially("one")
    near.composer.press("Shift+Enter")
    near.composer.press_sequentially("  two")
    near.composer.press("Enter")
    near.composer.fill(" \n ")
    near.composer.press("Enter")
    expect(near.page.locator("#composer-send")).to_be_disabled()
    near.says(" spaced ")
    near.has_sent("hi", "one\n  two", "spaced")
    assert far.texts.nth(1).inner_text() == "one\n  two"


def test_what_is_too_long_is_not_sent(windows: Windows) -> None:
    """The composer counts, by characters as people see them, and waits."""
    near, far = in_a_conversation(windows)
    near.composer.fill("😀" * 16_001)
    expect(near.page.locator("#composer-count")).to_have_text("16001 of 16000 characters")
    near.composer.press("Enter")
    expect(near.page.locator("#composer-send")).to_be_disabled()
    near.composer.fill("😀" * 16_000)
    near.composer.press("Enter")
    # It fills many screens: what is above it is not in the page any more.
    near.has_sent("😀" * 16_000)
    far.sees("😀" * 16_000)


def test_a_draft_waits_in_its_conversation(windows: Windows) -> None:
    """Also over a reload."""
    near, _ = in_a_conversation(windows)
    near.composer.fill("half a thou")
    near.opens("Lobby")
    expect(near.composer).to_have_value("")
    near.page.go_back()
    expect(near.composer).to_have_value("half a thou")
    near.reloads()
    expect(near.composer).to_have_value("half a thou")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_a_text(windows: Windows, text: str) -> None:
    """In a message, its preview, a name, a title and a note; nothing of it runs."""
    # What stands inside sentences of the page is kept without what turns them round.
    straight = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, text)
    make_group(bob, text, alice)
    carol = windows.person("carol")
    carol.asks("POST", "/contacts/requests", {"username": alice.username, "note": text})
    (window,) = windows.arrive(alice)
    expect(window.item(bob.username).locator(".item-preview")).to_have_text(text)
    window.opens(bob.username)
    window.sees(text)
    window.says(text)
    window.has_sent(text, text)
    expect(window.item(straight)).to_have_count(1)
    window.opens(straight)
    expect(window.page.locator(".system")).to_have_text([f"{bob.username} created the group"])
    window.opens_contacts()
    expect(window.contact(carol.username).locator(".person-about")).to_have_text(straight)
    assert window.page.locator("main img, main script, ol h1").count() == 0
    assert window.page.title() != "run"


def test_a_text_does_not_turn_its_surroundings(windows: Windows) -> None:
    """What overrides the direction of writing ends where the text ends."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "\u202eabc", "שלום")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.sees("\u202eabc", "שלום")
    isolated = window.texts.evaluate_all("all => all.map(p => getComputedStyle(p).unicodeBidi)")
    assert set(isolated) <= {"isolate", "plaintext"}
    preview = window.item(bob.username).locator(".item-preview")
    assert preview.evaluate("it => getComputedStyle(it).unicodeBidi") in ("isolate", "plaintext")
