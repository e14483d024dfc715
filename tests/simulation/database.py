"""
The database of a run: real SQL on SQLite in memory, that thinks, fails and survives crashes.

What is committed outlives the server; each life of the server opens it anew.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from imtwisted.boundaries import Cursor
from imtwisted.store.dialects import Mode, SQLite
from imtwisted.store.inline import InlineDatabase
from imtwisted.store.transaction import Transaction, unwatched
from tests.simulation.timekeeping import Lifetime

T = TypeVar("T")


class LivingDatabase(InlineDatabase):
    """
    An `InlineDatabase` on a connection that others used before.

    A transaction runs at one moment and its answer comes at a later one, as
    from a thread: in between others see what it did, and the server may die.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        lifetime: Lifetime,
        latency: Callable[[], float],
        waiting_reads: int,
    ) -> None:
        # Not InlineDatabase's own: the connection and its schema are there already.
        self.fault = unwatched
        self.warnings = []
        self._dialect = SQLite()
        self._connection = connection
        self._clock = lifetime
        self._lifetime = lifetime
        self._latency = latency
        self._room = waiting_reads
        self._writes = deque()

    def _settle(self, answer: Deferred[T], mode: Mode, interaction: Callable[[Cursor], T]) -> None:
        """Run the transaction now; who waits hears of it later, or never."""
        transaction = Transaction(self._connection, self._dialect, self._ask)
        outcome: Any
        try:
            transaction.begin(mode)
            outcome = transaction.finish(mode, interaction)
        except Exception:
            outcome = Failure()
        if not self._lifetime.over:
            self._lifetime.callLater(self._latency(), _give, answer, outcome)

    def _ask(self, stage: Any) -> None:
        self.fault(stage)
        if self._lifetime.over:
            raise ConnectionError("the server died here")


def _give(answer: Deferred[Any], outcome: Any) -> None:
    if isinstance(outcome, Failure):
        answer.errback(outcome)
    else:
        answer.callback(outcome)
