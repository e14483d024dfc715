"""What a browser keeps of files: it asks again, and is told who may not see them any more."""

from __future__ import annotations

from tests.uploading import UploadCase, png


class CachingTests(UploadCase):
    """Alice has sent a picture to a group with Bob."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.team = self.server.group("alice", "bob")
        self.file = self.uploaded("alice", png(900, 10), "a.png")["id"]
        body = {"text": "", "files": [self.file]}
        self.path = f"/conversations/{self.team}/messages"
        self.seq = self.ok("alice", "POST", self.path, body, 201)["seq"]

    def again(self, who: str, end: str = "", file: int = 0) -> tuple[int, bytes, str]:
        """What `who` gets for a picture that they have already, and how long that holds."""
        tag = f'"{file or self.file}{"-small" if end else ""}"'
        path = f"/files/{file or self.file}{end}"
        answer = self.call(who, "GET", path, headers={"If-None-Match": tag})
        return (
            answer.status,
            answer.body if answer.status == 304 else b"",
            answer.header("Cache-Control"),
        )

    def test_unchanged(self) -> None:
        """Who may see it is told in a word that it is as it was."""
        self.assertEqual(self.again("bob"), (304, b"", "private, no-cache"))
        self.assertEqual(self.again("bob", "/thumbnail"), (304, b"", "private, max-age=60"))

    def test_recalled(self) -> None:
        """Taken back: it is not there, whatever they have; and nothing keeps that answer."""
        self.ok("alice", "DELETE", f"{self.path}/{self.seq}")
        for end in ("", "/thumbnail"):
            for who in ("alice", "bob"):
                self.assertEqual(self.again(who, end), (404, b"", "no-store"))

    def test_removed(self) -> None:
        """Who is not in the group any more."""
        self.ok("alice", "DELETE", f"/conversations/{self.team}/members/bob", status=204)
        self.assertEqual(self.again("bob"), (404, b"", "no-store"))
        self.assertEqual(self.again("bob", "/thumbnail"), (404, b"", "no-store"))
        self.assertEqual(self.again("alice")[0], 304)

    def test_faces(self) -> None:
        """What a person looks like has an address of its own, and is kept for longer."""
        faces = []
        for _ in range(2):
            face = self.uploaded("alice", png(900, 10), "me.png")["id"]
            self.ok("alice", "PUT", "/me/picture", {"file": face})
            self.assertEqual(
                self.again("bob", "/thumbnail", face), (304, b"", "private, max-age=3600")
            )
            faces.append(face)
        self.assertNotEqual(*faces)
        self.assertEqual(self.again("bob", "/thumbnail", faces[0])[0], 404)
