"""
What it means that a text holds what was searched for, and where: pure functions.

Beside the way of a message: search -> [matching]. Both databases give the same
answers because they are asked for candidates only; what matches is decided here.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from imtwisted.refusals import BadRequest

QUERY_LENGTH = 100  # code points
QUERY_PARTS = 10
HIGHLIGHTS = 100  # of one text

Span = tuple[int, int]


def fold(text: str) -> str:
    """`text` without what a search does not look at: width, compatibility forms, case (NFKC)."""
    if text.isascii():
        return text.lower()
    return _nfkc(_nfkc(text).casefold())


def parts_of(query: str) -> tuple[str, ...]:
    """
    The folded parts between the blanks of `query`, each once.

    A text matches when it holds every one of them, wherever, also inside of
    words. Raises `BadRequest` (`query_empty`, `query_too_long`).
    """
    if len(query) > QUERY_LENGTH:
        raise BadRequest(reason="query_too_long", field="q")
    parts = tuple(dict.fromkeys(fold(query).split()))
    if not parts:
        raise BadRequest(reason="query_empty", field="q")
    if len(parts) > QUERY_PARTS:
        raise BadRequest(reason="query_too_long", field="q")
    return parts


def searched(text: str, names: Iterable[str]) -> str:
    """What of a message is looked through: its words, and what its files are called."""
    return "\n".join((text, *names))  # no part has a blank in it, so none goes across


def holds(text: str, parts: Iterable[str]) -> bool:
    """Whether `text` matches: every part is somewhere in it."""
    folded = fold(text)
    return all(part in folded for part in parts)


def highlights(text: str, parts: Sequence[str]) -> list[Span]:
    """
    Where the parts are: [start, end) in code points of `text`, in order, apart.

    What folds to several characters is shown whole: of "ß" no half is an "s".
    At most `HIGHLIGHTS` of them.
    """
    folded, origins = _folding(text)
    found = sorted(span for part in parts for span in _places(folded, part))
    merged: list[Span] = []
    for start, end in found:
        first, last = origins.span(start, end)
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        elif len(merged) == HIGHLIGHTS:
            break
        else:
            merged.append((first, last))
    return merged


def _places(folded: str, part: str) -> Iterator[Span]:
    """The first occurrences of `part`, overlapping ones too."""
    start = folded.find(part)
    # A run of one character overlaps itself: more are found than shown.
    for _ in range(HIGHLIGHTS * 10):
        if start < 0:
            return
        yield start, start + len(part)
        start = folded.find(part, start + 1)


class _Origins:
    """Which stretch of the text each character of its folding came from."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._here, self._there = [0], [0]
        for piece in pieces:
            self._there.append(self._there[-1] + len(piece))
            self._here.append(self._here[-1] + len(fold(piece)))

    def span(self, start: int, end: int) -> Span:
        """The stretch of the text that [start, end) of the folding came from."""
        first = bisect_right(self._here, start) - 1
        last = bisect_right(self._here, end - 1)
        return self._there[first], self._there[last]


def _folding(text: str) -> tuple[str, _Origins]:
    """
    The folded text and where it came from.

    Folded piece by piece it must be the same as folded whole; a text for which
    the characters are too small as pieces is taken word by word, or whole.
    """
    folded = fold(text)
    for pieces in (_clusters(text), _words(text)):
        if "".join(map(fold, pieces)) == folded:
            return folded, _Origins(pieces)
    return folded, _Origins([text])


def _clusters(text: str) -> list[str]:
    """Characters, each with the marks and jamo that normalization may join to it."""
    pieces: list[str] = []
    for character in text:
        if pieces and _joins(character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _words(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and not character.isspace():
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """Whether a character may become one with what is before it."""
    if character.isascii():
        return False
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
