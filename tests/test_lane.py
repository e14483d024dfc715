"""Tests for `imtwisted.store.lane`: a database that fails, and what is told then."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.logger import capturedLogs

from imtwisted.entries import (
    Committed,
)
from imtwisted.refusals import ChatError
from imtwisted.store.faults import Again, Away
from tests.test_journal import JournalCase, post


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

        def fail(outcome: Committed | ChatError) -> None:
            raise ZeroDivisionError

        self.journal.submit(post(id=2), fail)
        self.clock.pump([0] * 20)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(len(self.rows()), 2)
        self.assertEqual(self.codes(self.submit(post(id=3))), ["ok"])
        self.assertIn(1, [e.message.seq for e in self.announced if e.message])
