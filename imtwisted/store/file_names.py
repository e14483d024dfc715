"""
What the files of messages are called: part of what a search looks through.

Beside the way of a message: the database -> [file_names] -> hunt and search_terms.
"""

from __future__ import annotations

from collections.abc import Iterable

from imtwisted.boundaries import Cursor
from imtwisted.model import ConversationId
from imtwisted.store.rights import marks
from imtwisted.store.rows import in_groups

Place = tuple[ConversationId, int]

_NAMES = """
    SELECT f.conversation_id, f.seq, f.name FROM files AS f
     WHERE {places}
  ORDER BY f.conversation_id, f.seq, f.position
"""
_OF_SOME = "(f.conversation_id = %s AND f.seq IN ({marks}))"


def names_of(cursor: Cursor, places: Iterable[Place]) -> dict[Place, list[str]]:
    """The names of the files of these messages, in their order; of those that have none, nothing."""
    found: dict[Place, list[str]] = {}
    for some in in_groups(list(places)):
        wanted: dict[ConversationId, list[int]] = {}
        for conversation, seq in some:
            wanted.setdefault(conversation, []).append(seq)
        where = " OR ".join(_OF_SOME.format(marks=marks(seqs)) for seqs in wanted.values())
        args = [arg for conversation, seqs in wanted.items() for arg in (conversation, *seqs)]
        for conversation, seq, name in cursor.all(_NAMES.format(places=where), args):
            found.setdefault((conversation, seq), []).append(name)
    return found
