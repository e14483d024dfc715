"""A server that takes new accounts only by a link into one of its groups."""

from __future__ import annotations

from typing import Any

from imtwisted.settings import Limits
from tests.kit import ORIGIN, Chat, ChatCase
from tests.test_invites import field
from tests.visitor import Answer, Visitor


def reopened(chat: Chat, **options: Any) -> Chat:
    """The same database behind a server that wants links."""
    again = Chat(database=chat.database, clock=chat.clock, registration="invite", **options)
    for _ in range(1000):
        again.house.order._entropy(1)  # chance begins anew in every house: past what is in use
    return again


class GuestCase(ChatCase):
    """Alice's group, on a server that was open when she came."""

    def setUp(self) -> None:
        opened = self.chat("alice")
        group = opened.group("alice", title="Team")
        self.server = reopened(opened)
        self.alice = Visitor(self.server, token=opened.tokens["alice"])
        self.path = f"/conversations/{group}"
        self.group = int(group)

    def invite(self, **terms: int) -> str:
        """The code of a new link."""
        made = self.alice.api("POST", f"{self.path}/invites", terms)
        return str(made.json["invite"]["code"])

    def register(self, name: str, **more: object) -> Answer:
        """Someone wants an account."""
        body = {"username": name, "password": "a long password", **more}
        return Visitor(self.server).api("POST", "/users", body)

    def members(self) -> list[str]:
        """Who is in the group."""
        listed = self.alice.api("GET", f"{self.path}/members").json["members"]
        return [each["user"]["username"] for each in listed]

    def used(self) -> int:
        """How often the newest link was used."""
        listed: list[Any] = self.alice.api("GET", f"{self.path}/invites").json["invites"]
        return int(listed[0]["used"])


class ScriptTests(GuestCase):
    """Over the API."""

    def test_by_a_link(self) -> None:
        """The account is made, its owner is in the group, and that was one use."""
        code = self.invite(uses=1)
        answer = self.register("dora", invite=code)
        self.assertEqual(answer.status, 201)
        self.assertEqual((self.members(), self.used()), (["alice", "dora"], 1))
        again = self.register("eve", invite=code)
        self.assertEqual((again.status, again.json["error"]["reason"]), (404, "invite_void"))
        self.assertEqual(self.register("eve", invite=self.invite()).status, 201)

    def test_without(self) -> None:
        """Refused, with a reason; so is a link that is none."""
        for more, status, reason in (
            ({}, 403, "invite_needed"),
            ({"invite": ""}, 403, "invite_needed"),
            ({"invite": "x"}, 404, "invite_void"),
            ({"invite": "A" * 16}, 404, "invite_void"),
            ({"invite": "好" * 16}, 404, "invite_void"),
        ):
            answer = self.register("dora", **more)
            self.assertEqual((answer.status, answer.json["error"]["reason"]), (status, reason))
        for wrong in (5, ["x"], "x" * 5000):
            answer = self.register("dora", invite=wrong)
            self.assertEqual((answer.status, answer.code), (400, "bad_request"))
        self.assertEqual(self.alice.api("GET", "/users/dora").status, 404)

    def test_a_name_that_is_taken_costs_nothing(self) -> None:
        """The link is as good as before."""
        code = self.invite(uses=1)
        self.assertEqual(self.register("Alice", invite=code).code, "conflict")
        self.assertEqual(self.used(), 0)
        self.assertEqual(self.register("dora", invite=code).status, 201)

    def test_the_group_is_full(self) -> None:
        """The account is there; as soon as there is room the used link lets its owner in."""
        opened = self.chat("alice", "bob", limits=Limits(group_members=2))
        group = opened.group("alice", title="Team")
        server = reopened(opened, limits=Limits(group_members=2))
        alice = Visitor(server, token=opened.tokens["alice"])
        path = f"/conversations/{group}"
        make = {"uses": 2}
        code = alice.api("POST", f"{path}/invites", make).json["invite"]["code"]
        bob = Visitor(server, token=opened.tokens["bob"])
        self.assertEqual(bob.api("POST", f"/invites/{code}/join", {}).status, 200)
        body = {"username": "dora", "password": "a long password", "invite": code}
        dora = Visitor(server)
        dora.token = dora.api("POST", "/users", body).json["token"]
        self.assertEqual(dora.api("POST", f"/invites/{code}/join", {}).code, "conflict")
        self.assertEqual(alice.api("DELETE", f"{path}/members/bob").status, 204)
        self.assertEqual(bob.api("POST", f"/invites/{code}/join", {}).status, 404)
        self.assertEqual(dora.api("POST", f"/invites/{code}/join", {}).status, 200)

    def test_what_a_page_may_know(self) -> None:
        """How this server is run is told to its clients."""
        self.assertEqual(self.alice.api("GET", "/me").json["registration"], "invite")


class PageTests(GuestCase):
    """In a browser without JavaScript."""

    def test_from_the_link_to_the_group(self) -> None:
        """Link, form, chat: nothing is pressed twice."""
        code, browser = self.invite(uses=1), Visitor(self.server, origin=ORIGIN)
        page = browser.ask("GET", f"/join/{code}")
        self.assertIn(f'href="/register?next=%2Fjoin%2F{code}"', page.text)
        form = browser.ask("GET", f"/register?next=%2Fjoin%2F{code}")
        fields = {"username": "dora", "password": "a long password"}
        fields |= {"csrf": field(form, "csrf"), "next": field(form, "next")}
        made = browser.ask("POST", "/register", form=fields)
        self.assertEqual(made.header("location"), f"/join/{code}")
        there = browser.ask("GET", f"/join/{code}")
        self.assertEqual(there.header("location"), f"/chat#c{self.group}")
        self.assertEqual(self.members(), ["alice", "dora"])

    def test_without_a_link(self) -> None:
        """Signing in offers no account; instead of the form stands what is needed."""
        browser = Visitor(self.server, origin=ORIGIN)
        self.assertNotIn("/register", browser.ask("GET", "/login").text)
        self.assertIn("/register", browser.ask("GET", "/login?next=/join/x").text)
        page = browser.ask("GET", "/register")
        self.assertIn("open a link into one of its groups", page.text)
        self.assertNotIn("<form", page.text)
        csrf = field(browser.ask("GET", "/login"), "csrf")
        fields = {"username": "dora", "password": "a long password", "csrf": csrf}
        refused = browser.ask("POST", "/register", form=fields)
        self.assertEqual(refused.status, 403)
        self.assertIn("open a link into one of its groups", refused.text)
        void = browser.ask("POST", "/register", form={**fields, "next": "/join/nowhere"})
        self.assertEqual(void.status, 404)
        self.assertIn("not valid", void.text)
