"""
Ten times what a server can carry, and what becomes of it.

First what it can carry is measured: many connections with a few unanswered
sends each. Then the same connections offer ten times as much, whatever is
answered, while polite people say one thing after another.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles

from tests.faults.databases import Database
from tests.faults.flooder import Flooder, flooder
from tests.faults.ledger import Broken
from tests.faults.probe import Heard, Probe
from tests.faults.probing import Probing
from tests.faults.server import Server, until
from tests.faults.watch import MIB, Watch
from tests.person import Person

_PEOPLE, _DEVICES, _POLITE = 20, 5, 5
# At this many unanswered ones a connection is not read any further.
_WINDOWS = {"carried": 4, "all windows full": 32}
_SECONDS = 4.0
_TICK = 0.05
_TIMES = 10


@dataclass
class Figures:
    """What was measured; seconds, and messages a second."""

    kind: str
    rates: dict[str, float] = field(default_factory=dict)
    waits: dict[str, list[float]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    offered: int = 0
    accepted: int = 0
    untaken: int = 0
    before: int = 0
    growth: int = 0
    recovered: float = 0.0

    def __str__(self) -> str:
        rates = ", ".join(f"{name}: {rate:.0f}/s" for name, rate in self.rates.items())
        waits = ", ".join(f"{name}: {_told(waits)}" for name, waits in self.waits.items())
        return (
            f"{self.kind}: {rates}; {self.offered} offered in {_SECONDS:.0f} s, {self.accepted}"
            f" accepted, refused {dict(self.codes)}, {self.untaken / MIB:.0f} MiB not taken by TCP;"
            f" ack p50 / p99: {waits}; {self.growth / MIB:.0f} MiB above {self.before / MIB:.0f};"
            f" a new client's send acknowledged {self.recovered:.2f} s after it"
        )


def _told(waits: list[float]) -> str:
    if len(waits) < 2:
        return f"{len(waits)} accepted"
    cuts = quantiles(waits, n=100, method="inclusive")
    return f"{cuts[49] * 1000:.0f} / {cuts[98] * 1000:.0f} ms of {len(waits)}"


class Overload:
    """One server, many connections."""

    def __init__(self, server: Server, kept: Database, kind: str) -> None:
        self.figures = Figures(kind)
        self._server, self._kept = server, kept
        self._flood: list[Flooder] = []
        self._polite: list[tuple[str, int, int]] = []
        self._heard: list[Heard] = []

    async def run(self) -> Figures:
        """Measure, flood, recover, compare; raises `Broken` when an ack was not kept."""
        await self._gather()
        for name, window in _WINDOWS.items():
            await self._carry(name, window)
        async with Watch(self._server) as watch:
            await self._drown()
        self.figures.before, self.figures.growth = watch.before, watch.growth
        self._compare()
        return self.figures

    async def _gather(self) -> None:
        port = self._server.port
        for number in range(_PEOPLE + _POLITE):
            person = Person(self._server, f"person{number}").registers()
            group = {"title": person.username, "members": []}
            made = person.asks("POST", "/conversations", group)["conversation"]["conversation"]
            if number >= _PEOPLE:
                self._polite.append((str(person.token), made, 1000 + number))
                continue
            for device in range(_DEVICES):
                name = number * _DEVICES + device
                self._flood.append(await flooder(port, person, made, name))
        self._newcomer = Probe(port, *self._polite.pop())

    async def _carry(self, name: str, window: int) -> None:
        """What is acknowledged a second when each connection keeps a window."""
        before = self._acknowledged
        for client in self._flood:
            client.waits.clear()
            client.keep(window)
        began = time.monotonic()
        await asyncio.sleep(_SECONDS)
        took = time.monotonic() - began
        self.figures.rates[name] = (self._acknowledged - before) / took
        self.figures.waits[name] = [wait for client in self._flood for wait in client.waits]
        for client in self._flood:
            client.keep(0)
        await until(lambda: not any(c.unanswered for c in self._flood), "all is answered")

    async def _drown(self) -> None:
        """Offer ten times that, evenly, and listen to the polite ones."""
        rate = _TIMES * self.figures.rates["carried"] / len(self._flood)
        asked, accepted, codes = self._offered, self._acknowledged, self._codes
        async with Probing(self._server.port, self._polite) as probing:
            began = time.monotonic()
            while (passed := time.monotonic() - began) < _SECONDS:
                for client in self._flood:
                    client.offer_up_to(int(passed * rate))
                await asyncio.sleep(_TICK)
            figures = self.figures
            figures.untaken = sum(client.untaken for client in self._flood)
            figures.offered = self._offered - asked
            figures.accepted = self._acknowledged - accepted
            figures.codes = self._codes - codes
            for client in self._flood:
                client.abort()
            await self._recover()
        self._heard = probing.heard
        figures.waits["polite ones meanwhile"] = [
            wait for heard in self._heard for when, wait in heard.waits if when > began
        ]
        totals = [total for heard in self._heard for total in heard.totals]
        figures.waits["theirs with all tries"] = totals
        for heard in self._heard:
            figures.codes.update({f"polite {code}": n for code, n in heard.codes.items()})

    async def _recover(self) -> None:
        """The flood has gone away; someone new comes."""
        began = time.monotonic()
        async with self._newcomer.connect() as socket:
            await self._newcomer.greet(socket)
            await self._newcomer.say(socket)
        self.figures.recovered = time.monotonic() - began

    def _compare(self) -> None:
        stored = {row.client_id: row for row in self._kept.rows()}
        for client in self._flood:
            client.check(stored)
        for heard in (*self._heard, self._newcomer.heard):
            for client_id, seq in heard.acks.items():
                if client_id not in stored or stored[client_id].seq != seq:
                    raise Broken(f"P1: {client_id} was acknowledged as {seq} and is not there")

    @property
    def _acknowledged(self) -> int:
        return sum(len(client.acks) for client in self._flood)

    @property
    def _offered(self) -> int:
        return sum(client.offered for client in self._flood)

    @property
    def _codes(self) -> Counter[str]:
        return sum((client.codes for client in self._flood), Counter())
