"""Deliberate faults in what becomes of files, for `bites`."""

from __future__ import annotations

from typing import Any

from imtwisted.domain.files import Files
from imtwisted.store import attachments, files
from imtwisted.vault.disk import FolderDisk
from tests.simulation.faulty import Bite, Put, nothing, now_and_then


def _keep_rows(before: Put, cursor: Any, conversation: Any, seq: int) -> tuple[str, ...]:
    """A recall forgets that the message had files."""
    return ()


def _show_everyone(before: Put, cursor: Any, wanted: Any, viewer: Any) -> Any:
    """Hand a file to whoever asks."""
    owner = cursor.one("SELECT owner_id FROM files WHERE id = %s", (wanted,))
    return before(cursor, wanted, owner[0] if owner else viewer)


def _claim_again(before: Put, cursor: Any, owner: Any, ids: Any) -> Any:
    """Let a file go with a second message."""
    for id in ids:
        sql = "UPDATE files SET purpose = 'upload' WHERE id = %s AND owner_id = %s"
        cursor.execute(sql, (id, owner))
    return before(cursor, owner, ids)


def _claim_anyones(before: Put, cursor: Any, owner: Any, ids: Any) -> Any:
    """Let somebody send what another has brought."""
    found = cursor.one("SELECT owner_id FROM files WHERE id = %s", (ids[-1],))
    return before(cursor, found[0] if found else owner, ids)


def _backwards(before: Put, cursor: Any, owner: Any, ids: Any) -> Any:
    """Attach them in another order."""
    return before(cursor, owner, ids)[::-1]


def _no_end(before: Put, cursor: Any, owner: Any, uploaded: Any, at: int, most: int) -> Any:
    """Take files in without counting."""
    return before(cursor, owner, uploaded, at, 1 << 40)


def _know_all(before: Put, cursor: Any, places: Any) -> list[str]:
    """Find nothing on the disk that is nobody's."""
    return []


FILE_BITES: dict[str, Bite] = {
    "a recall that keeps the bytes": (Files, "forget", nothing, 60),
    "a recall that keeps the files": (attachments, "detach", _keep_rows, 30),
    "a file handed to anyone": (files, "_find", _show_everyone, 20),
    "a file sent with two messages": (attachments, "claimed", _claim_again, 20),
    "a file of somebody else sent": (attachments, "claimed", _claim_anyones, 60),
    "files in another order": (attachments, "claimed", _backwards, 20),
    "a file that was never kept": (FolderDisk, "_keep", now_and_then(5, nothing), 20),
    "more files than there is room for": (files, "_add", _no_end, 60),
    "strays that nobody sweeps": (files, "_unknown", _know_all, 100),
    "uploads that count for ever": (Files, "_ended", nothing, 10),
}
