"""A group of two thousand: its list comes in pages, and its members are found and mentioned by name."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from playwright.sync_api import Request, expect

from tests.browser.windows import Window, Windows, make_group
from tests.person import Person

MEMBERS = 2_000
_USER = """
    INSERT INTO users (id, username, name_key, display_name, password_hash, created_at)
    VALUES (?, ?, ?, ?, 'none', 1)
"""
_MEMBER = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at)
    VALUES (?, ?, 'member', 'active', 1)
"""
_COUNT = """
    UPDATE conversations SET member_count = member_count + ?, members_rev = members_rev + 1
     WHERE id = ?
"""


def fill(folder: Path, group: int, count: int) -> None:
    """Put `count` more members into a group, past the API: registering them takes minutes."""
    (path,) = folder.rglob("*.sqlite3")
    database = sqlite3.connect(path)
    with database:
        for number in range(count):
            name = f"member{number:04}"
            database.execute(_USER, (10_000 + number, name, name, f"成员 {number:04}"))
            database.execute(_MEMBER, (group, 10_000 + number))
        database.execute(_COUNT, (count, group))
    database.close()


def large_group(windows: Windows) -> tuple[Window, Person, int]:
    """A window of a member of a group of two thousand."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Everyone", bob)
    fill(windows.server.folder, group, MEMBERS - 2)
    (window,) = windows.arrive(bob)
    window.opens("Everyone")
    return window, alice, group


def asked_for_members(window: Window) -> list[str]:
    """The requests for members from here on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/members?" in request.url:
            asked.append(request.url.partition("?")[2])

    window.page.on("request", note)
    return asked


def test_the_list_comes_in_pages(own_windows: Windows) -> None:
    """One page at first, the others as one scrolls to the end; leaders stand at the top."""
    window, alice, _ = large_group(own_windows)
    asked = asked_for_members(window)
    window.page.locator("#info-button").click()
    people = window.dialog.locator(".person")
    expect(people).to_have_count(50)
    expect(people.first).to_contain_text(f"@{alice.username} · owner")
    assert len(asked) == 1, asked
    window.page.evaluate(
        """async () => {
            const body = document.querySelector("dialog .dialog-body");
            const patience = performance.now() + 60_000;
            while (body.querySelectorAll(".person").length < 2000 && performance.now() < patience) {
                body.scrollTop = body.scrollHeight;
                await new Promise(requestAnimationFrame);
            }
        }"""
    )
    names: Any = people.evaluate_all("all => all.map((one) => one.dataset.username)")
    assert len(set(names)) == MEMBERS
    expect(window.button("Show more")).to_be_hidden()


def test_somebody_is_found(own_windows: Windows) -> None:
    """By a part of either name, wherever in the list they stand; nobody else is left."""
    window, _, _ = large_group(own_windows)
    window.page.locator("#info-button").click()
    search = window.dialog.get_by_label("Find a member")
    search.fill("成员 1789")
    people = window.dialog.locator(".person")
    expect(people).to_have_count(1)
    expect(people).to_contain_text("@member1789")
    search.fill("nobody at all")
    nobody = "Nobody here by that name."
    expect(window.dialog.locator(".note")).to_have_text(nobody)
    expect(window.dialog.get_by_role("status")).to_have_text(nobody)
    search.fill("")
    expect(people).to_have_count(50)


def test_somebody_is_mentioned(own_windows: Windows) -> None:
    """Completed after few letters, or pasted whole: either way the server hears who it is."""
    window, alice, group = large_group(own_windows)
    asked = asked_for_members(window)
    window.composer.press_sequentially("ask @member179")
    options = window.page.get_by_role("option")
    expect(options).to_have_count(6)
    window.composer.press_sequentially("3")
    expect(options).to_have_count(1)
    window.composer.press("Enter")
    expect(window.composer).to_have_value("ask @member1793 ")
    window.composer.press("Enter")
    window.has_sent("ask @member1793")
    with window.page.expect_response(lambda answer: "query=member0042" in answer.url) as answer:
        window.composer.fill("and @member0042, please")
    answer.value.finished()
    window.settles()
    window.composer.press("Enter")
    window.has_sent("ask @member1793", "and @member0042, please")
    said = alice.asks("GET", f"/conversations/{group}/messages?limit=2")["items"]
    assert [each["mentions"] for each in said] == [[11793], [10042]]
    assert not [query for query in asked if "limit=30" not in query], asked
