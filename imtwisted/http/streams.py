"""
Answers of any size, sent as fast as the browser takes them and no faster.

Way of a message: beside it; a download waits here for room in its connection.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IPushProducer
from twisted.logger import Logger
from twisted.web.server import Request
from zope.interface import implementer

PART = 64 * 1024  # bytes that are written at once, at least

_log = Logger()


class Download:
    """A file that is still being written."""

    def __init__(self, parts: AsyncGenerator[bytes, None], name: str) -> None:
        """`name` is what a browser calls the file: letters, digits, `-` and `.`."""
        self.parts = parts
        self.name = name


async def send(request: Request, download: Download) -> None:
    """
    Answer with `download`; raises only before the first byte was sent.

    What fails later cannot be answered any more: the connection is cut, so that
    nobody takes half a file for a whole one.
    """
    async with aclosing(_gathered(download.parts)) as parts:
        # Not `anext` with a default: Python 3.11's breaks at an awaited tuple.
        first = await anext(parts)
        request.setHeader(b"Content-Type", b"application/json; charset=utf-8")
        request.setHeader(
            b"Content-Disposition", f'attachment; filename="{download.name}"'.encode()
        )
        if request.method == b"HEAD":
            return  # it would be given: nothing more is asked, nor read
        tap = Tap()
        request.registerProducer(tap, True)
        try:
            request.write(first)
            async for part in parts:
                await tap.open()
                request.write(part)
        except CancelledError:
            raise  # the browser has left, and taken the connection along
        except Exception:
            _log.failure("A download was cut")
            request.channel.forceAbortClient()
        request.unregisterProducer()


async def _gathered(parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Small parts joined; one at least."""
    waiting: list[bytes] = []
    async with aclosing(parts) as each:
        async for part in each:
            waiting.append(part)
            if sum(map(len, waiting)) >= PART:
                yield b"".join(waiting)
                waiting.clear()
    yield b"".join(waiting)


@implementer(IPushProducer)
class Tap:
    """What a connection that is full closes."""

    def __init__(self) -> None:
        self._closed: Deferred[None] | None = None

    async def open(self) -> None:
        """Wait until there is room; forever where nobody reads any more, until cancelled."""
        if self._closed is not None:
            await self._closed

    def pauseProducing(self) -> None:
        """There is no room."""
        if self._closed is None:
            self._closed = Deferred()

    def resumeProducing(self) -> None:
        """There is room again."""
        closed, self._closed = self._closed, None
        if closed is not None:
            closed.callback(None)

    def stopProducing(self) -> None:
        """The browser has left: Klein cancels the handler, which ends the waiting."""
