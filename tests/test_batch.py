"""Tests for `imtwisted.store.batch`: once, whoever asks again."""

from __future__ import annotations

from imtwisted.entries import (
    Appoint,
    Ban,
    Committed,
    Dissolve,
    Enter,
    Entry,
    Exit,
    Found,
    Settle,
)
from imtwisted.store.faults import Away, CommitUnknown
from tests.test_journal import ALICE, BOB, CAROL, DIRECT, GROUP, JournalCase, befriend, post


class OnceTests(JournalCase):
    """One `(sender, client_id)` is one message, whatever happens in between."""

    def test_a_retry_gets_the_same_seq(self) -> None:
        """In the same batch and later; nobody hears of it twice."""
        first, again = self.submit(post(), post())
        (later,) = self.submit(post())
        self.assertEqual(self.codes([first, again, later]), ["ok", "again", "again"])
        told = [each.message for each in (first, again, later) if isinstance(each, Committed)]
        seqs = {message.seq for message in told if message is not None}
        self.assertEqual(seqs, {1})
        self.assertEqual(len(self.announced), 1)
        self.assertEqual(len(self.rows()), 1)

    def test_the_same_id_with_other_content_is_refused(self) -> None:
        """Another text, another conversation or another reply under a used id: `conflict`."""
        self.submit(post(id=9), post("first"))
        others = [post("second"), post("first", at=DIRECT), post("first", reply_to=1)]
        self.assertEqual(self.codes(self.submit(*others)), ["conflict"] * 3)
        self.assertEqual(len(self.rows()), 2)

    def test_two_people_may_use_the_same_id(self) -> None:
        """An id is its sender's."""
        self.assertEqual(self.codes(self.submit(post(), post(by=BOB))), ["ok", "ok"])

    def test_a_retry_is_answered_though_its_sender_has_left(self) -> None:
        """Whatever the sender may do by then; a new message of theirs is refused."""
        self.submit(post(by=BOB), Exit(BOB, b"x" * 16, GROUP, BOB))
        outcomes = self.submit(post(by=BOB), post(by=BOB, id=2))
        self.assertEqual(self.codes(outcomes), ["again", "not_member"])

    def test_new_messages_are_not_looked_up(self) -> None:
        """Lock, insert, count: a look at what is stored is paid by retries alone."""
        self.submit(post())
        self.stages.clear()
        self.submit(post(id=2), post(id=3))
        self.assertEqual(self.stages, ["begin", *["statement"] * 3, "commit", "committed"])
        self.stages.clear()
        self.assertEqual(self.codes(self.submit(post(id=4), post(id=2))), ["ok", "again"])
        self.assertEqual(self.stages.count("begin"), 2)

    def test_an_unknown_commit_is_found_again(self) -> None:
        """The COMMIT went through, its answer did not: stored once, told once."""
        self._break_once("committed", CommitUnknown())
        (outcome,) = self.submit(post())
        self.assertIn(self.codes([outcome])[0], ("ok", "again"))
        self.assertEqual(len(self.rows()), 1)
        self.assertEqual([e.message.seq for e in self.announced if e.message], [1])

    def test_an_unknown_commit_of_a_new_group_makes_one_group(self) -> None:
        """Deeds are found again like sends, and their members hear of them."""
        self._break_once("committed", CommitUnknown())
        committed = self.one(Found(ALICE, b"f" * 16, "New", False, (BOB,)))
        groups = self.successResultOf(
            self.reading("SELECT id FROM conversations WHERE title = 'New'")
        )
        self.assertEqual(groups, [(committed.conversation,)])
        (announced,) = self.announced
        self.assertEqual([(c.user, c.is_member) for c in announced.changes], [(1, True), (2, True)])

    def test_an_unknown_commit_of_any_deed_is_found_again(self) -> None:
        """Each is done once, told once, and tells who is a member as it is by then."""
        self.change(befriend)
        self.change(lambda c: c.execute("UPDATE conversations SET public = 1 WHERE id = 1"))
        deeds: list[tuple[Entry, str, list[tuple[int, bool]]]] = [
            (Settle(ALICE, b"1" * 16, GROUP, title="New"), "renamed", [(1, True)]),
            (Enter(CAROL, b"2" * 16, GROUP, CAROL), "joined", [(3, True)]),
            (Exit(ALICE, b"3" * 16, GROUP, BOB), "removed", [(1, True), (2, False)]),
            (Enter(ALICE, b"4" * 16, GROUP, BOB), "added", [(2, True)]),
            (Exit(CAROL, b"5" * 16, GROUP, CAROL), "left", [(1, True), (3, False)]),
            (
                Appoint(ALICE, b"7" * 16, GROUP, BOB, "moderator"),
                "promoted",
                [(1, True), (2, True)],
            ),
            (Ban(ALICE, b"8" * 16, GROUP, BOB), "banned", [(2, False)]),
            (Dissolve(ALICE, b"6" * 16, GROUP), "dissolved", [(1, False), (2, False), (3, False)]),
        ]
        members: list[int | None] = []
        for seq, (deed, what, changes) in enumerate(deeds, 1):
            self.announced.clear()
            self._break_once("committed", CommitUnknown())
            self.one(deed)
            (told,) = self.announced
            assert told.message is not None and told.message.system is not None
            self.assertEqual((told.message.seq, told.message.system.what), (seq, what))
            self.assertEqual([(c.user, c.is_member) for c in told.changes], changes)
            members.append(told.message.system.members)
        self.assertEqual(members, [None, 3, 2, 3, 2, None, 1, None])

    def test_an_unknown_commit_mentions_only_members(self) -> None:
        """What is told later is what was stored, not what was asked."""
        self._break_once("committed", CommitUnknown())
        self.one(post(mentions=(BOB.id, CAROL.id)))
        (told,) = self.announced
        assert told.message is not None
        self.assertEqual(told.message.mentions, (BOB.id,))

    def test_an_heir_hears_of_it_also_after_an_unknown_commit(self) -> None:
        """The owner has left; whose the group is now is told so."""
        self._break_once("committed", CommitUnknown())
        self.one(Exit(ALICE, b"1" * 16, GROUP, ALICE))
        (told,) = self.announced
        self.assertEqual([(c.user, c.is_member) for c in told.changes], [(1, False), (2, True)])

    def test_an_unknown_commit_of_a_first_direct_message_opens_it(self) -> None:
        """Both are told of the conversation."""
        self.change(befriend)
        self._break_once("committed", CommitUnknown())
        self.one(post(at=DIRECT))
        (told,) = self.announced
        self.assertEqual([(c.user, c.is_member) for c in told.changes], [(1, True), (2, True)])

    def test_what_was_stored_without_an_answer_is_told_later(self) -> None:
        """No try brought an answer: `unavailable` now, and told once the database can say."""
        commits: list[str] = []

        def goes_away(stage: str) -> None:
            if len(commits) == 3:
                raise Away
            if stage == "committed":
                commits.append(stage)
                raise CommitUnknown

        self.database.fault = goes_away
        leaving = Exit(BOB, b"3" * 16, GROUP, BOB)
        self.assertEqual(self.codes(self.submit(post(), leaving)), ["unavailable"] * 2)
        self.clock.pump([1] * 3)
        self.assertEqual(self.announced, [])
        self.database.fault = lambda stage: None
        self.clock.advance(1)
        self.clock.pump([0] * 5)
        self.assertEqual([e.message.seq for e in self.announced if e.message], [1, 2])
        changes = [(c.user, c.is_member) for e in self.announced for c in e.changes]
        self.assertEqual(changes, [(1, True), (2, False)])
        self.assertEqual(self.codes(self.submit(post())), ["again"])
        self.clock.pump([1] * 5)
        self.assertEqual(len(self.announced), 2, "told once")
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_what_was_not_stored_is_not_told_later(self) -> None:
        """The COMMIT did not go through: nobody hears of it, and it may be tried again."""
        self._break_while("commit", CommitUnknown())
        self.assertEqual(self.codes(self.submit(post())), ["unavailable"])
        self.database.fault = lambda stage: None
        self.clock.pump([1, 0, 0, 1])
        self.assertEqual((self.announced, self.rows()), ([], []))
        self.assertEqual(self.codes(self.submit(post())), ["ok"])

    def test_what_is_in_doubt_is_told_before_what_follows(self) -> None:
        """So that a conversation's events keep their order."""
        self._break_while("committed", CommitUnknown())
        self.submit(post())
        self.database.fault = lambda stage: None
        self.submit(post(id=2))
        self.assertEqual([e.message.seq for e in self.announced if e.message], [1, 2])

    def test_nothing_is_stored_before_a_doubt_is_cleared(self) -> None:
        """Who left must not hear what is said next, so as long as nobody knows nothing is said."""
        self._break_while("committed", CommitUnknown())
        self.submit(Exit(BOB, b"3" * 16, GROUP, BOB))
        asked: list[str] = []

        def reads_fail(stage: str) -> None:
            asked.append(stage)
            if asked[-2:] == ["begin", "statement"]:
                raise Away

        self.database.fault = reads_fail
        self.assertEqual(self.codes(self.submit(post())), ["unavailable"])
        self.assertNotIn("commit", asked)
        self.database.fault = lambda stage: None
        self.assertEqual(self.codes(self.submit(post())), ["ok"])
        self.assertEqual([e.message.seq for e in self.announced if e.message], [1, 2])

    def _break_while(self, at: str, fault: Exception) -> None:
        """At every COMMIT, until the test says otherwise."""

        def watch(stage: str) -> None:
            if stage == at:
                raise fault

        self.database.fault = watch

    def _break_once(self, at: str, fault: Exception) -> None:
        faults = [fault]

        def watch(stage: str) -> None:
            if stage == at and faults:
                raise faults.pop()

        self.database.fault = watch
