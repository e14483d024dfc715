"""
From a request to a method's arguments, and from its result to an answer.

Way of a message: browser -> site -> [routes] -> api -> domain. One table of
routes serves the requests and describes them in OpenAPI.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from klein import Klein
from twisted.python.failure import Failure
from twisted.web.server import Request

from imtwisted import frames
from imtwisted.http.bodies import body_of, id_of, query_of
from imtwisted.http.door import Door
from imtwisted.http.errors import Errors
from imtwisted.http.shield import finished
from imtwisted.http.streams import Download, send
from imtwisted.model import Person, Session
from imtwisted.refusals import Unauthorized

Handler = Callable[..., Coroutine[Any, Any, Any]]
HandlerT = TypeVar("HandlerT", bound=Handler)


class Caller:
    """Who calls: with which request, and by which session."""

    def __init__(self, request: Request, session: Session | None) -> None:
        self.request = request
        self._session = session

    @property
    def session(self) -> Session:
        """The session; raises `Unauthorized` on a route that needs none."""
        if self._session is None:
            raise Unauthorized
        return self._session

    @property
    def person(self) -> Person:
        """Whose session it is."""
        return self.session.person

    def answer_with(self, status: int) -> None:
        """Another status than the route's own."""
        self.request.setResponseCode(status)


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path; what it takes and gives is read off its annotations."""

    method: str
    path: str
    status: int
    is_open: bool
    handler: Handler

    @property
    def hints(self) -> dict[str, Any]:
        """The types of `body`, `query`, `return` and of each part of the path."""
        hints = get_type_hints(self.handler, include_extras=True)
        return {name: hint for name, hint in hints.items() if name != "caller"}


def route(
    method: str, path: str, status: int = 200, *, is_open: bool = False
) -> Callable[[HandlerT], HandlerT]:
    """Mark a method as the answer to `method` `path`; `is_open` without signing in."""

    def mark(handler: HandlerT) -> HandlerT:
        handler.route = (method, path, status, is_open)  # type: ignore[attr-defined]
        return handler

    return mark


def routes_of(api: object) -> Iterator[Route]:
    """The marked methods of `api`, in the order they are written."""
    for name in vars(type(api)):
        handler = getattr(api, name)
        if marked := getattr(handler, "route", None):
            method, path, status, is_open = marked
            yield Route(method, path, status, is_open, handler)


class Router:
    """A Klein app made of a table of routes."""

    def __init__(self, routes: list[Route], door: Door, errors: Errors) -> None:
        self.app = Klein()
        self._door = door
        for each in routes:
            self.app.route(each.path, methods=[each.method], endpoint=_name(each))(
                self._serving(each)
            )

        @self.app.handle_errors(Exception)  # type: ignore[arg-type]  # Klein says IRequest where a Request comes
        def failed(request: Request, failure: Failure) -> bytes:
            return errors.unhandled(request, failure)

    def _serving(self, route: Route) -> Callable[..., Coroutine[Any, Any, bytes]]:
        hints = route.hints

        async def serve(request: Request, **path: str) -> bytes:
            if route.is_open:
                self._door.check_origin(request)
                caller = Caller(request, None)
            else:
                caller = Caller(request, await self._door.session_of(request))
            request.setResponseCode(route.status)
            given = _arguments(hints, request, path)
            work = route.handler(caller, **given)
            answer = await (work if route.method == "GET" else finished(work))
            if isinstance(answer, Download):
                await send(request, answer)
                return b""
            return _written(request, answer)

        return serve


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _arguments(hints: dict[str, Any], request: Request, path: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: value if hints[name] is str else id_of(value) for name, value in path.items()
    }
    if "query" in hints:
        given["query"] = query_of(request, hints["query"])
    if "body" in hints:
        given["body"] = body_of(request, hints["body"])
    return given


def _written(request: Request, answer: Any) -> bytes:
    if isinstance(answer, bytes):
        return answer  # not JSON: who made it said what it is
    if answer is None:
        request.setResponseCode(204)
        return b""
    request.setHeader(b"Content-Type", b"application/json")
    body = frames.json_of(answer)
    request.setHeader(b"Content-Length", b"%d" % len(body))
    return body
