"""Keeping a group in order from the page: what it is for, who may write, and links into it."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.windows import Windows, make_group
from tests.person import PASSWORD, Person


def test_what_a_group_is_for(windows: Windows) -> None:
    """The owner says it in the settings; everyone finds it in the group's panel, as text."""
    alice, bob = windows.people("alice", "bob")
    make_group(alice, "Lunch", bob)
    owner, member = windows.arrive(alice, bob)
    for window in (owner, member):
        window.opens("Lunch")
    owner.page.locator("#info-button").click()
    owner.button("Settings").click()
    owner.dialog.get_by_label("Description").fill("<b>Where</b> to eat\n吃什么")
    assert not Axe().run(owner.page).violations_count
    owner.button("Save").click()
    expect(owner.dialog.locator(".group-description")).to_have_text("<b>Where</b> to eat\n吃什么")
    expect(member.page.locator(".system").last).to_have_text(
        f"{alice.username} changed the description"
    )
    member.page.locator("#info-button").click()
    expect(member.dialog.locator(".group-description")).to_have_text("<b>Where</b> to eat\n吃什么")
    expect(member.button("Settings")).to_have_count(0)


def test_announcements_only(windows: Windows) -> None:
    """Members see why they may not write, react all the same, and write again when they may."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "News", bob)
    owner, member = windows.arrive(alice, bob)
    for window in (owner, member):
        window.opens("News")
    member.composer.fill("half a thought")
    owner.page.locator("#info-button").click()
    owner.button("Settings").click()
    owner.dialog.get_by_label("Announcements only").check()
    owner.button("Save").click()
    expect(owner.dialog.get_by_text("By invitation · Announcements only")).to_be_visible()
    owner.page.keyboard.press("Escape")
    expect(member.page.locator("#composer-rights")).to_have_text(
        "Only the group’s owner and moderators write here."
    )
    expect(member.composer).to_be_hidden()
    assert not Axe().run(member.page).violations_count
    owner.says("the canteen is closed")
    message = member.message("the canteen is closed")
    message.hover()
    message.locator(".tool-more").click()
    expect(member.page.get_by_role("menuitem", name="Reply")).to_have_count(0)
    member.page.get_by_role("menuitemcheckbox").first.click()
    expect(owner.page.locator(".reaction")).to_have_count(1)
    alice.asks("PATCH", f"/conversations/{group}", {"announcement_only": False})
    expect(member.composer).to_have_value("half a thought")
    expect(member.page.locator("#composer-rights")).to_be_hidden()
    member.says("at last")
    member.has_sent("the canteen is closed", "at last")


def test_a_member_is_silenced(windows: Windows) -> None:
    """From the list, for a time; their page says until when, and when it is lifted."""
    alice, bob = windows.people("alice", "bob")
    make_group(alice, "Lunch", bob)
    owner, member = windows.arrive(alice, bob)
    for window in (owner, member):
        window.opens("Lunch")
    owner.page.locator("#info-button").click()
    owner.button(f"More about {bob.username}").click()
    owner.page.get_by_role("menuitem", name="Silence…").click()
    assert not Axe().run(owner.page).violations_count
    owner.dialog.get_by_label("For how long").select_option("1 day")
    owner.dialog.get_by_role("button", name="Silence").click()
    expect(owner.dialog.get_by_text(f"@{bob.username} · silenced")).to_be_visible()
    expect(member.page.locator("#composer-rights")).to_have_text(
        re.compile(r"^You cannot write here until .*\d\d:\d\d\.$")
    )
    expect(member.composer).to_be_hidden()
    expect(member.page.locator(".system").last).to_have_text(
        re.compile(rf"^{alice.username} silenced you until .*\d\d:\d\d$")
    )
    owner.button(f"More about {bob.username}").click()
    owner.page.get_by_role("menuitem", name="Let them write again").click()
    expect(owner.dialog.get_by_text(f"@{bob.username} · silenced")).to_have_count(0)
    expect(member.composer).to_be_visible()
    member.says("thanks")
    member.has_sent("thanks")


def test_a_silence_ends_by_itself(windows: Windows) -> None:
    """The composer comes back when the time is over, without a word from anybody."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Lunch", bob)
    (member,) = windows.arrive(bob)
    member.opens("Lunch")
    alice.asks("PUT", f"/conversations/{group}/silences/{bob.username}", {"for": 8})
    expect(member.composer).to_be_hidden()
    expect(member.composer).to_be_visible()
    member.says("back")
    member.has_sent("back")


def test_what_was_on_its_way_says_why_it_failed(windows: Windows) -> None:
    """Words sent before the page knew of it stay, with the reason."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(alice, "Lunch", bob)
    (member,) = windows.arrive(bob)
    member.opens("Lunch")
    alice.asks("PUT", f"/conversations/{group}/silences/{bob.username}", {})
    expect(member.page.locator("#composer-rights")).to_have_text(
        "You cannot write here until a moderator lifts it."
    )
    member.page.evaluate(
        """() => {
            const form = document.getElementById("composer");
            const text = document.getElementById("composer-text");
            text.disabled = false;
            text.value = "too late";
            form.requestSubmit();
        }"""
    )
    expect(member.page.locator(".message")).to_contain_text(
        "You cannot write in this group for now."
    )


def test_links_are_made_copied_and_revoked(windows: Windows) -> None:
    """Each line says whose it is and what is left of it."""
    alice = windows.person("alice")
    make_group(alice, "Lunch")
    (owner,) = windows.arrive(alice, permissions=["clipboard-read", "clipboard-write"])
    owner.opens("Lunch")
    owner.page.locator("#info-button").click()
    owner.button("Invite links").click()
    expect(owner.dialog.get_by_text("There are no links yet.")).to_be_visible()
    owner.dialog.get_by_label("Expires after").select_option("1 day")
    owner.dialog.get_by_label("For how many").select_option("1 person")
    owner.button("Make a link").click()
    line = owner.dialog.locator(".invite")
    expect(line).to_contain_text(f"by {alice.username} · 0 of 1 joined · until ")
    url = line.locator(".invite-url").inner_text()
    expect(owner.page.locator(".toast")).to_have_text("Link copied.")
    assert owner.page.evaluate("navigator.clipboard.readText()") == url
    assert not Axe().run(owner.page).violations_count
    owner.button("Make a link").click()
    expect(line).to_have_count(2)
    line.last.get_by_role("button", name="Revoke").click()
    expect(line).to_have_count(1)
    owner.page.keyboard.press("Escape")
    owner.button("Invite links").click()
    expect(line).to_have_count(1)
    assert line.locator(".invite-url").inner_text() != url


def invite_of(owner: Person, group: int) -> str:
    """The path of a new link."""
    return "/join/" + str(
        owner.asks("POST", f"/conversations/{group}/invites", {"uses": 5})["invite"]["code"]
    )


def test_who_has_no_account_comes_in_by_a_link(windows: Windows) -> None:
    """The page shows the group; after registering one joins, and reads what was said."""
    alice = windows.person("alice")
    group = make_group(alice, "Book club")
    alice.asks("PATCH", f"/conversations/{group}", {"description": "Every Monday"})
    alice.asks("POST", f"/conversations/{group}/messages", {"text": "welcome"})
    newcomer = Person(windows.server, f"new{alice.username}")
    window = windows.window(newcomer)
    window.goes(invite_of(alice, group))
    expect(window.page.get_by_role("heading", name="Book club")).to_be_visible()
    expect(window.page.get_by_text("Every Monday")).to_be_visible()
    assert not Axe().run(window.page).violations_count
    window.page.get_by_role("link", name="Sign in").click()
    window.page.get_by_role("link", name="Create an account").click()
    window.page.get_by_label("User name").fill(newcomer.username)
    window.page.get_by_label("Password").fill(PASSWORD)
    window.page.get_by_role("button").click()
    assert not Axe().run(window.page).violations_count
    window.button("Join the group").click()
    window.is_ready()
    expect(window.page.locator("#conversation-head .head-title")).to_have_text("Book club")
    window.sees("welcome")
    expect(window.page.locator(".system").last).to_have_text(
        f"You joined by a link of {alice.username}"
    )


def test_who_is_signed_in_comes_in_by_a_link(windows: Windows) -> None:
    """One press; a second visit leads straight to the group; a void link says so."""
    alice, bob = windows.person("alice"), windows.person("bob")
    group = make_group(alice, "Book club")
    path = invite_of(alice, group)
    window = windows.window(bob)
    window.signs_in()
    window.goes(path)
    window.button("Join the group").click()
    expect(window.page.locator("#conversation-head .head-title")).to_have_text("Book club")
    window.goes(path)
    expect(window.page.locator("#conversation-head .head-title")).to_have_text("Book club")
    window.may_be_refused(404)
    window.goes("/join/nowhere")
    expect(window.page.get_by_text("This invite link is not valid")).to_be_visible()
