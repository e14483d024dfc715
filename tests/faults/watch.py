"""How much memory a server takes while something is done to it."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from tests.faults.server import Server

MIB = 1 << 20
_EVERY = 0.05


class Watch:
    """``async with Watch(server) as watch: …``, then `watch.growth`, in bytes."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.before = server.memory()
        self.most = self.before

    @property
    def growth(self) -> int:
        """The most memory it held in the meantime, above what it held at first."""
        return self.most - self.before

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._task.cancel()
        if error is None:
            self._measure()

    async def _look(self) -> None:
        while True:
            self._measure()
            await asyncio.sleep(_EVERY)

    def _measure(self) -> None:
        self.most = max(self.most, self._server.memory())
