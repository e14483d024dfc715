"""What a camera wrote into a picture is nobody's to fetch: neither with a message nor as a portrait."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from imtwisted.files import Sight
from imtwisted.model import UserId
from imtwisted.vault import thumbnailer
from tests.test_containers import SECRET, picture
from tests.uploading import UploadCase


class Looked:
    """The `Pictures` of these tests: as the picture process sees them, in this one."""

    async def look(self, owner: UserId, picture: Path, bare: Path, thumbnail: Path) -> Sight | None:
        thumbnailer.strip(str(picture), str(bare))
        try:
            width, height, small = map(int, thumbnailer.look(str(bare), str(thumbnail)).split())
        except OSError:
            return Sight(None, None, False)
        return Sight(width, height, bool(small))


class PrivacyTests(UploadCase):
    """Pictures with a place, turned on their side, small and large."""

    def setUp(self) -> None:
        self.folder = Path(self.new_folder())
        self.open("alice", "bob", files=self.folder, pictures=Looked())

    def assert_clean(self, who: str, file: int, size: tuple[int, int]) -> None:
        """Both pictures stand upright, and say nothing of a place."""
        whole = self.fetched(who, file)
        small = self.call(who, "GET", f"/files/{file}/thumbnail")
        for answer in (whole, small):
            self.assertEqual(answer.status, 200)
            self.assertNotIn(SECRET, answer.body)
        with Image.open(BytesIO(whole.body)) as opened:
            turned = opened.getexif().get(0x0112, 1)
            self.assertEqual((opened.size, turned), ((size[1], size[0]), 6))
        for path in self.folder.rglob("*"):
            self.assertFalse(path.is_file() and SECRET in path.read_bytes(), path)

    def test_nowhere(self) -> None:
        """In a message and as a portrait; its size, and one's room, are those of what is kept."""
        for format in ("JPEG", "PNG", "WEBP"):
            for scale in (1, 20):
                before = picture(format, 6, size=(60 * scale, 40 * scale))
                file = self.uploaded("alice", before, "holiday")
                self.assertEqual((file["width"], file["height"]), (40 * scale, 60 * scale))
                self.assertEqual(file.get("thumbnail", False), scale > 1)
                self.assertEqual(file["size"], len(self.fetched("alice", file["id"]).body))
                self.assertNotEqual(file["size"], len(before))
                size = 40 * scale, 60 * scale
                body = {"text": "", "files": [file["id"]]}
                self.ok("alice", "POST", f"/conversations/{self.server.lobby}/messages", body, 201)
                self.assert_clean("bob", file["id"], size)
                face = self.uploaded("alice", before, "me")["id"]
                self.ok("alice", "PUT", "/me/picture", {"file": face})
                self.assert_clean("bob", face, size)

    def test_one_that_cannot_be_shown(self) -> None:
        """It is a file to save, and tells no more of its maker than the others."""
        whole = picture("PNG", 6, size=(600, 400))
        middle = len(whole) // 2
        file = self.uploaded("alice", whole[:middle] + bytes(64) + whole[middle + 64 :], "broken")
        self.assertNotIn("width", file)
        answer = self.fetched("alice", file["id"])
        self.assertEqual(answer.header("Content-Type"), "application/octet-stream")
        self.assertEqual(len(answer.body), file["size"])
        self.assertGreater(file["size"], middle)
        self.assertNotIn(SECRET, answer.body)
