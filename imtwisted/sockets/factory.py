"""
Every chat socket: built for a session, counted, watched, ended together.

Way of a message: browser -> http -> [factory] -> socket -> inbox.
"""

from __future__ import annotations

from collections.abc import Callable

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory
from twisted.web.resource import IResource

from imtwisted.boundaries import Clock, DelayedCall
from imtwisted.inbox import Services
from imtwisted.model import Session, UserId
from imtwisted.outbox import Bounds
from imtwisted.registry import Registry
from imtwisted.settings import Limits
from imtwisted.sockets.socket import ChatSocket, Surroundings
from imtwisted.turns import Turn

CLOSE_WITHIN = 5.0  # seconds, for a client to answer our close


class ChatFactory(WebSocketServerFactory):
    """Builds one `ChatSocket` per upgrade, and holds the registry of who is connected."""

    def __init__(
        self,
        services: Services,
        registry: Registry,
        clock: Clock,
        limits: Limits,
        new_name: Callable[[], str],
    ) -> None:
        super().__init__(reactor=clock)
        self.registry = registry
        self.lags = 0  # since the start, for the operator's eyes
        self._clock = clock
        self._limits = limits
        self._new_name = new_name
        bounds = Bounds(limits.outbox_bytes, limits.outbox_events)
        self._around = Surroundings(services, clock, limits, Turn(clock), bounds, self)
        self._sockets: dict[ChatSocket, None] = {}
        self._by_user: dict[UserId, int] = {}
        self._pulse: DelayedCall | None = None
        self.setProtocolOptions(
            webStatus=False,
            failByDrop=False,
            maxFramePayloadSize=limits.frame_bytes,
            maxMessagePayloadSize=limits.frame_bytes,
            openHandshakeTimeout=10,
            closeHandshakeTimeout=CLOSE_WITHIN,
            autoPingInterval=0,
        )
        self.kind = with_options_of(self, ChatSocket)

    def resource_for(self, session: Session) -> IResource:
        """What an HTTP route returns to make its request a chat socket."""
        return WebSocketResource(_SessionSockets(self, session))

    def __len__(self) -> int:
        return len(self._sockets)

    def __bool__(self) -> bool:
        return True  # also without any socket

    def end_all(self, code: int, why: str, retry_after: tuple[int, int]) -> None:
        """Say `bye` to everyone."""
        for socket in tuple(self._sockets):
            socket._end(code, why, retry_after)

    def stop_reading(self) -> None:
        """Take nothing more; what was taken is still answered."""
        for socket in tuple(self._sockets):
            socket._press("drain", True)

    # --- the sockets' ----------------------------------------------------------------

    def admit(self, socket: ChatSocket) -> bool:
        """Know of `socket`; False when its person has too many."""
        user = socket._session.person.id
        self._sockets[socket] = None
        self._by_user[user] = self._by_user.get(user, 0) + 1
        if socket._outbox is not None:
            self.registry.admit(socket._outbox)
        if self._pulse is None:
            self._pulse = self._clock.callLater(1, self._beat)
        return self._by_user[user] <= self._limits.connections_per_user

    def dismiss(self, socket: ChatSocket) -> None:
        """Forget `socket`; harmless if it was not admitted."""
        if socket not in self._sockets:
            return
        del self._sockets[socket]
        user = socket._session.person.id
        self._by_user[user] -= 1
        if not self._by_user[user]:
            del self._by_user[user]
        if socket._outbox is not None:
            self.registry.leave(socket._outbox)
        if not self._sockets and self._pulse is not None:
            self._pulse.cancel()
            self._pulse = None

    def note_lag(self) -> None:
        """Someone was told what they had missed."""
        self.lags += 1

    def _beat(self) -> None:
        """One timer for all: a timer each would cost more than all of them do."""
        self._pulse = self._clock.callLater(1, self._beat)
        now = self._clock.seconds()
        for socket in tuple(self._sockets):
            socket._check_pulse(now)


def with_options_of(factory: ChatFactory, kind: type[ChatSocket]) -> type[ChatSocket]:
    """
    `kind` with the factory's options once on the class.

    Autobahn would copy all thirty to each connection, and pretty-print them
    for a line of its log that nobody reads.
    """
    options = {name: getattr(factory, name) for name in kind.CONFIG_ATTRS}
    # A function on a class would become a method.
    fixed = {name: staticmethod(it) if callable(it) else it for name, it in options.items()}
    return type(kind.__name__, (kind,), {**fixed, "CONFIG_ATTRS": ()})


class _SessionSockets:
    """What `WebSocketResource` needs of a factory, with the session bound."""

    def __init__(self, factory: ChatFactory, session: Session) -> None:
        self._factory = factory
        self._session = session

    def buildProtocol(self, address: object) -> ChatSocket:
        socket = self._factory.kind(self._session, self._factory._new_name(), self._factory._around)
        socket.factory = self._factory
        return socket
