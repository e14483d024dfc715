"""
The list of conversations as one member sees it: heads, in few statements.

Way of a message: the database -> [heads] -> domain, at `hello` and on request.

All statements of one call run on one snapshot, so that the version, the
counters and the previews belong together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from imtwisted.boundaries import Cursor, Row
from imtwisted.files import File
from imtwisted.model import (
    Conversation,
    ConversationId,
    Head,
    Heads,
    Peer,
    Preview,
    Role,
    SystemText,
    UserId,
)
from imtwisted.rules import PREVIEW_LENGTH
from imtwisted.store.attachments import attached
from imtwisted.store.estrangement import estranged
from imtwisted.store.rights import marks
from imtwisted.store.rows import (
    CONVERSATION,
    PERSON,
    conversation,
    in_groups,
    person,
    told,
    union_all,
)
from imtwisted.store.system_text import sentence
from imtwisted.store.unread import Place, Unread, unread_at
from imtwisted.store.versions import version_of, versions_of

_MINE = f"""
    SELECT m.user_id, {CONVERSATION}, m.role, m.read_seq, m.hidden_seq, m.muted,
           m.silenced_until
      FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
     WHERE m.user_id = %s AND m.state = 'active'
"""
_ONE = _MINE + " AND c.id = %s"
_NEWEST = """
       AND (c.kind = 'group' OR c.last_seq > 0)
       AND (c.last_at < %s OR (c.last_at = %s AND c.id < %s))
  ORDER BY c.last_at DESC, c.id DESC
     LIMIT %s
"""
_LIST = _MINE.replace("SELECT", "SELECT {place},", 1) + _NEWEST
_LAST_AT = "SELECT last_at FROM conversations WHERE id = %s"
_END_OF_TIME = 2**63 - 1

_PEERS = f"""
    SELECT m.conversation_id, m.read_seq, m.received_seq, u.share_receipts, {PERSON}
      FROM members AS m JOIN users AS u ON u.id = m.user_id
     WHERE m.conversation_id IN ({{marks}})
"""
# A system message's text is JSON and must come whole.
_PREVIEWS = f"""
    SELECT g.conversation_id, g.seq, g.at, g.kind,
           CASE WHEN g.kind = 'system' THEN g.text ELSE SUBSTR(g.text, 1, {PREVIEW_LENGTH}) END,
           g.recalled_at IS NOT NULL, g.filed,
           {PERSON}
      FROM conversations AS c
      JOIN messages AS g ON g.conversation_id = c.id AND g.seq = c.last_seq
      JOIN users AS u ON u.id = g.sender_id
     WHERE c.id IN ({{marks}})
"""


@dataclass(frozen=True, slots=True)
class _Mine:
    """A conversation and one's own membership in it."""

    user: UserId
    conversation: Conversation
    role: Role
    read_seq: int
    hidden_seq: int
    muted: bool
    silenced_until: int

    @property
    def has_messages(self) -> bool:
        return self.conversation.last_seq > self.hidden_seq

    @property
    def place(self) -> Place:
        floor = max(self.read_seq, self.hidden_seq)
        return Place(self.user, self.conversation.id, floor, self.conversation.last_seq)


def heads(cursor: Cursor, user: UserId, limit: int, before: ConversationId | None = None) -> Heads:
    """The newest conversations of `user`, those of older activity than `before`."""
    at, id = _END_OF_TIME, before or 0
    if before is not None:
        at = (cursor.one(_LAST_AT, (before,)) or (0,))[0]
    rows = cursor.all(_MINE + _NEWEST, (user, at, at, id, limit + 1))
    found = tuple(_complete(cursor, [_mine(row) for row in rows[:limit]]))
    return Heads(version_of(cursor, user), found, more=len(rows) > limit)


def newest(cursor: Cursor, wanted: Sequence[tuple[UserId, int]]) -> list[Heads]:
    """For each user the newest conversations, as `heads` gives them, so many at most."""
    lists = _lists(cursor, wanted)
    versions = versions_of(cursor, [user for user, _ in wanted])
    shown = [mine[:limit] for mine, (_, limit) in zip(lists, wanted, strict=True)]
    complete = _complete(cursor, [one for mine in shown for one in mine])
    return [
        Heads(versions.get(user, 0), tuple(islice(complete, len(mine))), more=len(all_) > limit)
        for all_, mine, (user, limit) in zip(lists, shown, wanted, strict=True)
    ]


def _lists(cursor: Cursor, wanted: Sequence[tuple[UserId, int]]) -> list[list[_Mine]]:
    """What is newest for each, with one more than was wanted, where there is more."""
    args = [(user, _END_OF_TIME, _END_OF_TIME, 0, limit + 1) for user, limit in wanted]
    lists = [[_mine(row) for row in rows] for rows in union_all(cursor, _LIST, args)]
    for mine in lists:
        mine.sort(key=lambda one: (one.conversation.last_at, one.conversation.id), reverse=True)
    return lists


def head(cursor: Cursor, user: UserId, conversation: ConversationId) -> tuple[Head | None, int]:
    """One head, also of a direct conversation without messages, and the user's version."""
    mine = [_mine(row) for row in cursor.all(_ONE, (user, conversation))]
    found = next(_complete(cursor, mine), None)
    return found, version_of(cursor, user)


def _mine(row: Row) -> _Mine:
    role, read_seq, hidden_seq, muted, silenced_until = row[14:]
    mine = conversation(row[1:14])
    return _Mine(row[0], mine, role, read_seq, hidden_seq, bool(muted), silenced_until)


def _complete(cursor: Cursor, mine: Sequence[_Mine]) -> Iterator[Head]:
    """Add to each what lies in other tables, asked for all at once."""
    peers = _peers(cursor, {m.conversation.id for m in mine if m.conversation.direct_key})
    previews = _previews(cursor, {m.conversation.id for m in mine if m.has_messages})
    unread = unread_at(cursor, [m.place for m in mine])
    for one in mine:
        id = one.conversation.id
        peer = next((peer for peer in peers.get(id, ()) if peer.person.id != one.user), None)
        preview = previews.get(id) if one.has_messages else None
        yield _head(one, peer, preview, unread[one.user, id])


def _head(mine: _Mine, peer: Peer | None, preview: Preview | None, unread: Unread) -> Head:
    return Head(
        conversation=mine.conversation,
        role=mine.role,
        read_seq=mine.read_seq,
        hidden_seq=mine.hidden_seq,
        muted=mine.muted,
        unread=unread.messages,
        mentions=unread.mentions,
        title=peer.person.display_name if peer else mine.conversation.title,
        peer=peer,
        preview=preview,
        silenced_until=mine.silenced_until,
    )


def _peers(cursor: Cursor, directs: Collection[ConversationId]) -> dict[ConversationId, list[Peer]]:
    """Both members of each, with their positions where both share them and neither blocks."""
    found: dict[ConversationId, list[Peer]] = {}
    hidden = set(estranged(cursor, directs))
    for some in in_groups(sorted(directs)):
        for id, read, received, shares, *who in cursor.all(_PEERS.format(marks=marks(some)), some):
            found.setdefault(id, []).append(Peer(person(tuple(who)), read, received))
            if not shares:
                hidden.add(id)
    for id in hidden:
        found[id] = [Peer(peer.person, None, None) for peer in found[id]]
    return found


def _previews(
    cursor: Cursor, conversations: Collection[ConversationId]
) -> dict[ConversationId, Preview]:
    found: dict[ConversationId, Preview] = {}
    for some in in_groups(sorted(conversations)):
        rows = cursor.all(_PREVIEWS.format(marks=marks(some)), some)
        files = attached(cursor, [(row[0], row[1]) for row in rows if row[6]])
        systems = told(cursor, {row[0]: row[4] for row in rows if row[3] == "system"})
        for row in rows:
            place = row[0], row[1]
            found[row[0]] = _preview(row, systems.get(row[0]), files.get(place, ()))
    return found


def _preview(row: Row, system: SystemText | None, files: tuple[File, ...]) -> Preview:
    _, seq, at, kind, text, recalled, _, *who = row
    sender = person(tuple(who))
    if system:
        text = sentence(sender, system)[:PREVIEW_LENGTH]
    return Preview(seq, at, sender, kind, text, system, bool(recalled), files)
