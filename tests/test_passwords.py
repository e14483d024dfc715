"""Tests for `imtwisted.domain.passwords`: hashing in threads, as many at once as there is room."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.domain.passwords import Passwords, Workers
from imtwisted.refusals import (
    Busy,
)
from tests.kit import CHEAP, ChatCase, HereAndNow


class PasswordsTests(ChatCase):
    """Checking what was typed against what is kept."""

    def test_nobody_has_a_password(self) -> None:
        """Not even the empty one: whatever is typed, nobody is nobody."""
        passwords = Passwords(CHEAP, HereAndNow())
        for typed in ("", "x"):
            checked = Deferred.fromCoroutine(passwords.check(None, typed))
            self.assertFalse(self.successResultOf(checked))

    def test_a_hash_that_is_none(self) -> None:
        """Opens nothing, and breaks nothing."""
        checked = Passwords(CHEAP, HereAndNow()).check("not a hash", "x")
        self.assertFalse(self.successResultOf(Deferred.fromCoroutine(checked)))


class WorkersTests(SynchronousTestCase):
    """Hashing in threads of its own."""

    def setUp(self) -> None:
        self.reactor = Threadless()
        self.workers = Workers(self.reactor, threads=1, waiting=2)  # type: ignore[arg-type]
        self.pool = Later()
        self.workers._pool = self.pool  # type: ignore[assignment]

    def begin(self, work: Any, *args: Any) -> Deferred[Any]:
        return Deferred.fromCoroutine(self.workers.run(work, *args))

    def test_results_and_errors_come_back(self) -> None:
        """As if there were no thread."""
        right, wrong = self.begin(len, "abc"), self.begin(int, "abc")
        self.pool.work()
        self.assertEqual(self.successResultOf(right), 3)
        self.failureResultOf(wrong, ValueError)

    def test_the_queue_ends(self) -> None:
        """A flood of sign-ins is refused, not collected."""
        waiting = [self.begin(len, "abc") for _ in range(3)]
        self.failureResultOf(self.begin(len, "abc"), Busy)
        self.pool.work()
        for each in waiting:
            self.successResultOf(each)
        again = self.begin(len, "abc")
        self.pool.work()
        self.successResultOf(again)

    def test_who_leaves_keeps_the_place(self) -> None:
        """The thread is at it all the same."""
        left = [self.begin(len, "abc") for _ in range(3)]
        for each in left:
            each.cancel()
            self.failureResultOf(each)
        self.failureResultOf(self.begin(len, "abc"), Busy)
        self.pool.work()
        self.assertNoResult(self.begin(len, "abc"))


class Threadless:
    """A reactor as far as threads call it."""

    def callFromThread(self, call: Any, *args: Any) -> None:
        call(*args)


class Later:
    """A thread pool that works when it is told to."""

    def __init__(self) -> None:
        self.jobs: list[Any] = []

    def callInThreadWithCallback(self, done: Any, work: Any, *args: Any) -> None:
        self.jobs.append((done, work, args))

    def work(self) -> None:
        """Do everything that waits."""
        jobs, self.jobs = self.jobs, []
        for done, work, args in jobs:
            try:
                done(True, work(*args))
            except Exception:
                done(False, Failure())
