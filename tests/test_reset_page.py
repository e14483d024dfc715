"""Tests for the page of `imtwisted.domain.resets`: a new password, by a link from the operator."""

from __future__ import annotations

from imtwisted.domain.resets import allow_reset
from tests.kit import Chance
from tests.test_pages import FormsCase, hidden
from tests.visitor import Answer


class ResetPageTests(FormsCase):
    """A new password, by a link from the operator."""

    def setUp(self) -> None:
        super().setUp()
        house = self.server.house
        now = int(self.server.clock.seconds() * 1000)
        self.token = self.server.now(
            allow_reset(house.people, house.stored_resets, "alice", now, Chance())
        )

    def reset(self, **fields: str) -> Answer:
        page = self.browser.ask("GET", f"/reset?token={self.token}")
        form = {"csrf": hidden(page, "csrf"), "token": hidden(page, "token"), **fields}
        return self.browser.ask("POST", "/reset", form=form)

    def test_a_new_password(self) -> None:
        """Set it, sign in with it; the link is used up."""
        answer = self.reset(password="a new beginning")
        self.assertEqual((answer.status, answer.header("Location")), (303, "/login"))
        answer = self.submit("/login", username="alice", password="a new beginning")
        self.assertEqual(answer.header("Location"), "/chat")
        self.assertEqual(self.browser.ask("GET", f"/reset?token={self.token}").status, 404)

    def test_a_bad_one(self) -> None:
        """Said beside the field, and the form can be sent again."""
        answer = self.reset(password="short")
        self.assertEqual(answer.status, 400)
        self.assertEqual(hidden(answer, "token"), self.token)
        self.assertIn("password-error", answer.text)

    def test_from_another_site(self) -> None:
        """The link alone is not the form."""
        answer = self.browser.ask(
            "POST", "/reset", form={"token": self.token, "password": "a new beginning"}
        )
        self.assertEqual(answer.status, 403)
