"""
The files of the pages: scripts, styles, pictures, catalogs.

Way of a message: beside it. They are few and small, so they are read once at
start; what is not in memory does not exist, whatever a path says.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

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

_EDITION = "edition"  # what the path of a file begins with that is kept for good
_FOR_GOOD = b"public, max-age=31536000, immutable"
_IMPORT = re.compile(r'^(?:import|export) (?:.* from )?"(\..+)";$', re.MULTILINE)


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
        tags = "".join(asset.tag for asset in self._assets.values())
        self._edition = hashlib.sha256(tags.encode()).hexdigest()[:12]

    def url(self, path: str) -> str:
        """
        Where a page finds `path`.

        The edition of all files stands in front, so that what modules import
        from each other is of the same one, and need never be asked for again.
        """
        known = path in self._assets
        return f"/static/{_EDITION}/{self._edition}/{path}" if known else f"/static/{path}"

    def modules(self, entry: str) -> list[str]:
        """The URLs of all that the module `entry` imports, so that no import waits for another."""
        found, waiting = {entry: None}, [entry]
        while waiting:
            path = waiting.pop()
            source = self._assets[path].content.decode()
            for name in _IMPORT.findall(source):
                imported = normpath(join(dirname(path), name))
                if imported not in found:
                    found[imported] = None
                    waiting.append(imported)
        return [self.url(path) for path in found]

    def serve(self, request: Request, path: str) -> bytes:
        """
        The bytes of `path`, or none when the browser has them; raises `NotFound`.

        A file of this edition is kept for good. Of any other, which a page has
        that was loaded before an update, browsers ask each time.
        """
        edition, path = _split(path)
        asset = self._assets.get(path)
        if asset is None:
            raise NotFound
        kept = _FOR_GOOD if edition == self._edition else b"no-cache"
        request.setHeader(b"Cache-Control", kept)
        if request.setETag(f'"{asset.tag}"'.encode()) == CACHED:
            return b""
        request.setHeader(b"Content-Type", asset.type.encode())
        request.setHeader(b"Content-Length", b"%d" % len(asset.content))
        return asset.content


def _split(path: str) -> tuple[str, str]:
    """The edition that a path names, empty for none, and the file."""
    mark, _, rest = path.partition("/")
    edition, _, file = rest.partition("/")
    return (edition, file) if mark == _EDITION else ("", path)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix.lower(), "application/octet-stream")
    return Asset(content, kind, hashlib.sha256(content).hexdigest()[:32])
