"""What is exported is everything: a table that is new must be thought of here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imtwisted.boundaries import Cursor
from tests.uploading import UploadCase, png

# Where the document has what a table keeps of a person: each way must lead to something.
EXPORTED: Mapping[str, tuple[str, ...]] = {
    "users": ("user", "settings", "created_at"),
    "sessions": ("sessions",),
    "friendships": ("contacts.friends",),
    "blocks": ("contacts.blocked",),
    "sightings": ("last_seen",),
    "files": ("files", "conversations.*.messages.*.files"),
    "invites": ("invites",),
    "members": ("conversations", "conversations.*.state", "conversations.*.read_seq"),
    "messages": ("conversations.*.messages",),
    "reactions": ("conversations.*.reactions",),
}
KEPT_BACK = {
    # The hash of a secret; whoever reads it has no use for it.
    "password_resets",
    # Hashes of edits that tell a repeated one; a message has its text and `edited_at`.
    "message_edits",
    # What others said of one is theirs.
    "mentions",
    # That a link was used by somebody who is not in the group yet; gone when they are.
    "invite_admissions",
    # An order to delete: whoever is in it cannot sign in.
    "deletions",
    # Of conversations and of the server, and of nobody.
    "conversations",
    "meta",
    "reserved_names",
    "search_terms",
    "schema_statements",
}


def _tables(cursor: Cursor) -> list[str]:
    rows = cursor.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [row[0] for row in rows if not row[0].startswith("sqlite_")]


def found(data: Any, way: str) -> list[Any]:
    """What lies at the end of `way`, in which `*` is each of a list."""
    some = [data]
    for step in way.split("."):
        if step == "*":
            some = [each for one in some for each in one]
        else:
            some = [one[step] for one in some if step in one]
    return [one for one in some if one not in ([], {})]


class CompleteTests(UploadCase):
    """`GET /me/data` of somebody who has left something everywhere."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.team = int(self.server.group("alice", "bob", title="Team"))
        self.here = f"/conversations/{self.team}"

    def data(self) -> Any:
        answer = self.call("alice", "GET", "/me/data")
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def settle(self) -> None:
        """A bit of everything."""
        file = self.uploaded("alice", png(9, 9), "cat.png")["id"]
        self.ok("alice", "POST", f"{self.here}/messages", {"text": "", "files": [file]}, 201)
        self.ok("alice", "PUT", f"{self.here}/messages/2/reactions/%F0%9F%91%8D")
        self.ok("alice", "POST", f"{self.here}/invites", {}, 201)
        self.ok("alice", "PUT", "/contacts/blocks/carol", status=204)
        self.ok("alice", "PATCH", "/me", {"settings": {"typing": False}})
        self.server.browser("alice").leaves()
        self.server.wait(30)

    def test_every_table(self) -> None:
        """It is exported, or kept back for a reason that is said."""
        tables = set(self.server.now(self.server.database.read(_tables)))
        self.assertEqual(tables - EXPORTED.keys() - KEPT_BACK, set())
        self.assertEqual((EXPORTED.keys() | KEPT_BACK) - tables, set())
        self.settle()
        data = self.data()
        for table, ways in EXPORTED.items():
            for way in ways:
                self.assertTrue(found(data, way), (table, way))

    def test_what_it_says(self) -> None:
        """Files with where they are, settings as they are, links without their codes."""
        self.settle()
        unsent = self.uploaded("alice", b"later", "later.txt")["id"]
        data = self.data()
        sent, waiting = data["files"]
        self.assertEqual((sent["purpose"], sent["name"]), ("message", "cat.png"))
        self.assertEqual((waiting["purpose"], waiting["id"]), ("upload", unsent))
        self.assertEqual(self.call("alice", "GET", sent["url"].removeprefix("/api/v1")).status, 200)
        self.assertEqual(data["settings"], {"receipts": True, "presence": True, "typing": False})
        (invite,) = data["invites"]
        self.assertNotIn("code", invite)
        (team,) = (one for one in data["conversations"] if one["conversation"] == self.team)
        self.assertEqual([one["emoji"] for one in team["reactions"]], ["👍"])
        (message,) = team["messages"]
        self.assertEqual([one["name"] for one in message["files"]], ["cat.png"])

    def test_where_one_was(self) -> None:
        """One's own words of a group one left, and nobody else's."""
        self.ok("alice", "POST", f"{self.here}/messages", {"text": "mine"}, 201)
        self.ok("bob", "POST", f"{self.here}/messages", {"text": "a secret of bob"}, 201)
        self.ok("alice", "POST", f"{self.here}/leave", status=204)
        data = self.data()
        (team,) = (one for one in data["conversations"] if one["conversation"] == self.team)
        self.assertEqual((team["state"], team["title"]), ("left", "Team"))
        self.assertEqual([one["text"] for one in team["messages"]], ["mine"])
        self.assertNotIn("secret", repr(data))
