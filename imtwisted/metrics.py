"""
What an operator may watch, as Prometheus reads it.

Way of a message: beside it; how many wait, and for whom.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge, Info

from imtwisted import __version__
from imtwisted.house import House


def measure(metrics: CollectorRegistry, house: House) -> None:
    """Add the server's figures to `metrics`; each is read when it is asked for."""
    Info("imchat", "The server.", registry=metrics).info({"version": __version__})
    _gauge(metrics, "imchat_connections", "Sockets that are open.", lambda: len(house.sockets))
    _gauge(
        metrics,
        "imchat_journal_waiting",
        "Entries that wait for their transaction.",
        house.journal.waiting,
    )


def _gauge(metrics: CollectorRegistry, name: str, meaning: str, value: Callable[[], int]) -> None:
    Gauge(name, meaning, registry=metrics).set_function(value)
