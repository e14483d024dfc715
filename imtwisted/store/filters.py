"""
Small answers to "could this part be among these texts?": no, or perhaps.

Beside the way of a message: search -> [filters]. A filter is a Bloom filter
(Bloom, 1970) of the parts of one to four characters that a block of messages
holds. It never says no to what is there. What it is asked is one byte of it,
which SQL can look at: only the blocks that say perhaps are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

from imtwisted.model import UserId

PERHAPS = b"\xff"  # the filter that says perhaps to everything

# Scripts with thousands of characters tell blocks apart by shorter parts than alphabets.
_RUN = re.compile(r"[\u2e80-\U0010ffff]+|[^\s\u2e80-\U0010ffff]+")
_DENSE = "\u2e80"
_LONGEST_DENSE, _LONGEST = 3, 4

_BITS_EACH = 12  # with three bits set for each part, one wrong "perhaps" in ninety
_SMALLEST, _LARGEST = 8, 16_384  # bytes
_PROBES = 8  # parts asked for at most; the answer is in the texts anyway
_WORD = 2**32
_HAVING = [bytes(byte for byte in range(256) if byte >> bit & 1) for bit in range(8)]

# Asked of a row of `search_terms`, with the arguments of a `Probe`.
ASKED = "INSTR(%s, SUBSTR(t.filter, 1 + ((%s * LENGTH(t.filter)) >> 32), 1)) > 0"


class Probe(NamedTuple):
    """The bytes that would say perhaps, and which byte of the filter it is, of 2^32."""

    having: bytes
    place: int


def filter_of(texts: Iterable[str], senders: Iterable[UserId]) -> bytes:
    """The filter of these folded texts, said by these people."""
    words = {word for text in texts for word in text.split()}
    parts = {part for word in words for part in _parts(word)}
    parts.update(map(_sign, senders))
    filter = bytearray(min(max(_SMALLEST, len(parts) * _BITS_EACH // 8), _LARGEST))
    size = len(filter)
    for part in parts:
        for place in _places(part):
            filter[(place * size) >> 32] |= 1 << (place & 7)
    return bytes(filter)


def probes(parts: Iterable[str], sender: UserId | None) -> list[Probe]:
    """What to ask a filter before its block is read for all of `parts`."""
    asked = [gram for part in parts for gram in _longest_parts(part)]
    step = -(-len(asked) // _PROBES) or 1
    chosen = asked[::step] + ([] if sender is None else [_sign(sender)])
    return [Probe(_HAVING[place & 7], place) for part in chosen for place in _places(part)]


def _parts(word: str) -> Iterator[str]:
    for run in _RUN.findall(word):
        for length in range(1, _longest(run) + 1):
            for start in range(len(run) - length + 1):
                yield run[start : start + length]


def _longest_parts(part: str) -> Iterator[str]:
    """Only the longest: where they are, the shorter ones in them are too."""
    for run in _RUN.findall(part):
        length = min(_longest(run), len(run))
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def _longest(run: str) -> int:
    return _LONGEST_DENSE if run[0] >= _DENSE else _LONGEST


def _sign(sender: UserId) -> str:
    """A part that is in no text."""
    return f"\0{sender}"


def _places(part: str) -> tuple[int, int, int]:
    """Three of the 2^32 places a bit can have: which byte by the high bits, which bit by the low."""
    first = crc32(part.encode("utf-8", "surrogatepass")) * 0x9E3779B1 % _WORD
    second = (first ^ first >> 15) * 0x85EBCA6B % _WORD
    return first, second, (second ^ second >> 13) * 0xC2B2AE35 % _WORD
