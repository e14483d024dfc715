"""Searching over HTTP: what one gets, and what one is told instead."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from imtwisted.settings import Limits
from tests.uploading import UploadCase
from tests.visitor import ApiCase


class SearchCallTests(ApiCase):
    """`GET /search` and `GET /search/names`."""

    def search(self, name: str, **query: object) -> Any:
        """The answer."""
        return self.ok(name, "GET", f"/search?{urlencode(query)}")

    def say(self, name: str, conversation: int, text: str) -> int:
        """Say it; its seq."""
        path = f"/conversations/{conversation}/messages"
        return int(self.ok(name, "POST", path, {"text": text}, 201)["seq"])

    def test_messages(self) -> None:
        """Newest first, with highlights and a title, page by page; by whom, where, since when."""
        team = self.server.group("alice", title="Team")
        lobby = self.server.lobby
        for number in range(3):
            self.say("alice", team, f"会议 Meeting {number}")
        self.say("bob", lobby, "MEETING 会议")
        page = self.search("alice", q="meet 会议", limit=3)
        self.assertEqual(
            [(item["title"], item["message"]["seq"]) for item in page["items"]],
            [("Team", 4), ("Team", 3), ("Team", 2)]
            if team > lobby
            else [("Lobby", 1), ("Team", 4), ("Team", 3)],
        )
        self.assertEqual(page["items"][0]["highlights"], [[0, 2], [3, 7]])
        self.assertTrue(page["more"])
        rest = self.search("alice", q="meet 会议", before=page["next"])
        self.assertEqual((len(rest["items"]), rest["more"], "next" in rest), (1, False, False))
        [only] = self.search("bob", q="会议")["items"]
        self.assertEqual((only["title"], only["message"]["sender"]["username"]), ("Lobby", "bob"))
        said = self.search("alice", q="会议", **{"from": "bob"})["items"]
        self.assertEqual([item["message"]["conversation"] for item in said], [lobby])
        there = self.search("alice", q="会议", conversation=team)["items"]
        self.assertEqual(len(there), 3)
        at = only["message"]["at"]
        self.assertEqual(self.search("alice", q="会议", since=at + 1)["items"], [])
        self.assertEqual(self.search("alice", q="会议", until=at)["items"], [])
        self.assertEqual(len(self.search("alice", q="会议", since=at, until=at + 1)["items"]), 4)

    def test_recalled(self) -> None:
        """Is not found any more, nor what stood there before an edit."""
        lobby = self.server.lobby
        path = f"/conversations/{lobby}/messages/{self.say('alice', lobby, 'one thing')}"
        self.ok("alice", "PATCH", path, {"text": "another"})
        self.assertEqual(self.search("bob", q="thing")["items"], [])
        self.assertEqual(len(self.search("bob", q="another")["items"]), 1)
        self.ok("alice", "DELETE", path)
        self.assertEqual(self.search("bob", q="another")["items"], [])

    def test_names(self) -> None:
        """People, one's own conversations, and public groups one may join."""
        self.server.befriend("alice", "bob")
        self.ok("alice", "POST", "/messages", {"to": "bob", "text": "hi"}, 201)
        mine = self.server.group("alice", title="Bobsleigh 雪车")
        public = self.server.group("carol", title="Free bobs", public=True)
        self.server.group("carol", title="Secret bobs")
        found = self.ok("alice", "GET", "/search/names?q=bob")
        self.assertEqual([one["username"] for one in found["people"]], ["bob"])
        self.assertEqual(found["people"][0]["relation"], "friend")
        named = [(one["title"], one["member"]) for one in found["conversations"]]
        self.assertEqual(named, [("bob", True), ("Bobsleigh 雪车", True), ("Free bobs", False)])
        self.assertEqual(found["conversations"][0]["peer"]["username"], "bob")
        self.assertEqual(
            [found["conversations"][n]["conversation"] for n in (1, 2)], [mine, public]
        )
        strangers = self.ok("alice", "GET", "/search/names?q=car")["people"]
        self.assertEqual(
            [(one["username"], one["relation"]) for one in strangers], [("carol", "none")]
        )

    def test_somebody_of_a_group(self) -> None:
        """Is found by a part of the name, without being a friend; a stranger is not."""
        [found] = self.ok("alice", "GET", "/search/names?q=aro")["people"]  # of the lobby
        self.assertEqual((found["username"], found["relation"]), ("carol", "none"))
        self.call("carol", "DELETE", f"/conversations/{self.server.lobby}/members/carol")
        self.assertEqual(self.ok("alice", "GET", "/search/names?q=aro")["people"], [])

    def test_who_is_called_exactly_so(self) -> None:
        """Comes first, however many friends have that in their names; oneself is not found."""
        for name in ("carola", "oscar"):
            self.server.register(name)
            self.server.befriend("alice", name)
        self.call("carol", "DELETE", f"/conversations/{self.server.lobby}/members/carol")
        for query, names in (("CAROL", ["carol"]), ("car", ["carola"]), ("alice", [])):
            found = self.ok("alice", "GET", f"/search/names?q={query}&limit=1")["people"]
            self.assertEqual([one["username"] for one in found], names)

    def test_refused(self) -> None:
        """Each with a code, a reason and the field."""
        team = self.server.group("alice")
        for query, code, reason, field in (
            ({"q": ""}, "bad_request", "query_empty", "q"),
            ({"q": "\u3000"}, "bad_request", "query_empty", "q"),
            ({"q": "x" * 101}, "bad_request", "query_too_long", "q"),
            ({"q": "x y" * 5000}, "bad_request", "too_long", "q"),
            ({}, "bad_request", "missing", "q"),
            ({"q": "a\0b"}, "bad_request", "nul", "q"),
            ({"q": "a", "limit": 51}, "bad_request", "out_of_range", "limit"),
            ({"q": "a", "before": "1.2"}, "bad_request", None, "before"),
            ({"q": "a", "before": "1.2.x"}, "bad_request", None, "before"),
            ({"q": "a", "since": -1}, "bad_request", "out_of_range", "since"),
            ({"q": "a", "from": "nobody"}, "not_found", "no_such_user", "from"),
            ({"q": "a", "conversation": team}, "not_member", None, None),
            ({"q": "a", "conversation": 999}, "not_member", None, None),
        ):
            error = self.error("bob", "GET", f"/search?{urlencode(query)}")
            self.assertEqual(
                (error["code"], error.get("reason"), error.get("field")), (code, reason, field)
            )
        self.assertEqual(self.error("bob", "GET", "/search/names?q=")["reason"], "query_empty")

    def test_too_often(self) -> None:
        """429 and when; another person is not held up."""
        for _ in range(Limits().searches_per_10s):
            self.search("alice", q="x")
        answer = self.call("alice", "GET", "/search?q=x")
        self.assertEqual((answer.status, answer.code), (429, "rate_limited"))
        self.assertEqual(answer.header("Retry-After"), "1")
        self.assertEqual(self.search("bob", q="x")["items"], [])

    def test_going_on_too_often(self) -> None:
        """Further pages are no new questions: they have a rate of their own, for each person."""
        for _ in range(Limits().searches_per_10s):
            self.search("alice", q="x")
        for _ in range(Limits().search_pages_per_10s):
            self.search("alice", q="x", before="5.1.1")
        answer = self.call("alice", "GET", "/search?q=x&before=5.1.1")
        self.assertEqual((answer.status, answer.code), (429, "rate_limited"))
        self.assertEqual(answer.header("Retry-After"), "1")
        self.assertEqual(self.search("bob", q="x", before="5.1.1")["items"], [])
        self.server.wait(1)
        self.search("alice", q="x", before="5.1.1")

    def test_going_on_leaves_the_questions(self) -> None:
        """Who has turned too many pages may still ask something else."""
        for _ in range(Limits().search_pages_per_10s):
            self.search("alice", q="x", before="5.1.1")
        self.assertEqual(self.call("alice", "GET", "/search?q=x&before=5.1.1").status, 429)
        self.assertEqual(self.search("alice", q="y")["items"], [])


class FileNameTests(UploadCase):
    """Messages found by what they bring."""

    def test_where_it_was_found(self) -> None:
        """In each name; nothing is said of names when it was the text."""
        files = [self.uploaded("alice", name=name)["id"] for name in ("Plan B.pdf", "b.txt")]
        path = f"/conversations/{self.server.lobby}/messages"
        self.ok("alice", "POST", path, {"text": "the draft", "files": files}, 201)
        [item] = self.ok("bob", "GET", "/search?q=plan+draft")["items"]
        self.assertEqual((item["highlights"], item["file_highlights"]), ([[4, 9]], [[[0, 4]], []]))
        [item] = self.ok("bob", "GET", "/search?q=draft")["items"]
        self.assertNotIn("file_highlights", item)
