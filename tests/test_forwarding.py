"""Files forwarded: copied to who may see them, each copy by itself."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.domain.files import COPIES_PER_MINUTE, UNSENT_FOR
from imtwisted.settings import Limits
from imtwisted.vault.disk import FolderDisk
from tests.uploading import Sighted, UploadCase, png


class CopyTests(UploadCase):
    """Alice has sent a picture to the team of Bob."""

    sent = 0

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.team = self.server.group("alice", "bob")
        self.picture = self.uploaded("alice", png(900, 10), "a.png")
        self.seq = self.sends("alice", self.team, self.picture["id"])

    def sends(self, who: str, conversation: int, *files: int) -> int:
        """The place of a message with files."""
        self.sent += 1
        body = {"client_id": f"{self.sent:032x}", "text": "", "files": list(files)}
        path = f"/conversations/{conversation}/messages"
        return int(self.ok(who, "POST", path, body, 201)["seq"])

    def copies(self, who: str, file: int, status: int = 201) -> Any:
        """The copy that `who` gets, or the code and the reason of the refusal."""
        answer = self.call(who, "POST", f"/files/{file}/copy", {})
        self.assertEqual(answer.status, status, answer.body)
        if status == 201:
            return answer.json["file"]
        return answer.json["error"]["code"], answer.json["error"].get("reason")

    def sees(self, who: str, file: int) -> list[int]:
        """With which status `who` gets the picture, and the small one."""
        return [self.call(who, "GET", f"/files/{file}{end}").status for end in ("", "/thumbnail")]

    def test_copied(self) -> None:
        """The same but for its id; one's own until it is sent, then who reads it has it."""
        copy = self.copies("bob", self.picture["id"])
        self.assertEqual({**copy, "id": 0}, {**self.picture, "id": 0})
        self.assertEqual([self.sees(who, copy["id"])[0] for who in ("bob", "alice")], [200, 404])
        self.assertEqual(self.fetched("bob", copy["id"]).body, png(900, 10))
        self.sends("bob", self.server.lobby, copy["id"])
        self.assertEqual(self.sees("carol", copy["id"]), [200, 200])

    def test_each_by_itself(self) -> None:
        """A recall of either leaves the other where it is, on the disk too."""
        for is_original_first in (True, False):
            file = self.uploaded("alice", png(900, 10), "b.png")["id"]
            here = f"/conversations/{self.team}/messages/{self.sends('alice', self.team, file)}"
            copy = self.copies("bob", file)["id"]
            lobby = self.server.lobby
            there = f"/conversations/{lobby}/messages/{self.sends('bob', lobby, copy)}"
            recalls = [("alice", here, file, copy), ("bob", there, copy, file)]
            who, message, gone, left = recalls[0 if is_original_first else 1]
            self.ok(who, "DELETE", message)
            self.assertEqual(self.sees("bob", gone), [404, 404])
            self.assertEqual(self.sees("bob", left), [200, 200])
            self.assertEqual(self.fetched("bob", left).body, png(900, 10))

    def test_who_may_not(self) -> None:
        """What one may not see one may not copy; nor what was taken back."""
        self.assertEqual(
            self.copies("carol", self.picture["id"], 404), ("not_found", "no_such_file")
        )
        self.assertEqual(self.copies("bob", 999, 404), ("not_found", "no_such_file"))
        self.ok("alice", "DELETE", f"/conversations/{self.team}/messages/{self.seq}")
        self.assertEqual(self.copies("bob", self.picture["id"], 404), ("not_found", "no_such_file"))
        self.assertEqual(self.lying(), [])

    def test_gone_meanwhile(self) -> None:
        """Taken back between the look and the copy: it is not there, and nothing is left."""
        for path in self.folder.rglob("*.*"):
            path.unlink()
        (kept,) = [path for path in self.folder.rglob("*") if path.is_file()]
        kept.unlink()
        self.assertEqual(self.copies("bob", self.picture["id"], 404), ("not_found", "no_such_file"))
        self.assertEqual(self.lying(), [])

    def test_swept(self) -> None:
        """A copy that nobody sent goes as uploads do; one that is on its way in does not."""
        copy = self.copies("bob", self.picture["id"])["id"]
        self.server.clock.advance(UNSENT_FOR + 60)
        self.server.now(self.server.house.files.sweep())
        self.assertEqual(
            (self.sees("bob", copy), self.sees("bob", self.picture["id"])), ([404, 404], [200, 200])
        )
        self.assertEqual(len(self.lying()), 2)

    def test_too_often(self) -> None:
        """So many a minute of a person."""
        file = self.uploaded("carol", b"hello")["id"]
        for _ in range(COPIES_PER_MINUTE):
            self.copies("carol", file)
        self.assertEqual(self.copies("carol", file, 429), ("rate_limited", "too_many_tries"))
        self.copies("bob", self.picture["id"])


class RoomTests(UploadCase):
    """Little room for each."""

    def setUp(self) -> None:
        self.folder = Path(self.new_folder())
        limits = Limits(file_bytes=1000, user_file_bytes=1000)
        self.open("alice", "bob", files=self.folder, pictures=Sighted(), limits=limits)

    def test_quota(self) -> None:
        """It counts as its new owner's; what does not fit leaves nothing."""
        file = self.uploaded("alice", b"x" * 600)["id"]
        body = {"text": "", "files": [file]}
        self.ok("alice", "POST", f"/conversations/{self.server.lobby}/messages", body, 201)
        self.ok("bob", "POST", f"/files/{file}/copy", {}, 201)
        answer = self.call("bob", "POST", f"/files/{file}/copy", {})
        error = answer.json["error"]
        self.assertEqual(
            (answer.status, error["code"], error["reason"]), (413, "too_large", "quota")
        )
        self.assertEqual(len(self.lying()), 2)


class Here:
    """Threads of a test: none."""

    async def run(self, work: Callable[..., Any], *args: Any) -> Any:
        return work(*args)


class DiskTests(SynchronousTestCase):
    """The same bytes under two names."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="imchat-copies-")
        self.addCleanup(folder.cleanup)
        self.disk = FolderDisk(Path(folder.name), Here())
        for is_small in (False, True):
            path = self.disk.path_of("aa1", thumbnail=is_small)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"small" if is_small else b"large")
            os.utime(path, (5, 5))

    def assert_copied(self) -> None:
        """Both are there, young, and stay when the others go."""
        self.successResultOf(self.disk.copy("aa1", "bb2"))
        self.assertNotIn("bb2", self.successResultOf(self.disk.places(10_000)))
        self.successResultOf(self.disk.remove(["aa1"]))
        read = [self.disk.path_of("bb2", thumbnail=small).read_bytes() for small in (False, True)]
        self.assertEqual(read, [b"large", b"small"])

    def test_linked(self) -> None:
        """Without taking room; a sweep that comes before its row sees that it is young."""
        self.successResultOf(self.disk.copy("aa1", "cc3"))
        self.assertEqual(self.disk.path_of("cc3").stat().st_nlink, 2)
        self.assert_copied()

    def test_where_nothing_can_be_linked(self) -> None:
        """Some disks know no second name: there it is copied."""

        def link(*_: object) -> None:
            raise OSError(errno.EPERM, "no links here")

        self.patch(os, "link", link)
        self.assert_copied()
        self.assertEqual(self.disk.path_of("bb2").stat().st_nlink, 1)

    def test_gone(self) -> None:
        """What is not there leaves nothing, its thumbnail neither."""
        self.disk.path_of("aa1").unlink()
        self.failureResultOf(self.disk.copy("aa1", "bb2"), FileNotFoundError)
        self.assertFalse(self.disk.path_of("bb2", thumbnail=True).exists())
