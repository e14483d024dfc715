"""
The files that messages carry: linked as they are sent, read with them, gone with them.

Way of a message: journal -> batch -> [attachments] -> commit; and back from the database.

A file goes with one message and stays with it. Its row is locked while it is
claimed, after the conversation: of two messages that bring the same file, one
is refused, and what is about to be sent is not swept away.
"""

from __future__ import annotations

from collections.abc import Sequence

from imtwisted.boundaries import Cursor, Row
from imtwisted.files import File, FileId
from imtwisted.model import ConversationId, Message, UserId
from imtwisted.refusals import Conflict, NotFound
from imtwisted.store.rights import marks

Attached = dict[tuple[ConversationId, int], tuple[File, ...]]

FILE = "f.id, f.name, f.size, f.type, f.width, f.height, f.thumbnail"
_CLAIM = f"""
    SELECT f.purpose, {FILE} FROM files AS f
     WHERE f.owner_id = %s AND f.id IN ({{marks}})
  ORDER BY f.id{{for_update}}
"""
_ATTACH = """
    UPDATE files
       SET purpose = 'message', conversation_id = %s, seq = %s, position = CASE id {positions} END
     WHERE id IN ({marks})
"""
_PLACES = "SELECT place FROM files WHERE conversation_id = %s AND seq = %s"
_DETACH = "DELETE FROM files WHERE conversation_id = %s AND seq = %s"
_OF_MESSAGES = f"""
    SELECT f.conversation_id, f.seq, {FILE} FROM files AS f
     WHERE {{places}}
  ORDER BY f.conversation_id, f.seq, f.position
"""
_OF_SOME = "(f.conversation_id = %s AND f.seq IN ({marks}))"


def file(row: Row) -> File:
    """The file of the seven columns `FILE`."""
    id, name, size, type, width, height, thumbnail = row
    return File(id, name, size, type, width, height, bool(thumbnail))


def claimed(cursor: Cursor, owner: UserId, ids: Sequence[FileId]) -> tuple[File, ...]:
    """One's own uploads, locked, in the order of `ids`; raises `NotFound`, `Conflict`."""
    query = _CLAIM.format(marks=marks(ids), for_update=cursor.dialect.for_update)
    rows = cursor.all(query, (owner, *ids))
    found = {row[1]: file(row[1:]) for row in rows}
    if found.keys() != set(ids):
        raise NotFound(reason="no_such_file", field="files")
    if any(row[0] != "upload" for row in rows):
        raise Conflict(reason="file_used", field="files")
    return tuple(found[id] for id in ids)


def attach(cursor: Cursor, message: Message) -> None:
    """From now on its files, which are claimed, go with `message`."""
    ids = [each.id for each in message.files]
    positions = " ".join(["WHEN %s THEN %s"] * len(ids))
    numbered = [value for position, id in enumerate(ids) for value in (id, position)]
    cursor.execute(
        _ATTACH.format(positions=positions, marks=marks(ids)),
        (message.conversation, message.seq, *numbered, *ids),
    )


def detach(cursor: Cursor, conversation: ConversationId, seq: int) -> tuple[str, ...]:
    """Forget the files of a message; where they lie on the disk."""
    places = tuple(row[0] for row in cursor.all(_PLACES, (conversation, seq)))
    cursor.execute(_DETACH, (conversation, seq))
    return places


def attached(cursor: Cursor, messages: Sequence[tuple[ConversationId, int]]) -> Attached:
    """The files of some messages, at most a few hundred, in their order."""
    wanted: dict[ConversationId, list[int]] = {}
    for conversation, seq in messages:
        wanted.setdefault(conversation, []).append(seq)
    if not wanted:
        return {}
    places = " OR ".join(_OF_SOME.format(marks=marks(seqs)) for seqs in wanted.values())
    args = [arg for conversation, seqs in wanted.items() for arg in (conversation, *seqs)]
    found: dict[tuple[ConversationId, int], list[File]] = {}
    for conversation, seq, *row in cursor.all(_OF_MESSAGES.format(places=places), args):
        found.setdefault((conversation, seq), []).append(file(tuple(row)))
    return {place: tuple(files) for place, files in found.items()}
