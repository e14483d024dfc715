"""Tests for `imtwisted.store.journal`: durable before ack, once, in order, whatever breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.boundaries import Cursor
from imtwisted.entries import (
    Appoint,
    Ban,
    Committed,
    Dissolve,
    Enter,
    Entry,
    Exit,
    Found,
    Post,
    Settle,
)
from imtwisted.model import ConversationId, Person, UserId
from imtwisted.refusals import ChatError
from imtwisted.store.batch import Writer
from imtwisted.store.faults import Again, Away, CommitUnknown
from imtwisted.store.inline import InlineDatabase
from imtwisted.store.journal import LanedJournal
from imtwisted.store.ledger import Policy

ALICE, BOB, CAROL = (
    Person(UserId(number), name, name.title())
    for number, name in enumerate(("alice", "bob", "carol"), 1)
)
GROUP, DIRECT, LOBBY = ConversationId(1), ConversationId(2), ConversationId(3)

_USER = """
    INSERT INTO users (id, username, name_key, display_name, password_hash, created_at)
    VALUES (%s, %s, %s, %s, '', 0)
"""
_CONVERSATION = """
    INSERT INTO conversations (id, kind, direct_key, title, public, created_at, member_count)
    VALUES (%s, %s, %s, 'Team', 0, 0, %s)
"""
_MEMBER = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at)
    VALUES (%s, %s, %s, 'active', %s)
"""


def settle_in(cursor: Cursor) -> None:
    """Three people; a group of the first two, their direct conversation, and a lobby."""
    for person in (ALICE, BOB, CAROL):
        cursor.execute(_USER, (person.id, person.username, person.username, person.display_name))
    cursor.execute(_CONVERSATION, (GROUP, "group", None, 2))
    cursor.execute(_CONVERSATION, (DIRECT, "direct", "1:2", 2))
    cursor.execute(_CONVERSATION, (LOBBY, "group", None, 0))
    for conversation in (GROUP, DIRECT):
        cursor.execute(_MEMBER, (conversation, ALICE.id, "owner", 0))
        cursor.execute(_MEMBER, (conversation, BOB.id, "member", 1))


def befriend(cursor: Cursor) -> None:
    cursor.execute("INSERT INTO friendships VALUES (1, 2, 1, '', 0, 5)")
    cursor.execute("UPDATE conversations SET members_rev = members_rev + 1 WHERE id = 2")


def block(cursor: Cursor, blocker: Person, blocked: Person) -> None:
    cursor.execute("INSERT INTO blocks VALUES (%s, %s, 0)", (blocker.id, blocked.id))
    cursor.execute("UPDATE conversations SET members_rev = members_rev + 1 WHERE id = 2")


def post(
    text: str = "hi",
    *,
    by: Person = ALICE,
    at: ConversationId = GROUP,
    id: int = 1,
    reply_to: int | None = None,
    mentions: tuple[UserId, ...] = (),
) -> Post:
    """A post with a client id made of a number."""
    return Post(at, by, id.to_bytes(16, "big"), text, reply_to, mentions)


class JournalCase(SynchronousTestCase):
    """A journal of two lanes over SQLite in memory, its clock in the test's hand."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1_000)
        self.database = InlineDatabase(clock=self.clock)
        self.addCleanup(self.database.close)
        self.announced: list[Committed] = []
        self.policy = Policy(lobby=LOBBY, group_members=3)
        self.stages: list[str] = []
        self.database.fault = self.stages.append
        self.change(settle_in)
        self.journal = LanedJournal(
            self.database,
            self.clock,
            self.announced.extend,
            lambda: Writer(self.policy, self.clock),
            lanes=2,
            waiting_writes=300,
        )

    def change(self, interaction: Callable[..., None], *args: object) -> None:
        done = Deferred.fromCoroutine(self.database.write(interaction, *args))
        self.clock.pump([0] * 5)
        self.successResultOf(done)
        self.stages.clear()

    def submit(self, *entries: Entry) -> list[Committed | ChatError]:
        """What became of each, settled in this order."""
        outcomes: list[Committed | ChatError] = []
        for entry in entries:
            self.journal.submit(entry, outcomes.append)
        self.clock.pump([0] * 20 + [0.5] * 10)
        return outcomes

    def codes(self, outcomes: Iterable[Committed | ChatError]) -> list[str]:
        """ "ok", "again" for a duplicate, or the code of the refusal."""
        return [
            each.code if isinstance(each, ChatError) else "again" if each.duplicate else "ok"
            for each in outcomes
        ]

    def rows(self) -> list[tuple[object, ...]]:
        sql = (
            "SELECT seq, rev, sender_id, text FROM messages WHERE conversation_id = 1 ORDER BY seq"
        )
        return self.successResultOf(self.reading(sql))

    def reading(self, sql: str) -> Deferred[list[tuple[object, ...]]]:
        reading = Deferred.fromCoroutine(self.database.read(lambda cursor: cursor.all(sql)))
        self.clock.pump([0] * 5)
        return reading

    def one(self, entry: Entry) -> Committed:
        (outcome,) = self.submit(entry)
        assert isinstance(outcome, Committed), outcome
        return outcome


class AppendingTests(JournalCase):
    """Sends become rows: grouped, numbered without holes, acknowledged after the commit."""

    def test_what_waits_shares_a_commit(self) -> None:
        """Twenty sends of one turn are one transaction, numbered in their order."""
        outcomes = self.submit(*(post(f"m{n}", id=n) for n in range(1, 21)))
        self.assertEqual(self.codes(outcomes), ["ok"] * 20)
        self.assertEqual(self.stages.count("commit"), 1)
        self.assertEqual(self.rows(), [(n, n, ALICE.id, f"m{n}") for n in range(1, 21)])

    def test_a_flood_is_cut_into_batches(self) -> None:
        """At most 256 a transaction."""
        self.submit(*(post(id=n) for n in range(1, 301)))
        self.assertEqual(self.stages.count("commit"), 2)
        self.assertEqual(len(self.rows()), 300)

    def test_nothing_is_told_before_the_commit(self) -> None:
        """While the database thinks there is no ack and no event."""
        outcomes: list[Committed | ChatError] = []
        told: list[int] = []

        def watch(stage: str) -> None:
            told.append(len(outcomes) + len(self.announced))

        self.database.fault = watch
        self.journal.submit(post(), outcomes.append)
        self.clock.pump([0] * 20)
        self.assertEqual(set(told), {0})
        self.assertEqual([len(outcomes), len(self.announced)], [1, 1])

    def test_events_follow_commit_order(self) -> None:
        """What is announced of a conversation has ascending revs."""
        self.submit(*(post(id=n, by=(ALICE, BOB)[n % 2]) for n in range(1, 9)))
        self.assertEqual(
            [each.message.rev for each in self.announced if each.message], list(range(1, 9))
        )

    def test_time_never_goes_back(self) -> None:
        """A clock set back does not make a message older than the one before it."""
        first = self.one(post(id=1))
        self.clock.rightNow -= 100
        second = self.one(post(id=2))
        assert first.message is not None and second.message is not None
        self.assertGreaterEqual(second.message.at, first.message.at)

    def test_too_many_waiting_are_refused(self) -> None:
        """The queue is bounded: what has no room is told so at once, the rest is stored."""
        outcomes = self.submit(*(post(id=n) for n in range(1, 303)))
        self.assertEqual(self.codes(outcomes)[:2], ["busy", "busy"])
        self.assertEqual(len(self.rows()), 300)


class OnceTests(JournalCase):
    """One `(sender, client_id)` is one message, whatever happens in between."""

    def test_a_retry_gets_the_same_seq(self) -> None:
        """In the same batch and later; nobody hears of it twice."""
        first, again = self.submit(post(), post())
        (later,) = self.submit(post())
        self.assertEqual(self.codes([first, again, later]), ["ok", "again", "again"])
        seqs = {each.message.seq for each in (first, again, later)}  # type: ignore[union-attr]
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
        for seq, (deed, what, changes) in enumerate(deeds, 1):
            self.announced.clear()
            self._break_once("committed", CommitUnknown())
            self.one(deed)
            (told,) = self.announced
            assert told.message is not None and told.message.system is not None
            self.assertEqual((told.message.seq, told.message.system.what), (seq, what))
            self.assertEqual([(c.user, c.is_member) for c in told.changes], changes)

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


class TroubleTests(JournalCase):
    """The database fails: nothing is lost silently, nothing is stored half."""

    def breaks(self, times: int, at: str, fault: type[Exception]) -> None:
        left = [times]

        def watch(stage: str) -> None:
            if stage == at and left[0]:
                left[0] -= 1
                raise fault()

        self.database.fault = watch

    def test_a_deadlock_runs_the_batch_again(self) -> None:
        """The client only waits a little longer."""
        self.breaks(2, "statement", Again)
        outcomes = self.submit(post(id=1), post(id=2))
        self.assertEqual(self.codes(outcomes), ["ok", "ok"])
        self.assertEqual([row[0] for row in self.rows()], [1, 2])

    def test_a_database_that_stays_away_is_unavailable(self) -> None:
        """After three tries everyone is told, and nothing was stored; later sends work."""
        self.breaks(3, "commit", Away)
        self.assertEqual(self.codes(self.submit(post(id=1), post(id=2))), ["unavailable"] * 2)
        self.assertEqual(self.rows(), [])
        self.assertEqual(self.codes(self.submit(post(id=1))), ["ok"])
        self.assertEqual([row[0] for row in self.rows()], [1])

    def test_what_waits_behind_what_is_given_up_is_given_up_too(self) -> None:
        """It would overtake: its sender sends all of it again, in order."""
        self.breaks(3, "commit", Away)
        outcomes: list[Committed | ChatError] = []
        self.journal.submit(post(id=1), outcomes.append)
        self.clock.pump([0] * 4)
        self.journal.submit(post(id=2), outcomes.append)
        self.assertEqual(self.codes(self.submit(post(id=3))), ["unavailable"])
        self.assertEqual(self.codes(outcomes), ["unavailable"] * 2)
        self.assertEqual(self.codes(self.submit(post(id=1), post(id=2))), ["ok"] * 2)
        self.assertEqual([row[0] for row in self.rows()], [1, 2])

    def test_an_outage_is_logged_once(self) -> None:
        """However many batches it has; and its end, once."""
        with capturedLogs() as events:
            self.breaks(6, "commit", Away)
            for id in (1, 2, 3, 4):
                self.submit(post(id=id))
        told = [event["log_format"].partition(":")[0] for event in events if "log_format" in event]
        self.assertEqual(told, ["A batch was not stored", "Batches are stored again"])

    def test_one_bad_item_does_not_spoil_the_others(self) -> None:
        """The batch is halved until the item at fault is alone; order and numbers hold."""
        outcomes = self.submit(*(post("\ud800" if n == 3 else f"m{n}", id=n) for n in range(1, 7)))
        self.assertEqual(self.codes(outcomes), ["ok", "ok", "unavailable", "ok", "ok", "ok"])
        self.assertEqual([row[3] for row in self.rows()], ["m1", "m2", "m4", "m5", "m6"])
        self.assertEqual([row[0] for row in self.rows()], [1, 2, 3, 4, 5])

    def test_a_fault_of_ours_is_logged_and_answered(self) -> None:
        """A bug while writing is nobody else's problem."""
        self.breaks(1, "statement", ZeroDivisionError)
        self.assertEqual(self.codes(self.submit(post())), ["unavailable"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(self.codes(self.submit(post())), ["ok"])

    def test_who_stopped_listening_does_not_keep_others_from_hearing(self) -> None:
        """An HTTP request that was cancelled, a callback that fails: the event goes out."""
        waiting = Deferred.fromCoroutine(self.journal.append(post()))
        waiting.addErrback(lambda _: None)
        waiting.cancel()
        self.clock.pump([0] * 20)
        self.journal.submit(post(id=2), lambda outcome: 1 / 0)  # type: ignore[arg-type]
        self.clock.pump([0] * 20)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(len(self.rows()), 2)
        self.assertEqual(self.codes(self.submit(post(id=3))), ["ok"])
        self.assertIn(1, [e.message.seq for e in self.announced if e.message])


class RightsTests(JournalCase):
    """Who may write is judged under the lock, and what was learned is kept no longer than true."""

    def test_only_members_write(self) -> None:
        """A stranger, and a conversation that does not exist, get the same answer."""
        outcomes = self.submit(post(by=CAROL), post(at=ConversationId(99), id=2))
        self.assertEqual(self.codes(outcomes), ["not_member", "not_member"])

    def test_direct_messages_need_friendship(self) -> None:
        """And from the moment they are friends, they may write."""
        self.assertEqual(self.codes(self.submit(post(at=DIRECT))), ["not_friend"])
        self.change(befriend)
        self.assertEqual(self.codes(self.submit(post(at=DIRECT))), ["ok"])

    def test_blocking_is_told_to_who_blocks_only(self) -> None:
        """The blocked one gets what a stranger gets."""
        self.change(befriend)
        self.assertEqual(self.codes(self.submit(post(at=DIRECT))), ["ok"])
        self.change(block, ALICE, BOB)
        outcomes = self.submit(post(at=DIRECT, id=2), post(at=DIRECT, by=BOB))
        self.assertEqual(self.codes(outcomes), ["blocked", "not_friend"])
        self.policy.anyone_may_write = True
        self.assertEqual(self.codes(self.submit(post(at=DIRECT, by=BOB))), ["denied"])

    def test_replies_and_mentions_stay_in_the_conversation(self) -> None:
        """A reply to what is not there, or a mention of who is not: `bad_request`."""
        outcomes = self.submit(
            post(id=1),
            post(id=2, reply_to=1, mentions=(BOB.id,)),
            post(id=3, reply_to=7),
            post(id=4, mentions=(CAROL.id,)),
        )
        self.assertEqual(self.codes(outcomes), ["ok", "ok", "bad_request", "bad_request"])

    def test_leaving_counts_from_its_place_in_the_batch(self) -> None:
        """What was said before one left is stored, what was said after is not."""
        outcomes = self.submit(
            post(by=BOB, id=1), Exit(BOB, b"x" * 16, GROUP, BOB), post(by=BOB, id=2)
        )
        self.assertEqual(self.codes(outcomes), ["ok", "ok", "not_member"])


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
