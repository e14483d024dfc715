"""
The database of tests in virtual time: real SQL, no threads, a clock that is given.

Way of a message: journal -> [inline] -> transaction -> SQLite.

It keeps the promises of the pool: writes run one at a time in their order,
reads meanwhile, results come when the clock says. So a test decides how long
the database thinks and at which stage it fails.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from twisted.internet.defer import Deferred

from imtwisted.boundaries import Clock, Cursor
from imtwisted.places import folder
from imtwisted.refusals import Busy
from imtwisted.store import schema
from imtwisted.store.dialects import Mode, SQLite
from imtwisted.store.repeats import RepeatingDatabase
from imtwisted.store.transaction import Transaction, Watch, unwatched

T = TypeVar("T")


class InlineDatabase(RepeatingDatabase):
    """
    `boundaries.Database` on one SQLite connection, in the caller's thread.

    Without a clock every result is there at once. With one, a transaction runs
    and answers `latency()` seconds after its turn has come. `fault` is asked
    at each stage (`begin`, `statement`, `commit`, `committed`) and may raise
    `Again`, `Away` or whatever the test wants; it may be replaced at any time.
    """

    def __init__(
        self,
        path: str = ":memory:",
        *,
        epoch: str = "0" * 16,
        clock: Clock | None = None,
        latency: Callable[[], float] = lambda: 0.0,
        waiting_reads: int = 256,
    ) -> None:
        self.fault: Watch = unwatched
        self.warnings: list[str] = []
        self._dialect = SQLite()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._clock = clock
        self._latency = latency
        self._room = waiting_reads
        self._writes: deque[Callable[[], None]] = deque()
        schema.apply(self._connection, self._dialect, folder("sql") / "sqlite", epoch)

    def close(self) -> None:
        """Forget the database; in memory, for ever."""
        self._connection.close()

    async def attempt(self, mode: Mode, interaction: Callable[[Cursor], T]) -> T:
        """Run one transaction, once."""
        answer: Deferred[T] = Deferred()
        if mode == "write":
            self._queue(lambda: self._settle(answer, mode, interaction))
        else:
            self._read(lambda: self._settle(answer, mode, interaction))
        return await answer

    def _queue(self, run: Callable[[], None]) -> None:
        self._writes.append(run)
        if len(self._writes) == 1:
            self._later(self._write)

    def _write(self) -> None:
        """The first in the queue leaves it when it is done: meanwhile the others wait."""
        try:
            self._writes[0]()
        finally:
            self._writes.popleft()
            if self._writes:
                self._later(self._write)

    def _read(self, run: Callable[[], None]) -> None:
        if self._room <= 0:
            raise Busy
        self._room -= 1
        self._later(self._leave, run)

    def _leave(self, run: Callable[[], None]) -> None:
        self._room += 1
        run()

    def _later(self, run: Callable[..., None], *args: Any) -> None:
        if self._clock is None:
            run(*args)
        else:
            self._clock.callLater(self._latency(), run, *args)

    def _settle(self, answer: Deferred[T], mode: Mode, interaction: Callable[[Cursor], T]) -> None:
        """Run the transaction now and give its outcome to who still waits."""
        transaction = Transaction(self._connection, self._dialect, lambda stage: self.fault(stage))
        try:
            transaction.begin(mode)
            result = transaction.finish(mode, interaction)
        except Exception:
            answer.errback()
        else:
            answer.callback(result)
