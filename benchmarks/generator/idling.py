"""
Many who sign in and say nothing: how quickly they come in, what each one holds.
"""

from __future__ import annotations

import asyncio

from benchmarks.generator.conditions import Conditions, Reading
from benchmarks.generator.figures import per_million
from benchmarks.generator.lines import Dialect, Line, gather
from benchmarks.machine import resident_bytes
from benchmarks.task import Idling, Member, Task

SETTLED = 2.0  # seconds


async def idle(dialect: Dialect, task: Task, work: Idling) -> tuple[dict[str, float], Conditions]:
    """Sign-ins a second, and memory of the server's process a connection."""
    lines: list[Line] = []

    async def sign_in(member: Member) -> None:
        lines.append(await dialect.idle(member))

    server = task.processes["server"]
    empty = resident_bytes(server)
    before = Reading.take(task)
    await gather(sign_in, task.members, work.at_once)
    after = Reading.take(task)
    await asyncio.sleep(SETTLED)
    full = resident_bytes(server)
    lost = sum(not line.is_open for line in lines)
    for line in lines:
        line.close()
    if lost:
        raise ConnectionError(f"{lost} connections were lost while they were idle")
    conditions = Conditions.between(before, after)
    return {
        "sign-ins/s": len(lines) / conditions.seconds,
        "KiB/connection": (full - empty) / 1024 / len(lines),
        **per_million(conditions.spent, "sign-in", len(lines)),
    }, conditions
