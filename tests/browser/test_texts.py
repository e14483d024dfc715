"""Texts with links, code and names, and texts that mean harm."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import Windows, make_group, tell

_TOKENS = """
    async ([text, names]) => {
        const { tokens } = await import("/static/js/tokens.js");
        return tokens(text, names).map(({ kind, text }) => [kind, text]);
    }
"""
# How many times as long a long text takes as a short one of the same kind, at best of some tries.
_GROWTH = """
    async ([short, long]) => {
        const { tokens } = await import("/static/js/tokens.js");
        const once = (text, times) => {
            const began = performance.now();
            for (let time = 0; time < times; time += 1) tokens(text, ["bob", "小明"]);
            return (performance.now() - began) / times;
        };
        once(short, 400);
        const tries = Array.from({ length: 7 }, () => [once(short, 400), once(long, 30)]);
        const best = [0, 1].map((which) => Math.min(...tries.map((times) => times[which])));
        return best[1] / Math.max(best[0], 0.002);
    }
"""

MANY_MARKS = "Z" + "\u0301\u0335\u0489\u0e49" * 3_000

# A text of the greatest length, against a short one.
TIMES = 15
# How it begins, what it repeats, and what it ends in.
HARD = [
    *(("", part, "") for part in ("`", "```", "``` ", "https://a", "https://a.b/(", ")", "@")),
    *(("", part, "") for part in ("@bo", "`\n", "https://")),
    ("https://a.b/", ")", ""),
    ("https://a.b/", "(", ")"),
]

CASES: list[tuple[str, list[list[str]]]] = [
    ("plain", [["text", "plain"]]),
    (
        "see https://a.example/b?c=d#e.",
        [["text", "see "], ["link", "https://a.example/b?c=d#e"], ["text", "."]],
    ),
    ("HTTP://A.example", [["link", "HTTP://A.example"]]),
    (
        "(https://a.example/x_(y))",
        [["text", "("], ["link", "https://a.example/x_(y)"], ["text", ")"]],
    ),
    (
        "看https://a.example/b，很好",
        [["text", "看"], ["link", "https://a.example/b"], ["text", "，很好"]],
    ),
    ("https://a.example很好", [["link", "https://a.example"], ["text", "很好"]]),
    ("javascript:alert(1)", [["text", "javascript:alert(1)"]]),
    ("data:text/html,x ftp://a.example", [["text", "data:text/html,x ftp://a.example"]]),
    ("https://", [["text", "https://"]]),
    ("https://bank.example@evil.example", [["text", "https://bank.example@evil.example"]]),
    (
        "https://a.example/\u202egnp.exe",
        [["link", "https://a.example/"], ["text", "\u202egnp.exe"]],
    ),
    (
        'https://a.example/"onclick=x',
        [["link", "https://a.example/"], ["text", '"onclick=x']],
    ),
    (
        "run `a https://a.example` now",
        [["text", "run "], ["code", "a https://a.example"], ["text", " now"]],
    ),
    ("`open", [["text", "`open"]]),
    ("``` ```", [["text", "``` ```"]]),
    ("so:\n```py\nx = `1`\n```", [["text", "so:\n"], ["block", "x = `1`"]]),
    ("@bob, @bobby and a@bob", [["mention", "@bob"], ["text", ", @bobby and a@bob"]]),
    ("请@小明看看", [["text", "请"], ["mention", "@小明"], ["text", "看看"]]),
    ("@Bob @a.b.", [["mention", "@Bob"], ["text", " "], ["mention", "@a.b"], ["text", "."]]),
    ("", []),
]


@pytest.fixture(scope="module")
def page(chromium: Any, shared_server: Any) -> Any:
    """The modules as the server serves them."""
    page = chromium.new_page()
    page.goto(f"{shared_server.url}/login")
    yield page
    page.close()


@pytest.mark.parametrize(("text", "tokens"), CASES)
def test_what_is_in_a_text(page: Page, text: str, tokens: list[list[str]]) -> None:
    """Addresses of the web, code, and the names of people who are there."""
    assert page.evaluate(_TOKENS, [text, ["bob", "小明", "a.b", "x(*"]]) == tokens


@pytest.mark.parametrize(("start", "part", "end"), HARD)
def test_no_text_takes_long(page: Page, start: str, part: str, end: str) -> None:
    """The longest there may be, made to be hard: its length counts, and not the square of it."""

    def text(length: int) -> str:
        return start + (part * length)[:length] + (end * length)[: length // 16]

    growth = page.evaluate(_GROWTH, [text(1_000), text(1_000 * TIMES)])
    assert growth < TIMES * TIMES / 3, growth


def test_links_and_code_are_shown(windows: Windows) -> None:
    """A link opens elsewhere and tells nothing of where it was."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "see https://a.example/x and `code`\n```\nblock\n```")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    link = window.page.locator(".message-text a")
    expect(link).to_have_text("https://a.example/x")
    expect(link).to_have_attribute("href", "https://a.example/x")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(window.page.locator(".message-text .code-span")).to_have_text("code")
    expect(window.page.locator(".message-text .code-block")).to_have_text("block")


def test_who_is_mentioned_stands_out(windows: Windows) -> None:
    """And oneself most; a name that was only written does not."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Choir", bob)
    path = f"/conversations/{group}/messages"
    text = f"@{alice.username} and @{bob.username}"
    bob.asks("POST", path, {"text": text, "mentions": [alice.user["id"]]})
    (window,) = windows.arrive(alice)
    window.opens("Choir")
    expect(window.page.locator(".mention")).to_have_text([f"@{alice.username}"])
    expect(window.page.locator(".mention.me")).to_have_count(1)


def test_a_hostile_text_harms_nothing(windows: Windows) -> None:
    """In a message, its quote, the menu's dialogs and the list: markup, scripts, marks without end."""
    alice, bob = windows.people("alice", "bob")
    hostile = (
        "<img src=x onerror=\"document.title='run'\"> javascript:alert(1) "
        f"`<b>` https://a.example/<script> \u202eabc\u2066 {MANY_MARKS}"
    )
    tell(bob, alice, hostile, "next")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    expect(window.texts).to_have_count(2)
    bubble = window.page.locator(".bubble").first
    assert bubble.inner_text().startswith("<img src=x")
    bubble.hover()
    window.page.locator(".tool-more").first.click()
    window.page.get_by_role("menuitem", name="Forward").click()
    expect(window.dialog.locator(".forward-text")).to_contain_text("<img src=x")
    window.page.keyboard.press("Escape")
    window.page.locator(".tool-more").first.click()
    window.page.get_by_role("menuitem", name="Reply").click()
    window.says("answer")
    expect(window.message("answer").locator(".quote-text")).to_contain_text("<img src=x")
    assert window.page.locator("main img, main script, main b, dialog img").count() == 0
    assert window.page.title() != "run"
    links = window.page.locator("main a[target]").evaluate_all("all => all.map(a => a.href)")
    assert links == ["https://a.example/"]
    frame, inner = window.page.locator("#timeline"), window.page.locator(".bubble").first
    assert frame.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert "content" in inner.evaluate("it => getComputedStyle(it).contain")
    box = inner.bounding_box()
    assert box is not None
    assert box["height"] < 4_000
