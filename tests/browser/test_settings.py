"""The settings page: who one is, how it looks, one's devices, and the end of an account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Route, expect

from tests.browser.windows import Window, Windows, make_group, tell
from tests.person import PASSWORD, Person

LIGHT, DARK = "rgb(244, 245, 249)", "rgb(20, 22, 29)"


def settings_of(windows: Windows, person: Person, **how: Any) -> Window:
    """Someone in front of their settings."""
    window = windows.window(person, **how)
    window.signs_in()
    opens_settings(window)
    return window


def opens_settings(window: Window) -> None:
    window.goes("/settings")
    expect(window.page.locator("#settings")).to_have_attribute("aria-busy", "false")


def problem(window: Window, label: str) -> Locator:
    """What is said beside a field, as a screen reader tells it with the field."""
    field = window.page.get_by_label(label, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    return window.page.locator(f"[id='{field.get_attribute('aria-describedby')}']")


def test_another_name_is_seen_by_everyone_at_once(windows: Windows) -> None:
    """In lists, heads and messages, also in messages said before; and it is kept."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Lunch", bob)
    alice.asks("POST", f"/conversations/{group}/messages", {"text": "noon?"})
    tell(alice, bob, "good morning")
    (seen,) = windows.arrive(bob)
    seen.opens("Lunch")
    window = settings_of(windows, alice)
    name = f"Alice L. {alice.username}"
    window.page.get_by_label("Display name").fill(name)
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_text("Saved.")).to_be_visible()
    expect(window.page.locator("#profile strong")).to_have_text(name)
    expect(seen.page.locator(".message-sender").last).to_have_text(name)
    expect(seen.item(name)).to_be_visible()
    expect(seen.item("Lunch")).to_contain_text(f"{name}: noon?")
    seen.opens_contacts()
    expect(seen.contact(alice.username)).to_contain_text(name)
    window.page.get_by_role("link", name="Back to the chat").click()
    window.is_ready()
    expect(window.page.locator(".me-name")).to_have_text(name)


def test_ones_own_name_changes_in_the_other_window(windows: Windows) -> None:
    """The chat that is open beside the settings shows it too."""
    alice = windows.person("alice")
    (chat,) = windows.arrive(alice)
    alice.asks("PATCH", "/me", {"display_name": "Somebody Else"})
    expect(chat.page.locator(".me-name")).to_have_text("Somebody Else")
    expect(chat.page.locator("#me-avatar")).to_have_text("SE")


def test_what_is_wrong_is_said_beside_the_field(windows: Windows) -> None:
    """In the person's language, with the field in focus; mended, it is no longer said."""
    window = settings_of(windows, windows.person("alice"), locale="zh-CN")
    window.may_be_refused(400, 403)
    page = window.page
    page.get_by_label("昵称").evaluate("field => field.removeAttribute('maxlength')")
    page.get_by_label("昵称").fill("长" * 65)
    page.keyboard.press("Enter")
    expect(problem(window, "昵称")).to_have_text("昵称太长了。")
    page.get_by_label("昵称").fill("小爱")
    page.keyboard.press("Enter")
    expect(page.locator("#profile [aria-invalid]")).to_have_count(0)
    for current, new, label, words in (
        (PASSWORD, "short", "新密码", "密码至少需要 8 个字符。"),
        ("not this one", "something better", "当前密码", "当前密码不正确。"),
    ):
        page.get_by_label("当前密码").fill(current)
        page.get_by_label("新密码").fill(new)
        page.keyboard.press("Enter")
        expect(problem(window, label)).to_have_text(words)


def test_another_password_signs_others_out(windows: Windows) -> None:
    """The fields are empty afterwards, and the list of devices is what it is now."""
    alice = windows.person("alice")
    (there,) = windows.arrive(alice)
    there.may_be_refused(401)
    here = settings_of(windows, alice)
    expect(here.page.locator("#devices .person")).to_have_count(3)
    here.page.get_by_label("Current password").fill(PASSWORD)
    here.page.get_by_label("New password").fill("something better")
    here.page.keyboard.press("Enter")
    expect(here.page.get_by_text("Your password was changed.")).to_be_visible()
    expect(here.page.get_by_label("New password")).to_have_value("")
    expect(here.page.locator("#devices .person")).to_have_count(1)
    expect(there.page.get_by_text("You have been signed out on this device.")).to_be_visible()


def test_signing_out_there(windows: Windows) -> None:
    """One device goes, this one stays."""
    alice = windows.person("alice")
    here = settings_of(windows, alice)
    expect(here.page.locator("#devices .person")).to_have_count(2)
    here.page.get_by_role("button", name="Sign out on Python").click()
    expect(here.page.locator("#devices .person")).to_have_count(1)
    expect(here.page.locator("#devices h2")).to_be_focused()


def test_a_theme_without_a_flash(windows: Windows) -> None:
    """At once, in the first paint of every page after it, and in a chat that is open."""
    alice = windows.person("alice")
    window = settings_of(windows, alice, color_scheme="light")
    chat = window.context.new_page()
    chat.goto(f"{window.url}/chat")
    expect(chat.locator("#conversation-list")).to_have_attribute("aria-busy", "false")
    expect(window.page.locator("body")).to_have_css("background-color", LIGHT)
    window.page.get_by_label("As the system").focus()
    window.page.keyboard.press("ArrowLeft")
    expect(window.page.get_by_label("Dark")).to_be_checked()
    expect(window.page.locator("body")).to_have_css("background-color", DARK)
    chat.evaluate("window.dispatchEvent(new Event('pageshow'))")
    expect(chat.locator("body")).to_have_css("background-color", DARK)
    window.page.reload(wait_until="commit")
    assert window.page.locator("html").get_attribute("data-theme") == "dark"
    expect(window.page.locator("html")).to_have_css("color-scheme", "dark")
    opens_settings(window)
    expect(window.page.locator("body")).to_have_css("background-color", DARK)
    window.page.get_by_label("As the system").check(force=True)
    expect(window.page.locator("body")).to_have_css("background-color", LIGHT)


def test_a_language_goes_with_the_account(windows: Windows) -> None:
    """Chosen by keyboard; the focus stays where it was, and the next device speaks it."""
    alice = windows.person("alice")
    window = settings_of(windows, alice)
    window.page.get_by_label("English").focus()
    window.page.keyboard.press("ArrowRight")
    expect(window.page.locator("h1")).to_have_text("设置")
    expect(window.page.get_by_label("简体中文")).to_be_focused()
    (other,) = windows.arrive(alice)
    expect(other.page.locator("html")).to_have_attribute("lang", "zh-CN")
    window.page.get_by_label("跟随浏览器").check(force=True)
    expect(window.page.locator("h1")).to_have_text("Settings")


def test_what_one_shares_is_switched(windows: Windows) -> None:
    """A switch for each that the server knows; refused, it jumps back and says why."""
    window = windows.window(windows.person("alice"))
    window.may_be_refused(503)
    window.signs_in()
    asked = []

    def answer(route: Route) -> None:
        if route.request.method == "PATCH":
            asked.append(json.loads(route.request.post_data or ""))
            if len(asked) == 2:
                error = {"error": {"code": "unavailable", "message": "away"}}
                return route.fulfill(status=503, json=error)
            return route.fulfill(json={})
        known = route.fetch()
        return route.fulfill(
            response=known, json={**known.json(), "settings": {"receipts": True, "typing": False}}
        )

    window.page.route("**/api/v1/me", answer)
    opens_settings(window)
    switches = window.page.get_by_role("switch")
    expect(switches).to_have_count(2)
    receipts = window.page.get_by_role("switch", name="Read receipts")
    expect(receipts).to_be_checked()
    receipts.focus()
    window.page.keyboard.press("Space")
    expect(receipts).not_to_be_checked()
    window.page.keyboard.press("Space")
    expect(window.page.locator("#privacy [role=alert]").first).to_have_text(
        "The server could not be reached. Please try again."
    )
    expect(receipts).not_to_be_checked()
    assert asked == [{"settings": {"receipts": False}}, {"settings": {"receipts": True}}]


def test_ones_data(windows: Windows) -> None:
    """A file with what one has said."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "keep this")
    window = settings_of(windows, alice)
    with window.page.expect_download() as download:
        window.page.get_by_role("link", name="Download my data").click()
    assert download.value.suggested_filename == "imtwisted-data.json"
    data = json.loads(Path(download.value.path()).read_text("utf-8"))
    said = [message["text"] for one in data["conversations"] for message in one["messages"]]
    assert said == ["keep this"]


def test_leaving_for_good(windows: Windows) -> None:
    """A wrong password keeps the account; the right one ends it, and others see that live."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "good bye")
    (seen,) = windows.arrive(bob)
    seen.opens(alice.username)
    seen.sees("good bye")
    window = settings_of(windows, alice)
    window.may_be_refused(403)
    window.page.get_by_role("button", name="Delete my account…").click()
    password = window.dialog.get_by_label("Password")
    expect(password).to_be_focused()
    password.fill("not this one")
    window.page.keyboard.press("Enter")
    expect(window.dialog.locator(".field-error").first).to_have_text(
        "That is not your current password."
    )
    password.fill(PASSWORD)
    window.page.keyboard.press("Enter")
    expect(window.page.locator("h1")).to_have_text("Farewell")
    expect(window.page.get_by_text("Your account was deleted.")).to_be_visible()
    expect(seen.page.locator(".head-title")).to_have_text("Deleted account")
    expect(seen.item("Deleted account")).to_be_visible()
    expect(seen.page.get_by_text("You can read what was said")).to_be_visible()
    expect(seen.composer).to_be_hidden()
    seen.sees("good bye")
    seen.opens_contacts()
    expect(seen.contact(alice.username)).to_have_count(0)


def test_a_deleted_account_in_the_persons_language(windows: Windows) -> None:
    """Also where a page is loaded after it, in messages, lists, quotes and old news."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    group = make_group(bob, "Lunch", alice, carol)
    tell(alice, bob, "good bye")
    alice.asks("POST", f"/conversations/{group}/messages", {"text": "noon?"})
    bob.asks("POST", f"/conversations/{group}/messages", {"text": "yes", "reply_to": 2})
    alice.asks("DELETE", "/me", {"password": PASSWORD})
    (window,) = windows.arrive(bob, locale="zh-CN")
    expect(window.item("已注销的账号")).to_be_visible()
    window.opens("Lunch")
    expect(window.page.locator(".message-sender").first).to_have_text("已注销的账号")
    expect(window.page.locator(".quote")).to_contain_text("已注销的账号")
    expect(window.page.locator(".system").last).to_contain_text("已注销的账号")
    assert alice.username not in window.page.locator("#app").inner_text()
    window.opens("已注销的账号")
    window.page.locator("#info-button").click()
    expect(window.dialog).to_contain_text("此账号已注销。")


def test_what_is_found_of_a_deleted_account(windows: Windows) -> None:
    """Is titled in the person's language: the conversation by its name, and a message of it."""
    alice, bob = windows.people("alice", "bob")
    tell(alice, bob, "good bye")
    tell(bob, alice, "farewell")
    alice.asks("DELETE", "/me", {"password": PASSWORD})
    (window,) = windows.arrive(bob, locale="zh-CN")
    for words, about in (("good bye", "good bye"), ("farewell", bob.username)):
        window.page.locator("#search").fill(words)
        hit = window.page.locator(".found-line[data-seq]")
        expect(hit).to_contain_text(about)
        expect(hit.locator(".item-title")).to_have_text("已注销的账号")
    window.page.locator("#search").fill("deleted")
    found = window.page.locator(".found-line[data-conversation]:not([data-seq])")
    expect(found.locator(".person-name")).to_have_text("已注销的账号")


def test_clearing_and_muting(windows: Windows) -> None:
    """What was said is gone from one's own windows, and nobody else's."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "one", "two")
    here, there, other = windows.arrive(alice, alice, bob)
    for window, title in ((here, bob), (there, bob), (other, alice)):
        window.opens(title.username)
        window.sees("one", "two")
    here.page.locator("#info-button").click()
    here.dialog.get_by_label("Mute").check()
    expect(there.item(bob.username).locator("use[href='#icon-mute']")).to_have_count(1)
    here.dialog.get_by_role("button", name="Clear history").click()
    here.dialog.get_by_role("button", name="Clear history").click()
    for window in (here, there):
        expect(window.texts).to_have_count(0)
        expect(window.item(bob.username).locator(".item-preview")).to_have_text("")
    other.sees("one", "two")
    tell(bob, alice, "three")
    here.sees("three")
    here.reloads()
    here.sees("three")


def test_away(windows: Windows) -> None:
    """When the server cannot be asked the page says so, and tries again when told to."""
    window = windows.window(windows.person("alice"))
    window.may_be_refused(503)
    window.may_lose_the_connection()
    window.signs_in()
    window.page.route("**/api/v1/me", lambda route: route.abort())
    window.goes("/settings")
    expect(window.page.get_by_role("alert")).to_have_text(
        "The server could not be reached. Please try again."
    )
    window.page.unroute("**/api/v1/me")
    window.page.get_by_role("button", name="Try again").click()
    expect(window.page.locator("#profile")).to_be_visible()


def links(window: Window) -> Locator:
    """The ways to the sections."""
    return window.page.locator("#settings-nav a")


def marked(window: Window) -> Locator:
    """The one of the section in view."""
    return window.page.locator("#settings-nav a[aria-current]")


@pytest.mark.parametrize("phone", [False, True])
def test_the_section_in_view_is_marked(windows: Windows, phone: bool) -> None:
    """As one scrolls, at both ends, and where a link has led; on a phone the row of links follows."""
    window = settings_of(windows, windows.person("alice"), phone=phone)
    expect(marked(window)).to_have_text("Profile")
    seen = []
    height = window.page.evaluate("document.documentElement.scrollHeight")
    for at in range(0, height, 60):
        window.page.evaluate("(at) => scrollTo(0, at)", at)
        window.page.evaluate("new Promise(requestAnimationFrame)")
        seen.append(marked(window).inner_text())
    assert list(dict.fromkeys(seen)) == links(window).all_inner_texts()
    expect(marked(window)).to_be_in_viewport(ratio=0.9)
    for link in links(window).all():
        link.click()
        expect(link).to_have_attribute("aria-current", "location")
        expect(marked(window)).to_have_count(1)
        expect(link).to_be_in_viewport(ratio=0.9)
        section = window.page.locator(f"section{link.get_attribute('href')} h2")
        box, row = section.bounding_box(), window.page.locator("#settings-nav").bounding_box()
        assert box is not None
        assert row is not None
        assert not phone or box["y"] >= row["y"] + row["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_of_the_links(windows: Windows, scheme: str) -> None:
    """The row of a phone, in Chinese: axe finds nothing, and nothing is wider than the page."""
    how = {"phone": True, "locale": "zh-CN", "color_scheme": scheme}
    window = settings_of(windows, windows.person("alice"), **how)
    expect(marked(window)).to_have_count(1)
    assert Axe().run(window.page).violations_count == 0
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
