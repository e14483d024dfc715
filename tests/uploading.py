"""What tests upload: forms of bytes, and pictures made by hand."""

from __future__ import annotations

import shutil
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Any

from imtwisted.files import Sight
from imtwisted.model import UserId
from tests.visitor import Answer, ApiCase

BOUNDARY = "x-test-boundary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def form(content: bytes, name: str = "notes.txt", field: str = "file") -> bytes:
    """A form with one file, as browsers write it (RFC 7578)."""
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'Content-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n'
    start = f"--{BOUNDARY}\r\n{head}Content-Type: text/html\r\n\r\n"
    return start.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def png(width: int, height: int, *, said: tuple[int, int] | None = None) -> bytes:
    """A grey picture of that size; its head may say another one."""
    rows = (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", *(said or (width, height)), 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


class Sighted:
    """The `Pictures` of a test: what a head says is believed, without a process."""

    async def look(self, owner: UserId, picture: Path, bare: Path, thumbnail: Path) -> Sight | None:
        width, height = struct.unpack(">II", picture.read_bytes()[16:24])
        if width * height > 1_000_000:
            return None
        shutil.copyfile(picture, bare)
        if width > 640:
            thumbnail.write_bytes(b"RIFF....WEBP")
        return Sight(width, height, width > 640)


class UploadCase(ApiCase):
    """A server with a folder for files, and people who upload."""

    def setUp(self) -> None:
        self.folder = Path(self.new_folder())
        self.open("alice", "bob", "carol", files=self.folder, pictures=Sighted())

    def new_folder(self) -> str:
        """A folder that goes when the test ends."""

        folder = tempfile.mkdtemp(prefix="imchat-files-")
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def uploads(self, who: str, content: bytes, name: str = "notes.txt") -> Answer:
        """What the script of `who` gets for a file."""
        body = form(content, name)
        return self.call(who, "POST", "/files", raw=body, headers={"Content-Type": TYPE})

    def uploaded(self, who: str, content: bytes = b"hello", name: str = "notes.txt") -> Any:
        """The file that an upload makes."""
        answer = self.uploads(who, content, name)
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["file"]

    def fetched(self, who: str, file: int, **options: Any) -> Answer:
        """What `who` gets of a file."""
        return self.call(who, "GET", f"/files/{file}", **options)

    def lying(self) -> list[str]:
        """The names of everything in the folder of files."""
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())
