"""
Handing out a file that a stranger uploaded, so that it can do nothing here.

Way of a file: disk -> domain.files -> [serving] -> browser. Only pictures that were
decoded once are shown; the rest is saved. Neither may run, be framed, or be taken for
another type; and whatever is opened alone is in a sandbox without an origin.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from twisted.web.http import CACHED
from twisted.web.server import Request
from zope.interface import implementer

from imtwisted.files import File, Kept
from imtwisted.http.headers import header_of
from imtwisted.refusals import NotFound

_POLICY = b"sandbox; default-src 'none'; frame-ancestors 'none'"
# How long a browser need not ask again whether one may still see it. A file never: it is
# gone when its message is taken back. For a timeline of many small pictures, a minute. What
# a person looks like has another address as soon as it changes.
_ASK_AGAIN = b"private, no-cache"
_SMALL_STAYS = b"private, max-age=60"
_FACE_STAYS = b"private, max-age=3600"
_BINARY = "application/octet-stream"
_THUMBNAIL = "image/webp"
_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


async def send(request: Request, file: File, path: Path) -> bytes:
    """The file itself; a part of it to who asks for a range."""
    type = file.type if file.is_picture else _BINARY
    return await _send(request, path, _headers(file, type, _ASK_AGAIN), tag=b'"%d"' % file.id)


async def send_thumbnail(request: Request, kept: Kept, path: Path) -> bytes:
    """A picture of at most a few hundred pixels."""
    file = kept.file
    type = _THUMBNAIL if file.thumbnail else file.type
    headers = _headers(file, type, _FACE_STAYS if kept.is_face else _SMALL_STAYS)
    return await _send(request, path, headers, tag=b'"%d-small"' % file.id)


async def _send(request: Request, path: Path, headers: dict[bytes, bytes], *, tag: bytes) -> bytes:
    try:
        content = path.open("rb")
    except FileNotFoundError:
        raise NotFound(reason="no_such_file") from None  # recalled, since it was looked up
    with content:
        for name, value in headers.items():
            request.setHeader(name, value)
        if request.setETag(tag) is not CACHED:
            await _transfer(request, content, _wanted(request, path.stat().st_size, tag))
    return b""


def _headers(file: File, type: str, stays: bytes) -> dict[bytes, bytes]:
    return {
        b"Content-Type": type.encode(),
        b"Content-Disposition": _disposition(file),
        b"Content-Security-Policy": _POLICY,
        b"Cross-Origin-Resource-Policy": b"same-origin",
        b"Cache-Control": stays,
        b"Vary": b"Cookie, Authorization",
        b"Accept-Ranges": b"bytes",
    }


def _disposition(file: File) -> bytes:
    """RFC 6266: the name in ASCII for old clients, and as it is."""
    kind = "inline" if file.is_picture else "attachment"
    plain = "".join(_plain(character) for character in file.name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}".encode()


def _plain(character: str) -> str:
    is_plain = character.isascii() and character.isprintable() and character not in '"\\%'
    return character if is_plain else "_"


def _wanted(request: Request, size: int, tag: bytes) -> range:
    """
    The bytes that are asked for, by RFC 9110, section 14: one range, or everything.

    Sets the status and the headers that say so. Several ranges are answered by
    everything, as is a range of something else than this (If-Range).
    """
    asked = _RANGE.fullmatch(header_of(request, b"range") or "")
    is_other = header_of(request, b"if-range") not in (None, tag.decode())
    if asked is None or is_other or not _is_range(asked[1], asked[2]):
        wanted = range(size)
    else:
        wanted = _part(asked[1], asked[2], size)
        request.setResponseCode(206 if wanted else 416)
        said = b"%d-%d" % (wanted.start, wanted.stop - 1) if wanted else b"*"
        request.setHeader(b"Content-Range", b"bytes %b/%d" % (said, size))
    request.setHeader(b"Content-Length", b"%d" % len(wanted))
    return wanted


def _is_range(first: str, last: str) -> bool:
    """Whether it can be one; one that ends before it begins is as if nothing was asked."""
    return bool(first or last) and not (first and last and int(last) < int(first))


def _part(first: str, last: str, size: int) -> range:
    if not first:  # the last so many
        return range(max(0, size - int(last)), size)
    return range(int(first), min(int(last) + 1, size) if last else size)


async def _transfer(request: Request, content: BinaryIO, wanted: range) -> None:
    """Send it as fast as it is taken; who leaves meanwhile cancels us."""
    if request.method == b"HEAD" or not wanted:
        return
    content.seek(wanted.start)
    sending = _Sending(request, content, len(wanted))
    request.registerProducer(sending, True)
    sending.resumeProducing()
    await sending.ended  # who leaves meanwhile has taken the connection along
    request.unregisterProducer()


@implementer(IPushProducer)
class _Sending:
    """
    So many bytes of a file, on their way.

    Twisted's own `FileSender` goes by the global reactor, which tests have not.
    """

    def __init__(self, request: Request, content: BinaryIO, size: int) -> None:
        self.ended: Deferred[None] = Deferred()
        self._request = request
        self._content = content
        self._left = size
        self._is_paused = False

    def resumeProducing(self) -> None:
        """Write until what is between us and the reader is full."""
        self._is_paused = False
        while not self._is_paused and not self.ended.called:
            data = self._content.read(min(_CHUNK, self._left))
            self._left -= len(data)
            if data:
                self._request.write(data)
            else:
                self.ended.callback(None)

    def pauseProducing(self) -> None:
        """It is full."""
        self._is_paused = True

    def stopProducing(self) -> None:
        """The reader has left; the route is cancelled for it."""
        self._is_paused = True
