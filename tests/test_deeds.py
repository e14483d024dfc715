"""Tests for `imtwisted.store.deeds`: what is done to groups, in the journal."""

from __future__ import annotations

from imtwisted.entries import (
    Dissolve,
    Enter,
    Exit,
    Found,
    Settle,
)
from imtwisted.model import Person, UserId
from tests.test_journal import _USER, ALICE, BOB, CAROL, DIRECT, GROUP, LOBBY, JournalCase, post


class DeedTests(JournalCase):
    """Groups: made, entered, left, renamed, dissolved; each told by a system message."""

    def deed(self) -> bytes:
        self._deeds = getattr(self, "_deeds", 0) + 1
        return self._deeds.to_bytes(16, "little")

    def test_founding(self) -> None:
        """The founder owns it, the invited are in it, and its timeline starts with that."""
        committed = self.one(Found(ALICE, self.deed(), "New", True, (BOB,)))
        assert committed.message is not None and committed.message.system is not None
        self.assertEqual(committed.message.seq, 1)
        self.assertEqual(committed.message.system.what, "created")
        self.assertEqual(self.codes(self.submit(post(at=committed.conversation, by=BOB))), ["ok"])

    def test_founding_has_the_limit_of_entering(self) -> None:
        """And whoever is named twice is in it once."""
        self.policy.group_members = 2
        twice = Found(ALICE, self.deed(), "New", True, (BOB, BOB, ALICE))
        three = Found(ALICE, self.deed(), "New", True, (BOB, CAROL))
        self.assertEqual(self.codes(self.submit(twice, three)), ["ok", "conflict"])

    def test_what_everyone_has_left_has_no_door(self) -> None:
        """Nobody enters a group that no longer has an owner."""
        self.one(Settle(ALICE, self.deed(), GROUP, public=True))
        self.submit(Exit(BOB, self.deed(), GROUP, BOB), Exit(ALICE, self.deed(), GROUP, ALICE))
        self.assertEqual(
            self.codes(self.submit(Enter(CAROL, self.deed(), GROUP, CAROL))), ["denied"]
        )

    def test_entering(self) -> None:
        """By invitation of a friend, or by oneself when it is public, up to the limit."""
        enter = Enter(CAROL, self.deed(), GROUP, CAROL)
        self.assertEqual(self.codes(self.submit(enter)), ["denied"])
        self.one(Settle(ALICE, self.deed(), GROUP, public=True))
        committed = self.one(enter)
        self.assertEqual([(c.user, c.is_member) for c in committed.changes], [(3, True)])
        self.assertEqual(self.codes(self.submit(post(by=CAROL))), ["ok"])
        dave = Person(UserId(4), "dave", "Dave")
        self.change(lambda c: c.execute(_USER, (4, "dave", "dave", "Dave")))
        outcomes = self.submit(
            Enter(dave, self.deed(), GROUP, dave), Enter(ALICE, self.deed(), GROUP, dave)
        )
        self.assertEqual(self.codes(outcomes), ["conflict", "not_friend"])

    def test_entering_twice_changes_nothing(self) -> None:
        """It is answered, and no second system message appears."""
        committed = self.one(Enter(BOB, self.deed(), GROUP, BOB))
        self.assertIsNone(committed.message)
        self.assertEqual(self.rows(), [])

    def test_joining_is_reading(self) -> None:
        """Who joins has nothing unread, and comes back as a plain member."""
        self.submit(post(id=1), post(id=2), Exit(ALICE, self.deed(), GROUP, ALICE))
        self.one(Settle(BOB, self.deed(), GROUP, public=True))
        self.one(Enter(ALICE, self.deed(), GROUP, ALICE))
        row = self.successResultOf(
            self.reading(
                "SELECT role, read_seq FROM members WHERE conversation_id = 1 AND user_id = 1"
            )
        )
        self.assertEqual(row, [("member", 4)])

    def test_the_lobby_makes_no_noise(self) -> None:
        """Joining and leaving it adds nothing to its timeline."""
        self.policy.group_members = 0
        self.change(lambda c: c.execute("UPDATE conversations SET public = 1 WHERE id = 3"))
        self.assertIsNone(self.one(Enter(CAROL, self.deed(), LOBBY, CAROL)).message)
        self.assertIsNone(self.one(Exit(CAROL, self.deed(), LOBBY, CAROL)).message)

    def test_an_owner_who_leaves_hands_over(self) -> None:
        """The heir may do what owners may, and hears of it."""
        committed = self.one(Exit(ALICE, self.deed(), GROUP, ALICE))
        self.assertEqual(
            [(c.user, c.is_member) for c in committed.changes], [(1, False), (2, True)]
        )
        self.one(Settle(BOB, self.deed(), GROUP, title="Bob's"))

    def test_rights_of_roles(self) -> None:
        """Members remove nobody and settle nothing; nobody removes the owner."""
        outcomes = self.submit(
            Exit(BOB, self.deed(), GROUP, ALICE),
            Settle(BOB, self.deed(), GROUP, title="Mine"),
            Dissolve(BOB, self.deed(), GROUP),
            Exit(CAROL, self.deed(), GROUP, BOB),
            Exit(ALICE, self.deed(), GROUP, CAROL),
            Exit(ALICE, self.deed(), DIRECT, ALICE),
        )
        self.assertEqual(
            self.codes(outcomes),
            ["denied", "denied", "denied", "not_member", "not_found", "denied"],
        )

    def test_removing_ends_it_at_once(self) -> None:
        """The removed one's next message, in the same batch, is refused."""
        outcomes = self.submit(Exit(ALICE, self.deed(), GROUP, BOB), post(by=BOB))
        self.assertEqual(self.codes(outcomes), ["ok", "not_member"])

    def test_dissolving(self) -> None:
        """Everyone is told, and nobody writes there any more."""
        committed = self.one(Dissolve(ALICE, self.deed(), GROUP))
        self.assertEqual(
            [(c.user, c.is_member) for c in committed.changes], [(1, False), (2, False)]
        )
        self.assertEqual(self.codes(self.submit(post(), post(by=BOB))), ["not_member"] * 2)

    def test_each_change_raises_the_list_version(self) -> None:
        """So that a client that missed the update knows that it has to ask."""
        versions = []
        for deed in (
            Settle(ALICE, self.deed(), GROUP, title="A"),
            Settle(ALICE, self.deed(), GROUP, title="B"),
        ):
            versions += [change.version for change in self.one(deed).changes]
        self.assertEqual(versions, [1, 2])
