"""
What is answered to a request that cannot be read, so that it also arrives.

Way of a message: browser -> [farewell] -> channel -> site.

Twisted's own answer is 400 or nothing, and it hangs up at once: whoever is still
sending then gets a reset, which takes with it the answer that they had not read yet.
Here the rest is thrown away for a moment (RFC 9112, 9.6), so that they read why.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from imtwisted.http.reading import ReadChannel

LINGER = 2.0  # seconds for the one who asks to read why, and to go by themselves


def _answer(status: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status


_BAD = _answer(b"400 Bad Request")
_LONG_LINE = _answer(b"414 URI Too Long")
_LONG_HEAD = _answer(b"431 Request Header Fields Too Large")


class PoliteChannel(ReadChannel):
    """A connection that says why before it ends."""

    transport: Any
    _is_over = False
    _leave_taking: IDelayedCall | None = None

    def turn_away(self, answer: bytes) -> None:
        """`answer` is the last that is said here, and nothing more is listened to."""
        if self._is_over:
            return
        self._is_over = True
        self.transport.write(answer)
        self._leave_taking = self.callLater(LINGER, self._leave)

    def _leave(self) -> None:
        self._leave_taking = None
        self.leave_by_force()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """They went by themselves."""
        if self._leave_taking is not None:
            self._leave_taking.cancel()
            self._leave_taking = None
        super().connectionLost(reason)

    # --- what is no longer listened to

    def dataReceived(self, data: bytes) -> None:
        """Read on, or throw it away."""
        if not self._is_over:
            super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:
        """A line of a request's head."""
        if not self._is_over:
            super().lineReceived(line)

    def rawDataReceived(self, data: bytes) -> None:
        """A part of a request's body."""
        if not self._is_over:
            super().rawDataReceived(data)

    # --- what Twisted finds wrong

    def lineLengthExceeded(self, line: bytes) -> None:
        """One line of the head has no end; the first one names what is asked for."""
        self.turn_away(_LONG_HEAD if self.requests else _LONG_LINE)

    def _respondToBadRequestAndDisconnect(self) -> None:
        is_long = (
            self._receivedHeaderSize > self.totalHeadersSize
            or self._receivedHeaderCount > self.maxHeaders
        )
        self.turn_away(_LONG_HEAD if is_long else _BAD)
