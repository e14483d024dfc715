"""
One connection of HTTP: how long it may take to ask, and how many an address may hold.

Way of a message: browser -> [channel] -> site -> pages or api -> domain.

Twisted's own timer is for silence: each byte starts it anew, so whoever sends one now and
then would hold a connection for ever. Here a request has a deadline, from its first byte on.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from imtwisted.http.farewell import PoliteChannel
from imtwisted.http.origins import Origins
from imtwisted.limits import network

REQUEST_WITHIN = 30.0  # seconds from the first byte of a request to its last
# An upload may take longer, as long as it brings so many bytes in so many seconds.
UPLOAD_BYTES = 8 * 1024
UPLOAD_WINDOW = 60.0
ARRIVES = 5.0  # seconds in which a new connection may shake hands and begin to ask

_NOTHING = b"Connection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\n" + _NOTHING
_TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n" + _NOTHING


class ChatChannel(PoliteChannel):
    """A connection until it becomes a socket, or ends."""

    site: Any
    transport: Any
    _alarm: IDelayedCall | None = None
    _came = 0.0
    _is_refused = False
    _is_leaving = False

    def connectionMade(self) -> None:
        """Come in, unless the address holds too many already."""
        super().connectionMade()
        self._came = self.site.reactor.seconds()
        if not self.site.crowd.enter(self):
            self._refuse()

    def _refuse(self) -> None:
        self._is_refused = True
        if self.isSecure():
            # An answer would wait for a handshake that may never come.
            self.transport.abortConnection()
        else:
            self.transport.write(_TOO_MANY)
            self.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Nobody waits for the rest any more."""
        self._calm()
        self.site.crowd.leave(self)
        super().connectionLost(reason)

    def has_become_socket(self) -> None:
        """Another protocol has the transport now, and limits of its own."""
        self.site.crowd.leave(self)

    # --- the deadline of a request

    def dataReceived(self, data: bytes) -> None:
        """Read on; the first byte of a request starts its time."""
        if self._is_refused or self._is_over:
            return
        if self._alarm is None and not (self._handlingRequest or self.paused) and data:
            self._alarm = self.callLater(REQUEST_WITHIN, self._judge)
        super().dataReceived(data)

    def allContentReceived(self) -> None:
        """The request is whole; how long its answer takes is our own business."""
        self._calm()
        super().allContentReceived()

    def _judge(self) -> None:
        self._alarm = None
        if self.requests and self.requests[-1].may_take_longer():
            self._alarm = self.callLater(UPLOAD_WINDOW, self._judge)
        else:
            self.transport.write(_TOO_SLOW)
            self.hang_up()

    def _calm(self) -> None:
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.cancel()

    def turn_away(self, answer: bytes) -> None:
        """What cannot be read has no deadline."""
        self._calm()
        super().turn_away(answer)

    # --- room for others

    @property
    def is_idle(self) -> bool:
        """
        Whether nothing is asked here: a browser that loses it takes another.

        Not one that has just come: when everybody comes back at once, those behind
        would put out those before them, and nobody would get in.
        """
        if self._is_leaving or self._handlingRequest or self._alarm:
            return False
        return bool(self.site.reactor.seconds() - self._came >= ARRIVES)

    def hang_up(self) -> None:
        """End it; by force, where the other side does not agree to."""
        self._is_leaving = True
        self.leave_by_force()


class Crowd:
    """
    The connections of each address that are no sockets, so that nobody holds them all.

    One that asks nothing makes room for the next, so that many people behind one address
    are not locked out by the connections that their browsers keep open.
    """

    def __init__(self, origins: Origins, most: int) -> None:
        self._origins = origins
        self._most = most
        self._held: dict[str, dict[ChatChannel, None]] = {}
        self._addresses: dict[ChatChannel, str] = {}

    def enter(self, channel: ChatChannel) -> bool:
        """Whether there is room for `channel`; through a trusted proxy everybody comes."""
        host = getattr(channel.transport.getPeer(), "host", None)
        if host is None or self._origins.trusts(host):
            return True
        address = network(host)
        held = self._held.get(address, {})
        if len(held) >= self._most and not self._makes_room(held):
            return False
        self._held.setdefault(address, held)[channel] = None
        self._addresses[channel] = address
        return True

    def _makes_room(self, held: dict[ChatChannel, None]) -> bool:
        idle = next((channel for channel in held if channel.is_idle), None)
        # Those that were told to go are there until they have gone.
        if idle is None or len(held) >= 2 * self._most:
            return False
        idle.hang_up()
        return True

    def leave(self, channel: ChatChannel) -> None:
        """It is no more, or no longer HTTP; may be called twice, and for one that was refused."""
        address = self._addresses.pop(channel, None)
        if address is None:
            return
        del self._held[address][channel]
        if not self._held[address]:
            del self._held[address]
