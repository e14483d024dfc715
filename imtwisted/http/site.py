"""
What holds for every request: sizes, security headers, who is calling, the log.

Way of a message: browser -> [site] -> pages or api -> domain.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.web.http import CACHED, NOT_MODIFIED
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

from imtwisted.http.channel import UPLOAD_BYTES, ChatChannel, Crowd
from imtwisted.http.headers import logged_path, tags_of
from imtwisted.http.origins import Origins
from imtwisted.http.uploads import UploadBody, Uploads

BODY_BYTES = 256 * 1024
SILENCE = 60  # seconds that a connection may say nothing

_POLICY = (
    b"default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    b"Content-Security-Policy": _POLICY,
    b"X-Content-Type-Options": b"nosniff",
    b"Referrer-Policy": b"same-origin",
    b"Cross-Origin-Opener-Policy": b"same-origin",
    # What may be kept says so itself; the rest is somebody's own.
    b"Cache-Control": b"no-store",
}
_TRANSPORT_SECURITY = b"max-age=31536000"
_TOO_LARGE_BODY = b'{"error":{"code":"too_large","message":"That is too large."}}'
_TOO_LARGE = b"\r\n".join(
    [
        b"HTTP/1.1 413 Content Too Large",
        b"Connection: close",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(_TOO_LARGE_BODY),
        *(b"%b: %b" % header for header in _HEADERS.items()),
        b"",
        _TOO_LARGE_BODY,
    ]
)


class ChatRequest(Request):
    """One HTTP request; every answer leaves with the headers of `_HEADERS`."""

    site: ChatSite
    channel: Any
    content: Any
    _received = 0
    _judged = 0
    _most = 0
    _refused = False

    # --- the body, as it comes

    def gotLength(self, length: int | None) -> None:
        """Refuse at once what announces itself as too large."""
        site = self.channel.site
        upload = site.uploads.body_for(self)
        self.content = upload or BytesIO()
        self._most = site.uploads.most if upload else site.body_bytes
        if length is not None and length > self._most:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        """Refuse what turns out too large, chunked bodies too."""
        if self._refused:
            return
        self._received += len(data)
        if self._received > self._most:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def _refuse(self) -> None:
        self._refused = True
        self.content.close()
        self.content = BytesIO()
        self.channel.turn_away(_TOO_LARGE)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Go on, unless the answer is already given."""
        if not self._refused:
            super().requestReceived(command, path, version)

    def may_take_longer(self) -> bool:
        """Whether this is an upload that has come on since this was asked last."""
        since, self._judged = self._received - self._judged, self._received
        if not isinstance(self.content, UploadBody):
            return False
        return self.content.is_held or (self.content.is_known and since >= UPLOAD_BYTES)

    # --- the request, as a whole

    def process(self) -> None:
        """Put the headers on, and find the resource."""
        site = self.site = self.channel.site
        for name, value in _HEADERS.items():
            self.setHeader(name, value)
        if site.origins.is_secure(self):
            self.setHeader(b"Strict-Transport-Security", _TRANSPORT_SECURITY)
        if self._is_text():
            super().process()
        else:
            self.write(site.unreadable(self))
            self.finish()

    def render(self, resrc: IResource) -> None:
        """Render `resrc`, without Twisted's name and version in the answer."""
        self.responseHeaders.removeHeader(b"Server")
        channel = self.channel  # who has been answered has none any more
        super().render(resrc)
        if channel.transport is None:
            channel.has_become_socket()

    def setETag(self, etag: bytes) -> object:
        """Say which version this is; `CACHED`, when the browser has it already."""
        self.etag = etag
        if tags_of(self).isdisjoint((etag.decode(), "*")):
            return None
        self.setResponseCode(NOT_MODIFIED)
        return CACHED

    def _is_text(self) -> bool:
        """Whether path and host can be read at all; what follows relies on it."""
        self.prepath, self.postpath = [], []
        try:
            unquote_to_bytes(self.path).decode()
            (self.getHeader(b"host") or b"").decode("ascii")
        except UnicodeDecodeError:
            return False
        return self.path.startswith(b"/") or self.path == b"*"


class ChatSite(Site):
    """The HTTP side of the server: its root, its limits, its log."""

    _log = Logger()
    displayTracebacks = False
    protocol: Any = ChatChannel

    def __init__(
        self,
        root: IResource,
        origins: Origins,
        uploads: Uploads,
        unreadable: Callable[[Request], bytes],
        *,
        reactor: IReactorTime,
        connections: int,
        body_bytes: int = BODY_BYTES,
    ) -> None:
        super().__init__(
            root,
            requestFactory=ChatRequest,
            parsePOSTFormSubmission=False,
            timeout=SILENCE,
            reactor=reactor,
        )
        self.origins = origins
        self.crowd = Crowd(origins, connections)
        self.uploads = uploads
        self.unreadable = unreadable
        self.body_bytes = body_bytes

    def acceptableProtocols(self) -> list[bytes]:
        """What `ChatChannel` speaks, whatever else is installed."""
        return [b"http/1.1"]

    def startFactory(self) -> None:
        """Twisted's own log file, and its timer each second, are not wanted."""

    def stopFactory(self) -> None:
        """Nothing was started."""

    def log(self, request: Any) -> None:
        """
        One line a request: no query, no code of a link, no body, no header of its sender.

        Twisted takes only printable paths, so nobody writes into a terminal.
        """
        self._log.info(
            "{address} {method} {path} {status} {size}",
            address=self.origins.address_of(request),
            method=request.method.decode("ascii", "replace"),
            path=logged_path(request),
            status=request.code,
            size=request.sentLength,
        )
