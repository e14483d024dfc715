"""
The network between devices and the server: TCP connections, and what becomes of them.

Bytes arrive in order, some time later, in other pieces than they were sent in.
A line can be cut, can become half-open (everything vanishes, nobody is told),
and can be slow: then what the server writes waits, and its producer is paused.
"""

from __future__ import annotations

import random
from collections import deque
from typing import Any, Protocol

from twisted.internet.error import ConnectionDone, ConnectionLost

from tests.simulation.server_end import ServerEnd
from tests.simulation.timekeeping import World

TICK = 0.05  # seconds between two portions of a slow line


class Caller(Protocol):
    """The device at the other end of a line."""

    def received(self, octets: bytes) -> None: ...

    def hung_up(self) -> None: ...


class Flight:
    """Bytes on their way in one direction: in order, late, in pieces; None is the end."""

    def __init__(self, world: World, chance: random.Random, latency: float, arrive: Any) -> None:
        self.latency = latency
        self._clock = world.clock
        self._chance = chance
        self._arrive = arrive
        self._bits: deque[tuple[float, bytes | None]] = deque()
        self._last = 0.0

    def take(self, octets: bytes | None) -> None:
        """Send these after what is on its way already."""
        delay = self.latency * (0.5 + self._chance.random())
        self._last = max(self._last, self._clock.seconds() + delay)
        if not self._bits:
            self._plan(self._last)
        self._bits.append((self._last, octets))

    def lose(self) -> None:
        """What is on its way does not arrive."""
        self._bits.clear()

    def _plan(self, at: float) -> None:
        self._clock.callLater(max(0.0, at - self._clock.seconds()), self._land)

    def _land(self) -> None:
        if not self._bits:
            return
        now = self._clock.seconds()
        arrived: list[bytes] = []
        ended = False
        while self._bits and self._bits[0][0] <= now:
            octets = self._bits.popleft()[1]
            if octets is None:
                ended = True
            else:
                arrived.append(octets)
        if self._bits:
            self._plan(self._bits[0][0])
        if arrived:
            self._arrive(b"".join(arrived))
        if ended:
            self._arrive(None)


class Line:
    """One connection, as the network sees it."""

    def __init__(self, world: World, name: str, caller: Caller, chance: random.Random) -> None:
        self.name = name
        self.rate: float | None = None  # bytes a second to the device; None: as fast as they come
        self.window = 65_536  # bytes that may wait at the server before it is paused
        self.is_open = True  # for the device
        self.void = False
        self._world = world
        self._caller = caller
        self._chance = chance
        latency = chance.choice((0.002, 0.02, 0.02, 0.1))
        self._up = Flight(world, chance, latency, self._at_server)
        self._down = Flight(world, chance, latency, self._at_device)
        self.server = ServerEnd(self, world.clock)
        self._backlog = bytearray()
        self._draining = False
        self._ending = False  # once the backlog is empty

    # --- the device's side ------------------------------------------------------------

    def send(self, octets: bytes) -> None:
        """From the device to the server, split where the network likes."""
        while octets and self.is_open:
            size = len(octets)
            if size > 1 and self._chance.random() < 0.2:
                size = self._chance.randrange(1, size)
            if not self.void:
                self._up.take(octets[:size])
            octets = octets[size:]

    def hang_up(self) -> None:
        """The device leaves; what it has sent still arrives, unless the line is half-open."""
        if self.is_open:
            self.is_open = False
            self._down.lose()
            if not self.void:
                self._up.take(None)

    def _at_device(self, octets: bytes | None) -> None:
        if not self.is_open:
            return
        if octets is not None:
            self._caller.received(octets)
        else:
            self.is_open = False
            self._caller.hung_up()

    # --- the server's side --------------------------------------------------------------

    def _at_server(self, octets: bytes | None) -> None:
        if octets is None:
            self.server.lose(ConnectionDone())
        else:
            self.server.receive(octets)

    def write(self, octets: bytes) -> None:
        """What the server wants to send; a slow line keeps it waiting."""
        if self.rate is None and not self.void and not self._backlog:
            self._down.take(octets)
            return
        self._backlog += octets
        if len(self._backlog) > self.window:
            self.server.pause()
        self._drain_later()

    def end(self) -> None:
        """The server closes once everything is written."""
        self._ending = True
        self._drain_later()

    def _drain_later(self) -> None:
        if not self._draining and not self.void:
            self._draining = True
            self._world.clock.callLater(0 if self.rate is None else TICK, self._drain)

    def _drain(self) -> None:
        self._draining = False
        if self.void or not self.server.connected:
            return
        portion = len(self._backlog) if self.rate is None else max(1, int(self.rate * TICK))
        if self.rate != 0 and self._backlog:
            self._down.take(bytes(self._backlog[:portion]))
            del self._backlog[:portion]
        if self._backlog:
            self._drain_later()
        elif not self.server.resume() and self._ending:
            self.server.lose(ConnectionDone())
        elif self._ending:
            self._drain_later()

    def server_left(self) -> None:
        """The server's end is closed; the device learns of it after what was sent."""
        self._backlog.clear()
        if not self.void:
            self._down.take(None)

    # --- what the network does ------------------------------------------------------------

    def cut(self) -> None:
        """Both ends learn of it, not at once and not together; what was on its way is lost."""
        self._up.lose()
        self._down.lose()
        self.void = True
        later = self._world.clock.callLater
        later(self._chance.random() * 2, self.server.lose, ConnectionLost())
        later(self._chance.random() * 2, self._at_device, None)

    def vanish(self) -> None:
        """Half-open: nothing arrives any more, and nobody is told."""
        self._up.lose()
        self._down.lose()
        self.void = True

    def heal(self) -> None:
        """A slow line is a fast one again; what vanished stays lost."""
        self.rate = None
        self.window = 65_536
