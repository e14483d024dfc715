"""Whose a group is when the account of its owner is deleted."""

from __future__ import annotations

from tests.client import Frame
from tests.kit import Browser
from tests.test_deletions import DeletionCase


class GroupTests(DeletionCase):
    """Groups go on without them."""

    def setUp(self) -> None:
        super().setUp()
        for friend in ("bob", "carol"):
            self.server.befriend("alice", friend)
        self.team = int(self.server.group("alice", "bob", "carol", title="Team"))
        self.path = f"/conversations/{self.team}"

    def roles(self, asker: str) -> dict[str, str]:
        members = self.ok(asker, "GET", f"{self.path}/members")["members"]
        return {each["user"]["username"]: each["role"] for each in members}

    def told(self, browser: Browser) -> list[Frame]:
        return [frame for frame in browser.only("message") if frame["conversation"] == self.team]

    def test_a_group_goes_to_a_moderator(self) -> None:
        """Before anyone who has been there for longer."""
        self.ok("alice", "PATCH", f"{self.path}/members/carol", {"role": "moderator"})
        self.goes()
        self.assertEqual(self.roles("bob"), {"bob": "member", "carol": "owner"})

    def test_else_to_who_was_there_first(self) -> None:
        """The new owner's list says so at once; everyone hears that somebody left."""
        bob, carol = self.server.browser("bob"), self.server.browser("carol")
        self.goes()
        self.assertEqual(self.roles("bob"), {"bob": "owner", "carol": "member"})
        heads = [frame["head"] for frame in bob.only("update") if frame["kind"] == "membership"]
        self.assertEqual([head["role"] for head in heads], ["owner"])
        (left,) = self.told(carol)
        self.assertEqual(left["system"], {"what": "left", "members": 2})
        self.is_gone(left["sender"])

    def test_a_banned_one_is_not_listed(self) -> None:
        """There is nobody to keep out any more."""
        self.ok("alice", "PUT", f"{self.path}/bans/carol", status=204)
        self.goes("carol")
        self.assertEqual(self.ok("alice", "GET", f"{self.path}/bans")["banned"], [])
