"""People register, find each other, and talk."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.windows import Window, Windows, exactly, tell
from tests.person import PASSWORD, Person


def register(window: Window) -> None:
    """Fill in the form as a person would, coming from the start page."""
    window.goes("/")
    window.page.get_by_role("link", name="Create an account").click()
    window.page.get_by_label("User name").fill(window.name)
    window.page.get_by_label("Password").fill(PASSWORD)
    window.button("Create account").click()
    window.is_ready()


def test_two_people_register_and_talk_in_the_lobby(own_windows: Windows) -> None:
    """Each sees what the other says as it is said."""
    server = own_windows.server
    alice = own_windows.window(Person(server, "alice"))
    bob = own_windows.window(Person(server, "小明"))
    for window in (alice, bob):
        register(window)
        window.opens("Lobby")
    alice.says("hello")
    bob.sees("hello")
    bob.says("你好，alice 👋")
    alice.has_sent("hello", "你好，alice 👋")
    bob.has_sent("hello", "你好，alice 👋")
    sender = alice.message("你好，alice 👋").locator(".message-sender")
    expect(sender).to_have_text("小明")


def test_a_direct_message_waits_for_who_is_away(windows: Windows) -> None:
    """It is there, counted as unread, when they sign in."""
    alice, bob = windows.people("alice", "bob")
    (window,) = windows.arrive(alice)
    window.opens_contacts()
    window.contact(bob.username).locator(".person-open").click()
    window.says("are you there?", "it can wait")
    window.has_sent("are you there?", "it can wait")
    (away,) = windows.arrive(bob)
    expect(away.badge(alice.username)).to_have_text("2")
    away.opens(alice.username)
    away.sees("are you there?", "it can wait")
    away.says("here I am")
    window.sees("are you there?", "it can wait", "here I am")


def test_the_senders_other_window_follows(windows: Windows) -> None:
    """What one says on one device is on the other, once."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    one, other = windows.arrive(alice, alice)
    for window in (one, other):
        window.opens(bob.username)
    one.says("from here")
    other.says("from there")
    expect(one.texts).to_have_count(3)
    expect(one.message("from there")).to_have_attribute("data-state", "sent")
    expect(other.texts).to_have_count(3)


def test_the_other_side_sees_that_it_was_read(windows: Windows) -> None:
    """One tick when it is stored, two when it was read."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (window,) = windows.arrive(alice)
    window.opens(bob.username)
    window.says("well?")
    mark = window.message("well?").locator(".message-mark")
    expect(mark).to_have_text("Sent")
    (reader,) = windows.arrive(bob)
    reader.opens(alice.username)
    reader.sees("hi", "well?")
    expect(mark).to_have_text("Read")


def test_a_friend_request_is_accepted_in_the_other_window(windows: Windows) -> None:
    """Both see it at once, with what was written along, and can write."""
    alice, bob = windows.arrive(windows.person("alice"), windows.person("bob"))
    alice.chooses("#new-button", "Add a friend")
    alice.dialog.get_by_label("Name", exact=True).fill(bob.name)
    alice.dialog.get_by_label("Say who you are").fill("we met at lunch")
    alice.contact(bob.name).get_by_role("button", name="Add", exact=True).click()
    expect(alice.contact(bob.name).last).to_contain_text("Requested")
    alice.page.keyboard.press("Escape")
    expect(bob.page.locator("#contacts-badge")).to_have_text("1")
    bob.opens_contacts()
    expect(bob.contact(alice.name)).to_contain_text("we met at lunch")
    bob.button(f"Accept the request of {alice.name}").click()
    expect(bob.page.locator("#contacts-badge")).to_be_hidden()
    alice.opens_contacts()
    friends = alice.page.get_by_role("region", name="Friends")
    expect(friends.locator(f"[data-username='{bob.name}']")).to_be_visible()
    bob.contact(alice.name).locator(".person-open").click()
    bob.says("hello, friend")
    alice.page.locator("#tab-chats").click()
    expect(alice.badge(bob.name)).to_have_text("1")


def test_somebody_of_a_group_is_found_by_the_display_name(windows: Windows) -> None:
    """To be asked for friendship, by any part of it; and oneself is known again."""
    alice, bob = windows.person("alice"), windows.person("bob")  # both are in the lobby
    bob.asks("PATCH", "/me", {"display_name": f"王小明 {bob.username[3:]}"})
    (window,) = windows.arrive(alice)
    window.chooses("#new-button", "Add a friend")
    name = window.dialog.get_by_label("Name", exact=True)
    name.fill(f"小明 {bob.username[3:]}")
    window.contact(bob.username).get_by_role("button", name="Add", exact=True).click()
    expect(window.contact(bob.username).last).to_contain_text("Requested")
    name.fill(alice.username.upper())
    expect(window.contact(alice.username)).to_contain_text("This is you")


def test_a_refused_and_a_blocked_person_are_told_nothing(windows: Windows) -> None:
    """Declining and blocking are seen by who does it, not by the other."""
    alice, bob = windows.arrive(windows.person("alice"), windows.person("bob"))
    alice.person.asks("POST", "/contacts/requests", {"username": bob.name})
    bob.opens_contacts()
    bob.button(f"Decline the request of {alice.name}").click()
    expect(bob.contact(alice.name)).to_have_count(0)
    alice.person.asks("POST", "/contacts/requests", {"username": bob.name})
    bob.button(f"Accept the request of {alice.name}").click()
    bob.button(f"More about {alice.name}").click()
    bob.page.get_by_role("menuitem", name="Block").click()
    bob.dialog.get_by_role("button", name="Block").click()
    blocked = bob.page.get_by_role("region", name="Blocked")
    expect(blocked.locator(f"[data-username='{alice.name}']")).to_be_visible()
    alice.opens_contacts()
    expect(alice.contact(bob.name)).to_have_count(0)


def test_what_a_blocked_person_asks_appears_when_the_block_ends(windows: Windows) -> None:
    """They see it as asked; who blocks sees nothing of it before, and all of it after."""
    alice, bob = windows.arrive(windows.person("alice"), windows.person("bob"))
    bob.person.asks("PUT", f"/contacts/blocks/{alice.name}")
    bob.opens_contacts()
    expect(bob.contact(alice.name)).to_have_count(1)
    alice.chooses("#new-button", "Add a friend")
    alice.dialog.get_by_label("Name", exact=True).fill(bob.name)
    alice.dialog.get_by_label("Say who you are").fill("it is me again")
    alice.contact(bob.name).get_by_role("button", name="Add", exact=True).click()
    expect(alice.contact(bob.name).last).to_contain_text("Requested")
    expect(bob.page.get_by_role("region", name="Blocked")).to_contain_text(alice.name)
    expect(bob.page.get_by_text("it is me again")).to_have_count(0)
    bob.button(f"Unblock {alice.name}").click()
    bob.settles()
    expect(bob.contact(alice.name)).to_contain_text("it is me again")
    bob.button(f"Accept the request of {alice.name}").click()
    alice.page.keyboard.press("Escape")
    alice.opens_contacts()
    friends = alice.page.get_by_role("region", name="Friends")
    expect(friends.locator(f"[data-username='{bob.name}']")).to_be_visible()


def test_several_friends_get_one_message_each(windows: Windows) -> None:
    """As a direct message, and nobody sees who else got it."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    (window,) = windows.arrive(alice)
    window.chooses("#new-button", "Message several friends")
    for friend in (bob, carol):
        window.dialog.get_by_label(friend.username).check()
    window.dialog.get_by_label("Message", exact=True).fill("lunch at one?")
    window.dialog.get_by_role("button", name="Send").click()
    expect(window.page.locator(".toast")).to_have_text(exactly("Sent to 2 friends."))
    for reader in windows.arrive(bob, carol):
        reader.opens(alice.username)
        reader.sees("lunch at one?")
    for title in (bob.username, carol.username):
        window.opens(title)
        window.has_sent("lunch at one?")
