"""Tests for `imtwisted.metrics`: what an operator may watch."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from imtwisted.metrics import measure
from tests.kit import ChatCase


class MetricsTests(ChatCase):
    """Each figure follows what happens."""

    def test_figures(self) -> None:
        """Connections, what waits, what was stored, who lagged."""
        chat = self.chat("alice")
        metrics = CollectorRegistry()
        measure(metrics, chat.house)
        alice = chat.browser("alice")
        for text in ("one", "two"):
            alice.send(text)
        figures = {
            "imchat_connections": 1,
            "imchat_journal_waiting": 0,
            "imchat_journal_batches_total": 2,
            "imchat_journal_entries_total": 2,
            "imchat_lags_total": 0,
        }
        for name, value in figures.items():
            self.assertEqual(metrics.get_sample_value(name), value, name)
        alice.leaves()
        self.assertEqual(metrics.get_sample_value("imchat_connections"), 0)
