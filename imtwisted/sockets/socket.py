"""
The chat socket: WebSocket frames in, the inbox asked, the outbox written.

Way of a message: browser -> [socket] -> inbox -> domain -> journal ... outbox -> [socket] -> browser.
Autobahn owns the plain names on its classes (`log`, `state`, `data`, `peer`,
...), so every attribute of ours is underscored.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from autobahn.twisted.websocket import WebSocketServerProtocol
from autobahn.websocket.types import ConnectionRequest
from twisted.internet.interfaces import IPushProducer, ITCPTransport
from twisted.logger import Logger
from zope.interface import implementer

from imtwisted import frames
from imtwisted.boundaries import Clock
from imtwisted.inbox import Inbox, Services
from imtwisted.model import ConversationId, Session
from imtwisted.outbox import Bounds, Outbox
from imtwisted.quick_read import whole_texts
from imtwisted.quick_write import QuickWriter
from imtwisted.settings import Limits
from imtwisted.turns import Turn

SILENT = 4002
PROTOCOL_ERROR = 4007
TOO_MANY = 4010

HEARTBEAT = 25.0  # seconds without a frame, then the server pings
SILENCE = 2.2 * HEARTBEAT  # seconds, then nobody is there
HELLO_WITHIN = 10.0
COME_BACK = (1_000, 5_000)  # ms, after a close that is not the client's fault


class Doorman(Protocol):
    """Who keeps the list of open sockets."""

    def admit(self, socket: ChatSocket) -> bool:
        """Know of `socket`; False when its person has too many."""

    def dismiss(self, socket: ChatSocket) -> None:
        """Forget `socket`; harmless if it was not admitted."""

    def note_lag(self) -> None:
        """Someone was told what they had missed."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every socket of a server shares."""

    services: Services
    clock: Clock
    limits: Limits
    turn: Turn
    bounds: Bounds
    doorman: Doorman


@implementer(IPushProducer)
class ChatSocket(WebSocketServerProtocol):
    """One connection of one signed-in person."""

    _log = Logger()
    transport: ITCPTransport

    def __init__(self, session: Session, name: str, around: Surroundings) -> None:
        super().__init__()
        self._session = session
        self._around = around
        self._name = name
        self._reasons: frozenset[str] = frozenset()  # why nothing is read
        self._untaken: list[bytes | str] = []  # of one read, while there is a reason
        self._is_reading_on = False
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
        around = self._around
        # twisted.web's HTTPChannel is still registered with the transport after
        # the upgrade; until it steps aside we would never be paused.
        self.unregisterProducer()
        self.registerProducer(self, True)
        with suppress(OSError):  # a Unix socket has no Nagle to switch off
            self.transport.setTcpNoDelay(True)
        self._opened_at = self._heard_at = around.clock.seconds()
        self._outbox = Outbox(
            self._session.person.id,
            self._session.id,
            self._name,
            _Wire(self),
            around.turn,
            around.clock,
            around.bounds,
        )
        self._inbox = Inbox(
            self._session.person,
            self._outbox,
            around.services,
            _Asker(self),
            around.clock,
            around.limits.unanswered_requests,
        )
        self._forget_handshake()
        if not around.doorman.admit(self):
            self._end(TOO_MANY, "too many connections")

    def dataReceived(self, data: bytes) -> None:
        """Take what is plain the quick way, and leave the rest to Autobahn."""
        if self._inbox is not None and self._may_read_quickly():
            texts, at = whole_texts(data, self._around.limits.frame_bytes)
            for text in texts:
                self._hear()
                self._take(text)
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
        if self.state != self.STATE_OPEN:
            return  # Autobahn reads on behind a violation, where the packet happens to
        if not isBinary:
            self._take(payload)
        elif not self._ending:
            self._end(PROTOCOL_ERROR, "frames are text")

    def onPing(self, payload: bytes) -> None:
        self._hear()
        if self._outbox is not None:
            # Not Autobahn's: its pongs would pass every bound.
            self._outbox.reply(frames.pong(payload))

    def onPong(self, payload: bytes) -> None:
        self._hear()

    def sendCloseFrame(
        self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False
    ) -> None:
        """Nothing may follow a close frame, Autobahn's own ones included."""
        if self._outbox is not None:
            self._outbox.flush()
        super().sendCloseFrame(code, reasonUtf8, isReply)
        if self._outbox is not None:
            self._outbox.drop()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        # Also called for handshakes that never opened.
        if self._outbox is not None and self._inbox is not None:
            # What came whole before a polite end is taken, as if it had been read in time.
            for text in self._untaken if wasClean else ():
                self._inbox.take(text)
            self._untaken.clear()
            self._around.doorman.dismiss(self)
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

    def _forget_handshake(self) -> None:
        """What the handshake left behind is as large as the rest of an idle socket."""
        self.http_headers = {}
        self.http_request_data = b""
        self.http_response_data = ""

    def _hear(self) -> None:
        self._heard_at = self._around.clock.seconds()
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

    def _take(self, text: bytes | str) -> None:
        """Ask the inbox, or keep for later what one read brought beyond its limit."""
        if self._ending or self._inbox is None:
            return
        if self._reasons or self._untaken:
            self._untaken.append(text)
        else:
            self._inbox.take(text)

    def _press(self, reason: str, pressed: bool) -> None:
        """Read nothing while there is a reason not to."""
        before = bool(self._reasons)
        self._reasons = self._reasons | {reason} if pressed else self._reasons - {reason}
        if bool(self._reasons) == before or self.state != self.STATE_OPEN:
            return
        if not pressed:
            self._read_on()
        elif not self._untaken:
            IPushProducer(self.transport).pauseProducing()

    def _read_on(self) -> None:
        """Take what was read before, and only then read more."""
        if self._is_reading_on:
            return  # an answer came at once; the loop below goes on
        self._is_reading_on = True
        while self._untaken and not self._reasons and self._inbox is not None:
            self._inbox.take(self._untaken.pop(0))
        self._is_reading_on = False
        if not self._reasons and not self._untaken:
            IPushProducer(self.transport).resumeProducing()

    def _end(self, code: int, why: str, retry_after: tuple[int, int] = COME_BACK) -> None:
        """Say `bye`, then close with `code`; what waits in the outbox goes first."""
        if self._ending or self._outbox is None:
            return
        self._ending = True
        self._untaken.clear()
        bye = frames.Bye(code=code, retry_after=retry_after, why=why)
        self._outbox.reply(frames.encode(bye))
        if self.state == self.STATE_OPEN:
            # The answer to our close frame has to be read.
            IPushProducer(self.transport).resumeProducing()
            self.sendClose(code, why)


class _Wire:
    """What an outbox sees of its socket."""

    def __init__(self, socket: ChatSocket) -> None:
        self._socket = socket
        writer = QuickWriter(socket.transport)
        self.write, self.backlog = writer.write, writer.backlog

    def press(self, pressed: bool) -> None:
        self._socket._press("outbox", pressed)

    def lag(self, revs: dict[ConversationId, int], version: int) -> bytes:
        self._socket._around.doorman.note_lag()
        return frames.encode(frames.LagOut(conversations=list(revs.items()), version=version))

    def end(self, code: int, why: str) -> None:
        self._socket._end(code, why)


class _Asker:
    """What an inbox sees of its socket."""

    def __init__(self, socket: ChatSocket) -> None:
        self._socket = socket

    def press(self, pressed: bool) -> None:
        self._socket._press("inbox", pressed)
