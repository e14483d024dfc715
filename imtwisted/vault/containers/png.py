"""
PNG: chunks, each with its name, its length and a sum.

Beside the way of a message: vault.containers -> [png]. By the W3C's Portable Network
Graphics, third edition, with animations. Only chunks that change how it looks are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from imtwisted.vault.containers import exif
from imtwisted.vault.containers.reading import Data, Unreadable, number, part

START = b"\x89PNG\r\n\x1a\n"

_PICTURE = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"})
_COLOURS = frozenset({b"cHRM", b"cICP", b"gAMA", b"iCCP", b"mDCV", b"cLLI", b"sBIT", b"sRGB"})
_KEPT = _PICTURE | _COLOURS | {b"bKGD", b"pHYs"}
_EXIF = b"eXIf"
_AROUND = 12  # bytes of a chunk that are not what it says


def without_metadata(data: Data) -> Iterator[bytes]:
    """The picture without what is about it; raises `Unreadable`."""
    yield START
    turned = _orientation(data)
    for name, start, end in _chunks(data):
        if name in _KEPT:
            yield data[start:end]
        elif _is_needed(name):
            raise Unreadable("a picture of another kind")
        if name == b"IHDR" and turned != exif.UPRIGHT:
            yield _chunk(_EXIF, exif.block_of(turned))


def _orientation(data: Data) -> int:
    for name, start, end in _chunks(data):
        if name == _EXIF:
            return exif.orientation(data[start + 8 : end - 4])
    return exif.UPRIGHT


def _chunks(data: Data) -> Iterator[tuple[bytes, int, int]]:
    """Each name, and where its chunk begins and ends; up to the last one."""
    at, name = len(START), b""
    while name != b"IEND":
        start, at = at, at + _AROUND + number(data, at, 4)
        name = part(data, start + 4, 4)
        if at > len(data) or (start == len(START) and name != b"IHDR"):
            raise Unreadable("a chunk that has no end, or no beginning before it")
        yield name, start, at


def _is_needed(name: bytes) -> bool:
    """Whether nothing may be shown by who does not know it: its first letter is large."""
    return not name[0] & 0x20


def _chunk(name: bytes, said: bytes) -> bytes:
    return len(said).to_bytes(4, "big") + name + said + crc32(name + said).to_bytes(4, "big")
