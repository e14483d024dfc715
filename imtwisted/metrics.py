"""
What an operator may watch, as Prometheus reads it.

Way of a message: beside it; how many wait, and for whom.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Info
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from imtwisted import __version__
from imtwisted.house import House


class Figures(Collector):
    """The server's figures, read when they are asked for: nothing is counted twice."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        """Each figure as it is now."""
        house = self._house
        batches, entries = house.journal.settled()
        yield GaugeMetricFamily("imchat_connections", "Sockets that are open.", len(house.sockets))
        yield GaugeMetricFamily(
            "imchat_journal_waiting", "Entries that wait for their turn.", house.journal.waiting()
        )
        yield CounterMetricFamily("imchat_journal_batches", "Transactions of the journal.", batches)
        yield CounterMetricFamily(
            "imchat_journal_entries", "Messages and deeds that were answered.", entries
        )
        yield CounterMetricFamily(
            "imchat_lags", "Times a slow reader was told what it had missed.", house.sockets.lags
        )


def measure(metrics: CollectorRegistry, house: House) -> None:
    """Add the server's figures to `metrics`."""
    Info("imchat", "The server.", registry=metrics).info({"version": __version__})
    metrics.register(Figures(house))
