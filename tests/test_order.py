"""Keeping a group in order over the API: what it is for, silences, announcements, the list of members."""

from __future__ import annotations

from typing import Any

from tests.client import Frame
from tests.kit import START, Browser
from tests.test_roles import RoleCase

HOUR = 3600


class OrderCase(RoleCase):
    """Alice's group with Bob and Carol in it, and what they hear."""

    def systems(self, browser: Browser) -> list[Frame]:
        """What system messages a connection got of the group."""
        return [
            frame["system"]
            for frame in browser.only("message")
            if frame["conversation"] == self.team
        ]

    def head(self, who: str) -> Frame:
        """The group as `who` finds it in their list."""
        return dict(self.ok(who, "GET", self.path)["conversation"])

    def silence(self, whom: str, seconds: int | None = None, who: str = "alice") -> None:
        """`who` silences `whom`."""
        body = {} if seconds is None else {"for": seconds}
        self.ok(who, "PUT", f"{self.path}/silences/{whom}", body, 204)


class SilenceTests(OrderCase):
    """A member who has to be quiet for a while."""

    def test_for_an_hour(self) -> None:
        """Their sends are refused with the time, on the socket and over HTTP, for an hour."""
        bob, carol = self.server.browser("bob"), self.server.browser("carol")
        self.silence("bob", HOUR)
        until = (START + HOUR) * 1000
        (told,) = self.systems(carol)
        self.assertEqual((told["what"], told["user"]["username"]), ("silenced", "bob"))
        self.assertEqual(told["until"], until)
        (update,) = bob.only("update")
        self.assertEqual(update["head"]["silenced"], {"until": until})
        refused = bob.send("but", conversation=self.team)
        self.assertEqual(
            (refused["code"], refused["reason"], refused["until"], refused["temporary"]),
            ("denied", "silenced", until, False),
        )
        error = self.error("bob", "POST", f"{self.path}/messages", {"text": "but"})
        self.assertEqual((error["reason"], error["until"]), ("silenced", until))
        self.server.wait(HOUR)
        self.ok("bob", "POST", f"{self.path}/messages", {"text": "now"}, 201)

    def test_until_lifted(self) -> None:
        """No time is said, and a moderator ends it."""
        self.appoint("alice", "carol", "moderator")
        bob = self.server.browser("bob")
        self.silence("bob")
        self.assertEqual(self.head("bob")["silenced"], {})
        self.assertNotIn("until", bob.send("but", conversation=self.team))
        self.ok("carol", "DELETE", f"{self.path}/silences/bob", status=204)
        self.assertNotIn("silenced", self.head("bob"))
        self.assertEqual([each["what"] for each in self.systems(bob)], ["unsilenced"])
        self.assertEqual(bob.send("now", conversation=self.team)["type"], "ack")

    def test_the_list_says_so(self) -> None:
        """Who leads sees in the list who is silenced, and until when."""
        self.silence("bob", HOUR)
        members = self.ok("alice", "GET", f"{self.path}/members")["members"]
        silenced = {each["user"]["username"]: each.get("silenced") for each in members}
        until = {"until": (START + HOUR) * 1000}
        self.assertEqual(silenced, {"alice": None, "bob": until, "carol": None})

    def test_refusals(self) -> None:
        """Not by members, not leaders, not strangers, not in the lobby, no silly time."""
        self.server.register("mallory")
        self.appoint("alice", "carol", "moderator")
        lobby = f"/conversations/{self.server.lobby}"
        for who, path, body, code, reason in (
            ("bob", f"{self.path}/silences/carol", {}, "denied", "not_allowed"),
            ("carol", f"{self.path}/silences/alice", {}, "denied", "not_allowed"),
            ("alice", f"{self.path}/silences/carol", {}, "denied", "not_allowed"),
            ("alice", f"{self.path}/silences/alice", {}, "denied", "not_yourself"),
            ("alice", f"{self.path}/silences/mallory", {}, "not_found", "no_such_user"),
            ("alice", f"{self.path}/silences/nobody", {}, "not_found", "no_such_user"),
            ("alice", f"{lobby}/silences/bob", {}, "denied", "not_allowed"),
            ("alice", f"{self.path}/silences/bob", {"for": 0}, "bad_request", "silence_time"),
            ("alice", f"{self.path}/silences/bob", {"for": 2**50}, "bad_request", "silence_time"),
            ("alice", f"{self.path}/silences/bob", {"for": -1}, "bad_request", "out_of_range"),
            ("alice", f"{self.path}/silences/bob", {"for": "ever"}, "bad_request", "wrong_kind"),
        ):
            error = self.error(who, "PUT", path, body)
            self.assertEqual((error["code"], error.get("reason")), (code, reason), path)


class AnnouncementTests(OrderCase):
    """A group where only those write who lead it."""

    def test_only_leaders_write(self) -> None:
        """Members are told, may not write, and may react."""
        self.appoint("alice", "carol", "moderator")
        bob, carol = self.server.browser("bob"), self.server.browser("carol")
        answer = self.ok("alice", "PATCH", self.path, {"announcement_only": True})
        self.assertTrue(answer["conversation"]["announcement_only"])
        self.assertEqual([each["what"] for each in self.systems(bob)], ["announcements"])
        refused = bob.send("but", conversation=self.team)
        self.assertEqual((refused["code"], refused["reason"]), ("denied", "announcement_only"))
        news = carol.send("news", conversation=self.team)
        reacted = bob.asks(
            type="react", conversation=self.team, seq=news["seq"], emoji="👍", on=True
        )
        self.assertEqual(reacted["type"], "ack")
        ready = self.server.browser("bob").frames[0]
        head = next(h for h in ready["conversations"] if h["conversation"] == self.team)
        self.assertTrue(head["announcement_only"])
        self.ok("carol", "PATCH", self.path, {"announcement_only": False})
        self.assertNotIn("announcement_only", self.head("bob"))
        self.assertEqual(bob.send("now", conversation=self.team)["type"], "ack")
        error = self.error("bob", "PATCH", self.path, {"announcement_only": True})
        self.assertEqual(error["code"], "denied")

    def test_the_past_stays(self) -> None:
        """One's own words are not changed where one may not write, and can be taken back."""
        bob = self.server.browser("bob")
        said = bob.send("once", conversation=self.team)
        self.ok("alice", "PATCH", self.path, {"announcement_only": True})
        path = f"{self.path}/messages/{said['seq']}"
        error = self.error("bob", "PATCH", path, {"text": "twice"})
        self.assertEqual(error["reason"], "announcement_only")
        self.ok("bob", "DELETE", path)


class DescriptionTests(OrderCase):
    """What a group is for."""

    def test_it_is_said_and_unsaid(self) -> None:
        """Everyone hears of it and finds it in the head; blanks around lines are not kept."""
        bob = self.server.browser("bob")
        text = "  读书会 \u0007 on  Mondays \n\nBring tea  "
        answer = self.ok("alice", "PATCH", self.path, {"description": text})
        clean = "读书会 on Mondays\n\nBring tea"
        self.assertEqual(answer["conversation"]["description"], clean)
        self.assertEqual(self.head("bob")["description"], clean)
        self.assertEqual(self.systems(bob), [{"what": "described", "description": clean}])
        self.ok("alice", "PATCH", self.path, {"description": ""})
        self.assertNotIn("description", self.head("bob"))
        self.assertEqual(self.systems(bob), [{"what": "described", "description": ""}])

    def test_refusals(self) -> None:
        """Too long beside the field, and not by members."""
        self.ok("alice", "PATCH", self.path, {"description": "好" * 300})
        for who, text, code, reason in (
            ("alice", "好" * 301, "bad_request", "description_too_long"),
            ("alice", "a\n" * 151, "bad_request", "description_too_long"),
            ("bob", "mine", "denied", "not_allowed"),
        ):
            error = self.error(who, "PATCH", self.path, {"description": text})
            self.assertEqual((error["code"], error["reason"]), (code, reason))
        for wrong in ({"description": 5}, {"announcement_only": "yes"}):
            self.assertEqual(self.error("alice", "PATCH", self.path, wrong)["code"], "bad_request")


class WholeRequestTests(OrderCase):
    """A request that changes several things changes all of them or none."""

    def test_nothing_of_what_is_refused(self) -> None:
        """Good fields beside a bad one, and all of them by who may not: nobody hears of anything."""
        bob = self.server.browser("bob")
        before = self.head("bob")
        good = {"title": "Squad", "public": False, "announcement_only": True, "muted": True}
        for who, bad in (
            ("alice", {"description": "好" * 301}),
            ("alice", {"title": "x" * 81, "description": "Tea"}),
            ("bob", {"description": "Tea"}),
        ):
            self.error(who, "PATCH", self.path, {**good, **bad})
            self.assertEqual(self.systems(bob), [])
            self.assertEqual(self.head("bob"), before)

    def test_all_of_it(self) -> None:
        """Each has its message, in one order."""
        bob = self.server.browser("bob")
        body = {"announcement_only": True, "description": "Tea", "title": "Squad", "public": False}
        self.ok("alice", "PATCH", self.path, body)
        told = ["renamed", "described", "announcements"]
        self.assertEqual([each["what"] for each in self.systems(bob)], told)
        self.assertFalse(self.head("bob")["public"])


class MemberListTests(OrderCase):
    """The list of members, in pages and by name."""

    def names(self, query: str) -> tuple[list[str], bool]:
        """Who is on a page, and whether there is another."""
        page = self.ok("bob", "GET", f"{self.path}/members?{query}")
        return [each["user"]["username"] for each in page["members"]], page["more"]

    def id_of(self, name: str) -> int:
        return int(self.server.people[name].id)

    def test_pages(self) -> None:
        """Who leads comes first, then everyone by name."""
        self.appoint("alice", "carol", "moderator")
        self.assertEqual(self.names("limit=2"), (["alice", "carol"], True))
        after = self.id_of("carol")
        self.assertEqual(self.names(f"limit=2&after={after}"), (["bob"], False))

    def test_by_name(self) -> None:
        """Any part of a name finds them, in any case."""
        self.assertEqual(self.names("query=O"), (["bob", "carol"], False))
        self.assertEqual(self.names("query=car"), (["carol"], False))
        self.assertEqual(self.names("query=zz"), ([], False))

    def test_refusals(self) -> None:
        """A page of nothing, of too much, after nobody, for words without end."""
        for query in ("limit=0", "limit=501", "after=0", "after=x", "query=" + "x" * 5000):
            error = self.error("bob", "GET", f"{self.path}/members?{query}")
            self.assertEqual(error["code"], "bad_request", query)
        self.server.register("mallory")
        stranger: Any = self.server.group("alice", title="Other")
        error = self.error("bob", "GET", f"/conversations/{stranger}/members?query=a")
        self.assertEqual(error["code"], "not_member")

    def test_removed_at_once(self) -> None:
        """Whoever is put out hears not one message more."""
        bob = self.server.browser("bob")
        self.ok("alice", "DELETE", f"{self.path}/members/bob", status=204)
        self.ok("alice", "POST", f"{self.path}/messages", {"text": "psst"}, 201)
        self.assertEqual(bob.only("message"), [])
        self.assertEqual(bob.send("hey", conversation=self.team)["code"], "not_member")
