"""
A client of imtwisted: the socket of `imchat.v1`, over picows.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

from msgspec import Struct
from msgspec.json import Decoder
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.generator import wording
from benchmarks.generator.listening import Listening
from benchmarks.generator.spoken import Ear, Sequence, Spoken, WrongDelivery
from benchmarks.generator.talk import Talk
from benchmarks.task import Member, Returning, Task

CONNECT_WITHIN = 60.0
# A frame of a delta page may have 256 KiB and more; most never see one.
_READ_BUFFER = 4096
_UNASKED = frozenset({"update", "cursor", "presence", "typing"})


class Head(Struct):
    """A conversation of the list in `ready`."""

    conversation: int
    last_seq: int


class Item(Struct):
    """A message of a page."""

    seq: int


class Event(Struct):
    """Any frame of the server, as far as it matters here."""

    type: str
    conversation: int = 0
    seq: int = 0
    client_id: str = ""
    conversations: list[Head] = []
    items: list[Item] = []
    code: int | str = ""
    why: str = ""
    message: str = ""


_decode = Decoder(Event).decode


class Socket(WSListener):  # type: ignore[misc]  # of an environment of its own: untyped here
    """One connection; says hello by itself and is `ready` when the server says so."""

    def __init__(self, cursors: list[tuple[int, int]]) -> None:
        self.ready: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._cursors = cursors
        self._transport: WSTransport | None = None
        self._closing = False
        self.is_open = False
        self.opened_at = 0.0

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self.is_open = True
        # uvloop writes what one turn of its loop brought with one call; picows
        # would make a call for each frame.
        self._beneath = transport.underlying_transport
        self._write = self._beneath.write
        self.opened_at = perf_counter()
        transport.send(WSMsgType.TEXT, wording.hello(0, self._cursors))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        try:
            self._take(_decode(frame.get_payload_as_bytes()))
        except WrongDelivery as wrong:
            self._fail(wrong)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.is_open = False
        if not self._closing:
            self._fail(ConnectionError("the server closed a connection"))

    def _take(self, event: Event) -> None:
        if event.type == "ready" and not self.ready.done():
            self.ready.set_result(event)
        elif event.type not in _UNASKED:
            said = f"{event.type} {event.code} {event.why}{event.message}"
            raise WrongDelivery(f"the server said {said.strip()}")

    def _fail(self, reason: Exception) -> None:
        if not self.ready.done():
            self.ready.set_exception(reason)

    def close(self) -> None:
        """End it without a word."""
        self._closing = True
        if self._transport is not None:
            self._transport.disconnect(graceful=False)


class Voice(Socket):
    """A connection that takes part in a talk; its failures are the run's."""

    def __init__(self, talk: Talk, ear: Ear, place: str) -> None:
        super().__init__([])
        self._talk = talk
        self._hears = talk.hears
        self._ear = ear
        self._place = place

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        # Bytes that someone has received before are compared, not read again.
        payload = frame.get_payload_as_bytes()
        if not self._hears(self._ear, payload) and frame.msg_type is WSMsgType.TEXT:
            self._hear(payload)

    def _read(self, payload: bytes) -> None:
        event = _decode(payload)
        if event.type == "message":
            self._talk.hears_first(self._ear, payload, event.client_id, event.seq)
        elif event.type == "ack":
            self._talk.confirmed(event.client_id)
        else:
            self._take(event)

    def only_listen(self) -> None:
        """Leave picows, which has parsed the `ready`: a read is compared as a whole."""
        listening = Listening(self._talk, self._ear, self._hear, self._write, self._left)
        self._beneath.set_protocol(listening)

    def _hear(self, payload: bytes) -> None:
        try:
            self._read(payload)
        except WrongDelivery as wrong:
            self._fail(wrong)

    def _left(self) -> None:
        self.on_ws_disconnected(self._transport)

    def _take(self, event: Event) -> None:
        super()._take(event)
        for head in event.conversations:
            if str(head.conversation) == self._place:
                self._talk.first.place = head.last_seq

    def _fail(self, reason: Exception) -> None:
        super()._fail(reason)
        self._talk.tally.failure(reason)

    def say(self, spoken: Spoken) -> None:
        """What `Talk` calls to have something said."""
        frame = wording.send(spoken.number + 1, spoken.id, self._place)
        self._write(wording.text_frame(frame))


class Reader(Socket):
    """A connection that catches up; `done` when it has heard all it missed."""

    def __init__(self, missing: dict[int, Sequence]) -> None:
        super().__init__([(place, each.next - 1) for place, each in missing.items()])
        self.done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._missing = missing

    def _take(self, event: Event) -> None:
        if event.type != "delta":
            super()._take(event)
            return
        sequence = self._missing[event.conversation]
        for item in event.items:
            sequence.hear(item.seq)
        if sequence.is_complete:
            del self._missing[event.conversation]
        if not self._missing:
            self.done.set_result(perf_counter())

    def _fail(self, reason: Exception) -> None:
        super()._fail(reason)
        if not self.done.done() and self.ready.done() and not self.ready.exception():
            self.done.set_exception(reason)


class Imchat:
    """`Dialect` of imtwisted."""

    confirmed = True

    def __init__(self, url: str) -> None:
        self._url = url

    def echoes(self, place: str) -> bool:
        """Every connection of a member hears everything."""
        return True

    async def idle(self, member: Member) -> Socket:
        """Sign in by token and stay."""
        return await self.open(member, Socket([]))

    async def join(self, member: Member, talk: Talk, ear: Ear, place: str) -> Socket:
        """Sign in and take part in the conversation `place`."""
        voice = Voice(talk, ear, place)
        if ear.own >= 0:
            talk.mouths[ear.own] = voice.say
        await self.open(member, voice)
        if ear.own < 0:
            voice.only_listen()
        return voice

    async def prepare(self, task: Task, work: Returning) -> None:
        """The journal has put it all there."""

    async def come_back(
        self, member: Member, places: list[str], first: int, last: int
    ) -> tuple[Socket, float]:
        """Say hello with a cursor before `first` in each place."""
        reader = Reader({int(place): Sequence(first, last) for place in places})
        try:
            await self.open(member, reader)
            return reader, await reader.done - reader.opened_at
        except BaseException:
            reader.close()
            raise

    async def open(self, member: Member, socket: Socket) -> Socket:
        """Connect, sign in and wait until the server is `ready`."""
        await ws_connect(
            lambda: socket,
            self._url,
            extra_headers={"Authorization": f"Bearer {member.secret}"},
            websocket_handshake_timeout=CONNECT_WITHIN,
            read_buffer_init_size=_READ_BUFFER,
            use_aiofastnet=False,
        )
        await socket.ready
        return socket
