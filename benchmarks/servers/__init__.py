"""
The servers that are compared: each is started anew for every run, on its core.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from benchmarks.cast import Cast
from benchmarks.plan import Open, Run


class Peer(Protocol):
    """One kind of server with one kind of storage."""

    name: str
    storage: str  # of messages; "none" for a relay

    def takes(self, run: Run) -> bool:
        """Whether the run makes sense with it."""

    def version(self) -> str:
        """What is measured, and of which version; raises `CannotMeasure` when it is not here."""

    def open(self, cast: Cast) -> AbstractContextManager[Open]:
        """Run it with this cast; raises `CannotMeasure`."""
