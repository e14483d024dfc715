"""What is unread is counted: in the list, on the tab, in the title, and on every device."""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import expect

from tests.browser.timelines import walked, whole
from tests.browser.windows import Window, Windows, make_group, tell
from tests.person import Person


def test_unread_is_counted_until_it_is_read(windows: Windows) -> None:
    """Two conversations add up in the title; opening one takes its own away."""
    alice, bob = windows.people("alice", "bob")
    (window,) = windows.arrive(alice)
    window.opens("Lobby")
    expect(window.page).to_have_title("Lobby")
    tell(bob, alice, "one", "two")
    group = make_group(bob, "Lunch", alice)
    bob.asks("POST", f"/conversations/{group}/messages", {"text": "noon?"})
    expect(window.badge(bob.username)).to_have_text("2")
    expect(window.badge("Lunch")).to_have_text("1")
    expect(window.page.locator("#chats-badge")).to_have_text("3")
    expect(window.page).to_have_title("(3) Lobby")
    window.opens(bob.username)
    expect(window.badge(bob.username)).to_have_count(0)
    expect(window.page).to_have_title(f"(1) {bob.username}")
    window.opens("Lunch")
    expect(window.page).to_have_title("Lunch")
    expect(window.page.locator("#chats-badge")).to_be_hidden()
    window.reloads()
    expect(window.page).to_have_title("Lunch")
    expect(window.badge(bob.username)).to_have_count(0)


def test_read_on_one_device_is_read_on_the_other(windows: Windows) -> None:
    """The badge goes there too."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "one", "two")
    one, other = windows.arrive(alice, alice)
    expect(other.badge(bob.username)).to_have_text("2")
    one.opens(bob.username)
    expect(other.badge(bob.username)).to_have_count(0)


def test_more_than_99(windows: Windows) -> None:
    """The count stops there."""
    alice, bob = windows.people("alice", "bob")
    with bob.connects() as socket:
        socket.asks("hello")
        for number in range(101):
            send = {"client_id": f"{number:032x}", "to": alice.username, "text": str(number)}
            socket.asks("send", **send)
    (window,) = windows.arrive(alice)
    expect(window.badge(bob.username)).to_have_text("99+")
    window.opens(bob.username)
    expect(window.message("0")).to_be_visible()
    assert whole(window) == [str(number) for number in range(101)]


def begins_at(window: Window, text: str, unread: str) -> None:
    """The timeline stands at the line that divides, above this message; all of it is unread."""
    divided = window.page.locator(".divider + .message .message-text")
    expect(divided).to_contain_text(text)
    expect(window.page.locator(".divider")).to_be_in_viewport()
    expect(window.page.locator("#to-latest .badge")).to_have_text(unread)


def says_many(sender: Person, receiver: Person, texts: Iterable[str]) -> None:
    """Send direct messages over one socket."""
    with sender.connects() as socket:
        socket.asks("hello")
        for number, text in enumerate(texts):
            send = {"client_id": f"{number:032x}", "to": receiver.username, "text": text}
            socket.asks("send", **send)


def test_it_opens_where_what_is_new_begins(windows: Windows) -> None:
    """However much that is: read on from there, or go to the end at once."""
    alice, bob = windows.people("alice", "bob")
    texts = [f"message {number}" for number in range(250)]
    tell(bob, alice, *(f"old {number}" for number in range(5)))
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(window.message("old 4")).to_be_visible()
    window.opens("Lobby")
    says_many(bob, alice, texts)
    expect(window.badge(bob.username)).to_have_text("99+")
    window.opens(bob.username)
    begins_at(window, "message 0", "99+")
    window.reloads()
    begins_at(window, "message 0", "99+")
    assert [text for _, _, text in walked(window)][-245:] == texts[5:]
    expect(window.badge(bob.username)).to_have_count(0)


def test_it_opens_where_one_stopped(windows: Windows) -> None:
    """What went out of sight above was read, on every device; who leapt over it has not read it."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, *(f"message {number}" for number in range(60)))
    window, phone = windows.arrive(alice, alice)
    window.opens(bob.username)
    begins_at(window, "message 0", "60")
    conversation = window.page.evaluate("location.hash")
    window.opens("Lobby")
    window.page.evaluate("to => { location.hash = to; }", f"{conversation}/30")
    expect(window.message("message 29")).to_be_in_viewport()
    window.page.locator("#timeline").hover()
    window.page.mouse.wheel(0, 60)
    window.opens("Lobby")
    window.opens(bob.username)
    begins_at(window, "message 0", "60")
    window.page.locator("#timeline").hover()
    for _ in range(6):
        window.page.mouse.wheel(0, 200)
        window.page.wait_for_timeout(300)
    expect(window.badge(bob.username)).not_to_have_text("60")
    window.page.wait_for_timeout(1_500)  # it is told once a second
    left = window.badge(bob.username).text_content()
    expect(phone.badge(bob.username)).to_have_text(left or "")
    window.opens("Lobby")
    window.opens(bob.username)
    begins_at(window, f"message {60 - int(left or 60)}", left or "")
    assert 10 < int(left or 0) < 60


# How many messages are out of sight above the timeline's frame.
_ABOVE = """
    () => {
        const { top } = document.getElementById("timeline").getBoundingClientRect();
        return [...document.querySelectorAll("#messages .message")].filter((one) => one.getBoundingClientRect().bottom <= top).length;
    }
"""


def test_what_was_read_last_counts_too(windows: Windows) -> None:
    """Who turns to another conversation, before it was time to tell, has read what was read."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, *(f"message {number}" for number in range(60)))
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    begins_at(window, "message 0", "60")
    window.page.locator("#timeline").hover()
    for _ in range(5):
        window.page.mouse.wheel(0, 200)
        window.page.wait_for_timeout(100)
    above = window.page.evaluate(_ABOVE)
    assert 5 < above < 50
    window.opens("Lobby")
    expect(window.badge(bob.username)).to_have_text(str(60 - above))


def test_the_latest_is_a_click_away(windows: Windows) -> None:
    """From where what is new begins; one is not led back there."""
    alice, bob = windows.people("alice", "bob")
    says_many(bob, alice, [f"message {number}" for number in range(250)])
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    begins_at(window, "message 0", "99+")
    window.page.locator("#to-latest").click()
    expect(window.message("message 249")).to_be_in_viewport()
    expect(window.badge(bob.username)).to_have_count(0)
    expect(window.page.locator("#to-latest")).to_be_hidden()


def test_it_opens_where_long_texts_begin(windows: Windows) -> None:
    """Few messages, of which a page holds not even half."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "old")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.sees("old")
    window.opens("Lobby")
    says_many(bob, alice, [f"message {number} {'long ' * 3_100}" for number in range(30)])
    window.reloads()
    expect(window.badge(bob.username)).to_have_text("30")
    window.opens(bob.username)
    begins_at(window, "message 0 long", "30")


def test_a_line_divides_what_is_new(windows: Windows) -> None:
    """The first unread message stands below it."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "old")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.sees("old")
    window.opens("Lobby")
    tell(bob, alice, "new", "newer")
    expect(window.badge(bob.username)).to_have_text("2")
    window.opens(bob.username)
    window.sees("old", "new", "newer")
    divided = window.page.locator(".divider + .message .message-text")
    expect(divided).to_have_text("new")


def test_the_line_is_there_when_the_page_is_loaded_anew(windows: Windows) -> None:
    """The address leads to a conversation of which nothing is known yet."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "old")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.sees("old")
    address = window.page.url
    window.page.goto("about:blank")
    tell(bob, alice, "new", "newer")
    window.page.goto(address)
    window.sees("old", "new", "newer")
    divided = window.page.locator(".divider + .message .message-text")
    expect(divided).to_have_text("new")


def test_who_looks_elsewhere_has_not_read(windows: Windows) -> None:
    """A message in the open conversation stays unread until someone looks at the page."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "old")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.sees("old")
    window.page.evaluate("document.hasFocus = () => false")
    tell(bob, alice, "new")
    window.sees("old", "new")
    expect(window.badge(bob.username)).to_have_text("1")
    window.page.evaluate("delete document.hasFocus; window.dispatchEvent(new Event('focus'))")
    expect(window.badge(bob.username)).to_have_count(0)


def test_a_muted_conversation_leaves_one_in_peace(windows: Windows) -> None:
    """It counts on its own line only, on every device, until it is heard again."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "one")
    window, other = windows.arrive(alice, alice)
    window.opens(bob.username)
    window.page.locator("#info-button").click()
    window.dialog.get_by_label("Mute").check()
    window.page.keyboard.press("Escape")
    muted = other.item(bob.username).locator("svg")
    expect(muted).to_be_visible()
    window.opens("Lobby")
    tell(bob, alice, "two")
    expect(window.badge(bob.username)).to_have_text("1")
    expect(window.page).to_have_title("Lobby")
    expect(window.page.locator("#announcer")).to_be_empty()
    window.opens(bob.username)
    window.page.locator("#info-button").click()
    window.dialog.get_by_label("Mute").uncheck()
    expect(muted).to_have_count(0)


def test_a_screen_reader_is_told(windows: Windows) -> None:
    """Of what others say, here and elsewhere; not of what was there before."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "before")
    group = make_group(bob, "Lunch", alice)
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.sees("before")
    tell(bob, alice, "now")
    expect(window.page.locator("#announcer")).to_have_text(f"{bob.username}: now")
    bob.asks("POST", f"/conversations/{group}/messages", {"text": "there"})
    expect(window.page.locator("#announcer p").last).to_have_text(f"{bob.username} in Lunch: there")
