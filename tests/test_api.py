"""Tests for `imtwisted.http.api`: accounts, people, and what describes the calls."""

from __future__ import annotations

import re

from tests.kit import ORIGIN
from tests.visitor import Answer, ApiCase, Visitor

PASSWORD = "alice-password"


EVIL = "<script>alert(1)</script>'; DROP TABLE users; --\"\\"


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
        self.assertEqual((len(me["epoch"]), me["version"]), (16, 1))

    def test_another_password(self) -> None:
        """The current one is needed; the answer is oneself."""
        wrong = {"current_password": "nope", "password": "long enough"}
        refused = self.error("alice", "PATCH", "/me", wrong)
        self.assertEqual(
            (refused["reason"], refused["field"]), ("wrong_password", "current_password")
        )
        me = self.ok("alice", "PATCH", "/me", {**wrong, "current_password": "alice-password"})
        self.assertEqual(me["user"]["username"], "alice")

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
        """Both answer with nothing; what a blocked person asks waits."""
        self.ok("alice", "POST", "/contacts/requests", {"username": "bob", "note": EVIL}, 201)
        [incoming] = self.ok("bob", "GET", "/contacts")["incoming"]
        self.assertEqual(incoming["note"], EVIL)
        self.ok("bob", "POST", "/contacts/requests/alice/decline", status=204)
        self.ok("bob", "PUT", "/contacts/blocks/alice", status=204)
        [blocked] = self.ok("bob", "GET", "/contacts")["blocked"]
        self.assertEqual(blocked["user"]["username"], "alice")
        self.ok("alice", "POST", "/contacts/requests", {"username": "bob"}, 201)
        self.assertEqual(self.ok("bob", "GET", "/contacts")["incoming"], [])
        self.ok("bob", "DELETE", "/contacts/blocks/alice", status=204)
        self.assertEqual(len(self.ok("bob", "GET", "/contacts")["incoming"]), 1)

    def test_names_in_paths(self) -> None:
        """Any script's letters; odd ones are nobody."""
        self.server.register("张三")
        found = self.ok("alice", "GET", "/users/%E5%BC%A0%E4%B8%89")
        self.assertEqual(found["user"]["username"], "张三")
        for name in ("%00", "a%2Fb", "'%20OR%201=1", "%25", "x" * 5000, "..%2f..%2fme"):
            self.assertEqual(self.error("alice", "GET", f"/users/{name}")["status"], 404, name)


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
