"""A browser that leaves while its request is under way."""

from __future__ import annotations

from tests.kit import ChatCase
from tests.slow_chat import SlowChat
from tests.visitor import Visitor


class LeavingTests(ChatCase):
    """What was begun is finished, though the browser has left."""

    def test_who_is_concerned_hears_of_it(self) -> None:
        """At whichever moment its browser goes: what is stored is told at once."""
        stored = [self.leave_after(steps) for steps in range(12)]
        self.assertIn(True, stored)

    def leave_after(self, steps: int) -> bool:
        """Ask for a friendship and go so many steps later; whether it was stored."""
        chat = SlowChat()
        clock = chat.clock
        chat.register("alice")
        chat.register("bob")
        bob = chat.browser("bob")
        line = Visitor(chat, token=chat.tokens["alice"]).begin(
            "POST", "/api/v1/contacts/requests", {"username": "bob"}
        )
        clock.pump([0.001] * steps)
        line.leaves()
        chat.turn()
        contacts, _ = chat.now(chat.house.contacts.of(chat.people["bob"].id))
        heard = [frame["contact"]["state"] for frame in bob.only("update")]
        self.assertEqual(heard, [contact.relation for contact in contacts], f"{steps} steps")
        return bool(contacts)
