"""Who was surely not befriended when: noted as people part and ask, compared with who wrote."""

from __future__ import annotations

import sqlite3

from tests.simulation.broken import Broken
from tests.simulation.timekeeping import World

UNDER_WAY = 20.0  # seconds in which a request may still be done, however late
FAR = 2**62

Pair = tuple[int, int]


class Bonds:
    """The spans in which a pair may not write to each other."""

    def __init__(self, world: World, ids: dict[str, int]) -> None:
        self._world = world
        self._ids = ids
        self._asked: dict[Pair, float] = {}
        self._since: dict[Pair, float] = {}
        self._spans: list[tuple[Pair, float, float]] = []

    def id_of(self, name: str) -> int:
        """The id of somebody of that name."""
        return self._ids[name]

    def _pair(self, one: str, other: str) -> Pair:
        low, high = sorted((self._ids[one], self._ids[other]))
        return low, high

    def asks(self, one: str, other: str) -> None:
        """From now on they may be friends again, whatever becomes of the request."""
        pair, now = self._pair(one, other), self._world.clock.seconds()
        self._asked[pair] = now
        since = self._since.pop(pair, None)
        if since is not None:
            self._spans.append((pair, since, now))

    def parted(self, one: str, other: str) -> None:
        """It was answered that they are no friends any more."""
        pair, now = self._pair(one, other), self._world.clock.seconds()
        if now - self._asked.get(pair, 0.0) > UNDER_WAY:
            self._since.setdefault(pair, now)

    def check(self, connection: sqlite3.Connection) -> None:
        """Nobody's message was taken while they were apart."""
        open_spans = [(pair, since, FAR) for pair, since in self._since.items()]
        for pair, since, until in [*self._spans, *open_spans]:
            for seq, sender, at in connection.execute(
                "SELECT seq, sender_id, at FROM messages JOIN conversations"
                "    ON id = conversation_id AND direct_key = ?",
                (f"{pair[0]}:{pair[1]}",),
            ):
                if since * 1000 + 1 < at < until * 1000:
                    raise Broken(f"{sender} wrote {seq} of {pair}, who parted at {since}")
