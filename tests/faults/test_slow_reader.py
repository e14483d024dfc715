"""Readers that never read cost a bounded amount of memory, and nobody else's messages."""

# ruff: noqa: T201 - what was measured is told

from __future__ import annotations

import asyncio
import random

from tests.faults.comparing import check_talker
from tests.faults.databases import Database, database
from tests.faults.flooder import Flooder, flooder
from tests.faults.ledger import Ledger
from tests.faults.server import UNLIMITED, Server, until
from tests.faults.talker import Talker
from tests.faults.watch import MIB, Watch
from tests.faults.wire import Wire
from tests.person import Person

_READERS = 24
_LONG = "x" * 12_000
# Unbounded, each reader would be owed 36 MB of these, and as many pages as it asked for.
_MESSAGES = 3_000
_PAGES = 500
# An outbox holds 1 MiB and the page that filled it; the rest is for what is lent and given back.
_BOUND = _READERS * 2 * MIB + 64 * MIB


def test_readers_that_never_read() -> None:
    """Some ask for pages without end, too; when they wake up they hear that they lag, or must go."""
    options = (*UNLIMITED, "--limit", "connections_per_user=100")
    with database("sqlite") as kept, Server(*kept.options, *options) as server:
        asyncio.run(_run(server, kept))


async def _run(server: Server, kept: Database) -> None:
    people = [Person(server, name).registers() for name in ("zhang", "li", "sleeper")]
    [lobby] = people[0].asks("GET", "/conversations")["conversations"]
    where, ledger, chance = lobby["conversation"], Ledger(), random.Random(2)
    async with Wire(lambda: server.port, chance) as wire, asyncio.TaskGroup() as tasks:
        talkers = [Talker(person, wire, ledger, chance) for person in people[:2]]
        for talker in talkers:
            talker.padding, talker.pause = _LONG, (0.0, 0.001)
            talker.talks_in(16, conversation=where)
        sleepers = [
            await flooder(server.port, people[2], where, n, buffer=4096) for n in range(_READERS)
        ]
        async with Watch(server) as watch:
            await _sleep(sleepers)
            running = [tasks.create_task(talker.run()) for talker in talkers]
            await until(lambda: ledger.answers >= _MESSAGES, "everything is said")
        for talker in talkers:
            talker.talks = False
        print(
            f"{_READERS} readers that never read, {ledger.answers} messages of {len(_LONG)} bytes:"
            f" {watch.growth / MIB:.0f} MiB more than {watch.before / MIB:.0f}"
        )
        assert watch.growth < _BOUND, f"{watch.growth / MIB:.0f} MiB"
        await _wake(sleepers)
        await until(lambda: all(each.is_settled for each in talkers), "all is acknowledged")
        rows = kept.rows()
        ledger.check_all_stored(rows)
        for talker in talkers:
            await check_talker(talker, rows)
        for task in running:
            task.cancel()


async def _sleep(sleepers: list[Flooder]) -> None:
    """Half of them only listen no more; the other half also asks, again and again."""
    for number, sleeper in enumerate(sleepers):
        sleeper.stop_reading()
        if number % 2:
            sleeper.ask_for_pages(_PAGES)


async def _wake(sleepers: list[Flooder]) -> None:
    """Nobody is left with a hole that they do not know of."""
    for sleeper in sleepers:
        sleeper.read_again()
    await until(
        lambda: all(s.heard & {"lag", "bye"} or s.lost for s in sleepers), "each lags, or goes"
    )
    for sleeper in sleepers:
        sleeper.abort()
