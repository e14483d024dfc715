"""
The operator's port: is the process alive, is it ready, how is it doing.

Not on the way of a message, and not for the public.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from imtwisted.http.headers import header_of

Lines = Callable[[], list[str]]


def operations(problems: Lines, warnings: Lines, metrics: CollectorRegistry) -> Resource:
    """`/healthz`, `/readyz` (503 with each of `problems`) and `/metrics`."""
    root = Resource()
    root.putChild(b"healthz", Alive())
    root.putChild(b"readyz", Ready(problems, warnings))
    root.putChild(b"metrics", Metrics(metrics))
    return root


class QuietSite(Site):
    """A site without an access log: a scraper asks the same every few seconds."""

    def log(self, request: Any) -> None:
        """Nothing to remember."""


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


class Metrics(Resource):
    """
    The numbers, as Prometheus wants them.

    `prometheus_client` has a resource of its own; it reads them in a thread,
    while the reactor changes what they are read from.
    """

    isLeaf = True

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._registry = registry

    def render_GET(self, request: Request) -> bytes:
        """Every metric, in the format that is asked for."""
        encode, kind = choose_encoder(header_of(request, b"accept") or "")
        request.setHeader(b"Content-Type", kind.encode())
        return encode(self._registry)


def _text(request: Request, code: int, lines: list[str]) -> bytes:
    request.setResponseCode(code)
    request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
    request.setHeader(b"Cache-Control", b"no-store")
    return "".join(f"{line}\n" for line in lines).encode()
