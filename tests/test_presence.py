"""Tests for `imtwisted.domain.presence` and `circles`: who is there, and who may know."""

from __future__ import annotations

from typing import Any

from imtwisted.domain.circles import AGAIN_AFTER
from imtwisted.domain.presence import AT_ONCE, GRACE
from imtwisted.model import UserId
from imtwisted.store.faults import Away
from tests.kit import START, Browser
from tests.visitor import ApiCase

LATER = int(GRACE) + 1


class PresenceCase(ApiCase):
    """alice and bob are friends; carol is nobody's."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.ids = {name: person.id for name, person in self.server.people.items()}

    def seen(self, browser: Browser) -> list[tuple[Any, ...]]:
        """What a browser has newly heard of whom."""
        return [
            (frame["user"], frame["online"], frame.get("last_seen"))
            for frame in browser.only("presence")
        ]

    def beginning(self, browser: Browser) -> list[tuple[int, bool]]:
        """What it was told with its `ready`."""
        told = [frame for frame in browser.frames if frame["type"] == "presence"]
        return [(frame["user"], frame["online"]) for frame in told]

    def listed(self, name: str) -> list[Any]:
        """The presence of each friend in the list of contacts."""
        friends = self.ok(name, "GET", "/contacts")["friends"]
        return [friend.get("presence") for friend in friends]

    def share(self, name: str, **settings: Any) -> Any:
        """Change what `name` shares."""
        return self.ok(name, "PATCH", "/me", {"settings": settings})["settings"]


class ComingAndGoingTests(PresenceCase):
    """Friends hear of it; a page that is loaded anew was never gone."""

    def test_friends_hear_of_it(self) -> None:
        """At once that one came, and a little later that one went, and when."""
        bob, carol = self.server.browser("bob"), self.server.browser("carol")
        alice = self.server.browser("alice")
        self.assertEqual(self.seen(bob), [(self.ids["alice"], True, None)])
        self.assertEqual(self.beginning(alice), [(self.ids["bob"], True)])
        alice.leaves()
        self.server.wait(LATER)
        self.assertEqual(self.seen(bob), [(self.ids["alice"], False, START * 1000)])
        self.assertEqual(self.seen(carol), [])

    def test_ready_comes_first(self) -> None:
        """Nothing is told of anyone before it."""
        self.server.browser("bob")
        alice = self.server.browser("alice")
        self.assertEqual([frame["type"] for frame in alice.frames], ["ready", "presence"])

    def test_loading_a_page_anew(self) -> None:
        """Nobody notices, and the new page knows who is there."""
        bob, alice = self.server.browser("bob"), self.server.browser("alice")
        bob.heard()
        for _ in range(5):
            alice.leaves()
            self.server.wait(3)
            alice = self.server.browser("alice")
            self.assertEqual(self.beginning(alice), [(self.ids["bob"], True)])
        self.server.wait(3 * LATER)
        self.assertEqual(self.seen(bob), [])

    def test_the_last_connection_counts(self) -> None:
        """Who closes one of two tabs is still there."""
        bob, desk = self.server.browser("bob"), self.server.browser("alice")
        phone = self.server.browser("alice")
        self.assertEqual(self.beginning(phone), [(self.ids["bob"], True)])
        bob.heard()
        desk.leaves()
        self.server.wait(LATER)
        self.assertEqual(self.seen(bob), [])
        phone.leaves()
        self.server.wait(LATER)
        self.assertEqual([online for _, online, _ in self.seen(bob)], [False])

    def test_many_go_at_different_times(self) -> None:
        """Each is gone when their own time has come."""
        self.server.befriend("bob", "carol")
        bob, alice = self.server.browser("bob"), self.server.browser("alice")
        carol = self.server.browser("carol")
        bob.heard()
        alice.leaves()
        self.server.wait(6)
        carol.leaves()
        self.server.wait(5)
        self.assertEqual([user for user, *_ in self.seen(bob)], [self.ids["alice"]])
        self.server.wait(6)
        told = [(self.ids["carol"], False, (START + 6) * 1000)]
        self.assertEqual(self.seen(bob), told)

    def test_a_crowd(self) -> None:
        """However many go at once, each is gone at their time, and others are served between."""
        house, crowd = self.server.house, range(1000, 1000 + 3 * AT_ONCE)
        for user in crowd:
            house.presence._here.add(UserId(user))
            house.presence.went(UserId(user))
        house.presence._look_after()
        self.assertEqual(len(house.presence._here), 3 * AT_ONCE)
        self.server.clock.rightNow += GRACE
        for remain in (2 * AT_ONCE, AT_ONCE, 0):
            house.presence._look_after()
            self.assertEqual(len(house.presence._here), remain)

    def test_the_list_of_contacts(self) -> None:
        """It says the same."""
        self.assertEqual(self.listed("bob"), [{"online": False}])
        alice = self.server.browser("alice")
        self.assertEqual(self.listed("bob"), [{"online": True}])
        alice.leaves()
        self.server.wait(LATER)
        self.assertEqual(self.listed("bob"), [{"online": False, "last_seen": START * 1000}])

    def test_nothing_is_left_behind(self) -> None:
        """When everyone has gone, nothing remembers them."""
        for name in ("alice", "bob"):
            self.server.browser(name).leaves()
        self.server.wait(LATER)
        house = self.server.house
        left = [house.presence._here, house.presence._leaving, house.circles._known]
        self.assertEqual([len(each) for each in left], [0, 0, 0])

    def test_at_the_end_of_the_server(self) -> None:
        """Who was there until then was last seen then."""
        bob = self.server.browser("bob")
        self.server.browser("alice")
        bob.leaves()
        self.server.wait(5)
        self.server.now(self.server.house.presence.close())
        rows = self.server.now(
            self.server.database.read(lambda c: c.all("SELECT * FROM sightings ORDER BY user_id"))
        )
        alice, bob_ = self.ids["alice"], self.ids["bob"]
        self.assertEqual(rows, [(alice, (START + 5) * 1000), (bob_, START * 1000)])


class FriendsTests(PresenceCase):
    """It is for friends only, from the moment they are."""

    def test_new_friends(self) -> None:
        """They see each other as soon as they are friends."""
        alice, carol = self.server.browser("alice"), self.server.browser("carol")
        self.server.befriend("alice", "carol")
        self.assertEqual(self.seen(alice)[-1:], [(self.ids["carol"], True, None)])
        self.assertEqual(self.seen(carol)[-1:], [(self.ids["alice"], True, None)])

    def test_friends_no_more(self) -> None:
        """They hear no more of each other."""
        alice = self.server.browser("alice")
        self.ok("bob", "DELETE", "/contacts/alice", status=204)
        self.server.browser("bob")
        self.assertEqual(self.seen(alice), [])
        self.assertEqual(self.listed("alice"), [])

    def test_a_change_while_the_circle_is_read(self) -> None:
        """What was read before the change is read again."""
        circles = self.server.house.circles
        self.server.browser("carol")
        carol = self.ids["carol"]
        circles.refresh(carol)
        self.server.befriend("carol", "alice")
        circle = circles.of(carol)
        assert circle is not None
        self.assertEqual(circle.friends, {self.ids["alice"]})

    def test_a_database_that_is_away(self) -> None:
        """Who is there is told once it is back."""
        bob = self.server.browser("bob")

        def away(stage: str) -> None:
            raise Away

        socket = Browser(self.server, "alice")
        self.server.database.fault = away
        socket.says({"type": "hello", "id": 1})
        self.server.database.fault = lambda stage: None
        self.assertEqual([frame["type"] for frame in socket.heard()], ["error"])
        self.assertEqual(socket.hello()["type"], "ready")
        self.assertEqual(self.seen(bob), [])
        self.server.wait(int(AGAIN_AFTER) + 1)
        self.assertEqual(self.seen(bob), [(self.ids["alice"], True, None)])
        self.assertEqual(self.seen(socket), [(self.ids["bob"], True, None)])


class HidingTests(PresenceCase):
    """Who hides it does not see it of others."""

    def test_hiding(self) -> None:
        """From then on one is away, with no time, and sees nobody."""
        bob, alice = self.server.browser("bob"), self.server.browser("alice")
        alice.heard(), bob.heard()
        self.assertFalse(self.share("alice", presence=False)["presence"])
        self.assertEqual(self.seen(bob), [(self.ids["alice"], False, None)])
        self.assertEqual(self.seen(alice), [(self.ids["bob"], False, None)])
        self.assertEqual((self.listed("alice"), self.listed("bob")), ([None], [None]))
        bob.leaves()
        self.server.wait(LATER)
        self.assertEqual(self.seen(alice), [])

    def test_hiding_in_doubt(self) -> None:
        """Where nobody knows whether it was stored, a page sees what is so all the same."""
        bob, alice = self.server.browser("bob"), self.server.browser("alice")
        alice.heard(), bob.heard()
        faults = iter([True])

        def lose_the_answer(stage: str) -> None:
            if stage == "committed" and next(faults, False):
                raise ConnectionError

        self.server.database.fault = lose_the_answer
        body = {"settings": {"presence": False}}
        self.assertEqual(self.error("alice", "PATCH", "/me", body)["status"], 503)
        self.assertEqual(self.seen(alice), [(self.ids["bob"], False, None)])
        self.assertEqual(self.seen(bob), [(self.ids["alice"], False, None)])

    def test_hidden_from_the_start(self) -> None:
        """Neither comes to the other's notice."""
        self.share("alice", presence=False)
        bob, alice = self.server.browser("bob"), self.server.browser("alice")
        self.assertEqual((self.beginning(bob), self.beginning(alice)), ([], []))
        self.assertEqual((self.seen(bob), self.seen(alice)), ([], []))

    def test_showing_again(self) -> None:
        """Friends see that one is there, and one sees them, without loading the page anew."""
        self.share("alice", presence=False)
        bob, alice = self.server.browser("bob"), self.server.browser("alice")
        self.share("alice", presence=True)
        self.assertEqual(self.seen(bob), [(self.ids["alice"], True, None)])
        self.assertEqual(self.seen(alice), [(self.ids["bob"], True, None)])

    def test_every_device_is_told_of_the_settings(self) -> None:
        """By an update with the next version."""
        alice, version = self.server.browser("alice"), self.ok("alice", "GET", "/me")["version"]
        self.share("alice", typing=False)
        (update,) = alice.only("update")
        expected = {"receipts": True, "presence": True, "typing": False}
        self.assertEqual((update["kind"], update["settings"]), ("settings", expected))
        self.assertEqual(update["version"], version + 1)
        self.assertEqual(self.ok("alice", "GET", "/me")["settings"], expected)

    def test_bad_settings(self) -> None:
        """What is no setting is refused, and nothing is changed."""
        bodies: tuple[dict[str, Any], ...] = (
            {},
            {"settings": {}},
            {"settings": {"nonsense": True}},
            {"settings": {"receipts": "yes"}},
            {"settings": {"receipts": 0}},
            {"settings": True},
        )
        for body in bodies:
            refused = self.error("alice", "PATCH", "/me", body)
            self.assertEqual((refused["status"], refused["code"]), (400, "bad_request"), body)
        shares = self.ok("alice", "GET", "/me")["settings"]
        self.assertEqual(shares, {"receipts": True, "presence": True, "typing": True})


class StrangersTests(PresenceCase):
    """Where anyone may write to anyone, typing is seen too, unless one blocks the other."""

    def setUp(self) -> None:
        self.open("alice", "bob", direct_messages="anyone")
        self.ids = {name: person.id for name, person in self.server.people.items()}

    def test_strangers(self) -> None:
        """Until they are estranged."""
        alice, bob = self.server.browser("alice"), self.server.browser("bob")
        conversation = alice.send("hi", to="bob")["conversation"]
        alice.says({"type": "typing", "conversation": conversation})
        self.assertEqual(len(bob.only("typing")), 1)
        self.ok("bob", "PUT", "/contacts/blocks/alice", status=204)
        self.server.wait(6)
        alice.says({"type": "typing", "conversation": conversation})
        self.assertEqual(bob.only("typing"), [])
