"""The network goes, the server dies, the page is reloaded: nothing is lost, nothing is twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.cable import Cable
from tests.browser.windows import Window, Windows, tell, windows_on
from tests.person import Person
from tests.process import Process

# Notes with which codes the sockets of the page were closed.
_NOTE_CLOSES = """
    window.closes = [];
    window.WebSocket = class extends WebSocket {
        constructor(...how) {
            super(...how);
            this.addEventListener("close", ({ code }) => window.closes.push(code));
        }
    };
"""
# Whether the lists came; asks once more if the page was refused again.
_TRY_AGAIN = """
    () => {
        document.querySelector("#connection-line[data-phase=stopped] button")?.click();
        return document.getElementById("conversation-list").ariaBusy === "false";
    }
"""


def arrive_by(cable: Cable, windows: Windows, *names: str) -> tuple[Window, Window]:
    """Two friends in their conversation; the first one's page is behind the cable."""
    alice, bob = windows.people(*names)
    tell(bob, alice, "first")
    near = windows.window(alice, url=cable.url)
    near.page.add_init_script(_NOTE_CLOSES)
    near.may_lose_the_connection()
    near.arrives()
    near.opens(bob.username)
    (far,) = windows.arrive(bob)
    far.opens(alice.username)
    far.sees("first")
    near.sees("first")
    return near, far


def test_the_network_is_cut(windows: Windows, cable: Cable) -> None:
    """What was typed and what arrived meanwhile is there afterwards, once and in order."""
    near, far = arrive_by(cable, windows, "alice", "bob")
    cable.cut()
    near.is_away()
    assert set(near.page.evaluate("window.closes")) == {1006}  # of the retries, too
    near.says("typed away 1", "typed away 2")
    expect(near.page.locator(".message[data-state=pending]")).to_have_count(2)
    far.says("said meanwhile 1", "said meanwhile 2")
    far.has_sent("first", "said meanwhile 1", "said meanwhile 2")
    near.says("typed away 3")
    cable.mend()
    near.is_back()
    everything = [
        "first",
        *("said meanwhile 1", "said meanwhile 2"),
        *("typed away 1", "typed away 2", "typed away 3"),
    ]
    near.has_sent(*everything)
    far.has_sent(*everything)
    expect(near.page.locator("#connection-line")).to_have_text("Connected again.")
    near.reloads()
    near.sees(*everything)


def test_the_network_is_cut_again_and_again(windows: Windows, cable: Cable) -> None:
    """However often it happens, each message is there once, in the order it was written."""
    near, far = arrive_by(cable, windows, "alice", "bob")
    everything = ["first"]
    for number in range(4):
        near.says(f"near {number}")
        cable.cut()
        near.says(f"near {number} away")
        near.is_away()
        cable.mend()
        near.is_back()
        everything += [f"near {number}", f"near {number} away"]
        near.has_sent(*everything)
        far.says(f"far {number}")
        everything += [f"far {number}"]
        far.has_sent(*everything)  # stored, so that it is before what near says next
    near.has_sent(*everything)


def test_the_network_goes_before_the_answer_comes(windows: Windows, cable: Cable) -> None:
    """A message that was stored but never acknowledged is sent again, and stays one."""
    near, far = arrive_by(cable, windows, "alice", "bob")
    cable.deafen()
    near.says("did you get this?")
    far.sees("first", "did you get this?")
    expect(near.message("did you get this?")).to_have_attribute("data-state", "pending")
    cable.cut()
    near.is_away()
    cable.mend()
    near.is_back()
    near.has_sent("first", "did you get this?")
    far.says("yes")
    near.sees("first", "did you get this?", "yes")
    far.sees("first", "did you get this?", "yes")


@pytest.mark.parametrize("fails", ["on the way there", "on the way back"])
def test_a_reload_in_the_middle_of_sending(windows: Windows, cable: Cable, fails: str) -> None:
    """What the page had not brought out, or not seen acknowledged, is sent by the next one, once."""
    near, far = arrive_by(cable, windows, "alice", "bob")
    if fails == "on the way there":
        cable.mute()
    else:
        cable.deafen()
    near.says("one", "two", "three")
    near.has_kept("one", "two", "three")
    near.reloads()
    near.has_sent("first", "one", "two", "three")
    far.has_sent("first", "one", "two", "three")


def test_what_was_typed_away_outlives_the_page(windows: Windows, cable: Cable) -> None:
    """Closed while offline, the page sends it when it is opened again."""
    near, far = arrive_by(cable, windows, "alice", "bob")
    cable.cut()
    near.is_away()
    near.says("before closing")
    near.has_kept("before closing")
    near.page.close()
    cable.mend()
    far.sees("first")
    near.again()
    near.opens(far.name)
    near.has_sent("first", "before closing")
    far.sees("first", "before closing")


def test_the_server_is_killed_in_the_middle(own_windows: Windows) -> None:
    """SIGKILL and a new start: the conversation goes on where it was."""
    server = own_windows.server
    alice, bob = own_windows.people("alice", "bob")
    tell(bob, alice, "first")
    near, far = own_windows.arrive(alice, bob)
    for window, title in ((near, bob.username), (far, alice.username)):
        window.may_lose_the_connection()
        window.may_be_refused(503)  # the port is open before the database is
        window.opens(title)
        window.sees("first")
    near.says("before")
    near.says("in the middle")
    server.kill()
    near.is_away()
    near.says("after")
    far.says("and me")
    server.start()
    expect(near.texts).to_have_count(5)
    expect(near.page.locator(".message[data-state=pending]")).to_have_count(0)
    expect(far.texts).to_have_count(5)
    expect(far.page.locator(".message[data-state=pending]")).to_have_count(0)
    texts = near.texts.all_inner_texts()
    assert texts == far.texts.all_inner_texts()
    assert [text for text in texts if text != "and me"] == [
        "first",
        "before",
        "in the middle",
        "after",
    ]


def sign_out_others(person: Person) -> None:
    """End the sessions of all devices but the tests' own."""
    for session in person.asks("GET", "/sessions")["sessions"]:
        if not session["current"]:
            person.asks("DELETE", f"/sessions/{session['id']}")


def test_signed_out_elsewhere(windows: Windows) -> None:
    """Nothing stays on the screen; what was not sent yet is sent when its owner is back."""
    alice = windows.person("alice")
    (window,) = windows.arrive(alice)
    window.may_be_refused(401)  # what it was fetching just then
    sign_out_others(alice)
    expect(window.page.get_by_text("You have been signed out on this device.")).to_be_visible()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    expect(window.page.locator("#messages")).to_have_count(0)
    window.page.go_back()
    expect(window.page.locator("#messages")).to_have_count(0)


def test_signed_out_while_writing(windows: Windows) -> None:
    """Nobody is asked whether to stay with a file that cannot be sent, and no draft is left."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.may_be_refused(401)
    window.opens(bob.username)
    window.composer.click()
    window.page.keyboard.type("half a thought")
    window.page.locator("#composer-file").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"half a file"}
    )
    expect(window.page.locator(".tray-item[data-state=done]")).to_have_count(1)
    assert "half" in window.page.evaluate("JSON.stringify({...localStorage})")
    sign_out_others(alice)
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    assert "half" not in window.page.evaluate("JSON.stringify({...localStorage})")


def test_signed_out_in_the_settings(windows: Windows) -> None:
    """That page leaves as well, as soon as somebody looks at it again."""
    alice = windows.person("alice")
    (window,) = windows.arrive(alice)
    window.may_be_refused(401)
    window.goes("/settings")
    expect(window.page.locator("#devices .person")).to_have_count(2)
    sign_out_others(alice)
    window.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(window.page.get_by_text("You have been signed out on this device.")).to_be_visible()
    expect(window.page).to_have_url(re.compile(r"/login\?next=/settings"))


def test_signing_out_another_device(windows: Windows) -> None:
    """From the list of devices; the other window says so."""
    alice = windows.person("alice")
    (window,) = windows.arrive(alice)
    (other,) = windows.arrive(alice, user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    other.may_be_refused(401)  # what it was fetching just then
    window.goes("/settings")
    devices = window.page.locator("#devices")
    expect(devices.locator(".person")).to_have_count(3)
    expect(devices).to_contain_text("this device")
    window.button("Sign out on Firefox, Linux").click()
    expect(devices.locator(".person")).to_have_count(2)
    expect(other.page.get_by_text("You have been signed out on this device.")).to_be_visible()


def test_too_many_windows(chromium: Browser) -> None:
    """One more than the server allows is told to close one."""
    with (
        Process("--limit", "connections_per_user=1") as server,
        windows_on(chromium, server) as all_,
    ):
        alice = all_.person("alice")
        one, other = all_.window(alice), all_.window(alice)
        one.arrives()
        other.signs_in()
        other.goes("/chat")
        line = other.page.locator("#connection-line")
        expect(line).to_contain_text("too many windows or devices")
        one.page.close()
        line.get_by_role("button", name="Try now").click()
        # The server may not have seen yet that the other is closed; then it is tried again.
        other.page.wait_for_function(_TRY_AGAIN, polling=500)
        other.is_ready()
