"""
The chat socket: WebSocket frames in, the inbox asked, the outbox written.

Way of a message: browser -> [sockets] -> inbox -> domain -> journal ... outbox -> [sockets] -> browser.
The only importer of Autobahn. It owns the plain names on its classes (`log`,
`state`, `data`, `peer`, ...), so every attribute of ours is underscored.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.types import ConnectionRequest
from twisted.internet.interfaces import IPushProducer, ITCPTransport
from twisted.logger import Logger
from twisted.web.resource import IResource
from zope.interface import implementer

from imtwisted import frames
from imtwisted.boundaries import Clock, DelayedCall
from imtwisted.inbox import Inbox, Services
from imtwisted.model import ConversationId, Session, UserId
from imtwisted.outbox import Bounds, Outbox
from imtwisted.quick_read import whole_texts
from imtwisted.quick_write import QuickWriter
from imtwisted.registry import Registry
from imtwisted.settings import Limits
from imtwisted.turns import Turn

SILENT = 4002
PROTOCOL_ERROR = 4007
TOO_MANY = 4010

HEARTBEAT = 25.0  # seconds without a frame, then the server pings
SILENCE = 2.2 * HEARTBEAT  # seconds, then nobody is there
HELLO_WITHIN = 10.0
CLOSE_WITHIN = 5.0
COME_BACK = (1_000, 5_000)  # ms, after a close that is not the client's fault


@implementer(IPushProducer)
class ChatSocket(WebSocketServerProtocol):
    """One connection of one signed-in person."""

    _log = Logger()
    factory: ChatFactory
    transport: ITCPTransport

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        self._session = session
        self._name = name
        self._reasons: set[str] = set()  # why nothing is read
        self._heard_at = 0.0
        self._pinged = False
        self._opened_at = 0.0
        self._ending = False
        self._outbox: Outbox | None = None
        self._inbox: Inbox | None = None

    # --- as Autobahn sees us ------------------------------------------------------

    def onConnect(self, request: ConnectionRequest) -> str | None:
        # The route has refused who speaks something else; a browser wants it named.
        return frames.SUBPROTOCOL if frames.SUBPROTOCOL in request.protocols else None

    def onOpen(self) -> None:
        house = self.factory
        # twisted.web's HTTPChannel is still registered with the transport after
        # the upgrade; until it steps aside we would never be paused.
        self.unregisterProducer()
        self.registerProducer(self, True)
        with suppress(OSError):  # a Unix socket has no Nagle to switch off
            self.transport.setTcpNoDelay(True)
        self._opened_at = self._heard_at = house._clock.seconds()
        self._outbox = Outbox(
            self._session.person.id,
            self._session.id,
            self._name,
            _Wire(self),
            house._turn,
            house._clock,
            house._bounds,
        )
        self._inbox = Inbox(
            self._session.person,
            self._outbox,
            house._services,
            _Asker(self),
            house._clock,
            house._limits.unanswered_requests,
        )
        if not house._admit(self):
            self._end(TOO_MANY, "too many connections")

    def dataReceived(self, data: bytes) -> None:
        """Take what is plain the quick way, and leave the rest to Autobahn."""
        if self._inbox is not None and self._may_read_quickly():
            texts, at = whole_texts(data, self.factory._limits.frame_bytes)
            for text in texts:
                self._hear()
                if not self._ending:
                    self._inbox.take(text)
            if at == len(data):
                return
            data = data[at:]
        super().dataReceived(data)

    def _may_read_quickly(self) -> bool:
        """Whether Autobahn's parser is between two messages, with nothing in hand."""
        return bool(
            self.state == self.STATE_OPEN
            and not self.data
            and self.current_frame is None
            and not self.inside_message
        )

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self._hear()
        if self._ending or self._inbox is None:
            return
        if isBinary:
            self._end(PROTOCOL_ERROR, "frames are text")
        else:
            self._inbox.take(payload)

    def onPing(self, payload: bytes) -> None:
        self._hear()
        super().onPing(payload)

    def onPong(self, payload: bytes) -> None:
        self._hear()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        # Also called for handshakes that never opened.
        if self._outbox is not None:
            self.factory._dismiss(self)
            self._outbox.drop()

    # --- as the transport sees us (IPushProducer) ------------------------------------

    def pauseProducing(self) -> None:
        if self._outbox is not None:
            self._outbox.pause()

    def resumeProducing(self) -> None:
        if self._outbox is not None:
            self._outbox.resume()

    def stopProducing(self) -> None:
        """The transport is gone; `onClose` follows."""

    # --- ours ----------------------------------------------------------------------

    def _hear(self) -> None:
        self._heard_at = self.factory._clock.seconds()
        self._pinged = False

    def _check_pulse(self, now: float) -> None:
        """Ping after one heartbeat of silence, end after 2.2, or when no hello comes."""
        if self._ending or self._inbox is None:
            return
        silence = now - self._heard_at
        if silence >= SILENCE:
            self._end(SILENT, "silent")
        elif silence >= HEARTBEAT and not self._pinged:
            self._pinged = True
            self.sendPing()
        elif not self._inbox.greeted and now - self._opened_at >= HELLO_WITHIN:
            self._end(SILENT, "no hello")

    def _press(self, reason: str, pressed: bool) -> None:
        """Read nothing while there is a reason not to."""
        before = bool(self._reasons)
        (self._reasons.add if pressed else self._reasons.discard)(reason)
        if bool(self._reasons) == before or self.state != self.STATE_OPEN:
            return
        transport = IPushProducer(self.transport)
        if pressed:
            transport.pauseProducing()
        else:
            transport.resumeProducing()

    def _end(self, code: int, why: str, retry_after: tuple[int, int] = COME_BACK) -> None:
        """Say `bye`, then close with `code`; what waits in the outbox goes first."""
        if self._ending or self._outbox is None:
            return
        self._ending = True
        bye = frames.Bye(code=code, retry_after=retry_after, why=why)
        self._outbox.reply(frames.encode(bye))
        self._outbox.flush()
        if self.state == self.STATE_OPEN:
            # The answer to our close frame has to be read.
            IPushProducer(self.transport).resumeProducing()
            self.sendClose(code, why)
        # Nothing may follow a close frame.
        self._outbox.drop()


class _Wire:
    """What an outbox sees of its socket."""

    def __init__(self, socket: ChatSocket) -> None:
        self._socket = socket
        writer = QuickWriter(socket.transport)
        self.write, self.backlog = writer.write, writer.backlog

    def press(self, pressed: bool) -> None:
        self._socket._press("outbox", pressed)

    def lag(self, revs: dict[ConversationId, int], version: int) -> bytes:
        self._socket.factory.lags += 1
        return frames.encode(frames.LagOut(conversations=list(revs.items()), version=version))

    def end(self, code: int, why: str) -> None:
        self._socket._end(code, why)


class _Asker:
    """What an inbox sees of its socket."""

    def __init__(self, socket: ChatSocket) -> None:
        self._socket = socket

    def press(self, pressed: bool) -> None:
        self._socket._press("inbox", pressed)


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
        self.kind = ChatSocket
        self.lags = 0  # since the start, for the operator's eyes
        self._services = services
        self._clock = clock
        self._limits = limits
        self._new_name = new_name
        self._turn = Turn(clock)
        self._bounds = Bounds(limits.outbox_bytes, limits.outbox_events)
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

    def _admit(self, socket: ChatSocket) -> bool:
        """Know of `socket`; False when its person has too many."""
        user = socket._session.person.id
        self._sockets[socket] = None
        self._by_user[user] = self._by_user.get(user, 0) + 1
        if socket._outbox is not None:
            self.registry.admit(socket._outbox)
        if self._pulse is None:
            self._pulse = self._clock.callLater(1, self._beat)
        return self._by_user[user] <= self._limits.connections_per_user

    def _dismiss(self, socket: ChatSocket) -> None:
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

    def _beat(self) -> None:
        """One timer for all: a timer each would cost more than all of them do."""
        self._pulse = self._clock.callLater(1, self._beat)
        now = self._clock.seconds()
        for socket in tuple(self._sockets):
            socket._check_pulse(now)


class _SessionSockets:
    """What `WebSocketResource` needs of a factory, with the session bound."""

    def __init__(self, factory: ChatFactory, session: Session) -> None:
        self._factory = factory
        self._session = session

    def buildProtocol(self, address: object) -> ChatSocket:
        socket = self._factory.kind(self._session, self._factory._new_name())
        socket.factory = self._factory
        return socket
