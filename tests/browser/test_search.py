"""Searching in the page: who, where and what, with the keyboard too, and on to the place."""

from __future__ import annotations

from playwright.sync_api import Locator, Route, expect

from tests.browser.windows import Window, Windows, make_group, tell
from tests.person import Person


def box(window: Window) -> Locator:
    """Where one types what to look for."""
    return window.page.locator("#search")


def hits(window: Window) -> Locator:
    """The messages that were found."""
    return window.page.locator(".found-line[data-seq]")


def status(window: Window) -> Locator:
    """What is said of the search."""
    return window.page.locator("#panel-search [role=status]")


def say(person: Person, conversation: int, *texts: str) -> None:
    """Say it, by script."""
    for text in texts:
        person.asks("POST", f"/conversations/{conversation}/messages", {"text": text})


def test_people_conversations_and_messages(windows: Windows) -> None:
    """Grouped, with what was asked for marked; each leads where it should."""
    alice, bob = windows.people("alice", "bobolink")
    team = make_group(alice, f"Bobsleigh {bob.username}", bob)
    say(bob, team, f"今天和 {bob.username.upper()} 开会 <b>now</b>")
    tell(bob, alice, "hello")
    (window,) = windows.arrive(alice)
    box(window).fill(bob.username)
    expect(window.page.locator("#panel-search .section-title")).to_have_text(
        ["People", "Conversations", "Messages"]
    )
    expect(window.page.locator("#conversation-list")).to_be_hidden()
    expect(hits(window)).to_have_count(1)
    expect(hits(window).locator("mark")).to_have_text([bob.username.upper()])
    expect(hits(window).locator(".found-text")).to_contain_text("开会 <b>now</b>")
    expect(status(window)).to_have_text("4 results")
    hits(window).click()
    expect(window.page.locator(".stands-out")).to_contain_text("开会")
    expect(window.page.locator(".head-title")).to_have_text(f"Bobsleigh {bob.username}")
    window.page.locator(f".found-line[data-username={bob.username}]").first.click()
    expect(window.page.locator(".head-title")).to_have_text(bob.username)
    window.sees("hello")


def test_by_keyboard(windows: Windows) -> None:
    """Ctrl+K, arrows, Enter; Escape brings the lists back."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "the red door", "the green door", "something else")
    (window,) = windows.arrive(alice)
    window.page.keyboard.press("Control+k")
    expect(box(window)).to_be_focused()
    window.page.keyboard.type("door")
    expect(hits(window)).to_have_count(2)
    window.page.keyboard.press("ArrowDown")
    expect(hits(window).first).to_be_focused()
    window.page.keyboard.press("ArrowDown")
    window.page.keyboard.press("Enter")
    expect(window.page.locator(".stands-out")).to_contain_text("the red door")
    window.page.keyboard.press("Control+k")
    window.page.keyboard.press("ArrowDown")
    window.page.keyboard.press("ArrowUp")
    expect(box(window)).to_be_focused()
    window.page.keyboard.press("Escape")
    expect(window.page.locator("#panel-search")).to_be_hidden()
    expect(window.page.locator("#conversation-list")).to_be_visible()


def test_within_one_conversation_by_whom_and_when(windows: Windows) -> None:
    """From the conversation's head; filters narrow it down, and are cleared."""
    alice, bob = windows.people("alice", "bob")
    team = make_group(alice, "Rowers", bob)
    tell(alice, bob, "a boat elsewhere")
    say(alice, team, "my boat")
    say(bob, team, "his boat")
    (window,) = windows.arrive(alice)
    window.opens("Rowers")
    window.button("Search in this conversation").click()
    expect(window.page.locator(".search-scope")).to_contain_text("In Rowers")
    box(window).fill("BOAT")
    expect(hits(window).locator(".found-text")).to_have_text(["his boat", "my boat"])
    window.page.locator(".search-filters summary").click()
    window.page.get_by_label("Said by (user name)").fill(bob.username)
    window.page.get_by_label("To day").click()
    expect(hits(window).locator(".found-text")).to_have_text(["his boat"])
    window.page.get_by_label("To day").fill("2020-01-01")
    window.page.get_by_label("To day").blur()
    expect(status(window)).to_have_text("Nothing was found.")
    window.button("Clear filters").click()
    expect(hits(window)).to_have_count(2)
    window.button("Search everywhere").click()
    expect(hits(window)).to_have_count(3)


def test_a_place_far_back(windows: Windows) -> None:
    """Is loaded, led to, and stands out; older results come when asked for."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "the needle", *(f"straw number {n}" for n in range(70)))
    (window,) = windows.arrive(alice)
    box(window).fill("straw")
    expect(hits(window)).to_have_count(20)
    expect(status(window)).to_have_text("20 results, and there are older ones")
    window.button("Older results").press("Enter")
    expect(hits(window)).to_have_count(40)
    expect(hits(window).nth(20)).to_be_focused()
    box(window).fill("needle")
    expect(hits(window)).to_have_count(1)
    hits(window).click()
    expect(window.page.locator(".stands-out")).to_contain_text("the needle")
    expect(window.message("the needle")).to_be_in_viewport()


def test_refused_and_away(windows: Windows) -> None:
    """What the server refuses is said in the person's language, and can be tried again."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hello there")
    window = windows.window(alice, locale="zh-CN")
    window.arrives()
    window.may_be_refused(429, 404)
    window.may_lose_the_connection()

    def too_fast(route: Route) -> None:
        route.fulfill(status=429, json={"error": {"code": "rate_limited", "message": "x"}})

    window.page.route("**/api/v1/search?*", too_fast)
    box(window).fill("hello")
    expect(status(window)).to_have_text("操作太频繁，请稍后再试。")
    window.page.unroute("**/api/v1/search?*")
    window.page.route("**/api/v1/search?*", lambda route: route.abort())
    window.page.locator("#panel-search > button:visible").click()
    expect(status(window)).to_have_text("暂时无法连接服务器，请重试。")
    window.page.unroute("**/api/v1/search?*")
    window.page.locator("#panel-search > button:visible").click()
    expect(hits(window)).to_have_count(1)
    window.page.locator(".search-filters summary").click()
    window.page.locator(".search-fields input").first.fill("nobody-at-all")
    window.page.locator(".search-fields input").first.blur()
    expect(status(window)).to_have_text("没有这个用户。")


def test_on_a_phone_and_a_group_to_join(windows: Windows) -> None:
    """A hit opens the conversation, back leads to the results; a public group is joined first."""
    alice, carol = windows.people("alice", "carol")
    make_group(carol, f"Open {carol.username}", public=True)
    tell(carol, alice, "on the phone")
    (window,) = windows.arrive(alice, phone=True)
    box(window).fill("phone")
    hits(window).tap()
    expect(window.message("on the phone")).to_be_visible()
    window.page.locator(".back-link").tap()
    expect(hits(window)).to_be_visible()
    box(window).fill(f"open {carol.username}")
    window.page.locator("#panel-search").get_by_role("button", name="Join").tap()
    window.dialog.get_by_role("button", name="Join", exact=True).tap()
    expect(window.page.locator(".head-title")).to_have_text(f"Open {carol.username}")


def test_a_long_title_leaves_room_for_the_time(windows: Windows) -> None:
    """One without a place to break it ends in dots."""
    alice, bob = windows.people("alice", "bob")
    team = make_group(alice, "W" * 64, bob)
    say(bob, team, "quokka")
    (window,) = windows.arrive(alice)
    box(window).fill("quokka")
    expect(hits(window)).to_have_count(1)
    inside = "it => it.getBoundingClientRect().right <= it.closest('.found-line').clientWidth + "
    inside += "it.closest('.found-line').getBoundingClientRect().left"
    assert hits(window).locator(".item-time").evaluate(inside)
