"""
Reading what a request carries: JSON bodies, forms, queries, ids in paths.

Way of a message: browser -> site -> [bodies] -> api or pages -> domain.
"""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from twisted.web.server import Request

from imtwisted.http.headers import header_of
from imtwisted.misfits import misfit
from imtwisted.refusals import BadRequest, NotFound, Unsupported

T = TypeVar("T", bound=msgspec.Struct)

_MOST_FIELDS = 100
_LONGEST_ID = 16


def body_of(request: Request, shape: type[T]) -> T:
    """The JSON body as a `shape`; raises `BadRequest` with the field, `Unsupported`."""
    if _media_type(request) != "application/json":
        raise Unsupported("Send application/json.")
    try:
        # Decoded first: msgspec does not check UTF-8 in what it skips.
        body = msgspec.json.decode(_content(request).decode(), type=shape)
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8.") from None
    except (msgspec.DecodeError, RecursionError) as reason:
        raise _refusal(reason) from None
    _check_texts(body)
    return body


def query_of(request: Request, shape: type[T]) -> T:
    """The query as a `shape`; of a name given twice the first counts."""
    fields = _decoded(request.uri.partition(b"?")[2])
    try:
        query = msgspec.convert(fields, shape, strict=False)
    except msgspec.ValidationError as reason:
        raise _refusal(reason) from None
    _check_texts(query)
    return query


def form_of(request: Request) -> dict[str, str]:
    """The fields of a form's body; raises `BadRequest`, `Unsupported`."""
    if _media_type(request) != "application/x-www-form-urlencoded":
        raise Unsupported("Send a form.")
    return _decoded(_content(request))


def query_text(request: Request, name: str) -> str:
    """One text of the query, empty when it is not there."""
    return _decoded(request.uri.partition(b"?")[2]).get(name, "")


def next_of(place: str) -> str:
    """
    `place` if it is one of ours, else nothing.

    Browsers take `//host` and `/\\host` for another site, and skip control
    characters when they look.
    """
    is_local = place.startswith("/") and place[1:2] not in ("/", "\\")
    return place if is_local and place.isascii() and place.isprintable() else ""


def id_of(text: str) -> int:
    """A number in a path; raises `NotFound`, since nothing has such an id."""
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_ID:
        raise NotFound
    number = int(text)
    if not 0 < number < 2**53:
        raise NotFound
    return number


def _content(request: Request) -> bytes:
    body = request.content
    if body is None:
        return b""
    body.seek(0)
    return bytes(body.read())


def _media_type(request: Request) -> str:
    return (header_of(request, b"content-type") or "").partition(";")[0].strip().lower()


def _decoded(encoded: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:  # not ASCII, not UTF-8 inside, or too many fields
        raise BadRequest from None
    return dict(reversed(pairs))


def _refusal(reason: Exception) -> BadRequest:
    """What msgspec says of a field in words of ours; of what has none, its own without the `$`."""
    said = str(reason)
    words = said.partition(" - at `")[0] or "That is nested too deeply"
    return misfit(said) or BadRequest(f"{words}.")


def _check_texts(given: msgspec.Struct) -> None:
    """Refuse NUL, which JSON can say and databases cannot keep."""
    for name in given.__struct_fields__:
        if _has_nul(getattr(given, name)):
            raise BadRequest(reason="nul", field=name)


def _has_nul(value: Any) -> bool:
    if isinstance(value, list):
        return any(_has_nul(item) for item in value)
    return isinstance(value, str) and "\0" in value
