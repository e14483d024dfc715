"""
GIF: blocks, each in pieces of at most 255 bytes.

Beside the way of a message: vault.containers -> [gif]. By GIF89a. Of what it may hold
beside pictures only their times and how often they are shown again are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from imtwisted.vault.containers.reading import Data, Unreadable, number, part

STARTS = (b"GIF87a", b"GIF89a")

_HEAD = 13  # bytes before the table of colours
_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
_LOOP_SIZE = 16  # bytes: its name, and one piece of three


def without_metadata(data: Data) -> Iterator[bytes]:
    """The picture without what is about it; raises `Unreadable`."""
    at = _HEAD + _colours(number(data, 10, 1))
    yield part(data, 0, at)
    while (kind := number(data, at, 1)) != _END:
        start = at
        if kind == _EXTENSION:
            at = _after_pieces(data, start + 2)
            yield _extension(data, start, at)
        elif kind == _IMAGE:
            # Its place, its own colours, and how the codes begin.
            at = _after_pieces(data, start + 11 + _colours(number(data, start + 9, 1)))
            yield data[start:at]
        else:
            raise Unreadable("a block of no kind")
    yield bytes((_END,))


def _colours(flags: int) -> int:
    """How many bytes a table of colours has."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_pieces(data: Data, at: int) -> int:
    """Where a row of pieces ends, with the empty one that ends it."""
    while size := number(data, at, 1):
        at += 1 + size
    return at + 1


def _extension(data: Data, start: int, end: int) -> bytes:
    """The part of it that changes what is seen."""
    kind, said = data[start + 1], data[start + 2 : end]
    if kind == _CONTROL:
        return data[start:end]
    is_loop = said.startswith(_LOOPS) and said[12:14] == b"\x03\x01" and len(said) > _LOOP_SIZE
    if kind == _APPLICATION and is_loop:
        return data[start : start + 2] + said[:_LOOP_SIZE] + b"\0"
    return b""
