"""
What in a name cannot be seen: pure functions.

Beside the way of a message: [invisible] -> words. Two names that look the same are one
to whoever reads them, so a name has nothing in it that leaves no trace: Unicode's
Default_Ignorable_Code_Point and noncharacters, which PRECIS forbids too (RFC 8264, 9.13;
RFC 8266 for nicknames). Some of these are a part of the writing in their place, and stay
there: joiners (RFC 5892, A.1 and A.2), and what emoji are made of (UTS 51).
"""

from __future__ import annotations

import re
import unicodedata

_FILLERS = "\u115f\u1160\u3164\uffa0"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = "\u200c\u200d"
# Unicode's DerivedCoreProperties.txt; the noncharacters after it.
_IGNORED = re.compile(
    f"[\u00ad\u034f\u061c{_FILLERS}\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_SELECTOR = re.compile(f"[{_SELECTORS}]")
# Flags of parts of countries: their letters are said by tags (UTS 51, C.1).
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
# Whose look a selector changes: Han characters as they are written in names, letters of
# Mongolian, and besides symbols the keycaps and the punctuation that is an emoji too.
_VARIANTS = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
    "[\ufe00-\ufe02\U000e0100-\U000e01ef]"
    "|[\u1820-\u18aa][\u180b-\u180d\u180f]"
    "|[#*0-9\u203c\u2049\u2139\u3030][\ufe0e\ufe0f]"
)
# Scripts whose letters join: Arabic to Mandaic, Mongolian, Phags-pa, Rohingya, Adlam.
_CURSIVE = re.compile(
    "[\u0620-\u08ff\u1807\u1820-\u18aa\ua840-\ua873\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010d00-\U00010d3f\U0001e900-\U0001e943]"
)
_VIRAMA = 9  # as a canonical combining class


def is_ignored(character: str) -> bool:
    """Whether `character` by itself leaves no trace."""
    return _IGNORED.match(character) is not None


def without_invisible(text: str) -> str:
    """`text` without what leaves no trace where it stands."""
    if _IGNORED.search(text) is None:
        return text
    kept, place = "", 0
    while place < len(text):
        flag = _FLAG.match(text, place)
        piece = flag[0] if flag else text[place]
        place += len(piece)
        if flag or not is_ignored(piece) or _is_needed(kept, piece, text[place : place + 1]):
            kept += piece
    return kept


def _is_needed(before: str, ignored: str, after: str) -> bool:
    """Whether what stands between these is a part of the writing."""
    if not before:
        return False
    if _SELECTOR.match(ignored):
        return _is_varied(before[-1], ignored)
    if not after or ignored not in _JOINERS:
        return False
    if _VIRAMA in (unicodedata.combining(before[-1]), unicodedata.combining(after)):
        return True
    if _CURSIVE.match(before[-1]) and _CURSIVE.match(after):
        return True
    return ignored == "\u200d" and _ends_as_symbol(before) and _is_symbol(after)


def _is_varied(character: str, selector: str) -> bool:
    if _VARIANTS.match(character + selector):
        return True
    return selector in "\ufe0e\ufe0f" and _is_symbol(character)


def _ends_as_symbol(text: str) -> bool:
    """Whether the last is a symbol, with its selector or the color of its skin."""
    last = text[-2:-1] if _SELECTOR.match(text[-1]) or _SKIN.match(text[-1]) else text[-1]
    return text[-1] == "\U000e007f" or (bool(last) and _is_symbol(last))


def _is_symbol(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in ("So", "Sm")
