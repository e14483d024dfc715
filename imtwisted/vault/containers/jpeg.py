"""
JPEG: segments, each with a marker, and between them what was compressed.

Beside the way of a message: vault.containers -> [jpeg]. By ITU-T T.81, annex B; JFIF is
T.871, ICC profiles are ICC.1, annex B.4. A progressive picture has many scans, with
tables between them. What lies behind its end is dropped: there phones put second
pictures, films and depths, with places of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from imtwisted.vault.containers import exif
from imtwisted.vault.containers.reading import Data, Unreadable, number, part

START = b"\xff\xd8\xff"

_SOI = b"\xff\xd8"
_EOI, _SOS, _APP0, _APP1, _APP15, _COM = 0xD9, 0xDA, 0xE0, 0xE1, 0xEF, 0xFE
_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}  # markers without a segment, which are nothing here
_KEPT = ((0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_JFIF = b"JFIF\0"
_JFIF_SIZE = 12  # bytes before the size of its own thumbnail
_ANY = re.compile(rb"\xff[^\x00\xff]", re.DOTALL)
# In a scan 0xff is followed by 0 where it is a byte of it, and by D0 to D7 where it restarts.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def without_metadata(data: Data) -> Iterator[bytes]:
    """The picture without what is about it; raises `Unreadable`."""
    yield _SOI
    turned = _orientation(data)
    if turned != exif.UPRIGHT:
        yield _segment(_APP1, exif.PREFIX + exif.block_of(turned))
    for marker, start, end in _segments(data):
        if marker == _APP0:
            yield _jfif(data[start:end])
        elif _is_shown(marker, data[start : start + _JFIF_SIZE]):
            yield _segment(marker, data[start:end])
        if marker == _SOS:
            yield data[end : _next(_AFTER_SCAN, data, end)]
    yield bytes((0xFF, _EOI))


def _orientation(data: Data) -> int:
    for marker, start, end in _segments(data):
        if marker == _APP1 and data[start : start + len(exif.PREFIX)] == exif.PREFIX:
            return exif.orientation(data[start:end])
    return exif.UPRIGHT


def _segments(data: Data) -> Iterator[tuple[int, int, int]]:
    """Each marker, and where what it says begins and ends; up to the end of the picture."""
    at = len(_SOI)
    pattern = _ANY
    while True:
        # Decoders skip what is before a marker; here it is dropped.
        at = _next(pattern, data, at) + 2
        marker = data[at - 1]
        if marker == _EOI:
            return
        pattern = _ANY
        if marker in _ALONE:
            continue
        start, at = at + 2, at + number(data, at, 2)
        if not start <= at <= len(data):
            raise Unreadable("a segment that has no end")
        yield marker, start, at
        if marker == _SOS:
            pattern = _AFTER_SCAN


def _next(pattern: re.Pattern[bytes], data: Data, start: int) -> int:
    found = pattern.search(data, start)
    if found is None:
        raise Unreadable("a picture that has no end")
    return found.start()


def _is_shown(marker: int, start: bytes) -> bool:
    """Whether a decoder needs it: every table, and of what applications add the colours."""
    if marker == _COM or _APP0 <= marker <= _APP15:
        return any(marker == kept and start.startswith(name) for kept, name in _KEPT)
    return True


def _jfif(said: bytes) -> bytes:
    """Without the small picture that may be in it; nothing, if it is something else."""
    if not said.startswith(_JFIF):
        return b""
    return _segment(_APP0, part(said, 0, _JFIF_SIZE) + bytes(2))


def _segment(marker: int, said: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(said) + 2).to_bytes(2, "big") + said
