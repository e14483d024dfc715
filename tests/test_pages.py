"""Tests for `imtwisted.http.pages`: coming in without JavaScript, and the way to the socket."""

from __future__ import annotations

import html
import re

from imtwisted.http.language import Catalogs
from imtwisted.places import folder
from tests.kit import ORIGIN, ChatCase
from tests.visitor import Answer, Visitor

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


def hidden(answer: Answer, name: str) -> str:
    """The value of a hidden field of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found is not None, f"no field {name}"
    return html.unescape(found[1])


class FormsCase(ChatCase):
    """Someone at a form, with a browser that runs no script."""

    def setUp(self) -> None:
        self.server = self.chat("alice")
        self.browser = Visitor(self.server, origin=ORIGIN)

    def submit(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Answer:
        """Load the form of `path`, fill it in, send it."""
        page = self.browser.ask("GET", path)
        form = {"csrf": hidden(page, "csrf"), "next": hidden(page, "next"), **fields}
        return self.browser.ask("POST", path.partition("?")[0], form=form, headers=headers)


class RegisterPageTests(FormsCase):
    """Making an account."""

    def test_to_the_chat_in_two_steps(self) -> None:
        """Fill in the form, and be there."""
        answer = self.submit("/register", username="张三", password="long enough")
        self.assertEqual((answer.status, answer.header("Location")), (303, "/chat"))
        chat = self.browser.ask("GET", "/chat")
        self.assertEqual(chat.status, 200)
        self.assertIn("张三", chat.text)

    def test_what_is_wrong_is_said_beside_the_field(self) -> None:
        """In the person's language, with what was typed still there, but no password."""
        answer = self.submit("/register", username="x y", password="secret-password")
        self.assertEqual(answer.status, 400)
        self.assertIn('id="username-error">Only letters, digits', answer.text)
        self.assertIn('value="x y"', answer.text)
        self.assertNotIn("secret-password", answer.text)
        chinese = self.submit("/register", CHINESE, username="alice", password="long enough")
        self.assertEqual(chinese.status, 409)
        catalogs = Catalogs(folder("web") / "static" / "i18n")
        taken = catalogs.text("zh-CN", "reason.name_taken")
        self.assertIn(f'id="username-error">{taken}', chinese.text)

    def test_html_stays_text(self) -> None:
        """Whatever is typed into whichever field."""
        evil = '"><script>alert(1)</script>'
        answer = self.submit(
            f"/register?next={evil}", username=evil, password="long enough", display_name=evil
        )
        self.assertEqual(answer.status, 400)
        self.assertNotIn("<script>alert", answer.text)
        self.assertIn(html.escape(evil).replace("&quot;", "&#34;"), answer.text)
        named = self.submit("/register", username="eve", password="long enough", display_name=evil)
        self.assertEqual(named.status, 303)
        chat = self.browser.ask("GET", "/chat")
        self.assertNotIn("<script>alert", chat.text)
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", chat.text)

    def test_a_closed_server_says_so(self) -> None:
        """Instead of the form, before anything is typed; and once to who sends one all the same."""
        self.server = self.chat(registration="closed")
        self.browser = Visitor(self.server, origin=ORIGIN)
        page = self.browser.ask("GET", "/register")
        self.assertIn("does not take new accounts", page.text)
        self.assertNotIn("<form", page.text)
        csrf = hidden(self.browser.ask("GET", "/login"), "csrf")
        form = {"csrf": csrf, "username": "bob", "password": "long enough"}
        answer = self.browser.ask("POST", "/register", form=form)
        self.assertEqual(answer.status, 403)
        self.assertEqual(answer.text.count("does not take new accounts"), 1)


class LoginPageTests(FormsCase):
    """Signing in and out."""

    def login(self, path: str = "/login", password: str = "alice-password") -> Answer:
        return self.submit(path, username="alice", password=password)

    def test_in_and_out(self) -> None:
        """The way back leads to the form."""
        self.assertEqual(self.browser.ask("GET", "/").header("Location"), "/login")
        self.assertEqual(self.login().header("Location"), "/chat")
        self.assertEqual(self.browser.ask("GET", "/").header("Location"), "/chat")
        self.assertEqual(self.browser.ask("GET", "/login").header("Location"), "/chat")
        page = self.browser.ask("GET", "/chat")
        token = self.browser.cookies["imchat"]
        out = self.browser.ask("POST", "/logout", form={"csrf": hidden(page, "csrf")})
        self.assertEqual(out.header("Location"), "/login")
        self.assertNotIn("imchat", self.browser.cookies)
        self.assertEqual(Visitor(self.server, token=token).api("GET", "/me").status, 401)

    def test_a_wrong_password(self) -> None:
        """Said once for the whole form: which half is wrong is nobody's business."""
        answer = self.login(password="wrong password")
        self.assertEqual(answer.status, 401)
        self.assertIn("User name or password is wrong.", answer.text)
        self.assertNotIn("imchat", self.browser.cookies)

    def test_back_to_where_one_was_going(self) -> None:
        """But never to another site."""
        sent = self.browser.ask("GET", "/chat?with=bob")
        self.assertEqual(sent.header("Location"), "/login?next=/chat%3Fwith%3Dbob")
        self.assertEqual(self.login(sent.header("Location")).header("Location"), "/chat?with=bob")
        for next in ("//evil.test/chat", "https://evil.test", "/\\evil.test"):
            self.browser.cookies.clear()
            page = self.browser.ask("GET", f"/login?next={next}")
            self.assertEqual(hidden(page, "next"), "")
            csrf = hidden(page, "csrf")
            form = {"csrf": csrf, "next": next, "username": "alice", "password": "alice-password"}
            away = self.browser.ask("POST", "/login", form=form)
            self.assertEqual(away.header("Location"), "/chat")

    def test_the_cookie_keeps_to_itself(self) -> None:
        """No script reads it, no other site sends it."""
        self.login()
        [cookie] = [each for each in self.browser.set_cookies if each.startswith("imchat=")]
        for mark in ("HttpOnly", "SameSite=lax", "Path=/"):
            self.assertIn(mark.lower(), cookie.lower())
        self.assertNotIn("secure", cookie.lower())
        self.browser = Visitor(self.server, secure=True)
        self.login()
        [cookie] = [each for each in self.browser.set_cookies if "imchat=" in each]
        self.assertTrue(cookie.startswith("__Host-imchat="))
        self.assertIn("secure", cookie.lower())

    def test_signing_in_again_ends_the_old_session(self) -> None:
        """The token is a new one each time."""
        self.login()
        before = self.browser.cookies["imchat"]
        body = {"username": "alice", "password": "alice-password"}
        self.assertEqual(self.browser.api("POST", "/session", body).status, 200)
        self.assertNotEqual(self.browser.cookies["imchat"], before)
        self.assertEqual(Visitor(self.server, token=before).api("GET", "/me").status, 401)

    def test_too_many_tries(self) -> None:
        """The form says so, and when to come again."""
        for stranger in range(20):
            body = {"username": f"stranger{stranger}", "password": "wrong password"}
            self.assertEqual(self.browser.api("POST", "/session", body).status, 401)
        answer = self.login()
        self.assertEqual(answer.status, 429)
        self.assertIn("Too many tries", answer.text)
        self.assertNotEqual(answer.header("Retry-After"), "")


class ForgedFormTests(FormsCase):
    """Forms that were not ours."""

    def test_without_the_token_of_its_browser(self) -> None:
        """Another's token, an old one, none."""
        theirs = hidden(Visitor(self.server).ask("GET", "/login"), "csrf")
        for path in ("/login", "/register"):
            for token in (theirs, "", "x"):
                self.browser.ask("GET", path)
                form = {"csrf": token, "username": "alice", "password": "alice-password"}
                answer = self.browser.ask("POST", path, form=form)
                self.assertEqual(answer.status, 403)
                self.assertIn("The page was open too long", answer.text)
                self.assertNotIn("imchat", self.browser.cookies)
                self.assertIn('value="alice"', answer.text)

    def test_a_browser_without_cookies(self) -> None:
        """Has no token at all, and an empty one is none."""
        form = {"csrf": "", "username": "alice", "password": "alice-password"}
        self.assertEqual(Visitor(self.server).ask("POST", "/login", form=form).status, 403)

    def test_from_another_site(self) -> None:
        """Even with the right token."""
        page = self.browser.ask("GET", "/login")
        form = {"csrf": hidden(page, "csrf"), "username": "alice", "password": "alice-password"}
        for origin in ("http://evil.test", "null"):
            answer = self.browser.ask("POST", "/login", form=form, headers={"Origin": origin})
            self.assertEqual(answer.status, 403)
            self.assertNotIn("imchat", self.browser.cookies)

    def test_signing_someone_out(self) -> None:
        """Takes more than a link or a form elsewhere."""
        self.submit("/login", username="alice", password="alice-password")
        self.assertEqual(self.browser.ask("POST", "/logout", form={"csrf": "x"}).status, 403)
        self.assertEqual(self.browser.ask("GET", "/logout").status, 405)
        self.assertEqual(self.browser.ask("GET", "/chat").status, 200)

    def test_what_is_no_form(self) -> None:
        """JSON, broken UTF-8, a thousand fields."""
        form = "application/x-www-form-urlencoded"
        for body, kind, status in (
            (b"{}", "application/json", 415),
            (b"username=%ff", form, 400),
            (b"username=\xff", form, 400),
            (b"a=1&" * 1000, form, 400),
            (b"", form, 403),
        ):
            headers = {"Content-Type": kind}
            answer = self.browser.ask("POST", "/login", raw=body, headers=headers)
            self.assertEqual(answer.status, status, body[:20])


class LanguageTests(FormsCase):
    """English and Chinese, by the browser's language and by choice."""

    def lang(self, **headers: str) -> str:
        answer = self.browser.ask(
            "GET",
            "/login",
            headers={name.replace("_", "-"): each for name, each in headers.items()},
        )
        found = re.search(r'<html lang="([^"]+)"', answer.text)
        assert found is not None
        return found[1]

    def test_by_the_browser(self) -> None:
        """Until one chooses."""
        self.assertEqual(self.lang(), "en")
        self.assertEqual(self.lang(Accept_Language="zh-CN"), "zh-CN")

    def test_by_choice(self) -> None:
        """Which is remembered, and leads back."""
        answer = self.browser.ask("GET", "/language?to=zh-CN&next=/register")
        self.assertEqual((answer.status, answer.header("Location")), (303, "/register"))
        self.assertEqual(self.lang(Accept_Language="en"), "zh-CN")
        self.browser.ask("GET", "/language?to=en&next=/login")
        self.assertEqual(self.lang(Accept_Language="zh"), "en")

    def test_no_other_language_and_no_other_site(self) -> None:
        """What is chosen goes into a cookie and a header."""
        for query in ("to=xx", "to=en%0d%0aX:1", "to=", "next=//evil.test", "next=%0d%0aX:1"):
            answer = self.browser.ask("GET", f"/language?{query}")
            self.assertEqual((answer.status, answer.header("Location")), (303, "/"), query)
            self.assertEqual(answer.header("X"), "")

    def test_errors_too(self) -> None:
        """A page for people, in their language."""
        answer = self.browser.ask("GET", "/nowhere", headers=CHINESE)
        self.assertEqual(answer.status, 404)
        self.assertIn('<html lang="zh-CN"', answer.text)

    def test_choosing_on_an_error(self) -> None:
        """One comes back to what was asked for, if it can be asked for again."""
        for place in ("/nowhere?a=b&c=%2F", "/join/" + "a" * 22):
            page = self.browser.ask("GET", place)
            link = re.search(r'href="(/language[^"]*)"', page.text)
            assert link is not None, page.text
            answer = self.browser.ask("GET", html.unescape(link[1]))
            self.assertEqual((answer.status, answer.header("Location")), (303, place))
            self.browser.ask("GET", "/language?to=en")
        refused = self.browser.ask("POST", "/nowhere")
        self.assertEqual(refused.status, 404)
        self.assertNotIn("/language", refused.text)
