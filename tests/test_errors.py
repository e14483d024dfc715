"""Tests for `imtwisted.http.errors`: how a refusal looks over HTTP."""

from __future__ import annotations

from tests.uploading import UploadCase


class HeaderTests(UploadCase):
    """What a program needs to know, also where there is no body."""

    def test_why_it_would_not_be_given(self) -> None:
        """Is in the headers of the answer to `HEAD`, as in the body of one to `GET`."""
        file = self.uploaded("alice")["id"]
        for name, path, code, reason in (
            ("bob", f"/files/{file}", "not_found", "no_such_file"),
            ("bob", "/files/999", "not_found", "no_such_file"),
            ("bob", "/files/x", "not_found", ""),
            ("bob", "/conversations/999", "not_member", ""),
        ):
            asked = self.call(name, "HEAD", path)
            self.assertEqual(asked.body, b"")
            said = self.call(name, "GET", path)
            for answer in (asked, said):
                headers = (answer.header("X-Error-Code"), answer.header("X-Error-Reason"))
                self.assertEqual(headers, (code, reason), path)
            error = said.json["error"]
            self.assertEqual((error["code"], error.get("reason", "")), (code, reason))
