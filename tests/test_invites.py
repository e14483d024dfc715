"""Links into a group: made, shown, used, revoked; over the API and as a page."""

from __future__ import annotations

from typing import Any

from twisted.logger import globalLogPublisher

from tests.client import Frame
from tests.kit import ORIGIN, START
from tests.test_roles import RoleCase
from tests.visitor import Answer, Visitor

HOUR = 3600
TERMS: list[tuple[Any, str]] = [
    ({"expires_in": 59}, "invite_expiry"),
    ({"expires_in": 366 * 24 * HOUR}, "invite_expiry"),
    ({"uses": 0}, "invite_uses"),
    ({"uses": 100_001}, "invite_uses"),
    ({"uses": -1}, "out_of_range"),
    ({"uses": 1.5}, "wrong_kind"),
    ({"expires_in": "soon"}, "wrong_kind"),
    ({"uses": 2**60}, "out_of_range"),
]


class InviteCase(RoleCase):
    """Alice's group by invitation with Bob and Carol in it, and Dora outside."""

    def setUp(self) -> None:
        super().setUp()
        self.ok("alice", "PATCH", self.path, {"public": False, "description": "Tea & 书"})
        self.server.register("dora")
        self.scripts["dora"] = Visitor(self.server, token=self.server.tokens["dora"])

    def invite(self, who: str = "alice", **terms: int) -> Frame:
        """A link that `who` makes."""
        return dict(self.ok(who, "POST", f"{self.path}/invites", terms, 201)["invite"])

    def invites(self) -> list[Frame]:
        """The links of the group."""
        return list(self.ok("alice", "GET", f"{self.path}/invites")["invites"])


class MakingTests(InviteCase):
    """Links are made, listed and revoked by who leads the group."""

    def test_a_link(self) -> None:
        """It has an address that people can open, its terms, and its maker's name."""
        invite = self.invite(expires_in=HOUR, uses=3)
        self.assertEqual(invite["url"], f"{ORIGIN}/join/{invite['code']}")
        self.assertEqual(invite["by"]["username"], "alice")
        terms = (invite["expires_at"], invite["uses"], invite["used"])
        self.assertEqual(terms, ((START + HOUR) * 1000, 3, 0))
        self.assertEqual(self.invites(), [invite])
        endless = self.invite()
        self.assertNotIn("uses", endless)
        self.assertNotIn("expires_at", endless)
        self.assertNotEqual(endless["code"], invite["code"])

    def test_revoked(self) -> None:
        """It is good for nothing at once, and off the list; twice is once."""
        invite = self.invite()
        for _ in range(2):
            self.ok("alice", "DELETE", f"{self.path}/invites/{invite['id']}", status=204)
        self.assertEqual(self.invites(), [])
        for method, path in (("GET", ""), ("POST", "/join")):
            error = self.error("dora", method, f"/invites/{invite['code']}{path}")
            self.assertEqual((error["status"], error["reason"]), (404, "invite_void"))

    def test_moderators_too(self) -> None:
        """They see and revoke the owner's as well as their own."""
        self.appoint("alice", "bob", "moderator")
        mine, theirs = self.invite(), self.invite("bob")
        self.assertEqual([each["by"]["username"] for each in self.invites()], ["bob", "alice"])
        for each in (mine, theirs):
            self.ok("bob", "DELETE", f"{self.path}/invites/{each['id']}", status=204)

    def test_refusals(self) -> None:
        """Not by members or strangers, not for the lobby, not a link of another group."""
        invite = self.invite()
        path = f"{self.path}/invites"
        lobby = f"/conversations/{self.server.lobby}/invites"
        other = f"/conversations/{self.server.group('alice', title='Other')}/invites"
        for who, method, where, code in (
            ("bob", "POST", path, "denied"),
            ("bob", "GET", path, "denied"),
            ("bob", "DELETE", f"{path}/{invite['id']}", "denied"),
            ("dora", "POST", path, "not_member"),
            ("dora", "GET", path, "not_member"),
            ("alice", "POST", lobby, "denied"),
            ("alice", "DELETE", f"{other}/{invite['id']}", "not_found"),
            ("alice", "DELETE", f"{path}/999", "not_found"),
        ):
            body: Any = {} if method == "POST" else None
            self.assertEqual(self.error(who, method, where, body)["code"], code, (who, where))

    def test_terms(self) -> None:
        """Too short, too long, too many, or no number."""
        for terms, reason in TERMS:
            error = self.error("alice", "POST", f"{self.path}/invites", terms)
            self.assertEqual((error["code"], error.get("reason")), ("bad_request", reason), terms)


class ComingTests(InviteCase):
    """Whoever was given a link comes in by it."""

    def test_coming_in(self) -> None:
        """They see what the group is, come in, hear it, and everyone learns whose link it was."""
        invite, bob = self.invite(uses=2), self.server.browser("bob")
        dora = self.server.browser("dora")
        look = Visitor(self.server).api("GET", f"/invites/{invite['code']}")
        self.assertEqual(look.json, {"title": "Team", "members": 3, "description": "Tea & 书"})
        answer = self.ok("dora", "POST", f"/invites/{invite['code']}/join", {})
        self.assertEqual(answer["conversation"]["conversation"], self.team)
        (told,) = [each for each in bob.only("message") if each["conversation"] == self.team]
        self.assertEqual(
            (told["system"]["what"], told["system"]["link_of"]["username"]), ("joined", "alice")
        )
        self.assertEqual(told["text"], "dora joined by a link of alice.")
        (update,) = dora.only("update")
        self.assertEqual(update["head"]["title"], "Team")
        self.ok("alice", "PATCH", "/me", {"display_name": "Ali"})
        page = self.ok("bob", "GET", f"/conversations/{self.team}/messages")
        self.assertEqual(page["items"][-1]["system"]["link_of"]["display_name"], "Ali")
        self.assertEqual(self.invites()[0]["used"], 1)

    def test_again(self) -> None:
        """Who is in uses nothing up, even by a link that is used up; who left comes in once more."""
        invite = self.invite(uses=1)
        for _ in range(2):
            self.ok("dora", "POST", f"/invites/{invite['code']}/join", {})
        self.assertEqual(self.invites()[0]["used"], 1)
        self.ok("dora", "POST", f"{self.path}/leave", {}, 204)
        error = self.error("dora", "POST", f"/invites/{invite['code']}/join", {})
        self.assertEqual(error["reason"], "invite_void")

    def test_its_time_is_over(self) -> None:
        """A minute's link is good for a minute."""
        invite = self.invite(expires_in=60)
        self.server.wait(59)
        self.ok("dora", "GET", f"/invites/{invite['code']}")
        self.server.wait(1)
        error = self.error("dora", "POST", f"/invites/{invite['code']}/join", {})
        self.assertEqual(error["reason"], "invite_void")

    def test_who_is_banned(self) -> None:
        """A link does not help them, and is not used up by the try."""
        invite = self.invite(uses=1)
        self.ok("alice", "PUT", f"{self.path}/bans/dora", status=204)
        error = self.error("dora", "POST", f"/invites/{invite['code']}/join", {})
        self.assertEqual((error["code"], error["reason"]), ("denied", "not_allowed"))
        self.assertEqual(self.invites()[0]["used"], 0)

    def test_no_such_link(self) -> None:
        """Whatever stands there is answered alike, and never a fault."""
        code = self.invite()["code"]
        for wrong in (
            code[:-1],
            code + "A",
            code.swapcase(),
            "x",
            "-" * 16,
            "%00" * 16,
            "好" * 16,
            "a" * 5000,
        ):
            path = f"/invites/{wrong}" if wrong.isascii() else "/invites/%E5%A5%BD"
            error = self.error("dora", "GET", path)
            self.assertEqual((error["status"], error["reason"]), (404, "invite_void"), wrong)
        answer = Visitor(self.server).api("POST", f"/invites/{code}/join", {})
        self.assertEqual(answer.status, 401)


class PageTests(InviteCase):
    """The page behind a link, as a browser without JavaScript has it."""

    def setUp(self) -> None:
        super().setUp()
        self.code = self.invite()["code"]
        self.browser = Visitor(self.server, origin=ORIGIN)

    def sign_in(self, path: str = "/login", **more: str) -> Answer:
        """Fill in the form at `path` as Dora, or as whom `more` says."""
        page = self.browser.ask("GET", f"{path}?next=%2Fjoin%2F{self.code}")
        fields = {"username": "dora", "password": "dora-password", **more}
        form = {"csrf": field(page, "csrf"), "next": field(page, "next"), **fields}
        return self.browser.ask("POST", path, form=form)

    def join(self, csrf: str) -> Answer:
        """Press the button."""
        return self.browser.ask("POST", f"/join/{self.code}", form={"csrf": csrf})

    def test_signed_out(self) -> None:
        """The group is shown, with the ways to sign in and to register that lead back here."""
        page = self.browser.ask("GET", f"/join/{self.code}")
        self.assertEqual(page.status, 200)
        self.assertIn("Team", page.text)
        self.assertIn("Tea &amp; 书", page.text)
        for way in ("login", "register"):
            self.assertIn(f'href="/{way}?next=%2Fjoin%2F{self.code}"', page.text)
        self.assertNotIn("<form", page.text)

    def test_sign_in_then_join(self) -> None:
        """After the form one is back at the link, presses the button, and is in the group."""
        signed_in = self.sign_in()
        self.assertEqual(signed_in.header("location"), f"/join/{self.code}")
        page = self.browser.ask("GET", f"/join/{self.code}")
        joined = self.join(field(page, "csrf"))
        self.assertEqual((joined.status, joined.header("location")), (303, f"/chat#c{self.team}"))
        self.assertIn("dora", self.roles())
        again = self.browser.ask("GET", f"/join/{self.code}")
        self.assertEqual(again.header("location"), f"/chat#c{self.team}")

    def test_register_then_join(self) -> None:
        """So comes in who had no account; the way from one form to the other keeps the link."""
        login = self.browser.ask("GET", f"/login?next=%2Fjoin%2F{self.code}")
        self.assertIn(f'href="/register?next=/join/{self.code}"', login.text)
        registered = self.sign_in("/register", username="eve", password="eve-password")
        self.assertEqual(registered.header("location"), f"/join/{self.code}")
        page = self.browser.ask("GET", f"/join/{self.code}")
        self.assertEqual(self.join(field(page, "csrf")).status, 303)
        self.assertIn("eve", self.roles())

    def test_refused(self) -> None:
        """Banned: the page says so. Void: there is no such page. In Chinese in Chinese."""
        self.ok("alice", "PUT", f"{self.path}/bans/dora", status=204)
        self.sign_in()
        page = self.browser.ask("GET", f"/join/{self.code}")
        refused = self.join(field(page, "csrf"))
        self.assertEqual(refused.status, 403)
        self.assertIn("You may not do that.", refused.text)
        void = self.browser.ask(
            "GET", "/join/AAAAAAAAAAAAAAAA", headers={"Accept-Language": "zh-CN"}
        )
        self.assertEqual(void.status, 404)
        self.assertIn("链接", void.text)

    def test_forged(self) -> None:
        """Neither another site nor a form without its token joins anybody; nor does nobody."""
        self.assertEqual(self.join("x").status, 401)
        self.sign_in()
        self.assertEqual(self.join("x").status, 403)
        page = self.browser.ask("GET", f"/join/{self.code}")
        self.browser.origin = "http://evil.test"
        self.assertEqual(self.join(field(page, "csrf")).status, 403)
        self.assertNotIn("dora", self.roles())

    def test_the_log_keeps_no_code(self) -> None:
        """Who reads the log cannot come in by it."""
        events: list[Any] = []
        keep: Any = events.append
        globalLogPublisher.addObserver(keep)
        self.addCleanup(globalLogPublisher.removeObserver, keep)
        self.browser.ask("GET", f"/join/{self.code}")
        self.ok("dora", "POST", f"/invites/{self.code}/join", {})
        paths = [event["path"] for event in events if "path" in event]
        self.assertEqual(paths, ["/join/…", "/api/v1/invites/…/join"])
        self.assertNotIn(self.code, repr(events))


def field(page: Answer, name: str) -> str:
    """The value of a hidden field."""
    return page.text.partition(f'name="{name}" value="')[2].partition('"')[0]
