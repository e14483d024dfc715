"""
What a name, a text or an emoji must be: pure functions.

Way of a message: domain -> [words] -> journal.
"""

from __future__ import annotations

import re
import unicodedata

from imtwisted.refusals import BadRequest, TooLarge
from imtwisted.rules.invisible import is_ignored, without_invisible

NAME_LENGTH = range(2, 33)
NAME_MARKS = "_-."
PASSWORD_LENGTH = range(8, 1025)
DISPLAY_NAME_LENGTH = 64
TITLE_LENGTH = 80
DESCRIPTION_LENGTH = 300
NOTE_LENGTH = 200
PREVIEW_LENGTH = 200
EMOJI_BYTES = 32

# One emoji (UTS 51, 1.4.9): a flag of two letters, a keycap, or symbols, each with its
# selector, skin tone and tags, joined by U+200D.
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
_SYMBOL = re.compile(
    "[^\u200d\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_PART = (
    f"{_SYMBOL.pattern}(?:\ufe0f|[\U0001f3fb-\U0001f3ff]\ufe0f?)?"
    "(?:[\U000e0020-\U000e007e]+\U000e007f)?"
)
_EMOJI = re.compile(f"{_FLAG}|{_KEYCAP}|(?P<joined>{_PART}(?:\u200d{_PART})*)")
_BLANK = "\u2800"  # a symbol without any ink


def name_key(username: str) -> str:
    """What makes two user names the same: width, case and blanks around them do not."""
    username = username.strip()
    if username.isascii():
        return username.lower()  # the same, at a fraction of the time
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def checked_username(username: str) -> str:
    """`username` in NFC; raises `BadRequest` with the reason beside the field."""
    name = unicodedata.normalize("NFC", username.strip())
    key = name_key(name)
    if min(len(name), len(key)) < NAME_LENGTH.start:
        raise BadRequest(reason="name_too_short", field="username")
    if max(len(name), len(key)) >= NAME_LENGTH.stop:
        raise BadRequest(reason="name_too_long", field="username")
    # A name of dots alone is a place in a path, and no name; a mark needs a letter to stand on.
    belongs = all(_belongs_in_a_name(character) for character in name + key)
    if not belongs or not key.strip(".") or _is_mark(name[0]) or _is_mark(key[0]):
        raise BadRequest(reason="name_characters", field="username")
    return name


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")


def _belongs_in_a_name(character: str) -> bool:
    """Letters of any script with their marks, decimal digits, and `_ - .`; all can be seen."""
    if character in NAME_MARKS:
        return True
    category = unicodedata.category(character)
    return (category[0] == "L" or category in ("Mn", "Mc", "Nd")) and not is_ignored(character)


def checked_password(password: str, field: str = "password") -> str:
    """`password` as it is; raises `BadRequest` when too short or too long."""
    if len(password) < PASSWORD_LENGTH.start:
        raise BadRequest(reason="password_too_short", field=field)
    if len(password) >= PASSWORD_LENGTH.stop:
        raise BadRequest(reason="password_too_long", field=field)
    return password


def checked_display_name(display_name: str) -> str:
    """`display_name` on one line; raises `BadRequest` when too long or nothing can be seen, unless blank."""
    name = one_line(display_name)
    if (name and not _can_be_seen(name)) or (not name and display_name.strip()):
        raise BadRequest(reason="display_name_invisible", field="display_name")
    if len(name) > DISPLAY_NAME_LENGTH:
        raise BadRequest(reason="display_name_too_long", field="display_name")
    return name


def checked_title(title: str) -> str:
    """A group's `title` on one line; raises `BadRequest` when too long or nothing can be seen."""
    line = one_line(title)
    if not _can_be_seen(line):
        raise BadRequest(reason="title_empty", field="title")
    if len(line) > TITLE_LENGTH:
        raise BadRequest(reason="title_too_long", field="title")
    return line


def checked_description(description: str) -> str:
    """What a group is for, in lines; raises `BadRequest` when too long."""
    lines = [one_line(line) for line in description.splitlines()]
    text = "\n".join(lines).strip("\n")
    if len(text) > DESCRIPTION_LENGTH:
        raise BadRequest(reason="description_too_long", field="description")
    return text


def checked_note(note: str) -> str:
    """The words with a friend request, on one line."""
    line = one_line(note)
    if len(line) > NOTE_LENGTH:
        raise BadRequest(reason="note_too_long", field="note")
    return line


def _can_be_seen(line: str) -> bool:
    return not all(unicodedata.category(c) in ("Cf", "Mn", "Me", "Zs") for c in line)


def one_line(text: str) -> str:
    """
    `text` trimmed, in NFC, with every run of blanks or control characters one space.

    It stands beside words of ours and of others, so nothing in it turns text around
    or is there without being seen.
    """
    printable = "".join(
        " " if c in _BLANK or unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in unicodedata.normalize("NFC", text)
    )
    seen = unicodedata.normalize("NFC", without_invisible(printable))
    return " ".join(seen.split())


def checked_text(text: str, limit: int) -> str:
    """A message's `text` as it is; raises when blank or over `limit` code points."""
    say_something(checked_caption(text, limit))
    return text


def say_something(text: str) -> None:
    """Raise `BadRequest` when `text` is blank."""
    if not text or text.isspace():
        raise BadRequest(reason="text_empty", field="text")


def checked_caption(text: str, limit: int) -> str:
    """The `text` of a message with files, which may be nothing; raises over `limit` code points."""
    if len(text) > limit:
        raise TooLarge(reason="text_too_long", field="text")
    if "\0" in text:
        raise BadRequest(reason="nul", field="text")
    return text


def checked_emoji(emoji: str) -> str:
    """One emoji, of whatever parts; raises `BadRequest` for several and for what reads as text."""
    fits = 0 < len(emoji.encode("utf-8", "surrogatepass")) <= EMOJI_BYTES
    one = _EMOJI.fullmatch(emoji) if fits else None
    if one is None or not all(map(_is_a_symbol, _SYMBOL.findall(one["joined"] or ""))):
        raise BadRequest(reason="emoji", field="emoji")
    return emoji


def _is_a_symbol(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in ("So", "Sm")
