"""
WebP: chunks in a RIFF, and frames that hold chunks themselves.

Beside the way of a message: vault.containers -> [webp]. By RFC 9649, section 2. Which way
is up stays in the file as in the other formats, so that who minded it still does.
"""

from __future__ import annotations

from collections.abc import Iterator

from imtwisted.vault.containers import exif
from imtwisted.vault.containers.reading import Data, Unreadable, number, part

FORM = b"WEBP"

_BITSTREAM = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_KEPT = _BITSTREAM | {b"ANIM", b"ICCP"}
_EXTENDED, _FRAME, _EXIF = b"VP8X", b"ANMF", b"EXIF"
_FRAME_HEAD = 16  # bytes before the chunks of a frame
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def without_metadata(data: Data) -> Iterator[bytes]:
    """The picture without what is about it; raises `Unreadable`."""
    end = 8 + number(data, 4, 4, "little")
    if not 12 <= end <= len(data):
        raise Unreadable("it ends too early")
    turned = _orientation(data, end)
    pieces = list(_pieces(data, end, turned))
    size = len(FORM) + sum(map(len, pieces))
    yield b"RIFF" + size.to_bytes(4, "little") + FORM
    yield from pieces


def _pieces(data: Data, end: int, turned: int) -> Iterator[bytes]:
    is_extended = False
    for name, start, stop in _chunks(data, 12, end):
        if name == _EXTENDED and not is_extended:
            is_extended = True
            yield _chunk(name, _flagged(part(data, start, 10), turned))
        elif name == _FRAME and stop - start >= _FRAME_HEAD:
            yield _chunk(name, _frame(data, start, stop))
        elif name in _KEPT:
            yield _chunk(name, data[start:stop])
    if is_extended and turned != exif.UPRIGHT:
        yield _chunk(_EXIF, exif.block_of(turned))


def _flagged(said: bytes, turned: int) -> bytes:
    """What the file holds, as it is from now on."""
    flags = said[0] & ~(_EXIF_FLAG | _XMP_FLAG)
    return bytes((flags | (_EXIF_FLAG if turned != exif.UPRIGHT else 0),)) + said[1:]


def _frame(data: Data, start: int, stop: int) -> bytes:
    inside = (
        _chunk(name, data[first:last])
        for name, first, last in _chunks(data, start + _FRAME_HEAD, stop)
        if name in _BITSTREAM
    )
    return data[start : start + _FRAME_HEAD] + b"".join(inside)


def _orientation(data: Data, end: int) -> int:
    for name, start, stop in _chunks(data, 12, end):
        if name == _EXIF:
            return exif.orientation(data[start:stop])
    return exif.UPRIGHT


def _chunks(data: Data, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each name, and where what it says begins and ends."""
    while at < end:
        start = at + 8
        stop = start + number(data, at + 4, 4, "little")
        if stop > end:
            raise Unreadable("a chunk that has no end")
        yield part(data, at, 4), start, stop
        at = stop + stop % 2  # chunks begin at even places


def _chunk(name: bytes, said: bytes) -> bytes:
    return name + len(said).to_bytes(4, "little") + said + bytes(len(said) % 2)
