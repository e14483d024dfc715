"""Tests for `imtwisted.http.bodies`: whatever is sent, the answer is a code."""

from __future__ import annotations

import re
from typing import Any

from imtwisted.http.building import _resources
from imtwisted.http.language import LANGUAGES
from imtwisted.http.routes import routes_of
from tests.test_catalogs import catalog
from tests.visitor import Answer, ApiCase, Visitor

EVIL = "<script>alert(1)</script>'; DROP TABLE users; --\"\\"


class BadInputTests(ApiCase):
    """Whatever is sent, the answer is a code, and nothing breaks."""

    def raw(self, body: bytes, kind: str = "application/json") -> Answer:
        path = f"/conversations/{self.server.lobby}/messages"
        return self.call("alice", "POST", path, raw=body, headers={"Content-Type": kind})

    def test_what_is_no_json(self) -> None:
        """400, whatever it is instead."""
        for body in (
            b"",
            b"{",
            b"[]",
            b"null",
            b'"text"',
            b'{"text": "\xff"}',
            b'{"text": "hi", "x": "\xff"}',
            b'{"text": "\\ud800"}',
            b'{"text": "hi"} {}',
            b'{"x":' * 100_0 + b"1" + b"}" * 100_0,
            b"[" * 50_000,
            b'{"text": NaN}',
        ):
            answer = self.raw(body)
            self.assertEqual((answer.status, answer.code), (400, "bad_request"), body[:30])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_what_is_no_json_type(self) -> None:
        """415: forms of other sites cannot say `application/json`."""
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
            answer = self.raw(b'{"text": "hi"}', kind)
            self.assertEqual((answer.status, answer.code), (415, "unsupported"), kind)
        self.assertEqual(self.raw(b'{"text": "hi"}', "Application/JSON; charset=utf-8").status, 201)

    def test_wrong_types_name_their_field(self) -> None:
        """So that whoever wrote the script finds it."""
        for body, field in (
            (b'{"text": 1}', "text"),
            (b'{"text": "a\\u0000b"}', "text"),
            (b'{"text": ["hi"]}', "text"),
            (b'{"text": "hi", "client_id": "xyz"}', "client_id"),
            (b'{"text": "hi", "client_id": "%b\\n"}' % (b"a" * 32), "client_id"),
            (b'{"text": "hi", "reply_to": 9007199254740992}', "reply_to"),
            (b'{"text": "hi", "reply_to": 1.5}', "reply_to"),
            (b'{"text": "hi", "reply_to": true}', "reply_to"),
            (b'{"text": "hi", "reply_to": -1}', "reply_to"),
            (b'{"text": "hi", "reply_to": 7}', "reply_to"),
            (b'{"text": "hi", "mentions": [1, "2"]}', "mentions"),
            (b'{"text": "hi", "mentions": [%b1]}' % (b"1," * 50), "mentions"),
            (b'{"text": "  \\n"}', "text"),
        ):
            answer = self.raw(body)
            self.assertEqual((answer.status, answer.code), (400, "bad_request"), body)
            self.assertEqual(answer.json["error"].get("field"), field, body)

    def test_a_reply_to_nothing_is_said_in_ones_language(self) -> None:
        """The reason is a word that both catalogs have."""
        path = f"/conversations/{self.server.lobby}/messages"
        said = self.call(
            "alice",
            "POST",
            path,
            {"text": "hi", "reply_to": 7},
            headers={"Accept-Language": "zh-CN"},
        ).json["error"]
        self.assertEqual((said["reason"], said["message"]), ("no_such_message", "没有这条消息。"))

    def test_texts_that_are_too_long(self) -> None:
        """By code points, and by the bytes of the whole body."""
        self.assertEqual(self.raw(b'{"text": "%b"}' % ("😀" * 16_000).encode()).status, 201)
        answer = self.raw(b'{"text": "%b"}' % (b"x" * 16_001))
        self.assertEqual((answer.status, answer.code), (413, "too_large"))

    def test_queries(self) -> None:
        """Each with its field, and no number too large to be one."""
        for path, field in (
            ("/conversations?limit=0", "limit"),
            ("/conversations?limit=x", "limit"),
            ("/conversations?limit=501", "limit"),
            ("/conversations?before=-1", "before"),
            ("/conversations?before=9007199254740992", "before"),
            ("/conversations?before=" + "9" * 5000, "before"),
            ("/conversations/1/changes", "after"),
            ("/conversations/1/changes?after=1.5", "after"),
            ("/users?query=%00", "query"),
        ):
            error = self.error("alice", "GET", path)
            self.assertEqual((error["code"], error.get("field")), ("bad_request", field), path)
        for path in ("/users?query=%ff", "/users?" + "a=1&" * 200):
            self.assertEqual(self.error("alice", "GET", path)["code"], "bad_request")
        path = "/conversations/1/messages?before=1&after=1"
        self.assertEqual(self.error("alice", "GET", path)["code"], "bad_request")

    def test_every_fault_of_a_field_is_said_in_ones_language(self) -> None:
        """Beside the field, with a reason, and in no words of a library."""
        users, talk = "/users", f"/conversations/{self.server.lobby}/messages"
        long = {"username": "dave", "password": "x" * 4097}
        for method, path, body, field, reason in (
            ("POST", users, long, "password", "too_long"),
            ("PATCH", "/me", {"display_name": "x" * 4097}, "display_name", "too_long"),
            ("PATCH", "/me", {"display_name": "a\0b"}, "display_name", "nul"),
            ("POST", users, {"username": "a\0b", "password": "long enough"}, "username", "nul"),
            ("POST", "/conversations", {"title": "x", "members": ["a\0b"]}, "members", "nul"),
            (
                "POST",
                "/conversations",
                {"title": "x", "members": ["y"] * 201},
                "members",
                "too_many",
            ),
            ("POST", "/messages", {"text": "hi", "to": []}, "to", "missing"),
            ("POST", users, {"username": "dave"}, "password", "missing"),
            ("POST", talk, {"text": "a\0b"}, "text", "nul"),
            ("POST", talk, {"text": 7}, "text", "wrong_kind"),
            ("POST", talk, {"text": "hi", "mentions": [1, "2"]}, "mentions", "wrong_kind"),
            ("POST", talk, {"text": "hi", "reply_to": -1}, "reply_to", "out_of_range"),
            ("GET", "/conversations?limit=501", None, "limit", "out_of_range"),
            ("GET", "/conversations?before=" + "9" * 5000, None, "before", "out_of_range"),
            ("GET", "/users?query=" + "x" * 4097, None, "query", "too_long"),
        ):
            for language in LANGUAGES:
                spoken = {"Accept-Language": language}
                error = self.call("alice", method, path, body, headers=spoken).json["error"]
                self.assertEqual((error["code"], error["field"]), ("bad_request", field), path)
                words = catalog(language)[f"reason.{reason}"]
                self.assertEqual((error["reason"], error["message"]), (reason, words), path)

    def test_ids_in_paths(self) -> None:
        """What is no id leads nowhere."""
        for id in ("0", "-1", "x", "1.0", "9007199254740992", "9" * 5000, "%D9%A1", "1%20", "0x1"):
            error = self.error("alice", "GET", f"/conversations/{id}")
            self.assertEqual((error["status"], error["code"]), (404, "not_found"), id[:20])

    def test_unknown_calls(self) -> None:
        """404 and 405 in JSON, also without signing in."""
        for script in (self.scripts["alice"], Visitor(self.server)):
            nowhere = script.api("GET", "/nowhere")
            self.assertEqual((nowhere.status, nowhere.code), (404, "not_found"))
            wrong = script.api("PUT", "/me")
            self.assertEqual((wrong.status, wrong.code), (405, "unsupported"))
            self.assertEqual(wrong.header("Allow"), "DELETE, GET, HEAD, PATCH")

    def test_every_field_takes_markup_as_text(self) -> None:
        """Names refuse it, texts give it back."""
        script = Visitor(self.server)
        for name in ("<b>dave</b>", "dave'; --", 'da"ve'):
            refused = script.api("POST", "/users", {"username": name, "password": "long enough"})
            self.assertEqual(refused.json["error"]["reason"], "name_characters")
        body = {"username": "dave", "password": EVIL, "display_name": EVIL}
        made = script.api("POST", "/users", body)
        self.assertEqual(made.json["user"]["display_name"], EVIL)
        self.assertEqual(script.api("POST", "/session", body).status, 200)
        self.assertEqual(self.ok("alice", "GET", "/users/dave")["user"]["display_name"], EVIL)

    def test_headers_that_are_no_text(self) -> None:
        """Any bytes in any header are at most a refusal."""
        for name in ("Accept-Language", "User-Agent", "Origin", "Cookie", "X-CSRF-Token"):
            body = {"username": "bob", "password": "bob-password"}
            answer = Visitor(self.server).api("POST", "/session", body, headers={name: "\xff\xe9"})
            self.assertEqual(answer.status, 403 if name == "Origin" else 200, name)
        for name in ("Authorization", "Content-Type"):
            answer = Visitor(self.server).api("GET", "/me", headers={name: "\xff"})
            self.assertEqual(answer.status, 401, name)

    def test_stranger_calls(self) -> None:
        """Without a session nothing is told, whatever the body."""
        for route in self.routes():
            if not route.is_open:
                path = re.sub(r"<\w+>", "1", route.path)
                answer = Visitor(self.server).api(route.method, path, raw=b"{")
                self.assertEqual((answer.status, answer.code), (401, "unauthorized"), path)

    def routes(self) -> list[Any]:
        house = self.server.house
        nobody: Any = None  # the routes are looked at, not taken
        resources = _resources(house, nobody, lambda size: b"", nobody)
        return [route for resource in resources for route in routes_of(resource)]
