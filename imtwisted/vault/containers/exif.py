"""
What a camera wrote, of which only matters how it was held.

Beside the way of a message: vault.containers -> [exif]. By CIPA DC-008 (Exif 2.32),
which is TIFF 6.0.
"""

from __future__ import annotations

import struct

UPRIGHT = 1
PREFIX = b"Exif\0\0"  # before it in a JPEG, and by mistake elsewhere

_ORIENTATION = 0x0112
_SHORT = 3
_ENTRY = 12  # bytes
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation(block: bytes) -> int:
    """Which way is up, 1 to 8; upright when it does not say, or says it badly."""
    block = block.removeprefix(PREFIX)
    order = _ORDERS.get(block[:4])
    if order is None or len(block) < 8:
        return UPRIGHT
    (start,) = struct.unpack_from(order + "I", block, 4)
    count = _short(order, block, start)
    for place in range(start + 2, start + 2 + count * _ENTRY, _ENTRY):
        if place + _ENTRY > len(block):
            break
        if _short(order, block, place) == _ORIENTATION:
            said = _short(order, block, place + 8)
            is_known = _short(order, block, place + 2) == _SHORT and 1 <= said <= 8
            return said if is_known else UPRIGHT
    return UPRIGHT


def _short(order: str, block: bytes, place: int) -> int:
    if place + 2 > len(block):
        return 0
    return int(struct.unpack_from(order + "H", block, place)[0])


def block_of(orientation: int) -> bytes:
    """The shortest block that says which way is up."""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
