"""Tests for `imtwisted.http.api_conversations` and `api_messages`: groups and messages by script."""

from __future__ import annotations

from typing import Any

from imtwisted.refusals import Unavailable
from tests.visitor import ApiCase

EVIL = "<script>alert(1)</script>'; DROP TABLE users; --\"\\"


class ConversationCallTests(ApiCase):
    """Groups, from founding to dissolving."""

    def found(self, **fields: Any) -> int:
        body = {"title": "Team", **fields}
        return int(
            self.ok("alice", "POST", "/conversations", body, 201)["conversation"]["conversation"]
        )

    def test_a_groups_life(self) -> None:
        """Founded, renamed, joined, left, dissolved."""
        self.server.befriend("alice", "bob")
        team = self.found(members=["bob"], public=True)
        renamed = self.ok("alice", "PATCH", f"/conversations/{team}", {"title": EVIL})
        self.assertEqual(renamed["conversation"]["title"], EVIL)
        public = self.ok("carol", "GET", "/conversations/public?query=script")["conversations"]
        self.assertEqual(public, [{"conversation": team, "title": EVIL, "members": 2}])
        joined = self.ok("carol", "POST", f"/conversations/{team}/join")
        self.assertEqual(joined["conversation"]["role"], "member")
        members = self.ok("bob", "GET", f"/conversations/{team}/members")
        self.assertEqual(
            [(each["user"]["username"], each["role"]) for each in members["members"]],
            [("alice", "owner"), ("bob", "member"), ("carol", "member")],
        )
        self.ok("carol", "POST", f"/conversations/{team}/leave", status=204)
        self.ok("alice", "DELETE", f"/conversations/{team}/members/bob", status=204)
        self.ok("alice", "POST", f"/conversations/{team}/members", {"username": "bob"}, 201)
        self.ok("alice", "DELETE", f"/conversations/{team}", status=204)
        self.assertEqual(self.error("bob", "GET", f"/conversations/{team}")["code"], "not_member")

    def test_pages_of_lists(self) -> None:
        """`before` goes on where the last page ended."""
        for number in range(5):
            self.found(title=f"Team {number}")
        seen, before = [], ""
        while True:
            page = self.ok("alice", "GET", f"/conversations?limit=2{before}")
            seen += [head["title"] for head in page["conversations"]]
            if not page["more"]:
                break
            before = f"&before={page['conversations'][-1]['conversation']}"
        self.assertEqual(sorted(seen), ["Lobby", *(f"Team {number}" for number in range(5))])
        first = self.ok("bob", "GET", f"/conversations/{self.server.lobby}/members?limit=2")
        last = first["members"][-1]["user"]["id"]
        path = f"/conversations/{self.server.lobby}/members?limit=2&after={last}"
        rest = self.ok("bob", "GET", path)
        names = [each["user"]["username"] for each in first["members"] + rest["members"]]
        self.assertEqual(
            (names, first["more"], rest["more"]), (["alice", "bob", "carol"], True, False)
        )

    def test_ones_own_settings(self) -> None:
        """Muted, and cleared for oneself."""
        team = self.found()
        self.ok("alice", "POST", f"/conversations/{team}/messages", {"text": "hi"}, 201)
        head = self.ok("alice", "PATCH", f"/conversations/{team}", {"muted": True})
        self.assertTrue(head["conversation"]["muted"])
        seq = head["conversation"]["last_seq"]
        self.ok("alice", "PATCH", f"/conversations/{team}", {"hidden_seq": seq})
        self.assertEqual(self.ok("alice", "GET", f"/conversations/{team}/messages")["items"], [])

    def test_what_one_may_not(self) -> None:
        """Strangers learn nothing, members may not do everything."""
        team = self.found()
        self.assertEqual(self.error("bob", "POST", f"/conversations/{team}/join")["status"], 404)
        self.assertEqual(self.error("bob", "GET", f"/conversations/{team}/members")["status"], 403)
        lobby = f"/conversations/{self.server.lobby}"
        self.assertEqual(self.error("bob", "PATCH", lobby, {"title": "Mine"})["code"], "denied")
        self.assertEqual(self.error("bob", "DELETE", lobby)["code"], "denied")
        self.assertEqual(self.error("bob", "PATCH", lobby, {})["code"], "bad_request")


class MessageCallTests(ApiCase):
    """Saying and reading."""

    def lobby(self, path: str = "messages") -> str:
        return f"/conversations/{self.server.lobby}/{path}"

    def test_said_once(self) -> None:
        """201 the first time, 200 and the same place each time after."""
        body = {"text": EVIL, "client_id": "ab" * 16}
        first = self.ok("alice", "POST", self.lobby(), body, 201)
        again = self.ok("alice", "POST", self.lobby(), body, 200)
        self.assertEqual(again, {**first, "duplicate": True})
        self.assertEqual(first["type"], "ack")
        other = {**body, "text": "something else"}
        self.assertEqual(self.error("alice", "POST", self.lobby(), other)["status"], 409)
        [message] = self.ok("bob", "GET", self.lobby())["items"]
        self.assertEqual((message["text"], message["client_id"]), (EVIL, "ab" * 16))

    def test_without_a_client_id_each_try_is_a_message(self) -> None:
        """The server makes one."""
        for _ in range(2):
            self.ok("alice", "POST", self.lobby(), {"text": "hi"}, 201)
        self.assertEqual(len(self.ok("bob", "GET", self.lobby())["items"]), 2)

    def test_to_people(self) -> None:
        """To a friend, to several; each has a result of its own."""
        self.server.befriend("alice", "bob")
        ack = self.ok("alice", "POST", "/messages", {"to": "bob", "text": "hi"}, 201)
        path = f"/conversations/{ack['conversation']}/messages"
        self.assertEqual(self.ok("bob", "GET", path)["items"][0]["text"], "hi")
        several = self.ok("alice", "POST", "/messages", {"to": ["bob", "carol"], "text": "x"}, 201)
        self.assertEqual([each["type"] for each in several["results"]], ["ack", "error"])
        stranger = {"to": "carol", "text": "hi"}
        self.assertEqual(self.error("alice", "POST", "/messages", stranger)["code"], "not_friend")

    def test_pages_changes_and_reading(self) -> None:
        """The timeline in pieces, and how far one has come."""
        for number in range(5):
            self.ok("alice", "POST", self.lobby(), {"text": str(number)}, 201)
        page = self.ok("bob", "GET", self.lobby("messages?before=4&limit=2"))
        self.assertEqual(
            ([each["text"] for each in page["items"]], page["more"]), (["1", "2"], True)
        )
        delta = self.ok("bob", "GET", self.lobby("changes?after=3"))
        self.assertEqual((delta["from"], delta["to"], len(delta["items"])), (3, 5, 2))
        head = f"/conversations/{self.server.lobby}"
        self.assertEqual(self.ok("bob", "GET", head)["conversation"]["unread"], 5)
        begun = self.scripts["bob"].begin("PUT", f"/api/v1{self.lobby('read')}", {"seq": 4})
        self.server.wait(1)
        self.assertEqual(self.scripts["bob"].take(begun).status, 204)
        self.assertEqual(self.ok("bob", "GET", head)["conversation"]["unread"], 1)

    def test_who_is_no_member(self) -> None:
        """Neither reads nor writes, also where nothing is."""
        team = self.server.group("alice")
        for method, path, body in (
            ("GET", "messages", None),
            ("POST", "messages", {"text": "hi"}),
            ("GET", "changes?after=0", None),
        ):
            for conversation in (team, 999):
                error = self.error("bob", method, f"/conversations/{conversation}/{path}", body)
                self.assertEqual((error["status"], error["code"]), (403, "not_member"))


class AwayTests(ApiCase):
    """When the database is away or too much waits."""

    def test_come_again(self) -> None:
        """503 and when, in JSON; and it goes on when the database is back."""

        def away(stage: str) -> None:
            raise Unavailable

        self.server.database.fault = away
        answer = self.call("alice", "GET", "/contacts")
        self.assertEqual((answer.status, answer.code), (503, "unavailable"))
        self.assertGreaterEqual(int(answer.header("Retry-After")), 1)
        self.server.database.fault = lambda stage: None
        self.ok("alice", "GET", "/contacts")

    def test_too_fast(self) -> None:
        """429 and when."""
        path = f"/conversations/{self.server.lobby}/messages"
        for _ in range(40):
            self.ok("alice", "POST", path, {"text": "hi"}, 201)
        answer = self.call("alice", "POST", path, {"text": "hi"})
        self.assertEqual((answer.status, answer.code), (429, "rate_limited"))
        self.assertEqual(answer.header("Retry-After"), "1")
