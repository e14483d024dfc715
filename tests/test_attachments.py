"""Messages that bring files: who is told, who may have them, and when they go."""

from __future__ import annotations

from typing import Any

from imtwisted.domain.files import UNSENT_FOR
from tests.uploading import UploadCase, png
from tests.visitor import Visitor

CLIENT_ID = "0123456789abcdef" * 2


class MessageTests(UploadCase):
    """Messages that bring files."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.server.befriend("alice", "carol")
        self.team = self.server.group("alice", "bob")
        self.file = self.uploaded("alice", png(30, 20), "a.png")
        self.bob = self.server.browser("bob")

    def sends(self, *files: int, status: int = 201, **fields: Any) -> Any:
        """Alice says something in the team, with files."""
        body = {"text": "", "files": list(files), **fields}
        path = f"/conversations/{self.team}/messages"
        answer = self.call("alice", "POST", path, body)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json if status < 400 else answer.json["error"].get("reason")

    def test_told(self) -> None:
        """Live, in a delta, in the history, over HTTP and in the list: the same files, in their order."""
        other = self.uploaded("alice", b"words", "b.txt")
        seq = self.sends(other["id"], self.file["id"], text="look")["seq"]
        wanted = ("file", "look", [other, self.file])

        def seen(message: Any) -> Any:
            return message["kind"], message["text"], message["files"]

        (told,) = self.bob.only("message")
        self.assertEqual(seen(told), wanted)
        page = self.bob.asks(type="history", conversation=self.team)
        self.assertEqual(seen(page["items"][-1]), wanted)
        self.assertNotIn("files", page["items"][0])
        delta = self.bob.asks(type="changes", conversation=self.team, after=0)
        self.assertEqual(seen(delta["items"][-1]), wanted)
        page = self.ok("bob", "GET", f"/conversations/{self.team}/messages?around={seq}&limit=1")
        self.assertEqual(seen(page["items"][0]), wanted)
        heads = self.ok("bob", "GET", "/conversations")["conversations"]
        (preview,) = [head["preview"] for head in heads if head["conversation"] == self.team]
        self.assertEqual(seen(preview), wanted)

    def test_may_see(self) -> None:
        """Nobody before it is sent, then the members; who leaves or cleared it does not, its owner does."""
        id = self.file["id"]

        def statuses() -> list[int]:
            return [self.fetched(name, id).status for name in ("alice", "bob", "carol")]

        self.assertEqual(statuses(), [200, 404, 404])
        seq = self.sends(id)["seq"]
        self.assertEqual(statuses(), [200, 200, 404])
        self.ok("alice", "POST", f"/conversations/{self.team}/members", {"username": "carol"}, 201)
        self.assertEqual(statuses(), [200, 200, 200])
        self.ok("carol", "PATCH", f"/conversations/{self.team}", {"hidden_seq": seq})
        self.assertEqual(statuses(), [200, 200, 404])
        self.ok("bob", "POST", f"/conversations/{self.team}/leave", {}, 204)
        self.assertEqual(statuses(), [200, 404, 404])
        self.ok("alice", "POST", f"/conversations/{self.team}/leave", {}, 204)
        self.assertEqual(statuses(), [200, 404, 404])
        self.assertEqual(Visitor(self.server).api("GET", f"/files/{id}").status, 401)

    def test_once(self) -> None:
        """A retry is answered with the same place; another message cannot have the file."""
        id = self.file["id"]
        first = self.sends(id, client_id=CLIENT_ID)
        again = self.sends(id, client_id=CLIENT_ID, status=200)
        self.assertEqual((again["seq"], again["duplicate"]), (first["seq"], True))
        other = self.uploaded("alice")["id"]
        self.sends(other, client_id=CLIENT_ID, status=409)
        self.assertEqual(self.sends(id, status=409), "file_used")
        self.assertEqual(len(self.bob.only("message")), 1)

    def test_refused(self) -> None:
        """What is nobody's, another's, too many, for several, or nothing at all."""
        his = self.uploaded("bob")["id"]
        mine = self.file["id"]
        self.assertEqual(self.sends(his, status=404), "no_such_file")
        self.assertEqual(self.sends(mine, 999, status=404), "no_such_file")
        self.assertEqual(self.sends(*range(1, 12), status=400), "too_many_files")
        self.assertEqual(self.sends(status=400), "text_empty")
        self.assertEqual(self.sends(mine, text="x" * 20_000, status=413), "text_too_long")
        body = {"to": ["bob", "carol"], "text": "", "files": [mine]}
        answer = self.call("alice", "POST", "/messages", body)
        self.assertEqual((answer.status, answer.json["error"]["reason"]), (400, "files_to_several"))
        self.assertEqual(self.bob.only("message"), [])
        # All of that has used nothing up, and naming it twice is naming it once.
        seq = self.sends(mine, mine)["seq"]
        self.assertEqual(self.bob.only("message")[0]["seq"], seq)

    def test_direct(self) -> None:
        """A file may begin a conversation of two."""
        body = {"to": "carol", "text": "", "files": [self.file["id"]]}
        self.ok("alice", "POST", "/messages", body, 201)
        self.assertEqual(self.fetched("carol", self.file["id"]).status, 200)
        self.assertEqual(self.fetched("bob", self.file["id"]).status, 404)

    def test_recalled(self) -> None:
        """The file goes from the messages, the tables and the disk, for its owner too."""
        large = self.uploaded("alice", png(900, 10), "large.png")["id"]
        seq = self.sends(self.file["id"], large)["seq"]
        self.assertEqual(len(self.lying()), 3)
        self.ok("alice", "DELETE", f"/conversations/{self.team}/messages/{seq}")
        self.server.turn()
        self.assertEqual(self.lying(), [])
        self.assertEqual(self.fetched("alice", large).status, 404)
        item = self.bob.asks(type="history", conversation=self.team)["items"][-1]
        self.assertEqual((item["recalled"], "files" in item), (True, False))

    def test_edited(self) -> None:
        """The words beside a file may change, and go; the file stays."""
        seq = self.sends(self.file["id"], text="helo")["seq"]
        path = f"/conversations/{self.team}/messages/{seq}"
        bob = self.server.people["bob"].id
        for text, mentions in (("hello @bob", [bob]), ("", [])):
            self.ok("alice", "PATCH", path, {"text": text, "mentions": mentions})
            item = self.bob.asks(type="history", conversation=self.team)["items"][-1]
            self.assertEqual((item["text"], item["files"]), (text, [self.file]))
            self.assertEqual(item.get("mentions", []), mentions)

    def test_swept(self) -> None:
        """A day later what was never sent is gone, and so is what no table knows; what was sent stays."""
        self.sends(self.file["id"])
        self.uploaded("alice", b"never sent")
        sent = self.lying()
        stray = self.folder / "ab" / ("ab" * 20)
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"left by a crash")
        self.server.now(self.server.house.files.sweep())
        self.assertEqual(len(self.lying()), 3)
        self.server.clock.advance(UNSENT_FOR + 4_000_000_000)
        self.server.now(self.server.house.files.sweep())
        (left,) = self.lying()
        self.assertIn(left, sent)

    def test_a_full_disk(self) -> None:
        """What cannot be written is refused, for now, and leaves nothing."""
        (self.folder / "incoming").rmdir()
        (self.folder / "incoming").write_bytes(b"in the way")
        answer = self.uploads("alice", b"hello")
        self.assertEqual((answer.status, answer.code), (503, "unavailable"))
        (self.folder / "incoming").unlink()
        self.uploaded("alice")
