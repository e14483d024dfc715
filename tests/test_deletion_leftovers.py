"""Whatever is left under the id of a deleted account is meant to be left."""

from __future__ import annotations

from typing import Any

from imtwisted.boundaries import Cursor
from tests.uploading import UploadCase, png

COLUMNS = (
    *("user_id", "low_id", "high_id", "asker_id", "blocker_id", "blocked_id"),
    *("sender_id", "editor_id", "owner_id", "made_by"),
)
REMAINS = {
    # The row without a name: everything else refers to it.
    ("users", "id"),
    # What was said stays, and with it what hangs on it; docs/api.md says so.
    ("messages", "sender_id"),
    ("message_edits", "editor_id"),
    ("reactions", "user_id"),
    ("mentions", "user_id"),
    # That there was a member, who has left; in direct conversations the ghost is the peer.
    ("members", "user_id"),
    # Revoked: leaders see no such link, old system messages may still refer to it.
    ("invites", "made_by"),
}


def _columns(cursor: Cursor) -> list[tuple[str, str]]:
    tables = cursor.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [
        (table, row[1]) for (table,) in tables for row in cursor.all(f"PRAGMA table_info({table})")
    ]


def _all(cursor: Cursor, query: str) -> list[tuple[Any, ...]]:
    return cursor.all(query)


class LeftoverTests(UploadCase):
    """Alice was everywhere, and goes while she is connected."""

    def setUp(self) -> None:
        super().setUp()
        self.alice = self.server.people["alice"].id
        self.server.befriend("alice", "bob")
        self.server.befriend("alice", "carol")
        self.team = int(self.server.group("alice", "bob", title="Team"))
        self.here = f"/conversations/{self.team}"
        self.settle()

    def settle(self) -> None:
        """Something of every kind."""
        file = self.uploaded("alice", b"notes", "alices diary.txt")["id"]
        said = {"text": "hi", "files": [file], "mentions": [self.alice]}
        self.ok("alice", "POST", f"{self.here}/messages", said, 201)
        self.ok("alice", "PATCH", f"{self.here}/messages/2", {"text": "hello"})
        self.ok("alice", "PUT", f"{self.here}/messages/2/reactions/%F0%9F%91%8D")
        self.ok("alice", "PUT", "/contacts/blocks/carol", status=204)
        self.picture = self.uploaded("alice", png(9, 9), "alice at home.png")["id"]
        self.ok("alice", "PUT", f"{self.here}/picture", {"file": self.picture})
        self.code = self.ok("alice", "POST", f"{self.here}/invites", {}, 201)["invite"]["code"]
        self.uploaded("alice", b"later", "later.txt")
        self.server.browser("alice").leaves()
        self.server.wait(30)

    def goes(self) -> None:
        self.browser = self.server.browser("alice")
        self.ok("alice", "DELETE", "/me", {"password": "alice-password"}, 204)
        self.server.wait(30)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return list(self.server.now(self.server.database.read(_all, query)))

    def found(self) -> set[tuple[str, str]]:
        """Where the id of alice stands."""
        columns = self.server.now(self.server.database.read(_columns))
        return {
            (table, column)
            for table, column in columns
            if (column in COLUMNS or (table, column) == ("users", "id"))
            and self.rows(f"SELECT 1 FROM {table} WHERE {column} = {self.alice}")
        }

    def test_every_table(self) -> None:
        """Before, she is in more of them than after; after, only where it is meant."""
        before = self.found()
        for table in ("files", "sightings", "blocks", "friendships", "sessions", "invites"):
            self.assertIn(table, {where for where, _ in before})
        self.goes()
        self.assertEqual(self.found() - REMAINS, set())

    def test_every_column_is_known(self) -> None:
        """A new column that may hold a person's id is thought of here."""
        others = {"conversation_id", "picture_id", "client_id", "invite_id", "id"}
        columns = self.server.now(self.server.database.read(_columns))
        ids = {column for _, column in columns if column.endswith(("_id", "_by")) or column == "id"}
        self.assertEqual(ids - set(COLUMNS) - others, set())

    def test_a_group_keeps_its_picture(self) -> None:
        """Nobody's, and without the name that somebody gave it."""
        self.goes()
        self.assertEqual(self.call("bob", "GET", f"/files/{self.picture}").status, 200)
        kept = self.rows("SELECT id, owner_id, name FROM files")
        self.assertEqual(kept, [(self.picture, 0, "picture")])

    def test_links_open_no_door(self) -> None:
        """Whom the account invited comes too late."""
        self.assertEqual(self.call("carol", "GET", f"/invites/{self.code}").status, 200)
        self.goes()
        self.assertEqual(self.error("carol", "POST", f"/invites/{self.code}/join")["status"], 404)
