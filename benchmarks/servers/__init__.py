"""
The servers that are compared: each is started anew for every run, on its core.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

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


class Peer(Protocol):
    """One kind of server with one kind of storage."""

    name: str
    storage: str  # of messages; "none" for a relay
    scenarios: frozenset[str]

    def version(self) -> str:
        """What is measured, and of which version; raises `CannotMeasure` when it is not here."""

    def open(self, cast: Cast) -> AbstractContextManager[Open]:
        """Run it with this cast; raises `CannotMeasure`."""
