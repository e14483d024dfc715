"""
A storm: people talk, faults come at random from a seed, and the oracle compares.

What a seed repeats is which faults come and how many answers are waited for in
between; when exactly each of them hits is up to the machine.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.faults.cast import Cast
from tests.faults.databases import Database, database
from tests.faults.ledger import Broken
from tests.faults.server import UNLIMITED, Server, until
from tests.faults.tab import chromium

# How often each fault comes, of 100; what the database has no process for is a kill of the server.
_WEIGHTS = {
    "kill the server": 44,
    "kill the server while it starts": 6,
    "kill the server while it ends": 5,
    "end the server": 5,
    "kill the database": 12,
    "cut all": 5,
    "cut one": 8,
    "tear one": 10,
    "deafen one": 5,
}
_KILLS = {name: 1 for name in _WEIGHTS if name.startswith("kill")}
_KILLS["kill the server while it starts"] = 2
# Answers between two faults, at most; and seconds after the last of them.
_ANSWERS, _MOMENT = 60, 0.01
_TYPED_EVERY = 5


@dataclass
class Report:
    """What happened in a storm."""

    seed: int
    kind: str
    faults: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    in_flight: list[int] = field(default_factory=list)  # when each fault hit
    messages: int = 0
    acknowledged: int = 0
    altered: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    connections: int = 0
    tab_sockets: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        faults = ", ".join(f"{name} {number}" for name, number in sorted(self.faults.items()))
        busy = sum(number > 0 for number in self.in_flight)
        return (
            f"{self.kind}, seed {self.seed}: {self.kills} kills in {self.seconds:.0f} s ({faults});"
            f" sends were in flight at {busy} of {len(self.in_flight)} faults,"
            f" {max(self.in_flight)} at most;"
            f" {self.acknowledged} acknowledged, {self.messages} stored,"
            f" {self.altered} edits, recalls and reactions, refused {self.refusals},"
            f" {self.connections} connections, the tab opened {self.tab_sockets}"
        )


class Storm:
    """One run against one server."""

    def __init__(
        self, kind: str, kills: int, seed: int, environment: Mapping[str, str] | None = None
    ) -> None:
        """Blow until there were so many `kills`; `environment` is the server's."""
        self.report = Report(seed, kind)
        self._wanted = kills
        self._environment = environment
        self._chance = random.Random(seed)
        self._weights = dict(_WEIGHTS)
        if kind == "sqlite":
            self._weights["kill the server"] += self._weights.pop("kill the database")

    async def blow(self) -> Report:
        """Run it; raises `Broken` when a promise is."""
        began = time.monotonic()
        chromium()  # without the tab that looks on there is no storm
        async with AsyncExitStack() as stack:
            self._database: Database = stack.enter_context(database(self.report.kind))
            options = (*self._database.options, *UNLIMITED, "--direct-messages", "anyone")
            self._server = stack.enter_context(Server(*options, environment=self._environment))
            self._cast = await Cast.gather(stack, self._server, self._chance)
            try:
                await self._rage()
            except ExceptionGroup as group:
                # One thing that is wrong is enough to know; the first is the most telling.
                raise group.exceptions[0] from None
        self.report.seconds = time.monotonic() - began
        return self.report

    async def _rage(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(talker.run()) for talker in self._cast.talkers]
            await self._go_through()
            await self._come_to_rest()
            for task in running:
                task.cancel()

    async def _go_through(self) -> None:
        rounds = 0
        while self.report.kills < self._wanted:
            await self._let_them_talk()
            [fault] = self._chance.choices(list(self._weights), list(self._weights.values()))
            self.report.in_flight.append(self._cast.in_flight)
            await getattr(self, "_" + fault.replace(" ", "_"))()
            self.report.faults[fault] += 1
            self.report.kills += _KILLS.get(fault, 0)
            rounds += 1
            if rounds % _TYPED_EVERY == 0:
                await self._cast.types(rounds)

    async def _let_them_talk(self) -> None:
        """Until a random number of answers came, and then to a moment when sends are on their way."""
        ledger = self._cast.ledger
        enough = ledger.answers + self._chance.randrange(1, _ANSWERS)
        await until(lambda: ledger.answers >= enough, "answers to sends")
        await until(lambda: self._cast.in_flight > 0, "sends in flight", step=0)
        await asyncio.sleep(self._chance.uniform(0, _MOMENT))

    # --- the faults -----------------------------------------------------------------------

    async def _kill_the_server(self) -> None:
        self._server.kill()
        self._check()
        await self._start()

    async def _kill_the_server_while_it_starts(self) -> None:
        self._server.kill()
        began = time.monotonic()
        await self._start()
        took = time.monotonic() - began
        self._server.kill()
        self._server.spawn()
        await asyncio.sleep(self._chance.uniform(0, took))
        self._server.kill()
        self._check()
        await self._start()

    async def _kill_the_server_while_it_ends(self) -> None:
        self._server.terminate()
        await asyncio.sleep(self._chance.uniform(0, _MOMENT))
        await self._kill_the_server()

    async def _end_the_server(self) -> None:
        await asyncio.to_thread(self._server.stop)
        self._check()
        await self._start()

    async def _kill_the_database(self) -> None:
        process = self._database.process
        assert process is not None
        await asyncio.to_thread(process.kill)
        await asyncio.sleep(self._chance.uniform(0, 1))
        await asyncio.to_thread(process.start)

    async def _cut_all(self) -> None:
        self._cast.wire.cut_all()

    async def _cut_one(self) -> None:
        self._cast.wire.cut_one()

    async def _tear_one(self) -> None:
        self._cast.wire.tear_one()

    async def _deafen_one(self) -> None:
        self._cast.wire.deafen_one()
        await self._let_them_talk()
        self._cast.wire.cut_deaf()

    async def _start(self) -> None:
        await asyncio.to_thread(self._server.start)

    # --- the oracle -----------------------------------------------------------------------

    def _check(self) -> None:
        """The server is dead: is all that it acknowledged there?"""
        self._cast.ledger.check_stored(self._database.rows())

    async def _come_to_rest(self) -> None:
        """After the last fault everything said is stored, and everyone has it."""
        self._cast.hush()
        await until(self._cast.is_settled, "everything acknowledged and heard")
        await self._cast.tab_is_settled()
        await until(self._cast.is_settled, "everything acknowledged and heard")
        rows = self._database.rows()
        self._cast.ledger.check_all_stored(rows)
        await self._cast.check(rows)
        self._tell(len(rows))

    def _tell(self, messages: int) -> None:
        report, ledger = self.report, self._cast.ledger
        report.messages, report.acknowledged = messages, len(ledger.acks)
        report.refusals = ledger.refusals
        report.connections = sum(talker.connections for talker in self._cast.talkers)
        report.tab_sockets = self._cast.tab.sockets
        report.altered = self._cast.thoughts.acknowledged
        if not report.acknowledged or not report.altered:
            raise Broken("nothing was acknowledged: this run shows nothing")
