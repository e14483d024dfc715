"""Tests for `imtwisted.http.operations`: what the operator sees."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import Site

from imtwisted.http.operations import operations
from tests.visitor import Answer, Line, parsed


class OperationsTests(SynchronousTestCase):
    """The operator's port."""

    def setUp(self) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []
        registry = CollectorRegistry()
        Counter("imchat_messages", "Messages stored", registry=registry).inc()
        root = operations(lambda: self.problems, lambda: self.warnings, registry)
        self.site = Site(root)

    def ask(self, path: str) -> Answer:
        line = Line(self.site)
        return parsed(line.sends(f"GET {path} HTTP/1.0\r\n\r\n".encode()))

    def test_alive(self) -> None:
        """Whatever else is wrong."""
        self.problems.append("the database is away")
        self.assertEqual(self.ask("/healthz").status, 200)

    def test_ready_or_why_not(self) -> None:
        """503 with the reasons; a warning alone turns nobody away."""
        self.assertEqual(self.ask("/readyz").status, 200)
        self.warnings.append("COMMIT is not durable")
        answer = self.ask("/readyz")
        self.assertEqual(
            (answer.status, answer.text.splitlines()[-1]), (200, "warning: COMMIT is not durable")
        )
        self.problems.append("the database is away")
        answer = self.ask("/readyz")
        self.assertEqual(
            (answer.status, answer.text.splitlines()[0]), (503, "the database is away")
        )

    def test_metrics(self) -> None:
        """In the words of Prometheus."""
        self.assertIn("imchat_messages_total 1.0", self.ask("/metrics").text)
