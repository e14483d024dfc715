"""
A client of an XMPP server: as much of a stream as the scenarios need (RFC 6120, 6121).

Messages are told apart by an id at the start of their body, which no server changes.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

from benchmarks.generator import wording
from benchmarks.generator.lines import gather
from benchmarks.generator.spoken import Ear, Sequence, Spoken, WrongDelivery
from benchmarks.generator.talk import Talk
from benchmarks.task import Member, Returning, Task

DOMAIN = "localhost"
CONNECT_WITHIN = 60.0
STORED_WITHIN = 300.0
_END = b"</message>"
_BODY = b"<body>"
_ID = 32  # characters


class Stream(asyncio.Protocol):
    """One connection; what is no message is only looked at while signing in."""

    def __init__(self) -> None:
        self.is_open = False
        self._closing = False
        self._rest = b""
        self._wanted = b""
        self._found: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is one, though not by inheritance.
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True
        self.write = self._transport.write

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if not self._closing:
            self._fail(ConnectionError(f"the server closed a connection: {self._rest[-300:]!r}"))

    def data_received(self, data: bytes) -> None:
        received = self._rest + data if self._rest else data
        *stanzas, self._rest = received.split(_END)
        for stanza in stanzas:
            at = stanza.find(_BODY) + len(_BODY)
            if at >= len(_BODY):
                self._take(stanza[at : at + _ID])
        if self._wanted and self._wanted in received:
            self._wanted = b""
            self._rest = b""
            self._found.set_result(None)

    def _take(self, id: bytes) -> None:
        """A message has come."""

    def _fail(self, reason: Exception) -> None:
        if self._wanted and not self._found.done():
            self._found.set_exception(reason)

    async def ask(self, stanza: bytes, answer: bytes, within: float = CONNECT_WITHIN) -> None:
        """Write `stanza`, and wait until something with `answer` in it comes."""
        self._found = asyncio.get_running_loop().create_future()
        self._wanted = answer
        self.write(stanza)
        async with asyncio.timeout(within):
            await self._found

    def close(self) -> None:
        """End it without a word."""
        self._closing = True
        if self._transport is not None:
            self._transport.abort()


class Voice(Stream):
    """A stream that takes part in a talk."""

    def __init__(self, talk: Talk, ear: Ear, place: str) -> None:
        super().__init__()
        self._talk = talk
        self._ear = ear
        self._place = place
        self._kind = _kind(place)

    def _take(self, id: bytes) -> None:
        try:
            self._talk.heard(self._ear, self._talk.find(id.decode()))
        except WrongDelivery as wrong:
            self._fail(wrong)

    def _fail(self, reason: Exception) -> None:
        super()._fail(reason)
        self._talk.tally.failure(reason)

    def say(self, spoken: Spoken) -> None:
        """What `Talk` calls to have something said."""
        self.write(wording.message(self._place, self._kind, spoken.id))


class Reader(Stream):
    """A stream for whom messages wait."""

    def __init__(self, sequence: Sequence) -> None:
        super().__init__()
        self.done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._sequence = sequence

    def _take(self, id: bytes) -> None:
        try:
            self._sequence.hear(int(id, 16))
        except WrongDelivery as wrong:
            self._fail(wrong)
        if self._sequence.is_complete:
            self.done.set_result(perf_counter())

    def _fail(self, reason: Exception) -> None:
        super()._fail(reason)
        if not self.done.done():
            self.done.set_exception(reason)


class Xmpp:
    """`Dialect` of an XMPP server."""

    confirmed = False

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._host, self._port = where.hostname or "", where.port or 0

    def echoes(self, place: str) -> bool:
        """A room tells everyone, a person only the other one."""
        return _kind(place) == "groupchat"

    async def idle(self, member: Member) -> Stream:
        """Sign in, be present, and stay."""
        stream = await self._open(member, Stream())
        await stream.ask(wording.PRESENCE, b"<presence")
        return stream

    async def join(self, member: Member, talk: Talk, ear: Ear, place: str) -> Voice:
        """Sign in; enter the room, or be ready to write to the person."""
        voice = Voice(talk, ear, place)
        if ear.own >= 0:
            talk.mouths[ear.own] = voice.say
        await self._open(member, voice)
        await voice.ask(wording.PRESENCE, b"<presence")
        if self.echoes(place):
            # A room's subject, though empty, is the last thing that is told to who enters.
            await voice.ask(wording.enter(place, member.name), b"<subject")
        return voice

    async def prepare(self, task: Task, work: Returning) -> None:
        """The last member writes to all the others while they are away."""
        *absent, writer = task.members
        stream = await self._open(writer, Stream())

        async def write(member: Member) -> None:
            for number in range(1, work.waiting + 1):
                stream.write(
                    wording.message(f"{member.name}@{DOMAIN}", "chat", f"{number:0{_ID}x}")
                )

        await gather(write, absent)
        # One stream's stanzas are handled in order: after this one all are stored.
        await stream.ask(wording.PING, b"id='ping'", STORED_WITHIN)
        stream.close()

    async def come_back(
        self, member: Member, places: list[str], first: int, last: int
    ) -> tuple[Stream, float]:
        """Sign in and be present: what waited comes."""
        reader = Reader(Sequence(first, last))
        await self._open(member, reader)
        present = perf_counter()
        reader.write(wording.PRESENCE)
        try:
            return reader, await reader.done - present
        except BaseException:
            reader.close()
            raise

    async def _open(self, member: Member, stream: Stream) -> Stream:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: stream, self._host, self._port)
        await stream.ask(wording.stream(DOMAIN), b"</stream:features>")
        await stream.ask(wording.plain(member.name, member.secret), b"<success")
        await stream.ask(wording.stream(DOMAIN), b"</stream:features>")
        await stream.ask(wording.BIND, b"id='bind'")
        return stream


def _kind(place: str) -> str:
    return "groupchat" if place.partition("@")[2] != DOMAIN else "chat"
