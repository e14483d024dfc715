"""
The filters of a conversation's blocks: `search_terms` in SQL, as it is written.

Way of a message: journal -> alterations -> [search_terms] when a message
changes; otherwise beside it: the indexer brings the filters up to date later.

A search reads whatever no filter speaks of, so nothing here can make it miss a
message; filters only spare it the reading. What changes spoils its block's
filter in the transaction that changes it: of a recalled text nothing stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imtwisted.boundaries import Cursor
from imtwisted.model import ConversationId
from imtwisted.rules.matching import fold, searched
from imtwisted.store.file_names import names_of
from imtwisted.store.filters import PERHAPS, filter_of
from imtwisted.store.rights import marks

BLOCK = 64  # messages
# A block of longer texts is read by every search: its filter would say perhaps anyway.
_MOST_CHARACTERS = 100_000

_SPOIL = """
    UPDATE search_terms SET filter = %s, stale = 1 WHERE conversation_id = %s AND block = %s
"""
_LAST_SEQ = "SELECT last_seq FROM conversations WHERE id = %s"
_COVERED = """
    SELECT last_seq FROM search_terms WHERE conversation_id = %s ORDER BY block DESC LIMIT 1
"""
_STALE = """
    SELECT block FROM search_terms
     WHERE stale = 1 AND conversation_id = %s
  ORDER BY block DESC LIMIT %s
"""
_MESSAGES = """
    SELECT g.seq, g.rev, g.at, g.sender_id, g.text,
           g.kind <> 'system' AND g.recalled_at IS NULL, g.filed
      FROM messages AS g
     WHERE g.conversation_id = %s AND g.seq BETWEEN %s AND %s
  ORDER BY g.seq
"""
_LOCK = "SELECT id FROM conversations WHERE id = %s{for_update}"
_LAST_REV = """
    SELECT MAX(g.rev) FROM messages AS g
     WHERE g.conversation_id = %s AND g.seq BETWEEN %s AND %s
"""
_KEEP = """
    INSERT INTO search_terms (conversation_id, block, last_seq, first_at, last_at, stale, filter)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_KEPT = ("last_seq", "first_at", "last_at", "stale", "filter")
_BEHIND = """
    SELECT c.id, c.last_seq,
           (SELECT t.last_seq FROM search_terms AS t
             WHERE t.conversation_id = c.id ORDER BY t.block DESC LIMIT 1)
      FROM conversations AS c
     WHERE c.id > %s
  ORDER BY c.id
     LIMIT %s
"""
_SPOILT = (
    "SELECT conversation_id FROM search_terms WHERE stale = 1 AND conversation_id IN ({marks})"
)


@dataclass(frozen=True, slots=True)
class Built:
    """A filter of a block as it was read: with the greatest rev of its messages then."""

    block: int
    last_seq: int
    last_rev: int
    first_at: int
    last_at: int
    filter: bytes

    @property
    def first_seq(self) -> int:
        return max(1, self.block * BLOCK)


def spoil(cursor: Cursor, conversation: ConversationId, seq: int) -> None:
    """The message is another now: its block is read by every search until it is built again."""
    cursor.execute(_SPOIL, (PERHAPS, conversation, seq // BLOCK))


def behind(cursor: Cursor, after: int, limit: int) -> tuple[list[ConversationId], int | None]:
    """
    Which of the next `limit` conversations after the id `after` have something to build.

    With the last id that was looked at, None at the end.
    """
    rows = cursor.all(_BEHIND, (after, limit))
    if not rows:
        return [], None
    ids = [row[0] for row in rows]
    spoilt = {row[0] for row in cursor.all(_SPOILT.format(marks=marks(ids)), ids)}
    found = [row[0] for row in rows if row[1] > (row[2] or 0) or row[0] in spoilt]
    return found, ids[-1]


def build(cursor: Cursor, conversation: ConversationId, most: int) -> tuple[list[Built], bool]:
    """Filters for at most `most` blocks that lack theirs, and whether there are more; only reads."""
    last_seq = (cursor.one(_LAST_SEQ, (conversation,)) or (0,))[0]
    covered = (cursor.one(_COVERED, (conversation,)) or (0,))[0]
    blocks = [row[0] for row in cursor.all(_STALE, (conversation, most + 1))]
    if last_seq > covered:
        first = (covered + 1) // BLOCK
        until = min(last_seq // BLOCK, first + most)
        blocks += [block for block in range(first, until + 1) if block not in blocks]
    built = [_build(cursor, conversation, block) for block in blocks[:most]]
    return [one for one in built if one is not None], len(blocks) > most


def _build(cursor: Cursor, conversation: ConversationId, block: int) -> Built | None:
    rows = cursor.all(_MESSAGES, (conversation, block * BLOCK, (block + 1) * BLOCK - 1))
    if not rows:
        return None
    said = [row for row in rows if row[5]]
    names = names_of(cursor, [(conversation, row[0]) for row in said if row[6]])
    texts = [searched(row[4], names.get((conversation, row[0]), ())) for row in said]
    if sum(map(len, texts)) > _MOST_CHARACTERS:
        filter = PERHAPS
    else:
        filter = filter_of(map(fold, texts), {row[3] for row in said})
    revs, first, last = max(row[1] for row in rows), rows[0], rows[-1]
    return Built(block, last[0], revs, first[2], last[2], filter)


def keep(cursor: Cursor, conversation: ConversationId, built: Sequence[Built]) -> bool:
    """
    Write what was built, under the conversation's lock; False if some of it is outdated.

    What changed since it was read has a greater rev now: it is kept as stale,
    since blocks are built in order and a search looks for no gaps.
    """
    cursor.one(_LOCK.format(for_update=cursor.dialect.for_update), (conversation,))
    upsert = _KEEP + cursor.dialect.or_set("conversation_id, block", *_KEPT)
    outdated = 0
    for one in built:
        row = cursor.one(_LAST_REV, (conversation, one.first_seq, one.last_seq))
        stale = int(row is None or row[0] != one.last_rev)
        place = (conversation, one.block, one.last_seq, one.first_at, one.last_at)
        cursor.execute(upsert, (*place, stale, PERHAPS if stale else one.filter))
        outdated += stale
    return not outdated
