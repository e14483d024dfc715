"""
One transaction of the journal: lock, find what is known, judge, number, insert.

Way of a message: domain -> journal -> [batch] -> commit -> backplane.

The functions here run in a thread: they touch their cursor and their arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from imtwisted import rules
from imtwisted.boundaries import Clock, Cursor, Database
from imtwisted.entries import (
    Committed,
    Deed,
    Edit,
    Entry,
    Found,
    MemberChange,
    Post,
    React,
    Recall,
)
from imtwisted.model import ConversationId, UserId
from imtwisted.refusals import ChatError, Conflict
from imtwisted.store import alterations, attachments, deeds
from imtwisted.store.faults import DatabaseFault, Duplicate
from imtwisted.store.ledger import Ledger, Opened, Policy
from imtwisted.store.rights import (
    Rights,
    RightsCache,
    marks,
    read_members,
)
from imtwisted.store.second_try import Known, done_before, is_same, said_before
from imtwisted.store.versions import raise_versions, versions_of

Outcome = Committed | ChatError

_POSTED = """
    SELECT sender_id, client_id, conversation_id, seq, rev, at, content_hash,
           edited_at IS NOT NULL OR recalled_at IS NOT NULL OR reacted > 0
      FROM messages
     WHERE {senders}
"""
_EDITED = """
    SELECT e.editor_id, e.client_id, e.conversation_id, e.seq, g.rev, g.at, e.content_hash, 1
      FROM message_edits AS e
      JOIN messages AS g ON g.conversation_id = e.conversation_id AND g.seq = e.seq
     WHERE {senders}
"""
_SENT_BY = "(sender_id = %s AND client_id IN ({marks}))"
_EDITED_BY = "(e.editor_id = %s AND e.client_id IN ({marks}))"

# By what an earlier try is found: a message and an edit may have the same id.
Key = tuple[UserId, bytes, bool]


@dataclass(slots=True)
class Written:
    """What a transaction did, to be believed once it has committed."""

    outcomes: list[Outcome]
    rights: dict[ConversationId, Rights]


class Writer:
    """Writes the batches of one lane."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._cache = RightsCache()

    async def write(self, database: Database, entries: Sequence[Entry]) -> list[Outcome]:
        """What became of each entry, in order; raises the faults of `Database.transact`."""
        now = int(self._clock.seconds() * 1000)
        task = self._policy, self._cache, entries, now
        if all(isinstance(entry, Post) and not entry.files for entry in entries):
            try:
                written = await database.transact(_write_news, *task)
            except Duplicate:
                written = await database.transact(_write, *task)
        else:
            written = await database.transact(_write, *task)
        self._cache.learn(written.rights)
        return written.outcomes

    async def find(self, database: Database, entries: Sequence[Entry]) -> list[Committed]:
        """What those of `entries` became that are stored; raises the faults of `Database.read`."""
        now = int(self._clock.seconds() * 1000)
        return await database.read(_find, self._policy, self._cache, entries, now)


def _write(
    cursor: Cursor,
    policy: Policy,
    cache: RightsCache,
    entries: Sequence[Entry],
    now: int,
) -> Written:
    ledger = Ledger.open(cursor, policy, cache, _places(entries), now)
    known = _find_known(cursor, entries)
    _prepare(ledger, [e for e in entries if _key(e) not in known])
    outcomes = [_judge(ledger, known, entry) for entry in entries]
    ledger.close()
    return Written(outcomes, ledger.rights)


def _write_news(
    cursor: Cursor,
    policy: Policy,
    cache: RightsCache,
    entries: Sequence[Entry],
    now: int,
) -> Written:
    """
    `_write` for messages that are all taken to be new, as nearly all are: one trip less.

    Raises `Duplicate` when one is not. The unique key tells; and who was refused
    is looked up, since a retry is answered as the first try was, whatever the
    rights are now.
    """
    ledger = Ledger.open(cursor, policy, cache, _places(entries), now)
    _prepare(ledger, entries)
    known: dict[Key, Known] = {}
    outcomes = [_judge(ledger, known, entry) for entry in entries]
    refused = [e for e, o in zip(entries, outcomes, strict=True) if isinstance(o, ChatError)]
    if _find_known(cursor, refused):
        raise Duplicate
    ledger.close()
    return Written(outcomes, ledger.rights)


def _find(
    cursor: Cursor, policy: Policy, cache: RightsCache, entries: Sequence[Entry], now: int
) -> list[Committed]:
    ledger = Ledger.open(cursor, policy, cache, _places(entries), now, lock=False)
    known = _find_known(cursor, entries)
    outcomes: list[Outcome | None] = []
    for entry in entries:
        if isinstance(entry, Recall | React):
            outcomes.append(alterations.done_already(ledger, entry))
        elif _key(entry) in known:
            outcomes.append(_judge(ledger, known, entry))
    return [outcome for outcome in outcomes if isinstance(outcome, Committed)]


def _places(entries: Sequence[Entry]) -> set[ConversationId]:
    """The conversations of `entries`; a group to be made is not there yet."""
    return {entry.conversation for entry in entries if not isinstance(entry, Found)}


def _key(entry: Entry) -> Key | None:
    """None for what is found by what it did."""
    if isinstance(entry, Recall | React):
        return None
    return entry.sender.id, entry.client_id, isinstance(entry, Edit)


def _find_known(cursor: Cursor, entries: Sequence[Entry]) -> dict[Key, Known]:
    """Those of `entries` that are stored, found without a lock."""
    keys = [key for entry in entries if (key := _key(entry)) is not None]
    return {
        **_known(cursor, [key for key in keys if not key[2]], _POSTED, _SENT_BY),
        **_known(cursor, [key for key in keys if key[2]], _EDITED, _EDITED_BY),
    }


def _known(cursor: Cursor, keys: Sequence[Key], query: str, of_one: str) -> dict[Key, Known]:
    if not keys:
        return {}
    by_sender: dict[UserId, list[bytes]] = {}
    for sender, client_id, _ in keys:
        by_sender.setdefault(sender, []).append(client_id)
    args: list[object] = []
    for sender, ids in by_sender.items():
        args += [sender, *ids]
    senders = " OR ".join(of_one.format(marks=marks(ids)) for ids in by_sender.values())
    return {
        (row[0], bytes(row[1]), keys[0][2]): Known(
            row[2], row[3], row[4], row[5], bytes(row[6]), bool(row[7])
        )
        for row in cursor.all(query.format(senders=senders), args)
    }


def _prepare(ledger: Ledger, entries: Sequence[Entry]) -> None:
    """Read the memberships that judging `entries` will ask for, in one statement."""
    wanted: dict[ConversationId, set[UserId]] = {}
    for entry in entries:
        if isinstance(entry, Found) or entry.conversation not in ledger.opened:
            continue
        users = wanted.setdefault(entry.conversation, set())
        users.add(entry.sender.id)
        if isinstance(entry, Post | Edit) and entry.mentions:
            users.update(entry.mentions)
    read_members(ledger.cursor, wanted, ledger.rights)


def _judge(ledger: Ledger, known: dict[Key, Known], entry: Entry) -> Outcome:
    """What becomes of `entry`: known already, refused, or written down."""
    try:
        if isinstance(entry, Recall | React):
            return alterations.alter(ledger, entry)
        return _judge_known(ledger, known, entry)
    except ChatError as refusal:
        if isinstance(refusal, DatabaseFault):
            raise  # it ends the transaction, and is nobody's answer yet
        return refusal


def _judge_known(ledger: Ledger, known: dict[Key, Known], entry: Post | Deed | Edit) -> Committed:
    """What has an id of its own, and is done once."""
    key = entry.sender.id, entry.client_id, isinstance(entry, Edit)
    earlier = known.get(key)
    content_hash = entry.content_hash()
    if earlier is not None:
        return _again(ledger, earlier, entry, content_hash)
    if isinstance(entry, Post):
        committed = _post(ledger, entry, content_hash)
    elif isinstance(entry, Edit):
        committed = alterations.alter(ledger, entry)
    else:
        committed = deeds.do(ledger, entry)
    message = committed.message
    if message is not None:
        known[key] = Known(message.conversation, message.seq, message.rev, message.at, content_hash)
    return committed


def _again(
    ledger: Ledger, earlier: Known, entry: Post | Deed | Edit, content_hash: bytes
) -> Committed:
    """The answer to a retry: what the first try stored, whatever the rights are now."""
    if not is_same(earlier, entry, content_hash):
        raise Conflict
    if isinstance(entry, Deed):
        return done_before(ledger, entry, earlier.conversation, earlier.seq)
    opened = ledger.opened[earlier.conversation]
    message = said_before(ledger, earlier, entry)
    changes: tuple[MemberChange, ...] = ()
    if isinstance(entry, Post) and earlier.seq == 1:
        changes = _opening(ledger, opened, versions_of)
    return Committed(opened.id, opened.members_rev, message, duplicate=True, changes=changes)


def _post(ledger: Ledger, post: Post, content_hash: bytes) -> Committed:
    opened, _ = ledger.admit(post.conversation, post.sender.id)
    rules.may_refer_to(opened, post.reply_to)
    if post.mentions:
        post = replace(post, mentions=ledger.members_among(opened, post.mentions))
    if post.files:
        files = attachments.claimed(ledger.cursor, post.sender.id, post.files)
        message = ledger.add(opened, post, content_hash, files)
        attachments.attach(ledger.cursor, message)
    else:
        message = ledger.add(opened, post, content_hash)
    changes = _opening(ledger, opened, raise_versions) if message.seq == 1 else ()
    return Committed(opened.id, opened.members_rev, message, changes=changes)


def _opening(
    ledger: Ledger,
    opened: Opened,
    versions: Callable[[Cursor, Iterable[UserId]], dict[UserId, int]],
) -> tuple[MemberChange, ...]:
    """The first message of a direct conversation is what brings it into both lists."""
    if opened.pair is None:
        return ()
    both = versions(ledger.cursor, opened.pair)
    return tuple(MemberChange(user, version, True) for user, version in both.items())
