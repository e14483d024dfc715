"""
Reading what a stranger wrote: nothing is there until it was looked for.

Beside the way of a message: vault.containers -> [reading].
"""

from __future__ import annotations

from mmap import mmap

Data = bytes | mmap


class Unreadable(ValueError):
    """A file is not what its first bytes say, or not all of it."""


def part(data: Data, start: int, size: int) -> bytes:
    """Exactly so many bytes; raises `Unreadable` when there are fewer."""
    found = data[start : start + size]
    if len(found) != size:
        raise Unreadable("it ends too early")
    return found


def number(data: Data, start: int, size: int, order: str = "big") -> int:
    """A whole number of `size` bytes; raises `Unreadable`."""
    return int.from_bytes(part(data, start, size), "little" if order == "little" else "big")
