"""
What is known of uploaded files: `boundaries.FileStore` in SQL.

Beside the way of a message: http -> domain.files -> [files]; what messages carry is
linked by the journal.
"""

from __future__ import annotations

from collections.abc import Sequence

from imtwisted.boundaries import Cursor, Database
from imtwisted.files import File, FileId, Kept, Uploaded
from imtwisted.model import UserId
from imtwisted.refusals import Conflict, NotFound, TooLarge
from imtwisted.store.attachments import FILE, file
from imtwisted.store.rights import marks
from imtwisted.store.rows import in_groups
from imtwisted.store.search_terms import spoil

_USED = "SELECT COALESCE(SUM(size), 0) FROM files WHERE owner_id = %s"
_LOCK = "SELECT id FROM users WHERE id = %s{for_update}"
_ADD = """
    INSERT INTO files (owner_id, place, name, size, type, width, height, thumbnail, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# The uploader's own; of a message, its readers'; a person's picture is everyone's, a
# group's its members' and, where anyone may join, everyone's.
_FIND = f"""
    SELECT f.place, f.purpose, {FILE} FROM files AS f
     WHERE f.id = %s AND (
           f.owner_id = %s
        OR f.purpose = 'person'
        OR EXISTS (SELECT 1 FROM members AS m
                    WHERE m.conversation_id = f.conversation_id AND m.user_id = %s
                      AND m.state = 'active' AND (f.seq IS NULL OR m.hidden_seq < f.seq))
        OR (f.purpose = 'group'
            AND EXISTS (SELECT 1 FROM conversations AS c
                         WHERE c.id = f.conversation_id AND c.public = 1)))
"""
_OWN = "SELECT purpose, place FROM files WHERE id = %s AND owner_id = %s{for_update}"
_UNSENT = """
    SELECT f.id, f.place FROM files AS f
     WHERE f.purpose = 'upload' AND f.created_at < %s
  ORDER BY f.id
     LIMIT {limit}{for_update}
"""
_ALL = """
    SELECT id, place, conversation_id, seq FROM files
     WHERE owner_id = %s AND purpose <> 'group'
  ORDER BY id
     LIMIT {limit}{for_update}
"""
# A group goes on showing its picture: nobody's, under no name that somebody gave it.
_DISOWN = "UPDATE files SET owner_id = 0, name = 'picture' WHERE owner_id = %s"
_FORGET = "DELETE FROM files WHERE id IN ({marks})"
_KNOWN = "SELECT place FROM files WHERE place IN ({marks})"
_AT_ONCE = 500


class StoredFiles:
    """`boundaries.FileStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def used(self, owner: UserId) -> int:
        """How many bytes the files of a person are together."""
        return await self._database.read(_used, owner)

    async def add(self, owner: UserId, uploaded: Uploaded, at: int, most: int) -> File:
        """Take a file in; raises `TooLarge` when the owner has more than `most` bytes by it."""
        return await self._database.write(_add, owner, uploaded, at, most)

    async def find(self, file: FileId, viewer: UserId) -> Kept | None:
        """A file that `viewer` may see."""
        return await self._database.read(_find, file, viewer)

    async def forget(self, file: FileId, owner: UserId) -> str:
        """Delete an upload that is used nowhere; where it lay; raises `NotFound`, `Conflict`."""
        return await self._database.write(_forget, file, owner)

    async def forget_unsent(self, before: int) -> list[str]:
        """Delete some uploads of before that time which were never used; where they lay."""
        return await self._database.write(_forget_unsent, before)

    async def forget_all(self, owner: UserId) -> list[str]:
        """
        Delete some of the files of a person, but what a group shows; where they lay.

        When none is left, what groups show is nobody's.
        """
        return await self._database.write(_forget_all, owner)

    async def unknown(self, places: Sequence[str]) -> list[str]:
        """Those of `places` that no file has."""
        return await self._database.read(_unknown, places)


def _used(cursor: Cursor, owner: UserId) -> int:
    row = cursor.one(_USED, (owner,))
    return int(row[0]) if row else 0


def _add(cursor: Cursor, owner: UserId, uploaded: Uploaded, at: int, most: int) -> File:
    # One at a time for a person, or two would both find room for themselves alone.
    cursor.one(_LOCK.format(for_update=cursor.dialect.for_update), (owner,))
    if _used(cursor, owner) + uploaded.size > most:
        raise TooLarge(reason="quota", field="file")
    seen = (uploaded.type, uploaded.width, uploaded.height, int(uploaded.thumbnail))
    cursor.execute(_ADD, (owner, uploaded.place, uploaded.name, uploaded.size, *seen, at))
    return uploaded.as_file(FileId(cursor.lastrowid))


def _find(cursor: Cursor, wanted: FileId, viewer: UserId) -> Kept | None:
    row = cursor.one(_FIND, (wanted, viewer, viewer))
    return Kept(file(row[2:]), row[0], row[1] == "person") if row else None


def _forget(cursor: Cursor, wanted: FileId, owner: UserId) -> str:
    query = _OWN.format(for_update=cursor.dialect.for_update)
    row = cursor.one(query, (wanted, owner))
    if row is None:
        raise NotFound(reason="no_such_file")
    if row[0] != "upload":
        raise Conflict(reason="file_used")
    cursor.execute(_FORGET.format(marks="%s"), (wanted,))
    return str(row[1])


def _forget_unsent(cursor: Cursor, before: int) -> list[str]:
    # Locked: one that is being sent meanwhile is waited for, and is no upload then.
    query = _UNSENT.format(limit=_AT_ONCE, for_update=cursor.dialect.for_update)
    rows = cursor.all(query, (before,))
    if rows:
        ids = [row[0] for row in rows]
        cursor.execute(_FORGET.format(marks=marks(ids)), ids)
    return [row[1] for row in rows]


def _forget_all(cursor: Cursor, owner: UserId) -> list[str]:
    query = _ALL.format(limit=_AT_ONCE, for_update=cursor.dialect.for_update)
    rows = cursor.all(query, (owner,))
    if rows:
        ids = [row[0] for row in rows]
        cursor.execute(_FORGET.format(marks=marks(ids)), ids)
    else:
        cursor.execute(_DISOWN, (owner,))
    # No filter keeps anything of their names.
    for conversation, seq in sorted({row[2:] for row in rows if row[3] is not None}):
        spoil(cursor, conversation, seq)
    return [row[1] for row in rows]


def _unknown(cursor: Cursor, places: Sequence[str]) -> list[str]:
    known: set[str] = set()
    for some in in_groups(places):
        known.update(row[0] for row in cursor.all(_KNOWN.format(marks=marks(some)), some))
    return [place for place in places if place not in known]
