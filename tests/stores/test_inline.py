"""The inline driver: the database of tests in virtual time."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.refusals import Busy
from imtwisted.store.faults import Again, Away, CommitUnknown
from imtwisted.store.inline import InlineDatabase
from imtwisted.store.transaction import Stage
from tests.stores.test_transactions import note


class InlineCase(SynchronousTestCase):
    """A test with an inline database of which a second is one tick of the clock."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.database = InlineDatabase(clock=self.clock, latency=lambda: 1.0, waiting_reads=2)
        self.addCleanup(self.database.close)

    def write(self, name: str) -> Deferred[None]:
        """Start to write down `name`."""
        return Deferred.fromCoroutine(self.database.write(note, name))

    def read(self) -> Deferred[list[str]]:
        """Start to read every name."""
        query = "SELECT name FROM meta WHERE name <> 'epoch' ORDER BY name"
        rows = Deferred.fromCoroutine(self.database.read(lambda cursor: cursor.all(query)))
        return rows.addCallback(lambda found: [row[0] for row in found])


class TimeTests(InlineCase):
    """When it answers."""

    def test_at_once(self) -> None:
        """Without a clock everything is there when it is asked."""
        database = InlineDatabase()
        self.addCleanup(database.close)
        for number in range(1000):
            self.successResultOf(Deferred.fromCoroutine(database.write(note, str(number))))

    def test_later(self) -> None:
        """Nothing is stored, and nobody is answered, before the clock says so."""
        written = self.write("one")
        self.clock.advance(0.9)
        self.assertNoResult(written)
        early = self.read()
        self.clock.advance(0.1)
        self.successResultOf(written)
        self.clock.advance(0.9)
        self.assertEqual(self.successResultOf(early), ["one"])

    def test_writes_queue(self) -> None:
        """One at a time, in the order they came."""
        one, two = self.write("one"), self.write("two")
        self.clock.advance(1)
        self.successResultOf(one)
        self.assertNoResult(two)
        self.clock.advance(1)
        self.successResultOf(two)

    def test_reads_do_not_queue(self) -> None:
        """They are answered beside each other and beside writes, a few at a time."""
        writes = [self.write(str(number)) for number in range(3)]
        reads = [self.read(), self.read()]
        self.failureResultOf(self.read(), Busy)
        self.clock.advance(1)
        self.assertEqual([self.successResultOf(read) for read in reads], [["0"], ["0"]])
        self.assertNoResult(writes[1])
        self.clock.pump([1, 1])

    def test_who_gave_up(self) -> None:
        """A cancelled write is written all the same, as the pool would."""
        written = self.write("one")
        written.cancel()
        self.failureResultOf(written)
        read = self.read()
        self.clock.advance(1)
        self.assertEqual(self.successResultOf(read), ["one"])


class FaultTests(InlineCase):
    """How it fails when a test wants it to."""

    def failing(self, stage: Stage, *faults: type[Exception]) -> None:
        """Raise each of `faults` once at `stage`, then no more."""
        left = list(faults)

        def fault(reached: Stage) -> None:
            if reached == stage and left:
                raise left.pop(0)()

        self.database.fault = fault

    def outcome(self, *, of: Any) -> Any:
        """What `of` ended with, and what is stored then."""
        answer = Deferred.fromCoroutine(of(note, "one")).addErrback(lambda failure: failure.type)
        self.clock.pump([1, 1, 1])
        read = self.read()
        self.clock.advance(1)
        return self.successResultOf(answer), self.successResultOf(read)

    def test_before_commit(self) -> None:
        """What fails before COMMIT is undone, and `write` does it again."""
        for stage in ("begin", "statement"):
            self.failing(stage, Away)
            self.assertEqual(self.outcome(of=self.database.transact), (Away, []))
        self.failing("statement", Again, Away)
        self.assertEqual(self.outcome(of=self.database.write), (None, ["one"]))

    def test_at_commit(self) -> None:
        """A COMMIT that fails leaves nothing, but nobody can know."""
        self.failing("commit", Away)
        self.assertEqual(self.outcome(of=self.database.write), (CommitUnknown, []))

    def test_after_commit(self) -> None:
        """An answer to COMMIT that is lost leaves what was stored."""
        self.failing("committed", Away)
        self.assertEqual(self.outcome(of=self.database.write), (CommitUnknown, ["one"]))

    def test_for_good(self) -> None:
        """Who is thrown out three times is told so."""
        self.failing("statement", Again, Again, Again)
        self.assertEqual(self.outcome(of=self.database.write), (Again, []))
