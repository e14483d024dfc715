"""SQL and HTML in every string that the API takes: text, or a refusal, and never anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from imtwisted.http.building import _resources
from imtwisted.http.routes import Route, routes_of
from tests.uploading import UploadCase
from tests.visitor import Visitor

# Quotes, comments and wildcards of SQL, HTML, and what ends a header or a path.
EVIL = "<script>alert(1)</script>'; DROP TABLE users; --\"\\%_"
SHORT = "'\"<b>;--%_"  # where there is little room


def sample(known: msgspec.inspect.Type, string: str) -> Any:
    """A value of that type, with `string` wherever there is one; None where none can be made."""
    match known:
        case msgspec.inspect.StrType():
            return string
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.IntType(ge=ge):
            return max(1, int(ge or 0))
        case msgspec.inspect.ListType(item_type=item):
            return [sample(item, string)]
        case msgspec.inspect.LiteralType(values=values):
            return values[0]
        case msgspec.inspect.UnionType(types=types):
            samples = [sample(each, string) for each in types]
            return string if string in samples else next(s for s in samples if s is not None)
        case msgspec.inspect.StructType(fields=fields):
            return {field.encode_name: sample(field.type, string) for field in fields}
    return None


def holds(value: Any, string: str) -> bool:
    """Whether `string` is anywhere in it."""
    if isinstance(value, dict):
        return any(holds(each, string) for each in value.values())
    return (
        any(holds(each, string) for each in value) if isinstance(value, list) else value == string
    )


class HostileFieldsTests(UploadCase):
    """What nobody means well by is kept as it is, or refused with a code."""

    def routes(self) -> Iterator[Route]:
        nobody: Any = None  # the routes are looked at, not taken
        for resource in _resources(self.server.house, nobody, lambda size: b"", nobody):
            yield from routes_of(resource)

    def test_in_every_field_of_every_call(self) -> None:
        """Each string of each path, query and body; what was there before is there after."""
        tried = []
        for route in self.routes():
            for string in (EVIL, SHORT):
                if self.tries(route, string):
                    tried.append(f"{route.method} {route.path}")
        self.assertGreater(len(tried), 50)
        self.assertEqual(self.flushLoggedErrors(), [])
        self.assertEqual(self.ok("alice", "GET", "/users/bob")["user"]["username"], "bob")
        self.assertTrue(self.ok("alice", "GET", "/conversations")["conversations"])

    def tries(self, route: Route, string: str) -> bool:
        """Call it with `string` in all its strings; False when it takes none."""
        hints = route.hints
        given = {
            name: sample(msgspec.inspect.type_info(hints[name]), string)
            for name in ("query", "body")
            if name in hints
        }
        parts = re.findall(r"<(\w+)>", route.path)
        if not holds(given, string) and not any(hints[part] is str for part in parts):
            return False
        path = route.path
        for part in parts:
            path = path.replace(f"<{part}>", quote(string, safe="") if hints[part] is str else "1")
        if query := given.get("query"):
            path += f"?{urlencode(query)}"
        answer = self.call("alice", route.method, path, given.get("body"))
        self.assertLess(answer.status, 500, (route, answer.body))
        if answer.body:
            self.assertIn("application/json", answer.header("Content-Type"))
            self.assertIsInstance(answer.json, dict)
        if answer.status >= 400:
            self.assertTrue(answer.code, (route, answer.body))
        return True

    def test_a_name_of_a_file(self) -> None:
        """What could end a header, be a tag or turn the direction of writing is not in it any more."""
        file = self.uploaded("alice", b"words", SHORT + "\u202e\u4e2d.txt")
        answer = self.fetched("alice", file["id"])
        self.assertEqual((answer.status, answer.body), (200, b"words"))
        self.assertEqual(
            answer.header("Content-Disposition"),
            "attachment; filename=\"'__b_;--___.txt\"; filename*=UTF-8''%27__b_%3B--%25_%E4%B8%AD.txt",
        )

    def test_a_search(self) -> None:
        """Finds what was said so, and takes no character for one of its own."""
        path = f"/conversations/{self.server.lobby}/messages"
        for text in (EVIL, "plain words"):
            self.ok("alice", "POST", path, {"text": text}, status=201)
        for words, count in ((EVIL, 1), ("DROP TABLE", 1), ("' OR '1'='1", 0), ("%", 1), ('"*', 0)):
            found = self.ok("bob", "GET", f"/search?{urlencode({'q': words})}")["items"]
            self.assertEqual([item["message"]["text"] for item in found], [EVIL] * count, words)
        answer = self.call("bob", "GET", f"/search?{urlencode({'q': 'DROP', 'from': EVIL})}")
        self.assertIn((answer.status, answer.code), [(400, "bad_request"), (404, "not_found")])

    def test_a_reaction_and_an_invite(self) -> None:
        """An emoji that could be read as text is none; a code that is none opens nothing."""
        path = f"/conversations/{self.server.lobby}/messages"
        self.ok("alice", "POST", path, {"text": "hi"}, status=201)
        for emoji in (SHORT, "%", "<b>", EVIL.replace("/", "")):
            error = self.error("bob", "PUT", f"{path}/1/reactions/{quote(emoji, safe='')}")
            self.assertEqual((error["code"], error["field"]), ("bad_request", "emoji"), emoji)
        for code in (EVIL, SHORT, "x' OR 1=1 --"):
            error = self.error("bob", "POST", f"/invites/{quote(code, safe='')}/join")
            self.assertEqual((error["status"], error["code"]), (404, "not_found"), code)

    def test_the_name_of_a_browser(self) -> None:
        """Told again as it was told, without what cannot be seen."""
        body = {"username": "bob", "password": "bob-password"}
        told = {"User-Agent": f"{EVIL}\x01"}
        signed_in = Visitor(self.server).api("POST", "/session", body, headers=told)
        self.assertEqual(signed_in.status, 200)
        sessions = self.ok("bob", "GET", "/sessions")["sessions"]
        self.assertIn(EVIL, [session["agent"] for session in sessions])
