"""Groups: made, named, joined, left, and what their members see of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.held import Held
from tests.browser.windows import Window, Windows, make_group


def nothing(window: Window) -> Locator:
    """Why no conversation is seen."""
    return window.page.locator("#nothing-text")


def test_a_group_is_made_renamed_and_left(windows: Windows) -> None:
    """Its members see it come, change its name, and who is there; who leaves is told nothing."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    owner, member = windows.arrive(alice, bob)
    owner.chooses("#new-button", "New group")
    owner.dialog.get_by_label("Group name").fill("Lunch")
    owner.dialog.get_by_label(bob.username).check()
    owner.dialog.get_by_role("button", name="Create group").click()
    owner.opens("Lunch")
    expect(owner.page.locator(".head-subtitle")).to_have_text("2 members")
    member.opens("Lunch")
    expect(member.page.locator(".system").first).to_have_text(f"{alice.username} created the group")
    owner.says("noon?")
    member.sees("noon?")

    owner.page.locator("#info-button").click()
    owner.button("Settings").click()
    owner.dialog.get_by_label("Group name").fill("Dinner")
    owner.dialog.get_by_role("button", name="Save").click()
    expect(owner.dialog.get_by_role("heading", level=2)).to_have_text("Dinner")
    owner.page.keyboard.press("Escape")
    expect(member.item("Dinner")).to_be_visible()
    expect(member.page.locator("#conversation-head .head-title")).to_have_text("Dinner")
    expect(member.page.locator(".system").last).to_have_text(
        f"{alice.username} named the group “Dinner”"
    )

    owner.page.locator("#info-button").click()
    owner.button("Invite friends").click()
    owner.button(f"Invite {carol.username}").click()
    expect(owner.dialog.get_by_text("All of your friends are here already.")).to_be_visible()
    owner.page.keyboard.press("Escape")
    owner.page.keyboard.press("Escape")
    expect(member.page.locator(".head-subtitle")).to_have_text("3 members")

    member.page.locator("#info-button").click()
    member.button("Leave group").click()
    member.dialog.get_by_role("button", name="Leave group").click()
    expect(member.item("Dinner")).to_have_count(0)
    expect(nothing(member)).to_have_text("Choose a conversation, or start a new one.")
    expect(owner.page.locator(".system").last).to_have_text(f"{bob.username} left")
    expect(owner.page.locator(".head-subtitle")).to_have_text("2 members")


def test_a_public_group_is_found_and_joined(windows: Windows) -> None:
    """By anyone, also by a stranger, who then sees all of it."""
    alice, bob = windows.person("alice"), windows.person("bob")
    title = f"Chess {alice.username}"
    group = make_group(alice, title, public=True)
    alice.asks("POST", f"/conversations/{group}/messages", {"text": "e4"})
    (window,) = windows.arrive(bob)
    window.chooses("#new-button", "Join a group")
    window.dialog.get_by_label("Search public groups").fill(title)
    window.button(f"Join {title}").click()
    window.opens(title)
    window.sees("e4")
    window.says("e5")
    window.has_sent("e4", "e5")


def test_there_are_more_public_groups_than_a_page(windows: Windows) -> None:
    """The others come when asked for."""
    alice = windows.person("alice")
    titles = [f"{alice.username} {number}" for number in range(60)]
    for title in titles:
        make_group(alice, title, public=True)
    (window,) = windows.arrive(windows.person("bob"))
    window.chooses("#new-button", "Join a group")
    window.dialog.get_by_label("Search public groups").fill(f"{alice.username} ")
    more = window.button("Show more")
    groups = window.dialog.locator(".person")
    hers = groups.filter(has_text=f"{alice.username} ")
    expect(hers).to_have_count(50)
    expect(groups).to_have_count(50)
    more.click()
    expect(more).to_be_hidden()
    expect(hers).to_have_count(60)
    expect(groups).to_have_count(60)


def test_another_search_for_public_groups(windows: Windows) -> None:
    """With the first letter, "Show more" of the last one is gone, and what it still brings is not shown."""
    alice = windows.person("alice")
    for number in range(60):
        make_group(alice, f"{alice.username} {number}", public=True)
    (window,) = windows.arrive(windows.person("bob"))
    further = Held(window.page, "**/public?*before=*")
    window.chooses("#new-button", "Join a group")
    search = window.dialog.get_by_label("Search public groups")
    search.fill(f"{alice.username} ")
    groups = window.dialog.locator(".person")
    expect(groups.filter(has_text=f"{alice.username} ")).to_have_count(50)
    expect(groups).to_have_count(50)
    more = window.button("Show more")
    with window.page.expect_request("**/public?*before=*"):
        more.click()
    search.fill(f"{alice.username} 59")
    assert more.is_hidden()
    expect(groups).to_have_count(1)
    search.fill(f"{alice.username} ")
    expect(groups).to_have_count(50)
    further.go()
    window.settles()
    expect(groups).to_have_count(50)
    expect(more).to_be_visible()


def test_who_is_removed_sees_nothing_any_more(windows: Windows) -> None:
    """The conversation is gone from the page, at once, which says why nothing is there."""
    alice, bob = windows.people("alice", "bob")
    make_group(alice, "Lunch", bob)
    owner, member = windows.arrive(alice, bob)
    owner.opens("Lunch")
    member.opens("Lunch")
    owner.page.locator("#info-button").click()
    owner.button(f"More about {bob.username}").click()
    owner.page.get_by_role("menuitem", name="Remove from group").click()
    expect(owner.dialog.locator(".person")).to_have_count(1)
    expect(member.item("Lunch")).to_have_count(0)
    expect(nothing(member)).to_have_text("You are not in “Lunch” any more.")
    expect(member.page.locator("#nothing-text")).to_have_role("status")
    member.page.get_by_role("link", name="Back to the list").click()
    expect(nothing(member)).to_have_text("Choose a conversation, or start a new one.")


def test_who_is_removed_finds_the_way_back_on_a_phone(windows: Windows) -> None:
    """Where only one half of the page is seen, it is the half with the sentence; a touch leads to the list."""
    alice, bob = windows.people("alice", "bob")
    lunch = make_group(alice, "Lunch", bob)
    member = windows.window(bob, phone=True, locale="zh-CN")
    member.arrives()
    member.opens("Lunch")
    alice.asks("DELETE", f"/conversations/{lunch}/members/{bob.username}")
    expect(nothing(member)).to_have_text("你已经不在“Lunch”中了。")
    member.page.get_by_role("link", name="返回列表").click()
    expect(member.page.get_by_role("tab", name="聊天")).to_be_visible()
    expect(nothing(member)).to_be_hidden()


def test_a_group_is_dissolved(windows: Windows) -> None:
    """It ends for everyone, after a question."""
    alice, bob = windows.people("alice", "bob")
    make_group(alice, "Lunch", bob)
    owner, member = windows.arrive(alice, bob)
    owner.opens("Lunch")
    member.opens("Lunch")
    owner.page.locator("#info-button").click()
    owner.button("Dissolve group").click()
    expect(owner.dialog).to_contain_text("The group ends for everyone.")
    owner.dialog.get_by_role("button", name="Dissolve group").click()
    for window in (owner, member):
        expect(window.item("Lunch")).to_have_count(0)


def test_a_group_needs_a_name(windows: Windows) -> None:
    """The dialog says so, and stays."""
    (window,) = windows.arrive(windows.person("alice"))
    window.may_be_refused(400)
    window.chooses("#new-button", "New group")
    window.dialog.get_by_role("button", name="Create group").click()
    expect(window.dialog.get_by_role("alert")).to_have_text("A group needs a name.")


def test_a_moderator_bans_someone_and_lets_them_in_again(windows: Windows) -> None:
    """The owner makes a moderator, whose menu can do more from then on; then hands all over."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    make_group(alice, "Lunch", bob, carol)
    owner, moderator, member = windows.arrive(alice, bob, carol)
    for window in (owner, moderator, member):
        window.opens("Lunch")
    owner.page.locator("#info-button").click()
    owner.button(f"More about {bob.username}").click()
    owner.page.get_by_role("menuitem", name="Make moderator").click()
    expect(owner.dialog.get_by_text(f"@{bob.username} · moderator")).to_be_visible()
    expect(moderator.page.locator(".system").last).to_have_text(
        f"{alice.username} made you a moderator"
    )

    moderator.page.locator("#info-button").click()
    moderator.button(f"More about {carol.username}").click()
    moderator.page.get_by_role("menuitem", name="Ban").click()
    expect(member.item("Lunch")).to_have_count(0)
    expect(moderator.dialog.locator(".person")).to_have_count(2)
    moderator.button("Banned people").click()
    moderator.button(f"Let {carol.username} back in").click()
    expect(moderator.page.get_by_text("Nobody is banned.")).to_be_visible()

    owner.button(f"More about {bob.username}").click()
    owner.page.get_by_role("menuitem", name="Hand the group over").click()
    owner.dialog.get_by_role("button", name="Hand the group over").click()
    expect(owner.page.locator(".system").last).to_have_text(
        f"You handed the group over to {bob.username}"
    )


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_the_panel_follows_ones_role(windows: Windows, locale: str) -> None:
    """Its tools come and go while it is open, and who is at one of them stays in the panel."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Lunch", bob)
    (window,) = windows.arrive(bob, locale=locale)
    window.opens("Lunch")
    window.page.locator("#info-button").click()
    tools = window.dialog.locator(".group-tools button")
    ways = window.dialog.locator(".dialog-actions button")
    picture = window.dialog.locator(".picture-field")
    for role, seen, out in (
        ("moderator", 3, 1),
        ("member", 0, 1),
        ("moderator", 3, 1),
        ("owner", 3, 2),
    ):
        alice.asks("PATCH", f"/conversations/{group}/members/{bob.username}", {"role": role})
        expect(tools).to_have_count(seen)
        expect(picture).to_have_count(int(seen > 0))
        expect(ways).to_have_count(out)
        assert window.dialog.evaluate("(dialog) => dialog.contains(document.activeElement)")
        if seen:
            tools.first.focus()
    assert window.dialog.count() == 1
    tools.first.click()
    expect(window.page.locator("dialog[open]")).to_have_count(2)
