"""
How a refusal or a fault looks over HTTP: JSON to scripts, a page to people.

Way of a message: browser -> http -> [errors] when it goes no further.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.server import Request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from imtwisted import frames
from imtwisted.http.headers import logged_path
from imtwisted.http.language import Catalogs, language_of
from imtwisted.http.shapes import ErrorAnswer, ErrorDetail
from imtwisted.http.theme import theme_of
from imtwisted.refusals import BadRequest, ChatError, NotFound, Unavailable, Unsupported

_STATUS = {
    "bad_request": 400,
    "unauthorized": 401,
    "denied": 403,
    "not_member": 403,
    "not_friend": 403,
    "blocked": 403,
    "not_found": 404,
    "conflict": 409,
    "too_large": 413,
    "unsupported": 415,
    "rate_limited": 429,
    "busy": 503,
    "unavailable": 503,
}
# Seconds, when a refusal does not say itself when to come again.
_RETRY_AFTER = 2
# Whose answers are read by programs.
_SCRIPTED = (b"/api/", b"/ws")

# (language, template, values) -> the page as HTML.
Rendering = Callable[[str, str, dict[str, object]], bytes]


class Errors:
    """Answers everything that is not an answer."""

    _log = Logger()

    def __init__(self, catalogs: Catalogs, render: Rendering) -> None:
        self._catalogs = catalogs
        self._render = render

    def answer(self, request: Request, refusal: ChatError, status: int | None = None) -> bytes:
        """Set status and headers for `refusal`; the body to send."""
        code = self.mark(request, refusal, status)
        language = language_of(request)
        words = self._catalogs.wording(language, refusal)
        if request.path.startswith(_SCRIPTED):
            return _json(request, refusal, words)
        request.setHeader(b"Content-Type", b"text/html; charset=utf-8")
        values = {"code": code, "reason": words, "theme": theme_of(request), "here": _here(request)}
        return self._render(language, "error.html", values)

    def mark(self, request: Request, refusal: ChatError, status: int | None = None) -> int:
        """Set status and headers for `refusal`; the status."""
        code = _STATUS[refusal.code] if status is None else status
        request.setResponseCode(code)
        if code == 401:
            request.setHeader(b"WWW-Authenticate", b"Bearer")
        if refusal.temporary:
            seconds = math.ceil((refusal.retry_after or 0) / 1000) or _RETRY_AFTER
            request.setHeader(b"Retry-After", b"%d" % seconds)
        return code

    def unhandled(self, request: Request, failure: Failure) -> bytes:
        """Whatever a route raised, answered."""
        reason = failure.value
        if isinstance(reason, ChatError):
            return self.answer(request, reason)
        if isinstance(reason, MethodNotAllowed):
            request.setHeader(b"Allow", ", ".join(sorted(reason.valid_methods or ())).encode())
            return self.answer(request, Unsupported("Not with that method."), 405)
        if isinstance(reason, HTTPException):
            # Also werkzeug's redirects to tidier paths: they trust the Host header.
            return self.answer(request, NotFound())
        self._log.failure(
            "{method} {path} failed",
            failure,
            method=request.method.decode("ascii", "replace"),
            path=logged_path(request),
        )
        return self.answer(request, Unavailable())

    def unreadable(self, request: Request) -> bytes:
        """The answer to a path or host that is not even text."""
        return self.answer(request, BadRequest())


def _here(request: Request) -> str:
    """Where one comes back to after choosing a language; empty where that would ask for something else."""
    return request.uri.decode("ascii", "replace") if request.method == b"GET" else ""


def _json(request: Request, refusal: ChatError, words: str) -> bytes:
    request.setHeader(b"Content-Type", b"application/json")
    # The answer to a HEAD has no body.
    request.setHeader(b"X-Error-Code", refusal.code.encode())
    if refusal.reason is not None:
        request.setHeader(b"X-Error-Reason", refusal.reason.encode())
    error = ErrorDetail(
        code=refusal.code,
        message=words,
        field=refusal.field,
        reason=refusal.reason,
        until=refusal.until,
    )
    return frames.json_of(ErrorAnswer(error=error))
