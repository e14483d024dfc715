"""Members of a group are offered by name while one types, and hear that they were mentioned."""

from __future__ import annotations

import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Route, expect

from tests.browser.cable import Cable
from tests.browser.test_actions import chooses
from tests.browser.windows import Window, Windows, make_group, tell
from tests.person import Person


def offered(window: Window) -> Locator:
    """The names to choose from."""
    return window.page.get_by_role("option")


def test_a_name_is_completed(windows: Windows) -> None:
    """By keys; the one who is mentioned sees it stand out, and the server knows."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    group = make_group(alice, "Band", bob, carol)
    near, far = windows.arrive(alice, bob)
    near.opens("Band")
    far.opens("Band")
    near.composer.press_sequentially("dear @")
    expect(offered(near)).to_have_count(2)
    near.composer.press_sequentially("bo")
    expect(offered(near)).to_have_count(1)
    assert not Axe().run(near.page).violations_count
    near.composer.press("Enter")
    expect(offered(near)).to_have_count(0)
    expect(near.composer).to_have_value(f"dear @{bob.username} ")
    near.composer.press_sequentially("hello")
    near.composer.press("Enter")
    text = f"dear @{bob.username} hello"
    near.has_sent(text)
    far.sees(text)
    expect(far.page.locator(".mention.me")).to_have_text(f"@{bob.username}")
    last = bob.asks("GET", f"/conversations/{group}/messages?limit=1")["items"][-1]
    assert last["mentions"] == [bob.user["id"]]


def test_the_keys_of_the_list_are_its_own(windows: Windows) -> None:
    """Arrows choose, Escape closes, and after that Enter sends what is there."""
    people = windows.people("alice", "bob", "carol")
    alice, bob, carol = people
    make_group(alice, "Band", bob, carol)
    (window,) = windows.arrive(alice)
    window.opens("Band")
    window.composer.press_sequentially("@")
    expect(offered(window).first).to_have_attribute("aria-selected", "true")
    window.composer.press("ArrowDown")
    expect(offered(window).nth(1)).to_have_attribute("aria-selected", "true")
    second = offered(window).nth(1).locator(".person-about").inner_text()
    window.composer.press("Tab")
    expect(window.composer).to_have_value(f"{second} ")
    window.composer.fill("")
    window.composer.press_sequentially("@b")
    expect(offered(window)).to_have_count(1)
    window.composer.press("Escape")
    expect(offered(window)).to_have_count(0)
    window.composer.press("Enter")
    window.has_sent("@b")
    window.composer.press_sequentially("@b")
    offered(window).click()
    expect(window.composer).to_have_value(f"@{bob.username} ")
    expect(window.composer).to_be_focused()


def test_two_who_talk_mention_nobody(windows: Windows) -> None:
    """An at sign is an at sign, also within an address."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.composer.press_sequentially("@bo")
    window.settles()
    expect(offered(window)).to_have_count(0)
    window.composer.press("Enter")
    window.has_sent("hi", "@bo")


def test_drafts_are_gone_after_signing_out(windows: Windows) -> None:
    """They outlive a window, and not the person at the machine."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.composer.fill("half a thought")
    window.page.close()
    window.again()
    window.opens(bob.username)
    expect(window.composer).to_have_value("half a thought")
    window.chooses("#me-button", "Sign out")
    expect(window.page.locator("#username")).to_be_visible()
    assert "half" not in window.page.evaluate("JSON.stringify({...localStorage})")


def mentioned(person: Person, group: int) -> list[int]:
    """Whom the last message of a group mentions, as the server has it."""
    (last,) = person.asks("GET", f"/conversations/{group}/messages?limit=1")["items"]
    return list(last.get("mentions", []))


def slowly(route: Route) -> None:
    """Answer later than somebody sends."""
    time.sleep(0.5)
    route.continue_()


def test_a_name_that_was_pasted_is_a_mention(windows: Windows) -> None:
    """However quickly it is sent: whose name it is is found out before."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Band", bob)
    (window,) = windows.arrive(alice)
    window.page.route("**/members?*", slowly)
    window.opens("Band")
    window.composer.fill(f"@{bob.username} now")
    window.composer.press("Enter")
    window.has_sent(f"@{bob.username} now")
    assert mentioned(bob, group) == [bob.user["id"]]


def test_a_look_up_that_fails_keeps_no_message_back(windows: Windows) -> None:
    """After two tries it is said without."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Band", bob)
    (window,) = windows.arrive(alice)
    window.may_be_refused(503)
    window.page.route("**/members?*", lambda route: route.fulfill(status=503))
    window.opens("Band")
    window.composer.fill(f"@{bob.username} now")
    window.composer.press("Enter")
    window.has_sent(f"@{bob.username} now")
    assert mentioned(bob, group) == []


def test_a_name_written_offline_is_a_mention(windows: Windows, cable: Cable) -> None:
    """Also when another page sends it."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Band", bob)
    window = windows.window(alice, url=cable.url)
    window.may_lose_the_connection()
    window.page.route("**/members?*", lambda route: route.abort())
    window.arrives()
    window.opens("Band")
    cable.cut()
    expect(window.page.locator("#connection-line[data-phase=waiting]")).to_be_visible()
    text = f"@{bob.username} later"
    window.composer.fill(text)
    window.composer.press("Enter")
    window.has_kept(text)
    window.page.unroute("**/members?*")
    cable.mend()
    window.reloads()
    window.opens("Band")
    window.has_sent(text)
    assert mentioned(bob, group) == [bob.user["id"]]


def test_an_edit_mentions_others(windows: Windows) -> None:
    """Who is named now hears of it, who is no longer does not; nobody has to have opened it."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    make_group(alice, "Band", bob, carol)
    near, far, third = windows.arrive(alice, bob, carol)
    near.opens("Band")
    near.says(f"@{bob.username}, dear")
    expect(far.badge("Band")).to_have_text(["@", "1"])
    expect(third.badge("Band")).to_have_text(["1"])
    far.reloads()
    expect(far.badge("Band")).to_have_text(["@", "1"])
    chooses(near, f"@{bob.username}, dear", "Edit")
    near.says(f"@{carol.username}, dear")
    near.has_sent(f"@{carol.username}, dear")
    expect(far.badge("Band")).to_have_text(["1"])
    expect(third.badge("Band")).to_have_text(["@", "1"])
    third.opens("Band")
    expect(third.page.locator(".mention.me")).to_have_text(f"@{carol.username}")
    chooses(near, f"@{carol.username}, dear", "Edit")
    near.says("dear all")
    third.sees("dear all")
    far.opens("Band")
    far.sees("dear all")
    expect(third.page.locator(".mention")).to_have_count(0)
