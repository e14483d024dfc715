"""What a browser is told when its person comes into a group, or goes."""

from __future__ import annotations

from tests.client import Client
from tests.kit import ChatCase


class MembershipTests(ChatCase):
    """Coming into a conversation and out of it, while connected."""

    def test_a_new_group_appears_at_once(self) -> None:
        """For everyone in it, with its head; nobody else hears of it."""
        chat = self.chat("alice", "bob", "carol")
        chat.befriend("alice", "bob")
        bob, carol = chat.browser("bob"), chat.browser("carol")
        group = chat.group("alice", "bob")
        (update,) = bob.only("update")
        self.assertEqual((update["kind"], update["member"]), ("membership", True))
        self.assertEqual(update["head"]["conversation"], group)
        self.assertEqual(carol.only("update"), [])
        chat.browser("alice").send("hi", conversation=group)
        self.assertEqual(bob.texts(group), ["hi"])

    def test_who_is_removed_hears_nothing_more(self) -> None:
        """An update tells it; the next hello says `gone`."""
        chat = self.chat("alice", "bob")
        chat.befriend("alice", "bob")
        group = chat.group("alice", "bob")
        client = Client()
        alice, bob = chat.browser("alice"), chat.browser("bob", client)
        alice.send("one", conversation=group)
        bob.heard()
        chat.now(chat.house.conversations.remove(chat.people["alice"], group, "bob"))
        (update,) = bob.only("update")
        self.assertEqual((update["conversation"], update["member"]), (group, False))
        alice.send("two", conversation=group)
        self.assertEqual(bob.only("message"), [])
        self.assertEqual(bob.send(conversation=group)["code"], "not_member")
        bob.leaves()
        bob = chat.browser("bob", client)
        self.assertEqual([f["why"] for f in bob.frames if f["type"] == "reset"], ["gone"])
        self.assertTrue(client.place(group).gone)

    def test_joining_shows_what_was_before(self) -> None:
        """A member sees the whole timeline; nothing of it is unread."""
        chat = self.chat("alice", "bob")
        group = chat.group("alice", public=True)
        chat.browser("alice").send("before", conversation=group)
        bob = chat.browser("bob")
        head, _ = chat.now(chat.house.conversations.join(chat.people["bob"], group))
        self.assertEqual((head.unread, head.conversation.member_count), (0, 2))
        page = bob.asks(type="history", conversation=group)
        self.assertEqual([m["text"] for m in page["items"] if m["kind"] == "text"], ["before"])
