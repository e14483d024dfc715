"""
One transaction on one connection: the cursor that every interaction is given.

Way of a message: journal -> pool -> [transaction] -> the database.

Synchronous, without threads: the pool runs it in a thread, the inline driver
where it stands. Drivers' exceptions end here and become `faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Literal, TypeVar

from imtwisted.boundaries import Cursor, Row
from imtwisted.store.dialects import Dialect, Mode, raise_typed
from imtwisted.store.faults import Away, CommitUnknown

T = TypeVar("T")

Stage = Literal["begin", "statement", "commit", "committed"]
Watch = Callable[[Stage], None]


def unwatched(stage: Stage) -> None:
    """Nobody wants to make this transaction fail."""


class Transaction:
    """
    Begins, runs an interaction, and commits or rolls back.

    Afterwards `broken` says that the connection is fit for nothing more.
    `watch` is asked at each stage and may raise what the database could.
    """

    def __init__(self, connection: Any, dialect: Dialect, watch: Watch = unwatched) -> None:
        self.dialect = dialect
        self.broken = False
        self._connection = connection
        self._cursor = connection.cursor()
        self._watch = watch

    def begin(self, mode: Mode) -> None:
        """Start the transaction; raises `Again` or `Away`, and then nothing was done."""
        self._watch("begin")
        if self.dialect.is_closed(self._connection):
            self.broken = True
            raise Away from ConnectionError("the server has closed the connection")
        if statement := self.dialect.begin[mode]:
            self._ask(self._cursor.execute, statement)

    def finish(self, mode: Mode, interaction: Callable[[Cursor], T]) -> T:
        """Run `interaction`; what it changed is durable, or undone when this raises."""
        try:
            result = interaction(self)
            if mode == "write":
                self._commit()
        except BaseException:
            self._roll_back()
            raise
        else:
            if mode == "read":
                self._roll_back()
            return result
        finally:
            self._leave()

    @property
    def rowcount(self) -> int:
        """How many rows the last statement found."""
        return int(self._cursor.rowcount)

    @property
    def lastrowid(self) -> int:
        """The id that the last INSERT made."""
        return int(self._cursor.lastrowid)

    def execute(self, sql: str, args: Sequence[object] = ()) -> None:
        """Run one statement."""
        self._watch("statement")
        self._ask(self._cursor.execute, self.dialect.statement(sql), tuple(args))

    def insert_rows(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one multi-row insert; PyMySQL joins the rows, SQLite has no trips to save."""
        self._watch("statement")
        if rows:
            self._ask(self._cursor.executemany, self.dialect.statement(sql), rows)

    def one(self, sql: str, args: Sequence[object] = ()) -> Row | None:
        """The first row of a query."""
        self.execute(sql, args)
        row = self._ask(self._cursor.fetchone)
        return None if row is None else tuple(row)

    def all(self, sql: str, args: Sequence[object] = ()) -> list[Row]:
        """Every row of a query."""
        self.execute(sql, args)
        return list(self._ask(self._cursor.fetchall))

    def _ask(self, question: Callable[..., Any], *args: object) -> Any:
        try:
            return question(*args)
        except Exception as exc:
            self.broken = self.broken or self.dialect.fault_of(exc) == "away"
            raise_typed(self.dialect, exc)

    def _commit(self) -> None:
        """COMMIT; whatever goes wrong from here on, the outcome is unknown."""
        try:
            self._watch("commit")
            self._cursor.execute("COMMIT")
            self._watch("committed")
        except Exception as exc:
            self.broken = True
            raise CommitUnknown from exc

    def _roll_back(self) -> None:
        """Leave nothing open; a connection that cannot even do that is broken."""
        try:
            self._connection.rollback()
        except Exception:
            self.broken = True

    def _leave(self) -> None:
        """
        Close the cursor here and now.

        Python 3.11's sqlite3 shares prepared statements between cursors, and one
        that the garbage collector finds later resets a statement in use.
        """
        with suppress(Exception):
            self._cursor.close()
