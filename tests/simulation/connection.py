"""
How a device reaches the server: dialling, waiting, coming back by itself.

It follows `connection.js`: a heartbeat of its own, backoff with full jitter,
`bye.retry_after`; and signs in again when its session has ended.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from imtwisted.domain.accounts import Visitor
from imtwisted.model import Person
from tests.client import Frame
from tests.simulation import wire
from tests.simulation.network import Line
from tests.simulation.server import Server
from tests.simulation.timekeeping import World

PATIENCE = 15.0
SETTLED = 10.0  # seconds a good connection lives
AGAIN = 1.0
SIGNED_OUT = (4004, 401)


class Connection:
    """One connection after the other, of one page or script."""

    def __init__(
        self, world: World, server: Server, person: Person, token: str, number: int
    ) -> None:
        self.name = f"{person.username}/{number}"
        self.user = person
        self.line: Line | None = None
        self.live = False
        self.is_on = False
        self.connections = 0
        self._world = world
        self._server = server
        self.token = token
        self._chance: random.Random = world.chance(self.name)
        self._reader = wire.Reader()
        self._greeted = False
        self._tries = 0
        self._live_since = 0.0
        self._bye: Frame | None = None
        self._timer: Any = None

    # --- what a device makes of it ---------------------------------------------------

    def _greet(self) -> None:
        """The socket is open: say hello."""
        raise NotImplementedError

    def _hear(self, frame: Frame) -> None:
        """Take in one frame."""
        raise NotImplementedError

    def _disconnected(self) -> None:
        """What was on its way is lost."""
        raise NotImplementedError

    # --- coming and going ------------------------------------------------------------

    def note(self, what: str, *details: Any) -> None:
        self._world.trace.note(self.name, what, *details)

    def turn_on(self) -> None:
        """Open the page."""
        if not self.is_on:
            self.is_on = True
            self._connect()

    def turn_off(self) -> None:
        """Close the page; what it knows and what is pending stay."""
        self.is_on = False
        self._drop()

    def _connect(self) -> None:
        if not self.is_on or self.line is not None:
            return
        self.connections += 1
        self._reader, self._greeted, self._bye = wire.Reader(), False, None
        name = f"{self.name}#{self.connections}"
        self.line = Line(self._world, name, self, self._world.chance(name))
        self._after(PATIENCE, self._lost, 1006)
        self.note("dials", self.connections)
        if self._server.dial(self.line):
            self.line.send(wire.upgrade(self.token))
        else:
            self._after(0.02, self._lost, 1006)

    def hung_up(self) -> None:
        """The other end closed, or the network did."""
        self.note("hung up")
        self._lost(1006)

    def _lost(self, code: int) -> None:
        if self.live and self._world.seconds() - self._live_since > SETTLED:
            self._tries = 0
        bye = self._bye
        self._drop()
        if code in SIGNED_OUT:
            self._after(self._chance.random() * 3, self._sign_in)
            return
        wait = self._chance.random() * min(30.0, 0.5 * 2**self._tries)
        if bye is not None:
            least, most = bye["retry_after"]
            wait = (least + self._chance.random() * (most - least)) / 1000
        else:
            self._tries += 1
        self.note("waits", round(wait, 3), code)
        self._after(wait, self._connect)

    def _drop(self) -> None:
        line, self.line = self.line, None
        self.live = False
        self._after(0, None)
        self._disconnected()
        if line is not None:
            line.hang_up()

    def _after(self, seconds: float, run: Callable[..., None] | None, *args: Any) -> None:
        """The one timer: what happens next if nothing else does."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = run and self._world.clock.callLater(seconds, run, *args)

    def _sign_in(self) -> None:
        visitor, name = Visitor("10.0.0.1"), self.user.username

        def answered(answer: Any) -> None:
            if hasattr(answer, "token"):
                self.token = answer.token
                self.note("signed in")
                self._connect()
            elif self.is_on:
                self._after(AGAIN, self._sign_in)

        self.ask(lambda house: house.accounts.sign_in(visitor, name, f"{name}-password"), answered)

    def sign_out(self) -> None:
        """End the session of this device's token, from wherever."""
        token = self.token

        async def end(house: Any) -> None:
            session = await house.accounts.session_of(token)
            await house.accounts.sign_out(session.person.id, session.id)

        self.ask(end, lambda answer: self.note("signed out", answer))

    def later(self, seconds: float, run: Callable[..., None], *args: Any) -> None:
        """Call `run` then; it asks itself whether it still makes sense."""
        self._world.clock.callLater(seconds, run, *args)

    def ask(self, work: Callable[[Any], Any], answered: Callable[[Any], None]) -> None:
        """An HTTP request: there and back takes a moment, and may fail on either way."""
        ways = [0.005 + self._chance.random() * 0.05 for _ in range(2)]
        back: list[Any] = []

        def arrive(answer: Any) -> None:
            if not back:
                back.append(answer)
                self._world.clock.callLater(ways[1], answered, answer)

        self._world.clock.callLater(ways[0], self._server.ask, work, arrive)
        self._world.clock.callLater(PATIENCE, lambda: arrive(TimedOut()))

    def received(self, octets: bytes) -> None:
        """Bytes of the server."""
        line = self.line
        for opcode, payload in self._reader.take(octets):
            if self.line is not line:
                return
            if opcode == wire.TEXT:
                self._hear(json.loads(payload))
            elif opcode == wire.PING and line is not None:
                line.send(wire.masked(wire.PONG, payload))
            elif opcode == wire.CLOSE and line is not None:
                line.send(wire.masked(wire.CLOSE, payload[:2]))
                self._lost(int.from_bytes(payload[:2], "big") or 1005)
        if self.line is line and self._reader.status != 101:
            if self._reader.status is not None:
                self.note("refused", self._reader.status)
                self._lost(self._reader.status)
        elif self.line is line and not self._greeted:
            self._greeted = True
            self._greet()


class TimedOut(Exception):
    """No answer came; nobody knows what was done."""

    temporary = True
