"""
When a transaction is tried again: what `read`, `write` and `transact` promise.

Way of a message: journal -> [repeats] -> pool or inline driver -> transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from imtwisted.boundaries import Cursor
from imtwisted.store.dialects import Mode
from imtwisted.store.faults import Again, Away

P = ParamSpec("P")
T = TypeVar("T")

_TRIES = 3


class RepeatingDatabase:
    """`boundaries.Database`, over a driver's single try."""

    async def attempt(self, mode: Mode, interaction: Callable[[Cursor], T]) -> T:
        """Run one transaction, once; given by the driver."""
        raise NotImplementedError

    async def rest(self, seconds: float = 0) -> None:
        """Of a driver without threads: none."""

    async def read(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `interaction` on one snapshot; repeated when the connection was lost."""
        return await self._repeat("read", lambda cursor: interaction(cursor, *args, **kwargs))

    async def write(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `interaction` and COMMIT; repeated while it is sure that nothing was committed."""
        return await self._repeat("write", lambda cursor: interaction(cursor, *args, **kwargs))

    async def transact(
        self, interaction: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `interaction` and COMMIT, once; raises the faults as they are."""
        return await self.attempt("write", lambda cursor: interaction(cursor, *args, **kwargs))

    async def _repeat(self, mode: Mode, interaction: Callable[[Cursor], T]) -> T:
        """
        `Again` and `Away` are repeated: both were rolled back.

        `CommitUnknown` is not: what it stored, if it did, would be stored twice.
        """
        for _ in range(_TRIES - 1):
            try:
                return await self.attempt(mode, interaction)
            except (Again, Away):
                continue
        return await self.attempt(mode, interaction)
