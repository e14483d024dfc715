"""
Time and the database, as given to whoever needs them.

Way of a message: journal -> [edges] -> the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

Row = tuple[Any, ...]


class DelayedCall(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None: ...

    def active(self) -> bool: ...


class Clock(Protocol):
    """The only source of time; Twisted's reactor and its `task.Clock` are both one."""

    def seconds(self) -> float: ...

    def callLater(
        self, delay: float, callable: Callable[..., object], *args: object
    ) -> DelayedCall: ...


class Dialect(Protocol):
    """How the database at hand words what the databases word differently."""

    @property
    def for_update(self) -> str:
        """Ends a SELECT that locks its rows; empty where a writer is alone anyway."""

    @property
    def greatest(self) -> str:
        """The function that gives the greatest of its arguments."""

    @property
    def least(self) -> str:
        """The function that gives the least of its arguments."""

    def part(self, select: str) -> str:
        """A SELECT with an order and a limit of its own, as one part of a UNION ALL."""

    def or_keep(self, column: str) -> str:
        """Ends an INSERT that leaves a row alone whose key is there; `column` is any one of it."""

    def or_set(self, keys: str, *columns: str) -> str:
        """Ends an INSERT that gives a row whose `keys` are there the new `columns`."""

    def or_raise(self, keys: str, *columns: str) -> str:
        """`or_set`, but a column that is greater already stays."""


class Cursor(Protocol):
    """
    What an interaction may do: SQL with `%s` marks, whatever the database.

    A literal percent sign has no place in that SQL: patterns are arguments.
    Every method may raise the faults of `store.faults`; only `Duplicate` is
    to be caught, the others end the transaction.
    """

    @property
    def dialect(self) -> Dialect: ...

    @property
    def rowcount(self) -> int:
        """How many rows the last statement found, whether or not it changed them."""

    @property
    def lastrowid(self) -> int: ...

    def execute(self, sql: str, args: Sequence[object] = ()) -> None: ...

    def insert_rows(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """One multi-row insert; `sql` ends in `VALUES (%s, …)` for one row."""

    def one(self, sql: str, args: Sequence[object] = ()) -> Row | None: ...

    def all(self, sql: str, args: Sequence[object] = ()) -> list[Row]: ...


class Database(Protocol):
    """Runs interactions, each in one transaction, off the reactor's thread."""

    async def read(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `interaction` on one snapshot; repeated when the connection was lost."""

    async def write(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """
        Run `interaction` and COMMIT before returning.

        Repeated after a fault only while it is sure that nothing was committed.
        """

    async def transact(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """
        Run `interaction` and COMMIT, once, for who has rules of repeating of its own.

        Raises the faults of `store.faults`, each with its cause: `Again`, `Away`,
        `CommitUnknown`, `ItemFault`. All of them are `Unavailable`.
        """

    async def rest(self, seconds: float = 0) -> None:
        """
        Let others come with their questions first: until the end of this turn, or so long.

        Where a transaction costs no trip there is nothing to be saved, and no rest.
        """
