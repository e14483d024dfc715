"""Tests for `imtwisted.store.journal`: durable before ack, once, in order, whatever breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.boundaries import Cursor
from imtwisted.entries import (
    Committed,
    Entry,
    Exit,
    Post,
)
from imtwisted.model import ConversationId, Person, UserId
from imtwisted.refusals import ChatError
from imtwisted.store.batch import Writer
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

    def test_replies_stay_in_the_conversation(self) -> None:
        """A reply to what is not there is a `bad_request`."""
        outcomes = self.submit(post(id=1), post(id=2, reply_to=1), post(id=3, reply_to=7))
        self.assertEqual(self.codes(outcomes), ["ok", "ok", "bad_request"])

    def test_only_members_are_mentioned(self) -> None:
        """Who is none, perhaps no longer, is left out; the message is said, and once."""
        everyone = (BOB.id, CAROL.id, UserId(2**40))
        (said,) = self.submit(post(mentions=everyone))
        assert isinstance(said, Committed) and said.message is not None
        self.assertEqual(said.message.mentions, (BOB.id,))
        again, other = self.submit(post(mentions=everyone), post(mentions=(BOB.id,)))
        assert isinstance(again, Committed)
        self.assertTrue(again.duplicate)
        self.assertEqual(self.codes([other]), ["conflict"])

    def test_who_leaves_before_it_in_the_batch_is_not_mentioned(self) -> None:
        """What was asked in one go is judged one after the other."""
        _, said = self.submit(Exit(BOB, b"x" * 16, GROUP, BOB), post(mentions=(BOB.id,)))
        assert isinstance(said, Committed) and said.message is not None
        self.assertEqual(said.message.mentions, ())

    def test_leaving_counts_from_its_place_in_the_batch(self) -> None:
        """What was said before one left is stored, what was said after is not."""
        outcomes = self.submit(
            post(by=BOB, id=1), Exit(BOB, b"x" * 16, GROUP, BOB), post(by=BOB, id=2)
        )
        self.assertEqual(self.codes(outcomes), ["ok", "ok", "not_member"])
