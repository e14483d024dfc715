"""
The quick way to read: small, whole, masked text frames, all of one packet in one go.

Way of a message: browser -> [quick_read] -> sockets -> inbox. Whatever is not
as plain as that is left, untouched, to Autobahn's parser, the plain way.
"""

from __future__ import annotations

_FINAL_TEXT = 0x81  # FIN, no extension, opcode 1 (RFC 6455, 5.2)
_MASKED = 0x80
_TWO_BYTES = 126


def whole_texts(data: bytes, limit: int) -> tuple[list[str], int]:
    """
    The texts of the plain frames at the start of `data`, and where they end.

    It stops before the first frame that is cut off, fragmented, unmasked, of
    another opcode, longer than `limit` bytes or not written in its shortest
    form, or whose text is no UTF-8.
    """
    texts: list[str] = []
    at, end = 0, len(data)
    while end - at >= 6 and data[at] == _FINAL_TEXT and data[at + 1] & _MASKED:
        length = data[at + 1] & 0x7F
        start = at + 6
        if length == _TWO_BYTES:
            length = data[at + 2] << 8 | data[at + 3]
            start = at + 8
            if length < _TWO_BYTES:
                break
        elif length > _TWO_BYTES:
            break
        stop = start + length
        if stop > end or length > limit:
            break
        try:
            texts.append(_unmasked(data[start:stop], data[start - 4 : start]).decode())
        except UnicodeDecodeError:
            break
        at = stop
    return texts, at


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    """`payload` without its mask: one exclusive-or of two long integers."""
    length = len(payload)
    pattern = mask * (length // 4 + 1)
    return (
        int.from_bytes(payload, "little") ^ int.from_bytes(pattern[:length], "little")
    ).to_bytes(length, "little")
