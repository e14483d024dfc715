"""Forms that work without JavaScript, in the person's language, and the choice of it."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.windows import Window, Windows
from tests.person import PASSWORD, Person


def fill(window: Window, username: str, password: str) -> None:
    """Fill in either form and send it."""
    window.page.locator("#username").fill(username)
    window.page.locator("#password").fill(password)
    window.page.locator("button[type=submit]").click()


def newcomer(windows: Windows, name: str, **how: Any) -> Window:
    """A window of someone who has no account yet."""
    return windows.window(Person(windows.server, name), **how)


def problem(window: Window, field: str) -> str:
    """What the form says beside a field, as a screen reader would tell it with the field."""
    described = window.page.locator(f"#{field}[aria-invalid=true]")
    expect(described).to_have_attribute("aria-describedby", f"{field}-error")
    return window.page.locator(f"#{field}-error").inner_text()


@pytest.mark.parametrize(
    ("locale", "field", "username", "password", "words"),
    [
        ("en", "username", "x", PASSWORD, "A user name has at least 2 characters."),
        ("zh-CN", "username", "x", PASSWORD, "用户名至少需要 2 个字符。"),
        ("en", "username", "x" * 33, PASSWORD, "A user name has at most 32 characters."),
        ("en", "username", "a b", PASSWORD, "Only letters, digits, and _ - . are possible."),
        ("en", "password", "somebody", "short", "A password has at least 8 characters."),
        ("zh-CN", "password", "somebody", "short", "密码至少需要 8 个字符。"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    windows: Windows, locale: str, field: str, username: str, password: str, words: str
) -> None:
    """In the person's language; what was right stays filled in."""
    window = newcomer(windows, username, locale=locale)
    window.may_be_refused(400)
    window.goes("/register")
    fill(window, username, password)
    assert problem(window, field) == words
    expect(window.page.locator("#username")).to_have_value(username)
    expect(window.page.locator("#password")).to_have_value("")


def test_a_taken_name(windows: Windows) -> None:
    """Also in another case and another width."""
    alice = windows.person("alice")
    window = newcomer(windows, alice.username)
    window.may_be_refused(409)
    wide = alice.username.translate({ord("a"): "Ａ", ord("1"): "１"})
    for taken in (alice.username, alice.username.upper(), wide):
        window.goes("/register")
        fill(window, taken, PASSWORD)
        assert problem(window, "username") == "This user name is taken."


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_in_with_the_wrong_password(windows: Windows, scripts: bool) -> None:
    """One sentence for an unknown name and a wrong password, in Chinese here; then the right one."""
    alice = windows.person("alice")
    window = windows.window(alice, locale="zh-CN", java_script_enabled=scripts)
    window.may_be_refused(401)
    window.goes("/login")
    for name in (alice.username, "nobody.of.that.name"):
        fill(window, name, "not the password")
        expect(window.page.get_by_role("alert")).to_have_text("用户名或密码错误。")
    fill(window, alice.username, PASSWORD)
    if scripts:
        window.is_ready()
    else:
        expect(window.page.locator(".noscript")).to_have_text("聊天页面需要 JavaScript，请先启用。")


def test_registering_without_scripts(windows: Windows) -> None:
    """The form needs none, and says in Chinese what is wrong."""
    window = newcomer(
        windows, f"新{windows.person('x').username}", java_script_enabled=False, locale="zh-CN"
    )
    window.may_be_refused(400)
    window.goes("/register")
    fill(window, window.name, "short")
    assert problem(window, "password") == "密码至少需要 8 个字符。"
    window.page.locator("#password").fill(PASSWORD)
    window.page.locator("button[type=submit]").click()
    expect(window.page.locator(".noscript")).to_be_visible()


def test_one_comes_back_to_where_one_was_going(windows: Windows) -> None:
    """Asked to sign in on the way to a page, one arrives there."""
    window = windows.window(windows.person("alice"))
    window.goes("/chat?from=mail")
    expect(window.page.locator("h1")).to_have_text("Welcome back")
    fill(window, window.name, PASSWORD)
    window.is_ready()
    assert window.page.url.endswith("/chat?from=mail")


def test_the_language_is_chosen(windows: Windows) -> None:
    """By the browser first, then by the person, and it stays."""
    window = windows.window(windows.person("alice"), locale="zh-CN")
    window.goes("/login")
    expect(window.page.locator("html")).to_have_attribute("lang", "zh-CN")
    window.page.get_by_role("link", name="English").click()
    expect(window.page.locator("h1")).to_have_text("Welcome back")
    fill(window, window.name, PASSWORD)
    window.is_ready()
    expect(window.page.locator("#tab-chats")).to_have_text("Chats", use_inner_text=True)
    window.chooses("#me-button", "Settings")
    window.page.get_by_label("简体中文").check(force=True)
    expect(window.page.locator("h1")).to_have_text("设置")
    window.page.get_by_role("link", name="返回聊天").click()
    window.is_ready()
    expect(window.page.locator("#tab-contacts")).to_have_text("联系人", use_inner_text=True)


@pytest.mark.parametrize("place", ["/nowhere?a=b&c=d", "/join/" + "a" * 22])
def test_the_language_is_chosen_on_an_error(windows: Windows, place: str) -> None:
    """Where there is nothing, or the link is void, as where one signs in."""
    window = windows.window(windows.person("alice"))
    window.may_be_refused(404)
    window.goes(place)
    english = window.page.locator("h1").inner_text()
    window.page.get_by_role("link", name="简体中文").click()
    expect(window.page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert window.page.url.endswith(place)
    assert window.page.locator("h1").inner_text() != english
    window.page.get_by_role("link", name="English").click()
    expect(window.page.locator("h1")).to_have_text(english)
    assert Axe().run(window.page).violations_count == 0


def test_signing_out(windows: Windows) -> None:
    """The chat is closed to who comes next at this machine."""
    (window,) = windows.arrive(windows.person("alice"))
    window.chooses("#me-button", "Sign out")
    expect(window.page.locator("h1")).to_have_text("Welcome back")
    window.goes("/chat")
    expect(window.page.locator("h1")).to_have_text("Welcome back")


def test_signing_out_asks_about_unsent_messages(windows: Windows) -> None:
    """They would stay on this machine otherwise."""
    alice, bob = windows.people("alice", "bob")
    (window,) = windows.arrive(alice)
    window.opens_contacts()
    window.contact(bob.username).locator(".person-open").click()
    bob.asks("DELETE", f"/contacts/{alice.username}")
    window.says("too late")
    expect(window.message("too late")).to_have_attribute("data-state", "failed")
    window.chooses("#me-button", "Sign out")
    expect(window.dialog).to_contain_text("One message has not been sent yet.")
    window.dialog.get_by_role("button", name="Sign out").click()
    expect(window.page.locator("h1")).to_have_text("Welcome back")
    window.arrives()
    expect(window.message("too late")).to_have_count(0)
