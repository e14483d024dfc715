"""
One transaction of the journal: lock, find what is known, judge, number, insert.

Way of a message: domain -> journal -> [batch] -> commit -> backplane.

The functions here run in a thread: they touch their cursor and their arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from imtwisted import rules
from imtwisted.boundaries import Clock, Cursor, Database
from imtwisted.entries import Committed, Deed, Entry, Found, MemberChange, Post
from imtwisted.model import ConversationId, Message, UserId
from imtwisted.refusals import BadRequest, ChatError, Conflict, NotAMember
from imtwisted.store import deeds
from imtwisted.store.faults import DatabaseFault
from imtwisted.store.ledger import Ledger, Opened, Policy
from imtwisted.store.rights import (
    Rights,
    RightsCache,
    bond_of,
    marks,
    read_members,
)
from imtwisted.store.second_try import done_before
from imtwisted.store.versions import raise_versions, versions_of

Outcome = Committed | ChatError

_KNOWN = """
    SELECT sender_id, client_id, conversation_id, seq, rev, at, content_hash
      FROM messages
     WHERE {senders}
"""
_OF_ONE = "(sender_id = %s AND client_id IN ({marks}))"


@dataclass(frozen=True, slots=True)
class Known:
    """A message that an earlier try has stored."""

    conversation: ConversationId
    seq: int
    rev: int
    at: int
    content_hash: bytes


@dataclass(slots=True)
class Written:
    """What a transaction did, to be believed once it has committed."""

    outcomes: list[Outcome] = field(default_factory=list)
    rights: dict[ConversationId, Rights] = field(default_factory=dict)


class Writer:
    """Writes the batches of one lane."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._cache = RightsCache()

    async def write(self, database: Database, entries: Sequence[Entry]) -> list[Outcome]:
        """What became of each entry, in order; raises the faults of `Database.transact`."""
        now = int(self._clock.seconds() * 1000)
        written = await database.transact(_write, self._policy, self._cache, entries, now)
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
    written = Written()
    for entry in entries:
        written.outcomes.append(_judge(ledger, known, entry))
    ledger.close()
    written.rights = ledger.rights
    return written


def _find(
    cursor: Cursor, policy: Policy, cache: RightsCache, entries: Sequence[Entry], now: int
) -> list[Committed]:
    ledger = Ledger.open(cursor, policy, cache, _places(entries), now, lock=False)
    known = _find_known(cursor, entries)
    outcomes = [_judge(ledger, known, entry) for entry in entries if _key(entry) in known]
    return [outcome for outcome in outcomes if isinstance(outcome, Committed)]


def _places(entries: Sequence[Entry]) -> set[ConversationId]:
    """The conversations of `entries`; a group to be made is not there yet."""
    return {entry.conversation for entry in entries if not isinstance(entry, Found)}


def _key(entry: Entry) -> tuple[UserId, bytes]:
    return entry.sender.id, entry.client_id


def _find_known(cursor: Cursor, entries: Sequence[Entry]) -> dict[tuple[UserId, bytes], Known]:
    """Those of `entries` that are stored, found without a lock."""
    by_sender: dict[UserId, list[bytes]] = {}
    for entry in entries:
        by_sender.setdefault(entry.sender.id, []).append(entry.client_id)
    args: list[object] = []
    for sender, ids in by_sender.items():
        args += [sender, *ids]
    senders = " OR ".join(_OF_ONE.format(marks=marks(ids)) for ids in by_sender.values())
    return {
        (row[0], bytes(row[1])): Known(row[2], row[3], row[4], row[5], bytes(row[6]))
        for row in cursor.all(_KNOWN.format(senders=senders), args)
    }


def _prepare(ledger: Ledger, entries: Sequence[Entry]) -> None:
    """Read the memberships that judging `entries` will ask for, in one statement."""
    wanted: dict[ConversationId, set[UserId]] = {}
    for entry in entries:
        if isinstance(entry, Found) or entry.conversation not in ledger.opened:
            continue
        users = wanted.setdefault(entry.conversation, set())
        users.add(entry.sender.id)
        if isinstance(entry, Post):
            users.update(entry.mentions)
    read_members(ledger.cursor, wanted, ledger.rights)


def _judge(ledger: Ledger, known: dict[tuple[UserId, bytes], Known], entry: Entry) -> Outcome:
    """What becomes of `entry`: known already, refused, or written down."""
    earlier = known.get(_key(entry))
    content_hash = entry.content_hash()
    try:
        if earlier is not None:
            return _again(ledger, earlier, entry, content_hash)
        if isinstance(entry, Post):
            committed = _post(ledger, entry, content_hash)
        else:
            committed = deeds.do(ledger, entry)
    except ChatError as refusal:
        if isinstance(refusal, DatabaseFault):
            raise  # it ends the transaction, and is nobody's answer yet
        return refusal
    message = committed.message
    if message is not None:
        known[_key(entry)] = Known(
            message.conversation, message.seq, message.rev, message.at, content_hash
        )
    return committed


def _again(ledger: Ledger, earlier: Known, entry: Entry, content_hash: bytes) -> Committed:
    """The answer to a retry: what the first try stored, whatever the rights are now."""
    if content_hash != earlier.content_hash:
        raise Conflict
    if isinstance(entry, Deed):
        return done_before(
            ledger, entry, earlier.conversation, earlier.seq, earlier.rev, earlier.at
        )
    message = Message(
        conversation=earlier.conversation,
        seq=earlier.seq,
        rev=earlier.rev,
        client_id=entry.client_id,
        sender=entry.sender,
        at=earlier.at,
        kind="text",
        text=entry.text,
        reply_to=entry.reply_to,
        mentions=entry.mentions,
    )
    opened = ledger.opened[earlier.conversation]
    changes = _opening(ledger, opened, versions_of) if earlier.seq == 1 else ()
    return Committed(opened.id, opened.members_rev, message, duplicate=True, changes=changes)


def _post(ledger: Ledger, post: Post, content_hash: bytes) -> Committed:
    opened = ledger.opened.get(post.conversation)
    if opened is None:
        raise NotAMember
    rights = ledger.rights[post.conversation]
    bond = bond_of(ledger.cursor, rights, opened, post.sender.id)
    rules.may_post(
        opened,
        rights.members.get(post.sender.id),
        bond,
        anyone_may_write=ledger.policy.anyone_may_write,
    )
    rules.may_refer_to(opened, post.reply_to)
    if post.mentions and any(rights.members.get(user) is None for user in post.mentions):
        raise BadRequest("Only members can be mentioned.", field="mentions")
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
