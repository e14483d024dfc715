"""
The files of the pages: scripts, styles, pictures, catalogs.

Way of a message: beside it. They are few and small, so they are read once at
start; what is not in memory does not exist, whatever a path says.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from twisted.web.http import CACHED
from twisted.web.server import Request

from imtwisted.refusals import NotFound

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent; `tag` changes whenever its content does."""

    content: bytes
    type: str
    tag: str


class Assets:
    """What `/static/<path>` serves."""

    def __init__(self, folder: Path) -> None:
        self._assets = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }

    def url(self, path: str) -> str:
        """Where a page finds `path`; its query names the version."""
        asset = self._assets.get(path)
        return f"/static/{path}?v={asset.tag[:8]}" if asset else f"/static/{path}"

    def serve(self, request: Request, path: str) -> bytes:
        """
        The bytes of `path`, or none when the browser has them; raises `NotFound`.

        Browsers ask each time, because modules import each other without a
        version; the answer is then a few bytes.
        """
        asset = self._assets.get(path)
        if asset is None:
            raise NotFound
        request.setHeader(b"Cache-Control", b"no-cache")
        if request.setETag(f'"{asset.tag}"'.encode()) == CACHED:
            return b""
        request.setHeader(b"Content-Type", asset.type.encode())
        request.setHeader(b"Content-Length", b"%d" % len(asset.content))
        return asset.content


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix.lower(), "application/octet-stream")
    return Asset(content, kind, hashlib.sha256(content).hexdigest()[:32])
