"""Who is in a group, while one looks: readers, the count, the panel."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.test_company import mark, present, share
from tests.browser.windows import Windows, make_group
from tests.person import Person


def test_only_who_was_there_has_read_it(windows: Windows) -> None:
    """Who joins later is not among the readers, who goes is none any more, who hides is forgotten."""
    alice, bob, carol, dave = windows.people("alice", "bob", "carol", "dave")
    group = make_group(alice, "Team", bob, carol)
    (window,) = windows.arrive(alice)
    window.opens("Team")
    window.says("lunch?")
    expect(mark(window, "lunch?")).to_have_attribute("data-mark", "sent")
    for reader in (bob, carol):
        reader.asks("PUT", f"/conversations/{group}/read", {"seq": 2})
    expect(mark(window, "lunch?")).to_have_text("2")
    alice.asks("POST", f"/conversations/{group}/members", {"username": dave.username})
    expect(window.page.locator("#conversation-head")).to_contain_text("4 members")
    window.says("dinner?")
    dave.asks("PUT", f"/conversations/{group}/read", {"seq": 4})
    expect(mark(window, "dinner?")).to_have_text("1")
    expect(mark(window, "lunch?")).to_have_text("2")
    window.message("lunch?").hover()
    mark(window, "lunch?").click()
    expect(window.dialog.locator(".person")).to_have_count(2)
    window.page.keyboard.press("Escape")
    bob.asks("POST", f"/conversations/{group}/leave")
    expect(mark(window, "lunch?")).to_have_text("1")
    share(carol, receipts=False)
    alice.asks("PUT", f"/conversations/{group}/bans/{dave.username}")
    expect(window.page.locator("#conversation-head")).to_contain_text("2 members")
    expect(mark(window, "lunch?")).to_have_attribute("data-mark", "sent")
    expect(mark(window, "dinner?")).to_have_attribute("data-mark", "sent")
    share(carol, receipts=True)
    window.says("supper?")
    carol.asks("PUT", f"/conversations/{group}/read", {"seq": 7})
    expect(mark(window, "supper?")).to_have_text("1")
    expect(mark(window, "lunch?")).to_have_text("1")


def test_a_ban_counts_once(windows: Windows) -> None:
    """Who is no member changes no number; in a conversation that is opened later it is right too."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    group = make_group(alice, "Team", bob)
    (window,) = windows.arrive(alice)
    for banned, count in ((carol, 2), (bob, 1)):
        window.opens("Lobby")
        alice.asks("PUT", f"/conversations/{group}/bans/{banned.username}")
        expect(window.item("Team")).to_contain_text(f"banned {banned.username}")
        window.opens("Team")
        expect(window.page.locator("#conversation-head")).to_contain_text(f"{count} member")


def test_the_list_of_members_is_true_while_one_looks(windows: Windows) -> None:
    """Who comes and goes, what they become and whether they are there, without opening it again."""
    alice, bob, carol, dave = windows.people("alice", "bob", "carol", "dave")
    group = make_group(alice, "Team", bob, carol)
    path = f"/conversations/{group}"
    (window,) = windows.arrive(bob)
    window.opens("Team")
    window.page.locator("#info-button").click()
    about = window.dialog.locator(".about")
    expect(about).to_contain_text("3 members")

    def row(person: Person) -> Locator:
        return window.dialog.locator(f".members [data-username='{person.username}']")

    expect(row(carol)).to_have_text(re.compile(rf"@{carol.username}$"))
    row(alice).evaluate("row => { row.marked = true; }")
    (other,) = windows.arrive(carol)
    expect(present(row(carol))).to_contain_text("online")
    assert row(alice).evaluate("row => row.marked"), "only what changed is drawn again"
    other.context.close()
    windows.opened.remove(other)
    expect(row(carol)).to_contain_text("last seen just now")
    expect(present(row(carol))).to_have_count(0)
    alice.asks("PATCH", f"{path}/members/{carol.username}", {"role": "moderator"})
    expect(row(carol)).to_contain_text("moderator · last seen just now")
    alice.asks("POST", f"{path}/members", {"username": dave.username})
    expect(row(dave)).to_be_visible()
    expect(about).to_contain_text("4 members")
    alice.asks("PUT", f"{path}/silences/{dave.username}", {})
    expect(row(dave)).to_contain_text("silenced")
    alice.asks("DELETE", f"{path}/silences/{dave.username}")
    expect(row(dave)).not_to_contain_text("silenced")
    alice.asks("PUT", f"{path}/bans/{dave.username}")
    expect(row(dave)).to_have_count(0)
    expect(about).to_contain_text("3 members")
    alice.asks("PATCH", path, {"title": "Crew", "announcement_only": True})
    expect(window.dialog.get_by_role("heading", level=2)).to_have_text("Crew")
    expect(about).to_contain_text("Announcements only")
    alice.asks("PATCH", f"{path}/members/{bob.username}", {"role": "owner"})
    expect(row(bob)).to_contain_text("owner")
    expect(row(alice)).to_contain_text("moderator")
    row(alice).get_by_role("button").click()
    expect(window.page.get_by_role("menuitem", name="Remove from group")).to_be_visible()
    window.page.keyboard.press("Escape")
    carol.asks("POST", f"{path}/leave")
    expect(row(carol)).to_have_count(0)
    alice.asks("POST", f"{path}/leave")
    expect(row(alice)).to_have_count(0)
    expect(about).to_contain_text("1 member")


def test_whose_the_group_becomes(windows: Windows) -> None:
    """No message says so, and the list does; who is put out sees no list any more."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    group = make_group(alice, "Team", bob, carol)
    (window,) = windows.arrive(carol)
    window.opens("Team")
    window.page.locator("#info-button").click()
    members = window.dialog.locator(".members")
    expect(members).to_contain_text(f"@{alice.username} · owner")
    alice.asks("POST", f"/conversations/{group}/leave")
    expect(members).to_contain_text(f"@{bob.username} · owner")
    bob.asks("DELETE", f"/conversations/{group}/members/{carol.username}")
    expect(window.dialog).to_have_count(0)
