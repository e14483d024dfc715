"""
One cell of the plan, and the server that it is tried on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks import task
from benchmarks.cast import Cast


@dataclass(frozen=True, slots=True)
class Open:
    """A running server and its people; places are in the order of the cast."""

    protocol: task.Protocol
    url: str
    processes: dict[str, int]
    members: list[task.Member]
    groups: list[str]
    direct: list[str]


@dataclass(frozen=True, slots=True)
class Run:
    """Who takes part and what they do."""

    scenario: str
    parameters: dict[str, int]
    cast: Cast
    work: Callable[[Open], task.Work] = field(repr=False)
