"""Tests for `imtwisted.http.api`: everything the page can do, by script; and bad input."""

from __future__ import annotations

import re
from typing import Any

from imtwisted.http.building import _resources
from imtwisted.http.routes import routes_of
from imtwisted.refusals import Unavailable
from tests.kit import ORIGIN, Chat, ChatCase
from tests.visitor import Answer, Visitor

PASSWORD = "alice-password"
EVIL = "<script>alert(1)</script>'; DROP TABLE users; --\"\\"


class ApiCase(ChatCase):
    """A server, and a script for each person."""

    def setUp(self) -> None:
        self.open("alice", "bob", "carol")

    def open(self, *names: str, **options: Any) -> None:
        """A server with `names`."""
        self.server: Chat = self.chat(*names, **options)
        self.scripts = {
            name: Visitor(self.server, token=self.server.tokens[name]) for name in names
        }

    def call(self, name: str, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """What the script of `name` gets."""
        return self.scripts[name].api(method, path, body, **options)

    def ok(self, name: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The result of a call that works."""
        answer = self.call(name, method, path, body)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json if answer.body else None

    def error(self, name: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The error of a call that does not, with its status."""
        answer = self.call(name, method, path, body)
        self.assertGreaterEqual(answer.status, 400, answer.body)
        return {"status": answer.status, **answer.json["error"]}


class AccountCallTests(ApiCase):
    """Registering, signing in, devices."""

    def test_a_script_gets_a_token(self) -> None:
        """One call, and it may speak."""
        answer = Visitor(self.server).api(
            "POST", "/users", {"username": "张三", "password": "long enough"}
        )
        self.assertEqual(answer.status, 201)
        self.assertEqual(answer.json["user"]["username"], "张三")
        script = Visitor(self.server, token=answer.json["token"])
        me = script.api("GET", "/me").json
        self.assertEqual(me["user"], answer.json["user"])
        self.assertEqual((me["registration"], me["direct_messages"]), ("open", "friends"))
        self.assertEqual((len(me["epoch"]), me["version"]), (16, 0))

    def test_a_page_gets_a_cookie_only(self) -> None:
        """What its scripts cannot read they cannot lose."""
        page = Visitor(self.server, origin=ORIGIN)
        answer = page.api("POST", "/session", {"username": "alice", "password": PASSWORD})
        self.assertEqual(answer.status, 200)
        self.assertNotIn("token", answer.json)
        self.assertIn("imchat", page.cookies)
        self.assertEqual(page.api("GET", "/me").json["csrf"], answer.json["csrf"])

    def test_what_is_wrong_is_beside_its_field(self) -> None:
        """With a word that pages translate and a sentence in the person's language."""
        body = {"username": "ALICE", "password": "long enough"}
        answer = Visitor(self.server).api(
            "POST", "/users", body, headers={"Accept-Language": "zh-CN"}
        )
        error = answer.json["error"]
        self.assertEqual(answer.status, 409)
        self.assertEqual(
            (error["code"], error["field"], error["reason"]), ("conflict", "username", "name_taken")
        )
        self.assertTrue(re.search(r"[\u4e00-\u9fff]", error["message"]), error["message"])

    def test_devices(self) -> None:
        """Each with where and when, one of them this one; any can be signed out."""
        other = Visitor(self.server).api(
            "POST",
            "/session",
            {"username": "alice", "password": PASSWORD},
            headers={"User-Agent": "Phone\x01 1.0"},
        )
        sessions = self.ok("alice", "GET", "/sessions")["sessions"]
        self.assertEqual([each["current"] for each in sessions], [False, True])
        self.assertEqual((sessions[0]["agent"], sessions[0]["address"]), ("Phone 1.0", "192.0.2.1"))
        self.ok("alice", "DELETE", f"/sessions/{sessions[0]['id']}", status=204)
        phone = Visitor(self.server, token=other.json["token"])
        self.assertEqual(phone.api("GET", "/me").status, 401)
        self.assertEqual(
            self.error("bob", "DELETE", f"/sessions/{sessions[1]['id']}")["status"], 404
        )

    def test_signing_out(self) -> None:
        """The token is worth nothing afterwards."""
        self.ok("alice", "DELETE", "/session", status=204)
        answer = self.call("alice", "GET", "/me")
        self.assertEqual((answer.status, answer.code), (401, "unauthorized"))
        self.assertEqual(answer.header("WWW-Authenticate"), "Bearer")


class CookieCallTests(ApiCase):
    """Calls by cookie, as the page makes them."""

    def setUp(self) -> None:
        super().setUp()
        self.page = Visitor(self.server, origin=ORIGIN)
        body = {"username": "alice", "password": PASSWORD}
        self.csrf = self.page.api("POST", "/session", body).json["csrf"]

    def founding(self, csrf: str = "", **headers: str) -> Answer:
        self.page.csrf = csrf
        return self.page.api("POST", "/conversations", {"title": "Team"}, headers=headers)

    def test_an_unsafe_call_needs_the_pages_token(self) -> None:
        """The cookie alone is sent by any page."""
        for csrf in ("", "x", self.csrf[:-1], "é"):
            answer = self.founding(csrf)
            self.assertEqual((answer.status, answer.code), (403, "denied"), csrf)
            self.assertEqual(answer.json["error"]["reason"], "form_expired")
        self.assertEqual(self.founding(self.csrf).status, 201)

    def test_and_its_own_site(self) -> None:
        """Even with the token; a script without an Origin is no page."""
        self.assertEqual(self.founding(self.csrf, Origin="http://evil.test").status, 403)
        self.assertEqual(self.founding(self.csrf, Origin="").status, 201)

    def test_another_sessions_token_is_none(self) -> None:
        """Each session has its own."""
        answer = Visitor(self.server).api(
            "POST", "/session", {"username": "bob", "password": "bob-password"}
        )
        self.assertEqual(self.founding(answer.json["csrf"]).status, 403)

    def test_authorization_wins(self) -> None:
        """And needs no such token; a forged one is not saved by the cookie."""
        good = f"Bearer {self.server.tokens['bob']}"
        answer = self.founding("", Authorization=good)
        self.assertEqual((answer.status, answer.json["conversation"]["role"]), (201, "owner"))
        heads = self.ok("bob", "GET", "/conversations")["conversations"]
        self.assertIn("Team", [head["title"] for head in heads])
        self.assertEqual(self.founding(self.csrf, Authorization="Bearer forged").status, 401)
        self.assertEqual(self.founding(self.csrf, Authorization="Basic YTpi").status, 401)


class PeopleCallTests(ApiCase):
    """Looking people up, and knowing them."""

    def test_the_way_to_a_friend(self) -> None:
        """Found, asked, accepted, removed."""
        [found] = self.ok("alice", "GET", "/users?query=BO")["users"]
        self.assertEqual((found["username"], found["relation"]), ("bob", "none"))
        asked = self.ok("alice", "POST", "/contacts/requests", {"username": "bob"}, 201)
        self.assertEqual(asked["contact"]["state"], "outgoing")
        [incoming] = self.ok("bob", "GET", "/contacts")["incoming"]
        self.assertEqual(incoming["user"]["username"], "alice")
        accepted = self.ok("bob", "POST", "/contacts/requests/alice/accept")
        self.assertEqual(accepted["contact"]["state"], "friend")
        contacts = self.ok("bob", "GET", "/contacts")
        self.assertEqual(contacts["version"], accepted["version"])
        self.assertEqual([each["user"]["username"] for each in contacts["friends"]], ["alice"])
        self.assertEqual(self.ok("alice", "GET", "/users/bob")["user"]["relation"], "friend")
        self.ok("alice", "DELETE", "/contacts/bob", status=204)
        self.assertEqual(self.ok("bob", "GET", "/contacts")["friends"], [])

    def test_declining_and_blocking(self) -> None:
        """Both answer with nothing."""
        self.ok("alice", "POST", "/contacts/requests", {"username": "bob", "note": EVIL}, 201)
        [incoming] = self.ok("bob", "GET", "/contacts")["incoming"]
        self.assertEqual(incoming["note"], EVIL)
        self.ok("bob", "POST", "/contacts/requests/alice/decline", status=204)
        self.ok("bob", "PUT", "/contacts/blocks/alice", status=204)
        [blocked] = self.ok("bob", "GET", "/contacts")["blocked"]
        self.assertEqual(blocked["user"]["username"], "alice")
        asking = {"username": "bob"}
        self.assertEqual(self.error("alice", "POST", "/contacts/requests", asking)["status"], 404)
        self.ok("bob", "DELETE", "/contacts/blocks/alice", status=204)
        self.ok("alice", "POST", "/contacts/requests", asking, 201)

    def test_names_in_paths(self) -> None:
        """Any script's letters; odd ones are nobody."""
        self.server.register("张三")
        found = self.ok("alice", "GET", "/users/%E5%BC%A0%E4%B8%89")
        self.assertEqual(found["user"]["username"], "张三")
        for name in ("%00", "a%2Fb", "'%20OR%201=1", "%25", "x" * 5000, "..%2f..%2fme"):
            self.assertEqual(self.error("alice", "GET", f"/users/{name}")["status"], 404, name)


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
        path = f"/conversations/{self.server.lobby}/members?limit=2&before={last}"
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
            self.assertEqual(wrong.header("Allow"), "GET, HEAD")

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
        resources = _resources(house, None, lambda size: b"")  # type: ignore[arg-type]
        return [route for resource in resources for route in routes_of(resource)]


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


class DescriptionTests(ApiCase):
    """The API for machines."""

    def test_every_call_is_described(self) -> None:
        """With its parameters, its body and its answers; every reference leads somewhere."""
        document = Visitor(self.server).api("GET", "/openapi.json").json
        found = document["paths"]["/api/v1/conversations/{conversation}/messages"]
        self.assertEqual(sorted(found), ["get", "post"])
        names = [each["name"] for each in found["get"]["parameters"]]
        self.assertEqual(names, ["conversation", "limit", "before", "after", "around"])
        body = found["post"]["requestBody"]["content"]["application/json"]["schema"]
        self.assertEqual(body, {"$ref": "#/components/schemas/Spoken"})
        schemas = document["components"]["schemas"]
        for reference in re.findall(r"#/components/schemas/(\w+)", str(document)):
            self.assertIn(reference, schemas)
        operations = [each for path in document["paths"].values() for each in path.values()]
        self.assertTrue(all(each["summary"] for each in operations))
        ids = [each["operationId"] for each in operations]
        self.assertEqual(len(ids), len(set(ids)))

    def test_the_socket_is_described(self) -> None:
        """Each frame, with its fields."""
        document = Visitor(self.server).api("GET", "/asyncapi.json").json
        self.assertEqual(document["asyncapi"], "3.0.0")
        self.assertIn("send", str(document))
