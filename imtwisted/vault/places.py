"""
Who is next, where few can be served at once: everybody in turn, not everything in turn.

Beside the way of a message: vault.pictures asks here before it starts a process.
"""

from __future__ import annotations

from collections import deque

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IReactorTime

from imtwisted.model import UserId
from imtwisted.refusals import Busy


class Places:
    """
    So many places, at most one of them a person's.

    Whoever brings much waits for themselves: who comes next waits for at most one thing of
    each other person, however many they brought.
    """

    def __init__(self, reactor: IReactorTime, most: int, patience: float) -> None:
        """`patience`: seconds that somebody waits."""
        self._reactor = reactor
        self._most = most
        self._patience = patience
        self._taken: set[UserId] = set()
        # In the order in which they are served; who was served goes to the end.
        self._waiting: dict[UserId, deque[Deferred[None]]] = {}

    async def take(self, person: UserId) -> None:
        """Come to a place of one's own, to be given back; raises `Busy` when none gets free."""
        if person not in self._taken and len(self._taken) < self._most:
            self._taken.add(person)
            return
        waiting: Deferred[None] = Deferred(lambda gone: self._leave(person, gone))
        self._waiting.setdefault(person, deque()).append(waiting)
        try:
            await waiting.addTimeout(self._patience, self._reactor)
        except TimeoutError:
            raise Busy from None

    def give_back(self, person: UserId) -> None:
        """The place is free for who is next."""
        self._taken.remove(person)
        if person in self._waiting:
            self._waiting[person] = self._waiting.pop(person)
        for other in list(self._waiting):
            if len(self._taken) < self._most and other not in self._taken:
                self._serve(other)

    def _serve(self, person: UserId) -> None:
        self._taken.add(person)
        waiting = self._waiting[person].popleft()
        self._forget(person)
        waiting.callback(None)

    def _leave(self, person: UserId, waiting: Deferred[None]) -> None:
        self._waiting[person].remove(waiting)
        self._forget(person)

    def _forget(self, person: UserId) -> None:
        if not self._waiting[person]:
            del self._waiting[person]
