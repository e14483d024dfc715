"""One run: people talk while everything goes wrong; then it must come right by itself."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as changed
from typing import Any

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent, globalLogPublisher
from zope.interface import provider

from imtwisted.settings import Limits
from tests.simulation.bonds import Bonds
from tests.simulation.bounds import Bounds
from tests.simulation.broken import Broken
from tests.simulation.chronicle import Chronicle
from tests.simulation.custody import Custody
from tests.simulation.devices import Device
from tests.simulation.faults import Mischief
from tests.simulation.mercies import Mercies
from tests.simulation.observer import Observer
from tests.simulation.oracle import Oracle
from tests.simulation.people import Persona
from tests.simulation.server import PEOPLE, UNLIMITED, Server, town
from tests.simulation.sights import Sights
from tests.simulation.standings import Standings
from tests.simulation.sweeping import check_files, sweep
from tests.simulation.timekeeping import World

SECONDS = 60.0  # of talking
MANY = 100  # positions that a device may tell at once without hearing `busy`
QUIET = 3  # seconds without a wish
LOOKED_AROUND = 6.0  # seconds after which a circle that could not be read is read
PATIENCE = 180.0  # virtual seconds for everything to come right
EXPECTED = ("An entry was not stored",)  # logged when the database refuses a value for good


@dataclass
class Report:
    """What became of one run."""

    seed: int
    broken: str | None = None
    trace: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    steps: int = 0


@contextmanager
def _kept() -> Iterator[None]:
    """
    Collect no garbage meanwhile: what a life of the server left unfinished at its
    death would end in the midst of a later one, and not at the same moment in each run.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def play(seed: int, seconds: float = SECONDS, *, traced: bool = False) -> Report:
    """Run `seed`; the report says what was broken, if anything was."""
    run = Run(seed, seconds)
    broken: str | None = None
    try:
        with run.listening(), _kept():
            run.play()
    except Broken as reason:
        broken = str(reason)
    except Exception as reason:
        broken = f"{type(reason).__name__}: {reason}"
        run.world.trace.note("run", "fails", broken)
    report = Report(seed, broken, run.world.trace.lines() if broken or traced else [])
    counts = (run.observer.counts, run.custody.counts, run.mercies.count(), run.mischief.done)
    report.counts = {name: n for each in counts for name, n in each.items()}
    report.counts["deaths"] = len(run.server.deaths)
    report.messages = run.oracle.count_messages()
    report.steps = run.world.steps
    run.server.clear_away()
    return report


class Run:
    """The server, its devices and whoever sits before them."""

    def __init__(self, seed: int, seconds: float) -> None:
        self.world = World(seed)
        self._chance = self.world.chance("run")
        self._seconds = seconds
        self.server = Server(self.world, self._limits())
        chronicle = Chronicle(self.server.connection)
        standings = Standings(self.world, self.server.connection)
        self.custody = Custody(
            self.server.connection, standings, self.server.limits.user_file_bytes
        )
        self.mercies = Mercies(self.world, self.server.connection, standings)
        self.observer = Observer(self.world, chronicle, self.custody)
        self.oracle = Oracle(
            self.server.connection,
            chronicle,
            self.observer,
            self.server.limits.recall_seconds,
        )
        self.devices = self._devices()
        self.mischief = Mischief(self.world, self.server, self.devices, seconds)
        self.observer.strict_order = "doubts" not in self.mischief.families
        self._bounds = Bounds(self.server)
        self._sights = Sights(self.server.connection)
        ids = {name: int(person.id) for name, person in town().people.items()}
        self._bonds = Bonds(self.world, ids)
        self._complaints: list[str] = []

    def _limits(self) -> Limits:
        """Small ones, so that queues fill; now and then the usual ones."""
        chance = self._chance
        if chance.random() < 0.2:
            return UNLIMITED
        return changed(
            UNLIMITED,
            unanswered_requests=chance.choice((2, 8, 32)),
            outbox_events=chance.choice((4, 20, 512)),
            outbox_bytes=chance.choice((4_000, 40_000, 1 << 20)),
            page_messages=chance.choice((2, 10, 200)),
            page_bytes=chance.choice((1_000, 20_000)),
            waiting_writes=chance.choice((3, 20, 2048)),
            waiting_reads=chance.choice((4, 256)),
            recall_seconds=chance.choice((0, 10, 86_400)),
            user_file_bytes=chance.choice((5_000, 20_000, 1 << 30)),
        )

    def _devices(self) -> list[Device]:
        number = self._chance.randint(4, 6)
        devices = []
        for place in range(number):
            # Sometimes a person has two of them.
            who = PEOPLE[place if self._chance.random() < 0.8 else 0]
            devices.append(self._device(who, place, self._chance.choice((1, 1, 4))))
        return devices

    def _device(self, who: str, number: int, at_once: int = 1) -> Device:
        there = town()
        person, token = there.people[who], there.tokens[who]
        return Device(self.world, self.server, self.observer, person, token, number, at_once)

    # --- the play ---------------------------------------------------------------------------

    def play(self) -> None:
        """Everything; raises `Broken`."""
        personas = [
            Persona(
                self.world,
                device,
                self._bonds,
                self.mercies,
                list(PEOPLE),
                self._chance.choice((2, 4, 8)),
            )
            for device in self.devices
        ]
        for device in self.devices:
            self.world.clock.callLater(self._chance.random() * 3, device.turn_on)
        self._pass(self._seconds)
        for persona in personas:
            persona.tired = True
        self.mischief.stop()
        self._come_right()
        self._end(self._come_back())

    def _pass(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.world.run(1.0, self._look)
            self.oracle.check_cursors()

    def _look(self) -> bool:
        self._bounds.check()
        if self._complaints:
            raise Broken(f"logged: {self._complaints[0]}")
        return False

    def _come_right(self) -> None:
        """Without being told, every device finds out what it missed."""
        self.world.trace.note("run", "settles")
        for device in self.devices:
            device.turn_on()
        self._settle(self.devices)
        self.oracle.check_promises(self.devices)
        for device in self.devices:
            self.oracle.check_screen(device)
        self._look_around(self.devices, set(self.observer.hiders))

    def _come_back(self) -> list[Device]:
        """Everyone reconnects, and each person opens one new page, which has it all."""
        self.world.trace.note("run", "comes back")
        for device in self.devices:
            device.turn_off()
        for device in self.devices:
            device.turn_on()
        self._settle(self.devices)
        fresh = [self._device(who, 9) for who in sorted({d.user.username for d in self.devices})]
        everyone = [*self.devices, *fresh]
        for device in fresh:
            device.turn_on()
        self._settle(everyone)
        while self._page_back(everyone):
            self._settle(everyone)
        self.oracle.check_promises(self.devices)
        self._bonds.check(self.server.connection)
        self.mercies.check()
        check_files(self.server, self.custody, self.devices, strict=self.observer.strict_order)
        room = self.server.limits.waiting_writes > MANY
        for device in fresh:
            self.oracle.check_heads(device.user.id, list(device.ready_heads), room=room)
        for device in everyone:
            self.oracle.check_screen(device)
            if room:
                self.oracle.check_reads(device)
        self._look_around(everyone, set())
        return everyone

    def _look_around(self, everyone: list[Device], hiders: set[int]) -> None:
        """Everyone knows how far the others are, and who is there."""
        self._pass(LOOKED_AROUND)
        self._settle(everyone)
        self._sights.check_positions(everyone, hiders)
        self._sights.check_presence(everyone)
        if self.server.limits.waiting_writes > MANY:
            self._sights.check_received(everyone)

    def _page_back(self, devices: list[Device]) -> bool:
        """Fetch one older page wherever there is one."""
        asked = False
        for device in devices:
            for conversation, loaded in device.rooms.loaded.items():
                if loaded.older:
                    device.rooms.older(conversation, 200)
                    asked = True
        return asked

    def _settle(self, devices: list[Device]) -> None:
        """Wait until nobody has waited for anything for a little while."""
        quiet = 0
        for _ in range(int(PATIENCE)):
            self._pass(1.0)
            waits = {d.name: waiting for d in devices if (waiting := d.unsettled())}
            quiet = 0 if waits else quiet + 1
            if quiet == QUIET:
                return
        raise Broken(f"P4: after {PATIENCE:.0f} s these still wait: {waits}")

    def _end(self, everyone: list[Device]) -> None:
        """Everybody leaves, and nothing is left of them."""
        for device in everyone:
            device.turn_off()
        self._pass(90)
        self._bounds.check_empty()
        sweep(self.world, self.server, self.custody)

    # --- the log ----------------------------------------------------------------------------

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Whatever is logged as an error is one."""

        @provider(ILogObserver)
        def observe(event: LogEvent) -> None:
            level: Any = event.get("log_level", LogLevel.info)
            if level < LogLevel.error or event.get("log_format", "").startswith(EXPECTED):
                return
            told = event.get("log_failure")
            words = told.getTraceback() if told is not None else ""
            self._complaints.append(f"{formatEvent(event)} {words}")
            self.world.trace.note("log", formatEvent(event))

        globalLogPublisher.addObserver(observe)
        try:
            yield
        finally:
            globalLogPublisher.removeObserver(observe)
