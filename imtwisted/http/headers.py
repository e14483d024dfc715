"""
Reading headers, whatever bytes are in them.

Way of a message: browser -> site -> [headers] -> door, pages, api. Twisted's
own `getHeader` of a text name raises on bytes that are not UTF-8.
"""

from __future__ import annotations

import re

from twisted.web.server import Request

# Who has the code of a link may come in: it is not for the log.
_CODE = re.compile(r"^(/join/|/api/v1/invites/)[^/]+")


_TAG = re.compile(r'"[^"]*"|\*')


def logged_path(request: Request) -> str:
    """The path of a request, as a log may keep it."""
    return _CODE.sub(r"\1…", request.path.decode("ascii", "replace"))


def headers_of(request: Request, name: bytes) -> list[str]:
    """Every header of that name; what is not UTF-8 in them becomes U+FFFD."""
    values = request.requestHeaders.getRawHeaders(name) or []
    return [value.decode("utf-8", "replace") for value in values]


def header_of(request: Request, name: bytes) -> str | None:
    """The first header of that name, if there is one."""
    return next(iter(headers_of(request, name)), None)


def tags_of(request: Request) -> set[str]:
    """
    What the browser has already, by its If-None-Match: tags in quotes, or `*`.

    Compared weakly (RFC 9110, 13.1.2): a proxy that compresses makes tags weak.
    """
    return set(_TAG.findall(",".join(headers_of(request, b"if-none-match"))))
