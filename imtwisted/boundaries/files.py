"""
Where files are kept and looked at: the disk, the process that decodes pictures, the table.

Beside the way of a message: http -> domain.files -> [files] -> disk and database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from imtwisted.files import File, FileId, Kept, Sight, Uploaded
from imtwisted.model import Person, UserId
from imtwisted.profile import Noticed

T = TypeVar("T")


class Threads(Protocol):
    """Where work is done that may wait for a disk."""

    async def run(self, work: Callable[..., T], *args: Any) -> T: ...


class Incoming(Protocol):
    """A file on its way in; until it is kept, it leaves nothing behind."""

    @property
    def place(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def head(self) -> bytes:
        """Its first bytes, by which its type is told."""

    @property
    def path(self) -> Path: ...

    @property
    def bare(self) -> Path:
        """Where a copy of it goes that tells nothing of its maker."""

    @property
    def thumbnail(self) -> Path:
        """Where a thumbnail of it goes."""

    def write(self, data: bytes) -> None:
        """Add `data`; raises `OSError` when the disk takes no more."""

    def flush(self) -> None:
        """Nothing more comes; in a thread, for it waits for the disk."""

    def take_bare(self) -> None:
        """The bare copy is the file from now on; in a thread, for it waits for the disk."""

    def discard(self) -> None:
        """Leave nothing behind, unless it is kept; may be called twice."""


class Disk(Protocol):
    """The folder of files."""

    def begin(self, place: str) -> Incoming:
        """A new file that will be kept under `place`; raises `OSError`."""

    async def complete(self, incoming: Incoming) -> None:
        """All of it is written, and can be looked at."""

    async def strip(self, incoming: Incoming) -> None:
        """The bare copy of it, which was made meanwhile, takes its place."""

    async def keep(self, incoming: Incoming) -> None:
        """From now on it survives the machine, and lies at its place, with its thumbnail."""

    async def copy(self, place: str, other: str) -> None:
        """What lies at `place`, with its thumbnail, lies at `other` too; raises `OSError`."""

    def path_of(self, place: str, *, thumbnail: bool = False) -> Path: ...

    async def remove(self, places: Sequence[str]) -> None:
        """Delete what lies there, with the thumbnails; what is gone already is no error."""

    async def places(self, before: int) -> list[str]:
        """Everything that was kept before that time, in ms since the epoch."""


class Pictures(Protocol):
    """Looks at pictures where a bad one can do no harm."""

    async def look(self, owner: UserId, picture: Path, bare: Path, thumbnail: Path) -> Sight | None:
        """
        Its size, if it can be shown; raises `Busy` when there is no time for it.

        `owner` keeps nobody else waiting by bringing many. `bare` becomes the same picture without places, cameras and comments, also of one that cannot
        be shown; None when it is no picture that can be taken apart, and `bare` is worth nothing.
        `thumbnail` a smaller one, if it needs that.
        """


class FileStore(Protocol):
    """What is known of files; what messages carry is linked by the journal."""

    async def used(self, owner: UserId) -> int:
        """How many bytes the files of a person are together."""

    async def add(self, owner: UserId, uploaded: Uploaded, at: int, most: int) -> File:
        """Take a file in; raises `TooLarge` when the owner has more than `most` bytes by it."""

    async def find(self, file: FileId, viewer: UserId) -> Kept | None:
        """A file that `viewer` may see."""

    async def forget(self, file: FileId, owner: UserId) -> str:
        """Delete an upload that is used nowhere; where it lay; raises `NotFound`, `Conflict`."""

    async def forget_unsent(self, before: int) -> list[str]:
        """Delete some uploads of before that time which were never used; where they lay."""

    async def forget_all(self, owner: UserId) -> list[str]:
        """Delete some of the files of a person, but what a group shows; where they lay."""

    async def unknown(self, places: Sequence[str]) -> list[str]:
        """Those of `places` that no file has."""


class PortraitStore(Protocol):
    """What people look like; groups change through the journal."""

    async def portray(
        self, user: UserId, file: FileId | None
    ) -> tuple[Person, Noticed, tuple[str, ...]] | None:
        """
        Show them with this upload of theirs, or with nothing; None when it is so already.

        Comes back with who is to know, and where the picture before lay. Raises
        `NotFound`, `Conflict`, `BadRequest`.
        """
