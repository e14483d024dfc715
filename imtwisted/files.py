"""
The nouns of files: what was uploaded, as people see it and as the disk has it.

Way of a message: beside it; a message carries files by their ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

FileId = NewType("FileId", int)

# Raster formats that browsers show and that carry no scripts; what else a file is, it is downloaded.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class File:
    """Something that was uploaded; `width` and `height` in pixels, of a picture that can be shown."""

    id: FileId
    name: str
    size: int
    type: str
    width: int | None = None
    height: int | None = None
    thumbnail: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether browsers may show it: its type is safe, and it was decoded once."""
        return self.type in PICTURES and self.width is not None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that has arrived on the disk and is in no table yet."""

    place: str
    name: str
    size: int
    type: str
    width: int | None = None
    height: int | None = None
    thumbnail: bool = False

    def as_file(self, id: FileId) -> File:
        """The file it is, once it has an id."""
        return File(id, self.name, self.size, self.type, self.width, self.height, self.thumbnail)


@dataclass(frozen=True, slots=True)
class Kept:
    """
    A file, and the name under which the disk has it.

    `is_face`: it is what a person looks like, which everyone may see for as long as it is.
    """

    file: File
    place: str
    is_face: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """
    What the picture process saw: the size in pixels, the way up it is shown.

    Without a size the picture was only taken apart, and cannot be shown.
    """

    width: int | None
    height: int | None
    thumbnail: bool
