"""
A network cable that can be cut: between a page and the server, in a thread of its own.

Chromium's own "offline" cuts no open WebSocket, it only holds the frames. This
aborts both ends, as a network does that goes away, and the page sees 1006.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

_CHUNK = 1 << 16
# How a chat socket begins; other connections only carry pages and the API.
_SOCKET = b"GET /ws"


class Cable:
    """``with Cable(server.port) as cable: cable.url``, then `cut` and `mend`."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._from = 0
        self._whole = True
        self._lines: set[_Line] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cable")

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._accept, "127.0.0.1", 0), self._loop
        ).result()
        self._from = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The server, as the page reaches it through this cable."""
        return f"http://localhost:{self._from}"

    def cut(self) -> None:
        """Abort every connection at both ends, and refuse new ones."""
        self._now(self._cut)

    def mend(self) -> None:
        """Let connections through again."""
        self._now(self._mend)

    def deafen(self) -> None:
        """What the server says on the chat sockets of this moment no longer arrives."""
        self._now(self._deafen)

    def mute(self) -> None:
        """What is said on the chat sockets of this moment no longer reaches the server."""
        self._now(self._mute)

    def _now(self, act: Callable[[], None]) -> None:
        async def run() -> None:
            act()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _cut(self) -> None:
        self._whole = False
        for line in self._lines:
            line.abort()

    def _mend(self) -> None:
        self._whole = True

    def _deafen(self) -> None:
        for line in self._lines:
            line.deaf = True

    def _mute(self) -> None:
        for line in self._lines:
            line.mute = True

    async def _accept(self, here: asyncio.StreamReader, page: asyncio.StreamWriter) -> None:
        if not self._whole:
            page.transport.abort()
            return
        try:
            there, server = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            page.transport.abort()
            return
        line = _Line(page, server)
        self._lines.add(line)
        if not self._whole:
            line.abort()  # cut while the other half was being reached
        try:
            await line.carry(here, there)
        finally:
            self._lines.discard(line)

    async def _end(self) -> None:
        self._cut()
        mine = asyncio.current_task()
        # Python 3.11 leaves a socket open that is being accepted when its server closes.
        while others := asyncio.all_tasks() - {mine}:
            await asyncio.wait(others)
        self._server.close()
        await asyncio.sleep(0)  # what was aborted last lets go of its socket in the next turn


class _Line:
    """One connection and its other half."""

    def __init__(self, page: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._page, self._server = page, server
        self._is_socket = False
        self.deaf = self.mute = False

    def abort(self) -> None:
        """Tear it down at both ends."""
        self._page.transport.abort()
        self._server.transport.abort()

    async def carry(self, page: asyncio.StreamReader, server: asyncio.StreamReader) -> None:
        """Pass bytes both ways until an end goes away and both are closed."""
        await asyncio.gather(
            self._pump(page, self._server, lambda: self.mute),
            self._pump(server, self._page, lambda: self.deaf),
        )
        for writer in (self._page, self._server):
            with suppress(OSError):  # told by now to whoever read or wrote
                await writer.wait_closed()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        swallows: Callable[[], bool],
    ) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                self._is_socket |= chunk.startswith(_SOCKET)
                if not (self._is_socket and swallows()):
                    writer.write(chunk)
                    await writer.drain()
        except OSError:
            pass  # the other end went away while we were writing
        if self._is_socket:
            self.abort()
        else:
            writer.close()
