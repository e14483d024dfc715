"""
Questions that are asked together are answered together, in one transaction.

Beside the way of a message: who signs in asks little, but thousands do so at
once after a restart. A trip to the database costs more than what it brings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from imtwisted.boundaries import Cursor, Database
from imtwisted.refusals import Busy, Unavailable
from imtwisted.store.faults import ItemFault

K = TypeVar("K")
V = TypeVar("V")

WAITING = 20_000  # as many as may be connected


class Together(Generic[K, V]):
    """
    One question about any number of keys; `question` answers them in their order.

    When nobody asks it is asked at the end of the reactor's turn. Whoever comes
    while it is being asked waits for the next transaction, `rest` seconds later
    unless that is full, together with all who came meanwhile: an answer is never
    older than its question.
    """

    def __init__(
        self,
        database: Database,
        question: Callable[[Cursor, Sequence[K]], Sequence[V]],
        *,
        at_once: int,
        waiting: int = WAITING,
        rest: float = 0,
    ) -> None:
        self._database = database
        self._question = question
        self._at_once = at_once
        self._room = waiting
        self._rest = rest
        self._waiting: deque[tuple[K, Deferred[V]]] = deque()
        self._is_asking = False

    async def ask(self, key: K) -> V:
        """The answer for `key`; raises `Busy` when too many wait, and what the database raises."""
        if len(self._waiting) >= self._room:
            raise Busy
        answer: Deferred[V] = Deferred()
        self._waiting.append((key, answer))
        if not self._is_asking:
            self._is_asking = True
            Deferred.fromCoroutine(self._ask_all())
        return await answer

    async def _ask_all(self) -> None:
        rest = 0.0
        while self._waiting:
            if len(self._waiting) < self._at_once:
                await self._database.rest(rest)
            rest = self._rest
            some = [self._waiting.popleft() for _ in range(min(self._at_once, len(self._waiting)))]
            await self._answer(some)
        self._is_asking = False

    async def _answer(self, some: Sequence[tuple[K, Deferred[V]]]) -> None:
        try:
            values = await self._database.read(self._question, [key for key, _ in some])
        except Exception as exc:
            if len(some) > 1 and _is_somebodys_own(exc):
                for one in some:
                    await self._answer([one])
                return
            for _, answer in some:
                answer.errback(Failure(exc))
        else:
            for (_, answer), value in zip(some, values, strict=True):
                answer.callback(value)


def _is_somebodys_own(exc: Exception) -> bool:
    """Whether one key may be to blame, and the others not."""
    return isinstance(exc, ItemFault) or not isinstance(exc, (Busy, Unavailable))
