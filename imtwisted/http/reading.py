"""
How long an answer waits for who asked for it.

Way of a message: api or pages -> site -> [reading] -> browser, if the browser reads at all.

Twisted waits for ever while an answer is on its way, and after `Connection: close`. Whoever
asks for something large and never reads would keep a connection, and what it holds. Here
somebody who reads slowly is waited for, somebody who does not read is let go; and who has
not read an answer is not heard with another request, so that answers do not pile up.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel

from imtwisted.patience import Patience
from imtwisted.quick_write import QuickWriter


class ReadChannel(HTTPChannel):
    """A connection whose answers are read, or that ends."""

    site: Any
    transport: Any
    _patience: Patience | None = None

    def pauseProducing(self) -> None:
        """What is between us and the reader is full."""
        super().pauseProducing()
        self._wait()

    def resumeProducing(self) -> None:
        """All of it was taken."""
        self._wait_no_more()
        super().resumeProducing()
        if self.paused:
            self.paused = False
            self.dataReceived(b"")  # what had come meanwhile

    def requestDone(self, request: Any) -> None:
        """Go on to the next request, when there is room for its answer."""
        self.paused = self._waitingForTransport
        super().requestDone(request)
        if self.paused and self.persistent:
            self._networkProducer.pauseProducing()

    def rawDataReceived(self, data: bytes) -> None:
        """
        A part of a body, or what is asked before the last answer has gone.

        Of that little is kept: Twisted reads on, without end, where the answer waits for its reader.
        """
        super().rawDataReceived(data)
        if (
            self._handlingRequest
            and sum(map(len, self._dataBuffer)) > self._optimisticEagerReadSize
        ):
            self._networkProducer.pauseProducing()

    def timeoutConnection(self) -> None:
        """Silence is no reason to go while an answer is being read."""
        if self._waitingForTransport:
            self.setTimeout(self.timeOut)
        else:
            self.leave_by_force()

    def leave_by_force(self) -> None:
        """Go, and soon also where the other side does not agree to."""
        super().timeoutConnection()

    def loseConnection(self) -> None:
        """Go, once everything was taken; nobody tells us of that but the connection's end."""
        super().loseConnection()
        self._wait()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Nobody reads any more."""
        self._wait_no_more()
        super().connectionLost(reason)

    def _wait(self) -> None:
        if self._patience is None:
            backlog = QuickWriter(self.transport).backlog
            self._patience = Patience(self.site.reactor, backlog, self._give_up)
        self._patience.begin()

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.end()

    def _give_up(self) -> None:
        if self.transport is not None:  # a socket may have it by now
            self.transport.abortConnection()
