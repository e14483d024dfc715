"""
The generator's process: a task as JSON comes in, a report goes out.
"""

from __future__ import annotations

import gc
import os
import sys

import msgspec
import uvloop
from picows import WSError

from benchmarks.generator.conditions import Conditions, judge
from benchmarks.generator.idling import idle
from benchmarks.generator.imchat import Imchat
from benchmarks.generator.lines import Dialect
from benchmarks.generator.relay import Relay
from benchmarks.generator.returning import come_back
from benchmarks.generator.spoken import WrongDelivery
from benchmarks.generator.storming import storm
from benchmarks.generator.talking import talk
from benchmarks.generator.xmpp import Xmpp
from benchmarks.task import Idling, Report, Returning, Storming, Talking, Task


def main() -> None:
    """Do what standard input asks; the report goes to standard output."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    os.sched_setaffinity(0, {task.core})
    # Nothing here is cyclic, and a collection would stop all clients at once.
    gc.disable()
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(report(task))))


async def report(task: Task) -> Report:
    """Measure, and judge whether it counts."""
    try:
        figures, conditions = await measure(_dialect(task), task)
    except (WrongDelivery, OSError, WSError, ExceptionGroup) as failed:
        return Report(failed=_first_word(failed))
    reason = judge(conditions, task.others)
    if reason is not None:
        return Report(conditions=conditions.told(), failed=reason)
    return Report(figures=figures, conditions=conditions.told())


async def measure(dialect: Dialect, task: Task) -> tuple[dict[str, float], Conditions]:
    """Do the task's work."""
    match task.work:
        case Talking():
            return await talk(dialect, task, task.work)
        case Idling():
            return await idle(dialect, task, task.work)
        case Returning():
            return await come_back(dialect, task, task.work)
        case Storming():
            return await storm(dialect, task, task.work)


def _first_word(failed: Exception) -> str:
    """What went wrong first; a fault of the generator itself is raised again."""
    while isinstance(failed, ExceptionGroup):
        failed = failed.exceptions[0]
    if not isinstance(failed, WrongDelivery | OSError | WSError):
        raise failed
    return f"{type(failed).__name__}: {failed}"


def _dialect(task: Task) -> Dialect:
    match task.protocol:
        case "imchat":
            return Imchat(task.url)
        case "relay":
            return Relay(task.url)
        case "xmpp":
            return Xmpp(task.url)


if __name__ == "__main__":
    main()
