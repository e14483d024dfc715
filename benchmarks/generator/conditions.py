"""
Whether a figure is worth its name: who used the two cores while it was taken.

`judge` is pure; a `Reading` is taken twice and the difference judged.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.machine import core_seconds, processor_seconds
from benchmarks.task import Task

SATURATED = 0.9  # of its core: above, the generator may be what was measured
FULL = 0.95  # of its core: a server that used so much was at its own limit


@dataclass(frozen=True, slots=True)
class Reading:
    """Clocks at one moment, in seconds."""

    at: float
    own: float
    generator_core: float
    server_core: float
    processes: dict[str, float]

    @classmethod
    def take(cls, task: Task) -> Reading:
        """Read them all."""
        return cls(
            time.perf_counter(),
            time.process_time(),
            core_seconds(task.core),
            core_seconds(task.server_core),
            {name: processor_seconds(pid) for name, pid in task.processes.items()},
        )


@dataclass(frozen=True, slots=True)
class Conditions:
    """What passed between two readings; shares are of one core."""

    seconds: float
    spent: dict[str, float]  # processor seconds by process
    generator: float
    others_at_generator: float
    others_at_server: float

    @classmethod
    def between(cls, first: Reading, last: Reading) -> Conditions:
        """The difference of two readings."""
        seconds = last.at - first.at
        spent = {name: last.processes[name] - first.processes[name] for name in first.processes}
        own = last.own - first.own
        at_generator = last.generator_core - first.generator_core - own
        at_server = last.server_core - first.server_core - sum(spent.values())
        return cls(
            seconds,
            spent,
            own / seconds,
            max(0.0, at_generator / seconds),
            max(0.0, at_server / seconds),
        )

    @property
    def server_core(self) -> float:
        """How much of the server's core was in use, by whomever."""
        return sum(self.spent.values()) / self.seconds + self.others_at_server

    def told(self) -> dict[str, float]:
        """For the report."""
        return {
            "seconds": self.seconds,
            "generator share": self.generator,
            "others at generator": self.others_at_generator,
            "others at server": self.others_at_server,
        } | {f"{name} share": spent / self.seconds for name, spent in self.spent.items()}


def judge(conditions: Conditions, others: float) -> str | None:
    """Why the figures are worth nothing; None when they stand."""
    if conditions.generator > SATURATED and conditions.server_core < FULL:
        return (
            f"generator saturated: it used {conditions.generator:.0%} of its core, "
            "so its own speed would have been measured"
        )
    for where, share in (
        ("generator", conditions.others_at_generator),
        ("server", conditions.others_at_server),
    ):
        if share > others:
            return f"core not free: others used {share:.0%} of the {where}'s core"
    return None
