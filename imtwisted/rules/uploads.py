"""
What an upload is called and what it is: pure functions of what a stranger sent.

Beside the way of a message: http -> domain.files -> [uploads] -> disk and database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from imtwisted.files import File
from imtwisted.refusals import BadRequest

MESSAGE_FILES = 10  # of one message
FILE_NAME_LENGTH = 120  # code points, what comes after the last dot with them
_SUFFIX_LENGTH = 16
_NAMELESS = "file"
# What some system cannot have in a name, besides the separators of paths.
_FORBIDDEN = '<>:"|?*'
# What joins emoji, and joins and parts letters of Persian and of India: between two of them
# it is a part of the writing, anywhere else it is nothing but invisible.
_JOINERS = "\u200c\u200d"
_STRAY = re.compile(
    rf"(?<![^\x00-\x7f{_JOINERS}])[{_JOINERS}]|[{_JOINERS}](?![^\x00-\x7f{_JOINERS}])"
)

# By the first bytes, as the formats' own documents say; the longest of them first.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"BZh", "application/x-bzip2"),
)
_RIFF = frozenset({"image/webp", "audio/wav", "video/x-msvideo"})
_UNKNOWN = "application/octet-stream"
_TEXT = "text/plain"
_TEXT_CONTROLS = frozenset("\t\n\r\f\x1b")


def sniffed(head: bytes) -> str:
    """
    The type of a file by its first bytes, never by what its sender says.

    Whatever is text is plain text, also where it would be a page or a drawing.
    """
    for offset, magic, type in _MAGIC:
        if head.startswith(magic, offset) and (type not in _RIFF or head.startswith(b"RIFF")):
            return type
    return _TEXT if _is_text(head) else _UNKNOWN


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8, but for a character cut in two at the end, without control codes."""
    try:
        text = head.decode()
    except UnicodeDecodeError as reason:
        if len(head) - reason.start > 3:
            return False
        text = head[: reason.start].decode()
    return all(c in _TEXT_CONTROLS or unicodedata.category(c) != "Cc" for c in text)


def cleaned_name(name: str) -> str:
    """
    What a file is called: no path, nothing invisible or that turns the writing round.

    Whoever reads it, here or as a saved file, sees its real end.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(_shown(character) for character in unicodedata.normalize("NFC", last))
    line = " ".join(_STRAY.sub("", shown).split()).strip(". ")
    return _STRAY.sub("", _shortened(line)) or _NAMELESS


def _shown(character: str) -> str:
    if character in _FORBIDDEN:
        return "_"
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Cn", "Co") else character


def _shortened(name: str) -> str:
    """At most so long, with what comes after its last dot."""
    if len(name) <= FILE_NAME_LENGTH:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _SUFFIX_LENGTH:
        return name[:FILE_NAME_LENGTH].strip(". ")
    return stem[: FILE_NAME_LENGTH - len(suffix) - 1].strip(". ") + dot + suffix


def check_picture(file: File) -> None:
    """Raise `BadRequest` unless it can be shown as somebody's picture."""
    if not file.is_picture:
        raise BadRequest(reason="not_a_picture", field="file")


def check_files(files: Sequence[object], *, to_several: bool) -> None:
    """Raise `BadRequest` unless a message may bring these."""
    if to_several:
        raise BadRequest(reason="files_to_several", field="files")
    if len(files) > MESSAGE_FILES:
        raise BadRequest(reason="too_many_files", field="files")
