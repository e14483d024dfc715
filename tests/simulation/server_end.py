"""The server's end of a line: a transport as Twisted's protocols see it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionAborted
from twisted.internet.interfaces import IPushProducer, ITCPTransport
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from zope.interface import implementer


class Wire(Protocol):
    """The line that ends here."""

    def write(self, octets: bytes) -> None: ...

    def end(self) -> None: ...

    def server_left(self) -> None: ...


@implementer(ITCPTransport, IPushProducer)
class ServerEnd:
    """The transport of one connection, as Twisted's protocols see it."""

    def __init__(self, line: Wire, clock: Clock) -> None:
        self.connected = False
        self.disconnecting = False
        self.protocol: Any = None
        self.producer: Any = None
        self.before_write: Callable[[], None] = lambda: None
        self._line = line
        self._clock = clock
        self._paused = False  # the producer
        self._reading = True
        self._unread: deque[bytes] = deque()

    def connect(self, protocol: Any) -> None:
        """Somebody accepted the connection."""
        self.connected = True
        self.protocol = protocol
        protocol.makeConnection(self)

    # --- from the network -----------------------------------------------------------------

    def receive(self, octets: bytes) -> None:
        """Pass on what arrived, or keep it until somebody reads."""
        if self.connected and (self._unread or not self._reading):
            self._unread.append(octets)
        elif self.connected:
            self.protocol.dataReceived(octets)

    def lose(self, reason: Exception) -> None:
        """The connection is no more."""
        if not self.connected:
            return
        self.connected = False
        self._unread.clear()
        producer, self.producer = self.producer, None
        if producer is not None:
            producer.stopProducing()
        self._line.server_left()
        self.protocol.connectionLost(Failure(reason))

    def die(self) -> None:
        """The process at this end is gone, without a word to anyone in it."""
        if self.connected:
            self.connected = False
            self._line.server_left()

    def pause(self) -> None:
        if self.producer is not None and not self._paused:
            self._paused = True
            self.producer.pauseProducing()

    def resume(self) -> bool:
        """Let the producer go on; False when it was not waiting."""
        if self.producer is None or not self._paused:
            return False
        self._paused = False
        self.producer.resumeProducing()
        return True

    # --- ITCPTransport, IConsumer, IPushProducer ----------------------------------------------

    def write(self, data: bytes) -> None:
        self.before_write()
        if self.connected and data:
            self._line.write(data)

    def writeSequence(self, data: Any) -> None:
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        if self.connected and not self.disconnecting:
            self.disconnecting = True
            self._reading = False
            self._line.end()

    def abortConnection(self) -> None:
        if self.connected:
            self.disconnecting = True
            self._clock.callLater(0, self.lose, ConnectionAborted())

    def loseWriteConnection(self) -> None:
        self.loseConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        if self.producer is not None:
            raise RuntimeError("a producer is registered already")
        self.producer = producer
        self._paused = False
        if not self.connected:
            producer.stopProducing()

    def unregisterProducer(self) -> None:
        self.producer = None
        self._paused = False

    def pauseProducing(self) -> None:
        self._reading = False

    def resumeProducing(self) -> None:
        if self.connected and not self.disconnecting:
            self._reading = True
            self._clock.callLater(0, self._catch_up)

    def stopProducing(self) -> None:
        self.loseConnection()

    def _catch_up(self) -> None:
        while self._unread and self._reading and self.connected:
            self.protocol.dataReceived(self._unread.popleft())

    def getPeer(self) -> IPv4Address:
        return IPv4Address("TCP", "10.0.0.1", 40_000)

    def getHost(self) -> IPv4Address:
        return IPv4Address("TCP", "10.0.0.2", 80)

    def getTcpNoDelay(self) -> bool:
        return True

    def setTcpNoDelay(self, enabled: bool) -> None:
        """There is nothing to delay."""

    def getTcpKeepAlive(self) -> bool:
        return False

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """There is nothing to keep alive."""
