"""A disk that is full: what was acknowledged is kept, the rest is refused for now and stored later."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.faults.comparing import check_talker
from tests.faults.databases import Database, MariaDBOfOurs, SQLite
from tests.faults.disk import Disk, small_disk
from tests.faults.ledger import Ledger
from tests.faults.server import UNLIMITED, Server, until
from tests.faults.talker import Talker
from tests.faults.wire import Wire
from tests.mariadb import MariaDB
from tests.person import Person

_NAMES = ("zhang", "li", "wang")
_LONG = "很" * 1000  # 3,000 bytes
# So slowly that the room given back lasts until the server calls itself ready.
_PAUSE = (0.05, 0.2)
_LEFT = 1 << 19
_REFUSED = 20


class MariaDBOnDisk(MariaDB):
    """A MariaDB whose data are on a disk of ours; its socket is not."""

    def __init__(self, disk: Disk) -> None:
        super().__init__()
        self._data = disk.folder / "data"

    def revive(self) -> None:
        """Start it again if it has ended by itself, as InnoDB does on some full disks."""
        if self._process is not None and self._process.poll() is not None:
            self.start()


@contextmanager
def on_disk(kind: str) -> Iterator[tuple[Disk, Database]]:
    """A small disk with a database on it, large enough for one without messages."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(64 if kind == "sqlite" else 400))
        if kind == "sqlite":
            yield disk, SQLite(disk.folder)
        else:
            process = MariaDBOnDisk(disk)
            stack.callback(process.remove)
            process.start()
            yield disk, MariaDBOfOurs(process)


class Filling:
    """People talk until the disk is full, and on."""

    def __init__(self, disk: Disk, database: Database, server: Server) -> None:
        self._disk, self._database, self._server = disk, database, server
        self._ledger = Ledger()

    async def run(self) -> None:
        """Fill it twice, the second time with a kill while it is full; compare."""
        await until(lambda: self._readiness() == 200, "the database is there")
        people = [Person(self._server, name).registers() for name in _NAMES]
        [lobby] = people[0].asks("GET", "/conversations")["conversations"]
        chance = random.Random(1)
        async with Wire(lambda: self._server.port, chance) as wire, asyncio.TaskGroup() as tasks:
            talkers = [Talker(person, wire, self._ledger, chance) for person in people]
            for talker in talkers:
                talker.padding, talker.pause = _LONG, _PAUSE
                talker.talks_in(4, conversation=lobby["conversation"])
            running = [tasks.create_task(talker.run()) for talker in talkers]
            for kills in (False, True):
                await self._fill(kills)
            for talker in talkers:
                talker.talks = False
            await until(lambda: all(t.is_settled for t in talkers), "all is acknowledged")
            await self._compare(talkers)
            for task in running:
                task.cancel()

    async def _fill(self, kills: bool) -> None:
        self._disk.fill(leaving=_LEFT)
        refused = self._refused + _REFUSED
        await until(lambda: self._refused >= refused, "sends refused for want of room")
        await until(lambda: self._readiness() == 503, "/readyz says that it cannot write")
        if kills:
            self._server.kill()
            if self._database.process is None:
                self._ledger.check_stored(self._database.rows())
            await asyncio.to_thread(self._server.start)
            await until(lambda: self._readiness() == 503, "the new one says so too")
        self._disk.empty()
        if isinstance(self._database.process, MariaDBOnDisk):
            await asyncio.to_thread(self._database.process.revive)
        answers = self._ledger.answers + _REFUSED
        await until(lambda: self._ledger.answers >= answers, "sends acknowledged again")
        await until(lambda: self._readiness() == 200, "/readyz says that all is well")

    @property
    def _refused(self) -> int:
        return self._ledger.refusals.get("unavailable", 0)

    def _readiness(self) -> int:
        return self._server.readiness()

    async def _compare(self, talkers: list[Talker]) -> None:
        rows = self._database.rows()
        self._ledger.check_all_stored(rows)
        for talker in talkers:
            await check_talker(talker, rows)


@pytest.mark.parametrize("kind", ["sqlite", "mariadb"])
def test_a_full_disk(kind: str) -> None:
    """Sends are refused for now, reads go on, and with room again all is stored, once, in order."""
    with on_disk(kind) as (disk, database):
        options = (*database.options, *UNLIMITED)
        with Server(*options, waits=False) as server:
            asyncio.run(Filling(disk, database, server).run())
