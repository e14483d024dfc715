"""
The operator's port: is the process alive, is it ready, how is it doing.

Not on the way of a message, and not for the public.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry
from prometheus_client.twisted import MetricsResource
from twisted.web.resource import Resource
from twisted.web.server import Request

Lines = Callable[[], list[str]]


def operations(problems: Lines, warnings: Lines, metrics: CollectorRegistry) -> Resource:
    """`/healthz`, `/readyz` (503 with each of `problems`) and `/metrics`."""
    root = Resource()
    root.putChild(b"healthz", Alive())
    root.putChild(b"readyz", Ready(problems, warnings))
    root.putChild(b"metrics", MetricsResource(registry=metrics))
    return root


class Alive(Resource):
    """Answers: that is all it has to say."""

    isLeaf = True

    def render_GET(self, request: Request) -> bytes:
        """200, always."""
        return _text(request, 200, ["ok"])


class Ready(Resource):
    """Whether to send people here; what only warns does not turn them away."""

    isLeaf = True

    def __init__(self, problems: Lines, warnings: Lines) -> None:
        super().__init__()
        self._problems = problems
        self._warnings = warnings

    def render_GET(self, request: Request) -> bytes:
        """200, or 503 with the reasons, one a line."""
        problems = self._problems()
        warnings = [f"warning: {words}" for words in self._warnings()]
        if problems:
            return _text(request, 503, problems + warnings)
        return _text(request, 200, ["ready", *warnings])


def _text(request: Request, code: int, lines: list[str]) -> bytes:
    request.setResponseCode(code)
    request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
    request.setHeader(b"Cache-Control", b"no-store")
    return "".join(f"{line}\n" for line in lines).encode()
