"""
A client of a relay: what is said in a room goes to the others in it, as it is.
"""

from __future__ import annotations

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.generator import wording
from benchmarks.generator.spoken import Ear, Spoken, WrongDelivery
from benchmarks.generator.talk import Talk
from benchmarks.task import Member, Returning, Task

CONNECT_WITHIN = 60.0
_READ_BUFFER = 4096


class Socket(WSListener):  # type: ignore[misc]  # of an environment of its own: untyped here
    """One connection."""

    def __init__(self) -> None:
        self._transport: WSTransport | None = None
        self._closing = False
        self.is_open = False

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self.is_open = True
        # uvloop writes what one turn of its loop brought with one call; picows
        # would make a call for each frame.
        self._write = transport.underlying_transport.write

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.is_open = False

    def close(self) -> None:
        """End it without a word."""
        self._closing = True
        if self._transport is not None:
            self._transport.disconnect(graceful=False)


class Voice(Socket):
    """A connection that takes part in a talk."""

    def __init__(self, talk: Talk, ear: Ear) -> None:
        super().__init__()
        self._talk = talk
        self._known = talk.known
        self._heard = talk.heard
        self._ear = ear

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        try:
            payload = frame.get_payload_as_bytes()
            spoken = self._known.get(payload)
            if spoken is None:
                if frame.msg_type is not WSMsgType.TEXT:
                    return
                raise WrongDelivery(f"nobody on the way said {payload!r}")
            self._heard(self._ear, spoken)
        except WrongDelivery as wrong:
            self._talk.tally.failure(wrong)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        super().on_ws_disconnected(transport)
        if not self._closing:
            self._talk.tally.failure(ConnectionError("the server closed a connection"))

    def say(self, spoken: Spoken) -> None:
        """What `Talk` calls to have something said."""
        spoken.payload = wording.send(spoken.number + 1, spoken.id, "0")
        self._talk.known[spoken.payload] = spoken
        self._write(wording.text_frame(spoken.payload))


class Relay:
    """`Dialect` of the three relays; they let everyone in and keep nothing."""

    confirmed = False

    def __init__(self, url: str) -> None:
        self._url = url

    def echoes(self, place: str) -> bool:
        """Only the others hear it."""
        return False

    async def idle(self, member: Member) -> Socket:
        """Connect, to a room of one's own, and stay."""
        return await self._open(Socket(), member.name)

    async def join(self, member: Member, talk: Talk, ear: Ear, place: str) -> Socket:
        """Connect to the room `place`."""
        voice = Voice(talk, ear)
        if ear.own >= 0:
            talk.mouths[ear.own] = voice.say
        return await self._open(voice, place)

    async def prepare(self, task: Task, work: Returning) -> None:
        """Nothing waits at a relay."""

    async def come_back(
        self, member: Member, places: list[str], first: int, last: int
    ) -> tuple[Socket, float]:
        """Nothing waits at a relay."""
        raise NotImplementedError

    async def _open(self, socket: Socket, room: str) -> Socket:
        await ws_connect(
            lambda: socket,
            f"{self._url}/{room}",
            websocket_handshake_timeout=CONNECT_WITHIN,
            read_buffer_init_size=_READ_BUFFER,
            use_aiofastnet=False,
        )
        return socket
