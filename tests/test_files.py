"""Files over HTTP: what comes in whole is kept, what does not leaves nothing, who may not sees nothing."""

from __future__ import annotations

from typing import Any

from imtwisted.settings import Limits
from tests.uploading import BOUNDARY, TYPE, Sighted, UploadCase, form, png
from tests.visitor import Visitor


class UploadTests(UploadCase):
    """What becomes of an upload."""

    def test_kept(self) -> None:
        """Its bytes come back as they were, to be saved, and nothing says they are a page."""
        page = b"<!doctype html><script>alert(1)</script>"
        file = self.uploaded("alice", page, "page.html")
        self.assertEqual(
            file, {"id": 1, "name": "page.html", "size": len(page), "type": "text/plain"}
        )
        answer = self.fetched("alice", 1)
        self.assertEqual((answer.status, answer.body), (200, page))
        for name, value in (
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(len(page))),
            (
                "Content-Disposition",
                "attachment; filename=\"page.html\"; filename*=UTF-8''page.html",
            ),
            ("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "private, no-cache"),
        ):
            self.assertEqual(answer.header(name), value)
        self.assertEqual(self.fetched("alice", 1).header("Transfer-Encoding"), "")

    def test_pictures(self) -> None:
        """They are shown, in the size that is known before they load; a large one has a small one."""
        small, large = png(30, 20), png(900, 10)
        file = self.uploaded("alice", small, "a.png")
        self.assertEqual((file["width"], file["height"], "thumbnail" in file), (30, 20, False))
        answer = self.fetched("alice", file["id"])
        self.assertEqual(answer.header("Content-Type"), "image/png")
        self.assertTrue(answer.header("Content-Disposition").startswith("inline;"))
        answer = self.call("alice", "GET", f"/files/{file['id']}/thumbnail")
        self.assertEqual((answer.body, answer.header("Content-Type")), (small, "image/png"))
        file = self.uploaded("alice", large, "b.png")
        self.assertTrue(file["thumbnail"])
        answer = self.call("alice", "GET", f"/files/{file['id']}/thumbnail")
        self.assertEqual((answer.body[:4], answer.header("Content-Type")), (b"RIFF", "image/webp"))

    def test_what_is_no_picture_is_not_shown(self) -> None:
        """A drawing that could run scripts, and a picture that nothing can decode."""
        for content, type in (
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "text/plain"),
            (png(2, 2, said=(100_000, 100_000)), "image/png"),
        ):
            file = self.uploaded("alice", content, "picture.png")
            self.assertEqual((file["type"], "width" in file), (type, False))
            answer = self.fetched("alice", file["id"])
            self.assertEqual(answer.header("Content-Type"), "application/octet-stream")
            self.assertTrue(answer.header("Content-Disposition").startswith("attachment;"))
            thumbnail = self.call("alice", "GET", f"/files/{file['id']}/thumbnail")
            self.assertEqual(thumbnail.status, 404)

    def test_parts(self) -> None:
        """Who asks for a range gets it; who has it already gets nothing."""
        file = self.uploaded("alice", b"0123456789")["id"]
        for asked, status, body, said in (
            ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
            ("bytes=7-", 206, b"789", "bytes 7-9/10"),
            ("bytes=-3", 206, b"789", "bytes 7-9/10"),
            ("bytes=0-99", 206, b"0123456789", "bytes 0-9/10"),
            ("bytes=10-", 416, b"", "bytes */10"),
            ("bytes=-0", 416, b"", "bytes */10"),
            ("bytes=12-15", 416, b"", "bytes */10"),
            ("bytes=5-4", 200, b"0123456789", ""),
            ("bytes=15-12", 200, b"0123456789", ""),
            ("bytes=1-2,4-5", 200, b"0123456789", ""),
            ("lines=1-2", 200, b"0123456789", ""),
            ("bytes=-", 200, b"0123456789", ""),
        ):
            answer = self.fetched("alice", file, headers={"Range": asked})
            got = (answer.status, answer.body, answer.header("Content-Range"))
            self.assertEqual(got, (status, body, said), asked)
        answer = self.fetched("alice", file, headers={"Range": "bytes=2-4", "If-Range": '"other"'})
        self.assertEqual(answer.status, 200)
        tag = answer.header("ETag")
        for known in (tag, f"W/{tag}", f'"other", {tag}', f'"other",W/{tag}', "*"):
            answer = self.fetched("alice", file, headers={"If-None-Match": known})
            self.assertEqual((answer.status, answer.body), (304, b""), known)
        for known in ('"other"', f'"{tag}"', tag.strip('"'), "W/"):
            answer = self.fetched("alice", file, headers={"If-None-Match": known})
            self.assertEqual((answer.status, answer.body), (200, b"0123456789"), known)
        answer = self.call("alice", "HEAD", f"/files/{file}")
        self.assertEqual((answer.header("Content-Length"), answer.body), ("10", b""))
        self.assertEqual(answer.header("X-Error-Code"), "")

    def test_in_pieces(self) -> None:
        """A body arrives byte by byte, and in one stroke with its head."""
        content = bytes(range(256)) * 3 + b"\r\n--x-test\r\n"
        body = form(content)
        line = self.scripts["alice"].begin(
            "POST",
            "/api/v1/files",
            raw=body[:1],
            headers={"Content-Type": TYPE, "Content-Length": str(len(body))},
        )
        for byte in body[1:]:
            line.sends(bytes([byte]))
            self.server.turn(1)
        answer = self.scripts["alice"].take(line)
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(self.fetched("alice", 1).body, content)

    def test_cut(self) -> None:
        """Of an upload that is cut off nothing is left, wherever it was cut."""
        body = form(b"x" * 1000)
        for cut in range(0, len(body), 50):
            line = self.scripts["alice"].begin(
                "POST",
                "/api/v1/files",
                raw=body[:cut],
                headers={"Content-Type": TYPE, "Content-Length": str(len(body))},
            )
            self.server.turn()
            line.leaves()
            self.server.turn()
            self.assertEqual(self.lying(), [], cut)
        self.uploaded("alice")

    def test_kept_though_the_browser_left(self) -> None:
        """What had come whole is kept; a day later, unsent, it is swept."""
        body = form(b"hello")
        line = self.scripts["alice"].begin(
            "POST", "/api/v1/files", raw=body, headers={"Content-Type": TYPE}
        )
        line.leaves()
        self.server.turn()
        self.assertEqual(len(self.lying()), 1)

    def test_who_may_not(self) -> None:
        """Without a session nothing is written; from another site neither."""
        for stranger in (
            Visitor(self.server),
            Visitor(self.server, token=self.server.tokens["bob"], origin="http://evil.test"),
        ):
            body = form(b"x" * 5000)
            line = stranger.begin(
                "POST",
                "/api/v1/files",
                raw=body[:-9],
                headers={"Content-Type": TYPE, "Content-Length": str(len(body))},
            )
            self.server.turn()
            self.assertFalse((self.folder / "incoming").exists())
            line.sends(body[-9:])
            self.server.turn()
            self.assertIn(stranger.take(line).status, (401, 403))
            self.assertEqual(self.lying(), [])

    def test_no_form(self) -> None:
        """Whatever else is sent, the answer is a code, and nothing is left."""
        whole = form(b"hello")
        two = whole.replace(f"--{BOUNDARY}--".encode(), b"") + whole
        for body, type, status in (
            (b"hello", "text/plain", 415),
            (b"{}", "application/json", 415),
            (b"hello", "multipart/form-data", 415),
            (b"hello", TYPE, 400),
            (whole[:-6], TYPE, 400),
            (two, TYPE, 400),
            (form(b"hello", field="other"), TYPE, 400),
            (form(b""), TYPE, 400),
            (whole.replace(b"notes.txt", b"\xff\xfe"), TYPE, 400),
        ):
            answer = self.call("alice", "POST", "/files", raw=body, headers={"Content-Type": type})
            self.assertEqual(answer.status, status, (body, answer.body))
            self.assertEqual(self.lying(), [])
        answer = self.call(
            "alice", "POST", "/conversations", raw=whole, headers={"Content-Type": TYPE}
        )
        self.assertEqual((answer.status, self.lying()), (415, []))
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_names(self) -> None:
        """A name is a name: no path, nothing hidden, nothing turned round, and not too long."""
        for name, cleaned in (
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\evil.exe", "evil.exe"),
            ("/", "file"),
            ("..", "file"),
            ("", "file"),
            ("a\u202egnp.exe", "agnp.exe"),
            ("a\u0000b\u0007c\r\nSet-Cookie: x.txt", "a b c Set-Cookie_ x.txt"),
            ('say "hi".txt', "say _hi_.txt"),
            ("我的 文件.txt", "我的 文件.txt"),
            ("x" * 500 + ".tar", "x" * 116 + ".tar"),
            ("x" * 500, "x" * 120),
        ):
            file = self.uploaded("alice", name=name)
            self.assertEqual(file["name"], cleaned, name)
            said = self.fetched("alice", file["id"]).headers["content-disposition"]
            self.assertEqual(len(said), 1)
            self.assertTrue(said[0].isascii() and said[0].isprintable(), said)


class LimitTests(UploadCase):
    """How much a person may bring."""

    def setUp(self) -> None:
        super().setUp()
        limits = Limits(file_bytes=1000, user_file_bytes=2500)
        self.open("alice", "bob", files=self.folder, pictures=Sighted(), limits=limits)

    def refused(self, content: bytes) -> Any:
        answer = self.uploads("alice", content)
        self.assertGreaterEqual(answer.status, 400, answer.body)
        return answer.status, answer.json["error"]["code"], answer.json["error"]["reason"]

    def test_size(self) -> None:
        """One byte too many is refused, with the answer; nothing is left of it."""
        self.uploaded("alice", b"x" * 1000)
        self.assertEqual(self.refused(b"x" * 1001), (413, "too_large", "file_too_large"))
        self.assertEqual(len(self.lying()), 1)

    def test_announced_size(self) -> None:
        """What says it is far too large is not even read."""
        headers = {"Content-Type": TYPE, "Content-Length": "900000000"}
        line = self.scripts["alice"].begin("POST", "/api/v1/files", raw=b"--", headers=headers)
        self.assertEqual(self.scripts["alice"].take(line).status, 413)
        self.server.turn()
        self.assertEqual(self.lying(), [])

    def test_quota(self) -> None:
        """All files of a person together; another person has their own room."""
        for _ in range(2):
            self.uploaded("alice", b"x" * 1000)
        self.assertEqual(self.refused(b"x" * 501), (413, "too_large", "quota"))
        self.uploaded("alice", b"x" * 500)
        self.assertEqual(self.refused(b"x"), (413, "too_large", "quota"))
        self.uploaded("bob", b"x" * 1000)
        self.assertEqual(len(self.lying()), 4)

    def test_quota_of_two_at_once(self) -> None:
        """Two that would fit, each alone, do not both fit."""
        for _ in range(2):
            self.uploaded("alice", b"x" * 900)
        body = form(b"x" * 600)
        headers = {"Content-Type": TYPE, "Content-Length": str(len(body))}
        script = self.scripts["alice"]
        lines = [
            script.begin("POST", "/api/v1/files", raw=body[:-1], headers=headers) for _ in range(2)
        ]
        self.server.turn()
        for line in lines:
            line.sends(body[-1:])
        self.server.turn()
        self.assertEqual([script.take(line).status for line in lines], [201, 413])
        self.assertEqual(len(self.lying()), 3)

    def test_given_back(self) -> None:
        """Who deletes an upload has its room again; a sent one and another's cannot be deleted."""
        for _ in range(2):
            file = self.uploaded("alice", b"x" * 1000)["id"]
        self.assertEqual(self.refused(b"x" * 600)[2], "quota")
        self.assertEqual(self.call("bob", "DELETE", f"/files/{file}").status, 404)
        self.assertEqual(self.call("alice", "DELETE", f"/files/{file}").status, 204)
        self.assertEqual(self.call("alice", "DELETE", f"/files/{file}").status, 404)
        self.assertEqual(len(self.lying()), 1)
        file = self.uploaded("alice", b"x" * 600)["id"]
        said = {"text": "", "files": [file]}
        self.ok("alice", "POST", f"/conversations/{self.server.lobby}/messages", said, 201)
        answer = self.call("alice", "DELETE", f"/files/{file}")
        self.assertEqual((answer.status, answer.json["error"]["reason"]), (409, "file_used"))

    def test_at_once(self) -> None:
        """A fifth upload has to wait until one of four has ended."""
        body = form(b"hello")
        headers = {"Content-Type": TYPE, "Content-Length": str(len(body))}
        script = self.scripts["alice"]
        lines = [
            script.begin("POST", "/api/v1/files", raw=body[:20], headers=headers) for _ in range(4)
        ]
        self.server.turn()
        answer = self.uploads("alice", b"hello")
        self.assertEqual((answer.status, answer.json["error"]["reason"]), (429, "uploads"))
        lines[0].leaves()
        self.server.turn()
        self.uploaded("alice")
