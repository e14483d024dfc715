"""How much of what others are told of one person may do at once, over HTTP."""

from __future__ import annotations

from imtwisted.settings import Limits
from tests.visitor import ApiCase, Visitor

BURST, RATE = 8, 2


class RateCase(ApiCase):
    """Alice's public group on a server where eight deeds are the most."""

    def setUp(self) -> None:
        super().setUp()
        limits = Limits(deeds_burst=BURST, deeds_per_10s=RATE)
        self.open("alice", "bob", "carol", limits=limits)
        self.server.befriend("alice", "bob")
        self.team = int(self.server.group("alice", title="Team", public=True))
        self.path = f"/conversations/{self.team}"
        self.server.wait(60)  # what that took is paid for

    def all_refused(self, who: str, calls: list[tuple[str, str, object]]) -> None:
        """Everything of `calls` is answered 429."""
        for method, path, body in calls:
            answer = self.call(who, method, path, body)
            self.assertEqual((answer.status, answer.code), (429, "rate_limited"), path)


class DeedRateTests(RateCase):
    """Nobody can keep a whole group busy."""

    def test_joining_and_leaving_for_ever(self) -> None:
        """After the burst it is 429 with the time to wait; no one else has to wait."""
        alice = self.server.browser("alice")
        for turn in range(BURST):
            deed, status = (("join", 200), ("leave", 204))[turn % 2]
            self.ok("bob", "POST", f"{self.path}/{deed}", status=status)
        refused = self.call("bob", "POST", f"{self.path}/join")
        self.assertEqual((refused.status, refused.header("Retry-After")), (429, "5"))
        self.assertEqual(refused.json["error"]["reason"], "too_many_tries")
        self.assertEqual(len(alice.only("message")), BURST)
        self.ok("carol", "POST", f"{self.path}/join")
        self.ok("alice", "PATCH", self.path, {"title": "Squad"})
        self.server.wait(5)
        self.ok("bob", "POST", f"{self.path}/join")

    def test_each_of_them(self) -> None:
        """Whatever others are told of comes out of one bucket; what is wrong changes nothing."""
        for turn in range(BURST):
            self.ok("alice", "PATCH", self.path, {"title": f"Team {turn}"})
        self.all_refused(
            "alice",
            [
                ("POST", "/conversations", {"title": "More", "members": []}),
                ("POST", f"{self.path}/members", {"username": "bob"}),
                ("PATCH", f"{self.path}/members/bob", {"role": "moderator"}),
                ("DELETE", f"{self.path}/members/bob", None),
                ("PUT", f"{self.path}/bans/bob", None),
                ("DELETE", f"{self.path}/bans/bob", None),
                ("PUT", f"{self.path}/silences/bob", {}),
                ("DELETE", f"{self.path}/silences/bob", None),
                ("PATCH", self.path, {"announcement_only": True}),
                ("PATCH", self.path, {"description": "No"}),
                ("PATCH", self.path, {"public": False}),
                ("DELETE", f"{self.path}/picture", None),
                ("POST", f"{self.path}/invites", {}),
                ("DELETE", f"{self.path}/invites/1", None),
                ("POST", "/invites/AAAAAAAAAAAAAAAAAAAAAAAA/join", None),
                ("POST", f"{self.path}/join", None),
                ("POST", f"{self.path}/leave", None),
                ("DELETE", self.path, None),
                ("POST", "/contacts/requests", {"username": "carol"}),
                ("POST", "/contacts/requests/carol/accept", None),
                ("POST", "/contacts/requests/carol/decline", None),
                ("PUT", "/contacts/blocks/carol", None),
                ("DELETE", "/contacts/blocks/carol", None),
                ("DELETE", "/contacts/bob", None),
            ],
        )
        self.assertEqual(self.head()["title"], f"Team {BURST - 1}")

    def test_one_request_is_one(self) -> None:
        """Several settings in one request take one token; what only oneself sees takes none."""
        for turn in range(BURST - 1):
            body = {"title": f"{turn}", "description": f"{turn}", "announcement_only": turn % 2 > 0}
            self.ok("alice", "PATCH", self.path, body)
        for _ in range(BURST):
            self.ok("alice", "PATCH", self.path, {"muted": True})
        self.ok("alice", "PATCH", self.path, {"title": "Last"})

    def test_going_is_not_hindered(self) -> None:
        """Who deletes their account leaves all groups, however many."""
        groups = []
        for turn in range(BURST + 2):
            self.server.wait(10)
            groups.append(self.server.group("alice", "bob", title=f"Team {turn}"))
        self.ok("alice", "DELETE", "/me", {"password": "alice-password"}, 204)
        self.server.now(self.server.house.deletions.carry_out())
        for group in groups:
            members = self.ok("bob", "GET", f"/conversations/{group}/members")["members"]
            self.assertEqual([each["user"]["username"] for each in members], ["bob"])

    def head(self) -> dict[str, object]:
        """The group as Alice has it."""
        return dict(self.ok("alice", "GET", self.path)["conversation"])


class UsualTests(ApiCase):
    """The limits as they come are for nobody who means well."""

    def test_twenty_friends_one_by_one(self) -> None:
        """Asked, made a group of, and added each by a request of its own, at once."""
        friends = [f"friend{n}" for n in range(20)]
        for friend in friends:
            self.server.register(friend)
            self.scripts[friend] = Visitor(self.server, token=self.server.tokens[friend])
            self.ok("alice", "POST", "/contacts/requests", {"username": friend}, 201)
            self.ok(friend, "POST", "/contacts/requests/alice/accept")
        path = f"/conversations/{self.server.group('alice', title='All')}/members"
        for friend in friends:
            self.ok("alice", "POST", path, {"username": friend}, 201)
