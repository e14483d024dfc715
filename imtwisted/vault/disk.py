"""
The folder of files: what comes in, what is kept, what is left over.

Beside the way of a message: http -> domain.files -> [disk].

A file is written in `incoming` and renamed to its place, two letters deep, once
it is whole and safe on the disk. Whatever lies in `incoming` when a server starts
was cut off, and goes. The names are ours: nothing of what people send is in a path.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from imtwisted.boundaries import Incoming, Threads

HEAD_BYTES = 4096
_THUMBNAIL = ".thumbnail"
_BARE = ".bare"
_BITS = 0o700


class FolderDisk:
    """`boundaries.Disk` in one folder, which one server uses at a time."""

    def __init__(self, folder: Path, threads: Threads) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._threads = threads

    def start_anew(self) -> None:
        """What an earlier server left half done is deleted; nobody else may use the folder now."""
        shutil.rmtree(self._incoming, ignore_errors=True)

    def begin(self, place: str) -> Incoming:
        """A new file that will be kept under `place`; raises `OSError`."""
        self._incoming.mkdir(mode=_BITS, parents=True, exist_ok=True)
        return IncomingFile(place, self._incoming / place)

    async def complete(self, incoming: Incoming) -> None:
        """All of it is written and flushed; raises `OSError`."""
        await self._threads.run(incoming.flush)

    async def strip(self, incoming: Incoming) -> None:
        """The bare copy of it takes its place; raises `OSError`."""
        await self._threads.run(incoming.take_bare)

    async def keep(self, incoming: Incoming) -> None:
        """Rename it, and its thumbnail, to their place; raises `OSError`."""
        await self._threads.run(self._keep, incoming)

    async def copy(self, place: str, other: str) -> None:
        """What lies at `place`, with its thumbnail, lies at `other` too; raises `OSError`."""
        await self._threads.run(self._copy, place, other)

    def path_of(self, place: str, *, thumbnail: bool = False) -> Path:
        """Where it lies."""
        return self._folder / place[:2] / (place + _THUMBNAIL if thumbnail else place)

    async def remove(self, places: Sequence[str]) -> None:
        """Delete what lies there, with the thumbnails."""
        await self._threads.run(self._remove, places)

    async def places(self, before: int) -> list[str]:
        """Everything that was kept before that time."""
        return await self._threads.run(self._places, before)

    # --- in threads -----------------------------------------------------------------

    def _keep(self, incoming: Incoming) -> None:
        place = self.path_of(incoming.place)
        place.parent.mkdir(mode=_BITS, parents=True, exist_ok=True)
        if incoming.thumbnail.exists():
            os.replace(incoming.thumbnail, self.path_of(incoming.place, thumbnail=True))
        os.replace(incoming.path, place)
        # The names are as safe as the bytes only when their folder is.
        _sync(place.parent)
        _sync(self._folder)

    def _copy(self, place: str, other: str) -> None:
        copy = self.path_of(other)
        copy.parent.mkdir(mode=_BITS, parents=True, exist_ok=True)
        small = self.path_of(place, thumbnail=True)
        try:
            if small.exists():
                _link(small, self.path_of(other, thumbnail=True))
            _link(self.path_of(place), copy)
        except OSError:
            self._remove([other])
            raise
        # Both names have one age: young, or a sweep could come before its row does.
        os.utime(copy)
        _sync(copy.parent)
        _sync(self._folder)

    def _remove(self, places: Sequence[str]) -> None:
        for place in places:
            for thumbnail in (True, False):
                self.path_of(place, thumbnail=thumbnail).unlink(missing_ok=True)

    def _places(self, before: int) -> list[str]:
        return [
            path.name
            for path in self._files()
            if path.suffix != _THUMBNAIL and path.stat().st_mtime * 1000 < before
        ]

    def _files(self) -> Iterator[Path]:
        for folder in self._folder.glob("[0-9a-f][0-9a-f]"):
            yield from folder.iterdir()


class IncomingFile:
    """`boundaries.Incoming`: one open file in the folder for them."""

    def __init__(self, place: str, path: Path) -> None:
        self.place = place
        self.path = path
        self.bare = path.with_suffix(_BARE)
        self.thumbnail = path.with_suffix(_THUMBNAIL)
        self.size = 0
        self.head = b""
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        self._descriptor: int | None = os.open(path, flags, 0o600)

    def write(self, data: bytes) -> None:
        """Add `data`: into the system's memory, so that it takes microseconds."""
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]
        assert self._descriptor is not None, "it is complete"
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self.size += len(data)

    def flush(self) -> None:
        """All of it is on the disk, and nothing more comes."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)
            self._close()

    def take_bare(self) -> None:
        """What the picture process wrote is the file, as safe on the disk as it was."""
        _sync(self.bare)
        os.replace(self.bare, self.path)
        self.size = self.path.stat().st_size

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def discard(self) -> None:
        """Leave nothing behind, unless it is kept."""
        self._close()
        for path in (self.path, self.bare, self.thumbnail):
            path.unlink(missing_ok=True)


def _link(path: Path, other: Path) -> None:
    """The same bytes under another name; copied where the disk knows no such thing."""
    try:
        os.link(path, other)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(path, other)
        _sync(other)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
