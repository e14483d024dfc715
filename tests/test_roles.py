"""Who keeps a group in order: moderators, handing over, and keeping people out."""

from __future__ import annotations

from tests.client import Frame
from tests.kit import Browser
from tests.visitor import ApiCase


class RoleCase(ApiCase):
    """Alice's public group with Bob and Carol in it."""

    def setUp(self) -> None:
        super().setUp()
        for friend in ("bob", "carol"):
            self.server.befriend("alice", friend)
        self.team = int(self.server.group("alice", "bob", "carol", title="Team", public=True))
        self.path = f"/conversations/{self.team}"

    def appoint(self, who: str, whom: str, role: str) -> Frame:
        """`who` gives `whom` a role; what they are by it."""
        path = f"{self.path}/members/{whom}"
        return dict(self.ok(who, "PATCH", path, {"role": role})["member"])

    def roles(self) -> dict[str, str]:
        """Everyone's role."""
        members = self.ok("alice", "GET", f"{self.path}/members")["members"]
        return {each["user"]["username"]: each["role"] for each in members}

    def counts(self, browser: Browser) -> list[int]:
        """How many members there are, by what a connection was told of who came or went."""
        notes = [frame["system"] for frame in browser.only("message")]
        return [note["members"] for note in notes if "members" in note]

    def told(self, browser: Browser) -> list[str]:
        """What system messages a connection got of the group."""
        return [
            frame["system"]["what"]
            for frame in browser.only("message")
            if frame["conversation"] == self.team
        ]


class AppointingTests(RoleCase):
    """Only the owner gives roles."""

    def test_a_moderator(self) -> None:
        """Everyone hears of it; the new one's list says so at once."""
        bob, carol = self.server.browser("bob"), self.server.browser("carol")
        self.assertEqual(self.appoint("alice", "bob", "moderator")["role"], "moderator")
        self.assertEqual(self.told(carol), ["promoted"])
        (update,) = bob.only("update")
        self.assertEqual(update["head"]["role"], "moderator")
        self.ok("bob", "PATCH", self.path, {"title": "Squad"})
        self.appoint("alice", "bob", "member")
        self.assertEqual(self.told(carol), ["renamed", "demoted"])
        self.assertEqual(self.error("bob", "PATCH", self.path, {"title": "x"})["code"], "denied")

    def test_handing_over(self) -> None:
        """The new owner owns it; the old one stays as a moderator."""
        self.appoint("alice", "bob", "owner")
        self.assertEqual(self.roles(), {"alice": "moderator", "bob": "owner", "carol": "member"})
        refused = self.error("alice", "PATCH", f"{self.path}/members/carol", {"role": "owner"})
        self.assertEqual(refused["code"], "denied")
        self.ok("bob", "DELETE", self.path, status=204)

    def test_already_so(self) -> None:
        """Nothing happens."""
        carol = self.server.browser("carol")
        self.appoint("alice", "bob", "member")
        self.assertEqual(self.told(carol), [])

    def test_refusals(self) -> None:
        """Not by moderators, not to oneself, not to strangers, no other role, not in the lobby."""
        self.appoint("alice", "bob", "moderator")
        path = f"{self.path}/members"
        for who, whom, role, code in (
            ("bob", "carol", "moderator", "denied"),
            ("alice", "alice", "member", "denied"),
            ("alice", "nobody", "moderator", "not_found"),
            ("alice", "bob", "king", "bad_request"),
        ):
            refused = self.error(who, "PATCH", f"{path}/{whom}", {"role": role})
            self.assertEqual(refused["code"], code, (who, whom, role))
        lobby = f"/conversations/{self.server.lobby}/members/bob"
        self.assertEqual(self.error("alice", "PATCH", lobby, {"role": "owner"})["code"], "denied")


class BanTests(RoleCase):
    """Who is kept out stays out until let in again."""

    def test_a_member(self) -> None:
        """They are out at once, cannot come back, and nobody can bring them."""
        carol, bob = self.server.browser("carol"), self.server.browser("bob")
        self.ok("alice", "PUT", f"{self.path}/bans/carol", status=204)
        self.assertEqual(self.told(bob), ["banned"])
        (update,) = carol.only("update")
        self.assertEqual((update["member"], update["conversation"]), (False, self.team))
        self.ok("alice", "POST", f"{self.path}/messages", {"text": "psst"}, 201)
        self.assertEqual(carol.only("message"), [])
        self.assertEqual(self.error("carol", "POST", f"{self.path}/join")["code"], "denied")
        again = self.error("alice", "POST", f"{self.path}/members", {"username": "carol"})
        self.assertEqual(again["code"], "denied")
        public = self.ok("carol", "GET", "/conversations/public")["conversations"]
        self.assertEqual(public, [])

    def test_who_comes_and_goes_is_counted(self) -> None:
        """Each of these says how many there are by it."""
        bob = self.server.browser("bob")
        self.ok("carol", "POST", f"{self.path}/leave", status=204)
        self.ok("carol", "POST", f"{self.path}/join")
        self.ok("alice", "DELETE", f"{self.path}/members/carol", status=204)
        self.ok("alice", "POST", f"{self.path}/members", {"username": "carol"}, 201)
        self.ok("alice", "PUT", f"{self.path}/bans/carol", status=204)
        self.assertEqual(self.counts(bob), [2, 3, 2, 3, 2])

    def test_let_in_again(self) -> None:
        """They may join; they are not members by that."""
        self.ok("alice", "PUT", f"{self.path}/bans/carol", status=204)
        banned = self.ok("alice", "GET", f"{self.path}/bans")["banned"]
        self.assertEqual([person["username"] for person in banned], ["carol"])
        self.ok("alice", "DELETE", f"{self.path}/bans/carol", status=204)
        self.assertEqual(self.ok("alice", "GET", f"{self.path}/bans")["banned"], [])
        self.assertNotIn("carol", self.roles())
        self.ok("carol", "POST", f"{self.path}/join")
        self.assertEqual(self.roles()["carol"], "member")

    def test_a_stranger(self) -> None:
        """Who never was there can be kept out too; twice is once."""
        self.server.register("mallory")
        bob = self.server.browser("bob")
        for _ in range(2):
            self.ok("alice", "PUT", f"{self.path}/bans/mallory", status=204)
        self.assertEqual(self.counts(bob), [3])
        self.assertEqual(len(self.ok("alice", "GET", f"{self.path}/bans")["banned"]), 1)
        self.assertEqual(len(self.roles()), 3)

    def test_refusals(self) -> None:
        """Not by members, not the owner, not another moderator, not oneself."""
        for path in ("bans/carol", "bans/alice"):
            refused = self.error("bob", "PUT", f"{self.path}/{path}")
            self.assertEqual(refused["code"], "denied", path)
        self.assertEqual(self.error("bob", "GET", f"{self.path}/bans")["code"], "denied")
        for moderator in ("bob", "carol"):
            self.appoint("alice", moderator, "moderator")
        for whom in ("alice", "bob", "carol"):
            refused = self.error("bob", "PUT", f"{self.path}/bans/{whom}")
            self.assertEqual(refused["code"], "denied", whom)
        other = self.server.group("alice", title="Other")
        refused = self.error("carol", "GET", f"/conversations/{other}/bans")
        self.assertEqual(refused["code"], "not_member")
