"""Tests for `imtwisted.server`: how it ends, whatever does not."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.server import ENDED_WITHIN, Server

PROMISED = 15  # seconds, in docs/operating.md


class Sockets:
    """Connections that nobody closes, until they are gone."""

    def __init__(self, said: list[str]) -> None:
        self.open = 1
        self._said = said

    def __len__(self) -> int:
        return self.open

    def stop_reading(self) -> None:
        self._said.append("nothing more is read")

    def end_all(self, *how: object) -> None:
        self._said.append("bye")


class EndingTests(SynchronousTestCase):
    """What the server does when it is told to end."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.said: list[str] = []
        self.sockets = Sockets(self.said)

    def server(self, store: Callable[[], Coroutine[Any, Any, None]]) -> Server:
        """One whose journal is idle when `store` is over, and so with all that waits for it."""
        house: Any = SimpleNamespace(
            sockets=self.sockets,
            journal=SimpleNamespace(idle=store),
            receipts=SimpleNamespace(idle=store),
            indexer=SimpleNamespace(stop=store),
            presence=SimpleNamespace(close=store),
        )
        database: Any = SimpleNamespace(close=lambda: self.said.append("closed"))
        return Server(self.clock, house, database, [], epoch=str, give_up=lambda: None)

    def ends_after(self, server: Server) -> float:
        """How long that takes, on the clock it was given."""
        ended: list[object] = []
        server.stopService().addBoth(ended.append)
        while not ended:
            self.assertLess(self.clock.seconds(), 60)
            self.clock.advance(0.05)
        self.assertEqual(ended, [None])
        return self.clock.seconds()

    def test_in_order(self) -> None:
        """What came in is stored before anyone is told to go; the database is closed last."""

        async def store() -> None:
            self.said.append("stored")

        self.sockets.open = 0
        self.assertLess(self.ends_after(self.server(store)), 1)
        order = ["nothing more is read", *["stored"] * 3, "bye", "stored", "closed"]
        self.assertEqual(self.said, order)

    def test_nothing_holds_it_up(self) -> None:
        """A silent database and clients that stay: every step is taken, within the time promised."""

        async def store() -> None:
            await Deferred()

        self.assertLessEqual(self.ends_after(self.server(store)), ENDED_WITHIN + 0.2)
        self.assertLess(ENDED_WITHIN + 2, PROMISED)
        self.assertEqual(self.said, ["nothing more is read", "bye", "closed"])
