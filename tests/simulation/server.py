"""
The server of a run: one life after the other on the same database.

The house and the site are the real ones. A crash drops everything but what
was committed; a drain closes as the real server does.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from imtwisted.domain.passwords import Passwords
from imtwisted.house import House, Plan
from imtwisted.http.building import build_site
from imtwisted.http.site import ChatSite
from imtwisted.inbox import DRAIN
from imtwisted.model import Person
from imtwisted.refusals import ChatError, Unavailable
from imtwisted.server import STORED_WITHIN
from imtwisted.settings import Limits
from tests.kit import CHEAP, Blind, Chance, Chat, HereAndNow
from tests.simulation.database import LivingDatabase
from tests.simulation.network import Line
from tests.simulation.timekeeping import Lifetime, World
from tests.simulation.vault import Vault, new_folder

PEOPLE = ("alice", "bob", "carol", "dave", "erin", "frank")
STRANGERS = ("alice", "frank")  # everybody else is friends
# What a site wants of a house.
ROOMS = (
    *("accounts", "catchup", "contacts", "conversations", "files", "invitations", "order"),
    *("portraits", "receipts", "resets", "search", "sharing", "deletions", "exports", "profiles"),
    *("sockets", "stored_timelines", "timeline"),
)
UNLIMITED = Limits(
    sends_per_10s=0, deeds_per_10s=0, account_sign_ins_per_minute=0, sign_ins_per_minute=0
)


@dataclass(frozen=True)
class Town:
    """What is there before a run begins: people, friendships, a few groups."""

    image: bytes  # of the database
    people: dict[str, Person]
    tokens: dict[str, str]
    lobby: int


@cache
def town() -> Town:
    """Built once a process, by the real server; hashing costs next to nothing here."""
    chat = Chat(*PEOPLE)
    for place, one in enumerate(PEOPLE):
        for other in PEOPLE[place + 1 :]:
            if (one, other) != STRANGERS:
                chat.befriend(one, other)
    chat.group("alice", "bob", "carol", "dave", title="Team")
    chat.group("bob", "alice", "erin", title="Open", public=True)
    image = chat.database._connection.serialize()
    return Town(image, chat.people, chat.tokens, int(chat.lobby))


PASSWORDS = Passwords(CHEAP, HereAndNow())


class _Current:
    """Stands for a room of whichever house stands now: a site takes 20 ms to build."""

    def __init__(self, look: Callable[[], Any]) -> None:
        self.__dict__["_look"] = look

    def __getattr__(self, name: str) -> Any:
        return getattr(self._look(), name)


class _Street:
    """The one real site, in front of the house of the life that runs."""

    def __init__(self) -> None:
        self.house: House = Chat().house
        self.clock: Any = self.house.clock
        front: Any = SimpleNamespace(plan=self.house.plan, **{n: self._room(n) for n in ROOMS})
        self.site: ChatSite = build_site(
            front,
            reactor=_Current(lambda: self.clock),  # type: ignore[arg-type]
            entropy=Chance(),
        )

    def _room(self, name: str) -> _Current:
        return _Current(lambda: getattr(self.house, name))


@cache
def _street() -> _Street:
    return _Street()


class Life:
    """From one start of the server to its end."""

    def __init__(
        self,
        world: World,
        connection: sqlite3.Connection,
        folder: Path,
        limits: Limits,
        latency: Callable[[], float],
        entropy: Callable[[int], bytes],
    ) -> None:
        self.clock = Lifetime(world.clock)
        self.database = LivingDatabase(connection, self.clock, latency, limits.waiting_reads)
        self.disk = Vault(folder, self.clock, latency)
        self.house = House(
            Plan(limits=limits),
            self.clock,
            self.database,
            PASSWORDS,
            entropy,
            self.disk,
            Blind(),
        )
        # Autobahn takes a reactor but asks txaio's global one for its timers.
        self.house.sockets._batched_timer = SimpleNamespace(call_later=self.clock.callLater)
        self.is_open = False
        self.lines: dict[Line, None] = {}
        Deferred.fromCoroutine(self._open())

    async def _open(self) -> None:
        while not self.is_open:
            try:
                await self.house.lobby()
                self.is_open = True
            except ChatError:
                waiting: Deferred[None] = Deferred()
                self.clock.callLater(1, waiting.callback, None)
                await waiting

    def accept(self, line: Line) -> None:
        """A new connection."""
        street = _street()
        street.house, street.clock = self.house, self.clock
        self.lines[line] = None
        line.server.connect(street.site.buildProtocol(line.server.getPeer()))

    def end(self) -> None:
        """Drop everything in memory, and every connection."""
        self.clock.over = True
        self.disk.die()
        for line in self.lines:
            line.server.die()


class Server:
    """The machine the server runs on."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.limits = limits
        self.folder = new_folder()
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.deserialize(town().image)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.latency: Callable[[], float] = lambda: 0.001
        self.fault: Callable[[Any], None] = lambda stage: None
        self.before_write: Callable[[], None] = lambda: None
        self.deaths: list[float] = []  # when
        self.life: Life | None = None
        self._world = world
        self._entropy = world.chance("entropy").randbytes
        self.start()

    def clear_away(self) -> None:
        """Leave nothing of the run on this machine."""
        if self.life is not None:
            self.life.end()
        self.connection.close()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Begin a life."""
        if self.life is None:
            self._world.trace.note("server", "starts")
            self.life = Life(
                self._world,
                self.connection,
                self.folder,
                self.limits,
                lambda: self.latency(),
                self._entropy,
            )
            self.life.database.fault = lambda stage: self.fault(stage)

    def crash(self, downtime: float, silently: bool = False) -> None:
        """Die here and now; `silently`: the whole machine, so that nobody is told."""
        life, self.life = self.life, None
        if life is None:
            return
        self.deaths.append(self._world.clock.seconds())
        self._world.trace.note("server", "crashes", "silently" if silently else "")
        for line in life.lines:
            if silently:
                line.vanish()
        life.end()
        if self.connection.in_transaction:
            self._world.trace.note("server", "was in a transaction")
        self._world.clock.callLater(downtime, self.start)

    def drain(self, downtime: float) -> None:
        """Close as the real server does at SIGTERM, then start again."""
        life = self.life
        if life is None or not life.is_open:
            return
        life.is_open = False
        self._world.trace.note("server", "drains")
        life.house.sockets.stop_reading()
        Deferred.fromCoroutine(self._stored(life)).addBoth(self._close, life, downtime)
        life.clock.callLater(STORED_WITHIN, self._close, None, life, downtime)

    async def _stored(self, life: Life) -> None:
        await life.house.journal.idle()
        await life.house.receipts.idle()

    def _close(self, _: object, life: Life, downtime: float) -> None:
        life.house.sockets.end_all(DRAIN, "the server restarts", (1000, 3000))
        life.clock.callLater(1, self._stop, life, downtime)

    def _stop(self, life: Life, downtime: float) -> None:
        if self.life is life:
            self.crash(downtime)

    # --- what devices do with it --------------------------------------------------------

    def dial(self, line: Line) -> bool:
        """Connect `line`; False when nobody listens."""
        if self.life is None or not self.life.is_open:
            return False
        line.server.before_write = self._writes
        self.life.accept(line)
        return True

    def _writes(self) -> None:
        self.before_write()

    def ask(
        self, work: Callable[[House], Coroutine[Any, Any, Any]], answered: Callable[[Any], None]
    ) -> None:
        """An HTTP request, without its bytes: `answered` with the result, a `ChatError`, or nothing."""
        life = self.life
        if life is None or not life.is_open:
            answered(Unavailable())
            return
        done = Deferred.fromCoroutine(work(life.house))
        done.addBoth(lambda result: None if life.clock.over else answered(_plain(result)))


def _plain(result: Any) -> Any:
    if isinstance(result, Failure):
        result.trap(ChatError)
        return result.value
    return result
