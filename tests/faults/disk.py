"""A small disk that is really full: a tmpfs of a few megabytes, mounted for one test."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK = 4096


class CannotMount(Exception):
    """This machine does not let us mount a tmpfs; the words say what is missing."""


class Disk:
    """A mounted folder, which can be filled and emptied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @property
    def free(self) -> int:
        """The bytes that are left."""
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize

    def fill(self, leaving: int) -> None:
        """Take all the room but `leaving` bytes."""
        with self._ballast.open("ab") as ballast:
            for _ in range((self.free - leaving) // _BLOCK):
                ballast.write(bytes(_BLOCK))

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink()


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """A disk of so many megabytes; raises `CannotMount`, which needs root and CAP_SYS_ADMIN."""
    folder = Path(tempfile.mkdtemp(prefix="imchat-disk-"))
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder))
        try:
            yield Disk(folder)
        finally:
            _run("umount", str(folder))
    finally:
        folder.rmdir()


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as missing:
        raise CannotMount(f"{command[0]} is not installed (Debian: mount)") from missing
    except subprocess.CalledProcessError as failed:
        raise CannotMount(
            f"{' '.join(command)} as user {os.geteuid()}: {failed.stderr.strip()};"
            " a disk to fill needs root and the right to mount"
        ) from failed
