"""
The network between clients and the server, which can be cut at any byte.

A TCP proxy on the loop of whoever starts it. It aborts both ends, as a network
does that goes away; it can let through a part of a frame and then abort; and it
can swallow what one side says before, so that answers are lost.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self

_CHUNK = 1 << 16
Side = Literal["up", "down"]


class Wire:
    """``async with Wire(lambda: server.port, chance) as wire``; `wire.port` is what clients use."""

    def __init__(self, target: Callable[[], int], chance: random.Random) -> None:
        self._target = target
        self._chance = chance
        self._lines: dict[_Line, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        self.cut_all()
        await asyncio.gather(*self._tasks)

    @property
    def url(self) -> str:
        """The server's pages, through the wire."""
        return f"http://localhost:{self.port}"

    def cut_all(self) -> None:
        """Abort every connection at both ends."""
        for line in tuple(self._lines):
            line.abort()

    def cut_one(self) -> None:
        """Abort one connection, whichever."""
        if line := self._any():
            line.abort()

    def tear_one(self) -> None:
        """One connection ends in the middle of what is said next, in one direction."""
        if line := self._any():
            line.tear(self._chance.choice(("up", "down")))

    def deafen_one(self) -> None:
        """What is said on one connection, in one direction, is lost until it is cut."""
        if line := self._any():
            line.lose(self._chance.choice(("up", "down")))

    def cut_deaf(self) -> None:
        """Abort the connections that lose what is said."""
        for line in tuple(self._lines):
            if line.is_deaf:
                line.abort()

    def _any(self) -> _Line | None:
        return self._chance.choice(list(self._lines)) if self._lines else None

    async def _accept(self, here: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._connect(here, client)
        finally:
            self._tasks.discard(task)

    async def _connect(self, here: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            there, server = await asyncio.open_connection("127.0.0.1", self._target())
        except OSError:
            client.transport.abort()
            return
        line = _Line(client, server, self._chance)
        self._lines[line] = None
        try:
            await line.carry(here, there)
        finally:
            del self._lines[line]


class _Line:
    """One connection and its other half."""

    def __init__(
        self, client: asyncio.StreamWriter, server: asyncio.StreamWriter, chance: random.Random
    ) -> None:
        self._client, self._server, self._chance = client, server, chance
        self._torn: Side | None = None
        self._lost: Side | None = None

    @property
    def is_deaf(self) -> bool:
        """Whether something is swallowed."""
        return self._lost is not None

    def abort(self) -> None:
        """Tear it down at both ends."""
        self._client.transport.abort()
        self._server.transport.abort()

    def tear(self, side: Side) -> None:
        """Let a part of the next chunk through, then abort."""
        self._torn = side

    def lose(self, side: Side) -> None:
        """Swallow what is said in one direction from now on."""
        self._lost = side

    async def carry(self, client: asyncio.StreamReader, server: asyncio.StreamReader) -> None:
        """Pass bytes both ways until an end goes away."""
        await asyncio.gather(
            self._pump("up", client, self._server), self._pump("down", server, self._client)
        )

    async def _pump(
        self, side: Side, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                if self._lost == side:
                    continue
                if self._torn == side:
                    writer.write(chunk[: self._chance.randrange(len(chunk))])
                    break
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass  # the other end went away while we were writing
        # An end that closes in order closes the other one too; nothing lives half open.
        self.abort()
