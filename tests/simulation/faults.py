"""Everything that goes wrong: lines, the server's process, the database."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from imtwisted.store.faults import Again, Away, Duplicate
from tests.simulation.devices import Device
from tests.simulation.server import Server
from tests.simulation.timekeeping import World

# Each run has some of these, so that some runs are calm enough for the others to matter.
FAMILIES = ("cuts", "voids", "stalls", "crashes", "drains", "failures", "doubts", "slowness")


class Mischief:
    """Plans a run's faults from its seed, and does them."""

    def __init__(self, world: World, server: Server, devices: list[Device], seconds: float) -> None:
        self.done: dict[str, int] = {}
        self._world = world
        self._server = server
        self._devices = devices
        self._seconds = seconds
        self._chance: random.Random = world.chance("mischief")
        self.families = [name for name in FAMILIES if self._chance.random() < 0.45]
        self._kinds: list[tuple[str, Callable[[], Exception]]] = []
        self._odds = 0.0
        self._bomb: tuple[str, int, float, bool] | None = None
        server.fault = self._ask
        server.before_write = self._writes
        self._calm_latency = server.latency = self._latency(0.0005, 0.004)
        for family in self.families:
            for _ in range(self._chance.randint(1, 3)):
                world.clock.callLater(self._moment(), self._strike, family)

    def _moment(self) -> float:
        return 1 + self._chance.random() * (self._seconds - 1)

    def _latency(self, least: float, most: float) -> Callable[[], float]:
        """Seconds between `least` and `most`; one in ten takes much longer, up to a second."""
        chance = self._world.chance(f"latency {least}")

        def latency() -> float:
            seconds = least + chance.random() * (most - least)
            return seconds if chance.random() < 0.9 else min(1.0, seconds * 20)

        return latency

    def _note(self, what: str, *details: Any) -> None:
        self.done[what] = self.done.get(what, 0) + 1
        self._world.trace.note("fault", what, *details)

    def stop(self) -> None:
        """Nothing goes wrong any more; what is broken has to be found out."""
        self._seconds = 0
        self._bomb, self._odds = None, 0.0
        self._server.latency = self._calm_latency
        for device in self._devices:
            if device.line is not None:
                device.line.heal()

    def _strike(self, family: str) -> None:
        if self._seconds:
            getattr(self, f"_{family}")()

    # --- lines ------------------------------------------------------------------------------

    def _someones(self) -> Device:
        return self._chance.choice(self._devices)

    def _cuts(self) -> None:
        device = self._someones()
        self._note("cut", device.name)
        if device.line is not None:
            device.line.cut()

    def _voids(self) -> None:
        device = self._someones()
        self._note("void", device.name)
        if device.line is not None:
            device.line.vanish()

    def _stalls(self) -> None:
        device, line = self._someones(), None
        line = device.line
        rate = self._chance.choice((0, 0, 200, 2_000))
        self._note("slow", device.name, rate)
        if line is not None:
            line.rate, line.window = rate, self._chance.choice((0, 500, 4_000, 65_536))
            self._world.clock.callLater(2 + self._chance.random() * 10, line.heal)

    # --- the process --------------------------------------------------------------------------

    def _crashes(self) -> None:
        """Now, or at the next stage of some kind."""
        stage = self._chance.choice(("now", "write", "write", "statement", "commit", "committed"))
        count = self._chance.randint(1, 6)
        downtime, silently = 0.1 + self._chance.random() * 3, self._chance.random() < 0.2
        self._note("bomb", stage, count)
        if stage == "now":
            self._server.crash(downtime, silently)
        else:
            self._bomb = (stage, count, downtime, silently)

    def _drains(self) -> None:
        self._note("drain")
        self._server.drain(0.1 + self._chance.random() * 2)

    def _writes(self) -> None:
        self._tick("write")

    def _tick(self, stage: str) -> None:
        if self._bomb is None or self._bomb[0] != stage:
            return
        _, count, downtime, silently = self._bomb
        if count > 1:
            self._bomb = (stage, count - 1, downtime, silently)
            return
        self._bomb = None
        self._note("crash at", stage)
        self._server.crash(downtime, silently)

    # --- the database ---------------------------------------------------------------------------

    def _ask(self, stage: str) -> None:
        self._tick(stage)
        for at, fault in self._kinds if self._odds else ():
            if at == stage and self._chance.random() < self._odds:
                exception = fault()
                self._note("database", stage, type(exception).__name__)
                raise exception

    def _episode(self, kinds: list[tuple[str, Callable[[], Exception]]], odds: float) -> None:
        self._kinds, self._odds = kinds, odds
        self._world.clock.callLater(0.5 + self._chance.random() * 5, self._over, kinds)

    def _over(self, kinds: list[tuple[str, Callable[[], Exception]]]) -> None:
        if self._kinds is kinds:
            self._odds = 0.0

    def _failures(self) -> None:
        kinds = self._chance.choice(
            (
                [("begin", Away)],
                [("begin", Again), ("statement", Again)],
                [("statement", Away)],
                [("statement", Duplicate)],
            )
        )
        self._note("failures", kinds[0][0])
        self._episode(list(kinds), self._chance.choice((0.05, 0.2, 1.0)))

    def _doubts(self) -> None:
        """The answer to COMMIT is lost; sometimes it was done, sometimes not."""
        self._note("doubts")
        kinds: list[tuple[str, Callable[[], Exception]]] = [
            ("commit", ConnectionError),
            ("committed", ConnectionError),
        ]
        self._chance.shuffle(kinds)
        self._episode(kinds[: self._chance.randint(1, 2)], self._chance.choice((0.2, 0.5, 1.0)))

    def _slowness(self) -> None:
        self._note("slow database")
        self._server.latency = self._latency(0.01, self._chance.choice((0.1, 1.0)))
        self._world.clock.callLater(1 + self._chance.random() * 6, self._faster)
        self._cuts()

    def _faster(self) -> None:
        self._server.latency = self._calm_latency
