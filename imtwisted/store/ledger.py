"""
The working state of one transaction: locked conversations and rows to come.

Way of a message: journal -> batch -> [ledger] -> commit.

Conversations are locked in id order before anything else is read. Numbers are
given in memory; the rows go in with one statement, the counters with another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from imtwisted import rules
from imtwisted.boundaries import Cursor
from imtwisted.entries import Deed, Post
from imtwisted.files import File
from imtwisted.model import (
    ConversationId,
    Kind,
    Membership,
    Message,
    SystemText,
    UserId,
)
from imtwisted.refusals import NotAMember
from imtwisted.store.rights import Rights, RightsCache, bond_of, marks
from imtwisted.store.system_text import sentence, stored

_LOCK = """
    SELECT id, kind, title, public, last_seq, last_rev, last_at,
           members_rev, member_count, announcement_only, direct_key
      FROM conversations
     WHERE id IN ({marks})
  ORDER BY id{for_update}
"""

_INSERT = """
    INSERT INTO messages (conversation_id, seq, rev, sender_id, client_id,
                          content_hash, at, kind, text, reply_to, mentioned, filed)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

MENTION = "INSERT INTO mentions (user_id, conversation_id, seq) VALUES (%s, %s, %s)"

_COUNT = """
    UPDATE conversations
       SET last_seq = last_seq + {seqs}, last_rev = last_rev + {revs}, last_at = {ats}
     WHERE id IN ({marks})
"""


@dataclass(slots=True)
class Policy:
    """What the operator decided; `lobby` is known once the database is."""

    anyone_may_write: bool = False
    group_members: int = 2000
    recall_seconds: int = 86_400  # 0: for ever
    lobby: ConversationId | None = None


@dataclass(slots=True)
class Opened:
    """A locked conversation; its numbers grow while the batch is judged."""

    id: ConversationId
    kind: Kind
    title: str
    public: bool
    last_seq: int
    last_rev: int
    last_at: int
    members_rev: int
    member_count: int
    announcement_only: bool = False
    pair: tuple[UserId, UserId] | None = None  # of a direct conversation

    def peer_of(self, user: UserId) -> UserId | None:
        """The other one of a direct conversation; None in a group."""
        if self.pair is None:
            return None
        low, high = self.pair
        return high if user == low else low


class Grown(NamedTuple):
    """A conversation that this transaction gives numbers, and the last ones before it."""

    opened: Opened
    seq: int
    rev: int


def _pair(direct_key: str | None) -> tuple[UserId, UserId] | None:
    if direct_key is None:
        return None
    low, high = direct_key.split(":")
    return UserId(int(low)), UserId(int(high))


class Ledger:
    """What one transaction has locked, learned and is about to write."""

    def __init__(self, cursor: Cursor, policy: Policy, now: int) -> None:
        self.cursor = cursor
        self.policy = policy
        self.now = now
        self.opened: dict[ConversationId, Opened] = {}
        self.rights: dict[ConversationId, Rights] = {}
        self._rows: list[tuple[object, ...]] = []
        self._mentions: list[tuple[object, ...]] = []
        self._grown: dict[ConversationId, Grown] = {}
        self.altered: set[tuple[ConversationId, int]] = set()

    @classmethod
    def open(
        cls,
        cursor: Cursor,
        policy: Policy,
        cache: RightsCache,
        conversations: Iterable[ConversationId],
        now: int,
        *,
        lock: bool = True,
    ) -> Ledger:
        """Lock `conversations`, those that exist, in id order; or only read them."""
        ledger = cls(cursor, policy, now)
        ids = sorted(conversations)
        if ids:
            for_update = cursor.dialect.for_update if lock else ""
            statement = _LOCK.format(marks=marks(ids), for_update=for_update)
            for row in cursor.all(statement, ids):
                opened = Opened(*row[:-1])
                opened.pair = _pair(row[-1])
                ledger.opened[opened.id] = opened
                ledger.rights[opened.id] = cache.of(opened)
        return ledger

    def adopt(self, opened: Opened) -> None:
        """Take in a conversation that this transaction made."""
        self.opened[opened.id] = opened
        self.rights[opened.id] = Rights(opened.members_rev)

    def member(self, conversation: ConversationId, user: UserId) -> tuple[Opened, Membership]:
        """A conversation for one of its members; raises `NotAMember`."""
        opened = self.opened.get(conversation)
        membership = self.rights[conversation].members.get(user) if opened else None
        if opened is None or membership is None:
            raise NotAMember
        return opened, membership

    def admit(self, conversation: ConversationId, user: UserId) -> tuple[Opened, Membership]:
        """A conversation for who may write there now; raises the refusal."""
        opened, membership = self.member(conversation, user)
        bond = bond_of(self.cursor, self.rights[conversation], opened, user)
        anyone = self.policy.anyone_may_write
        rules.may_post(opened, membership, bond, anyone_may_write=anyone, now=self.now)
        return opened, membership

    def participant(self, conversation: ConversationId, user: UserId) -> tuple[Opened, Membership]:
        """A conversation for who may do there what all may; raises the refusal."""
        opened, membership = self.member(conversation, user)
        bond = bond_of(self.cursor, self.rights[conversation], opened, user)
        anyone = self.policy.anyone_may_write
        rules.may_take_part(opened, membership, bond, anyone_may_write=anyone)
        return opened, membership

    def members_among(self, opened: Opened, users: Iterable[UserId]) -> tuple[UserId, ...]:
        """Those of `users` who are members: who has left since is no reason to refuse."""
        known = self.rights[opened.id].members
        return tuple(user for user in users if known.get(user) is not None)

    def add(
        self, opened: Opened, post: Post, content_hash: bytes, files: tuple[File, ...] = ()
    ) -> Message:
        """Give `post`, which brings `files`, its place in the timeline."""
        seq, rev, at = self._next(opened)
        message = Message(
            conversation=opened.id,
            seq=seq,
            rev=rev,
            client_id=post.client_id,
            sender=post.sender,
            at=at,
            kind="file" if files else "text",
            text=post.text,
            reply_to=post.reply_to,
            mentions=post.mentions,
            files=files,
        )
        self._write(message, content_hash, post.text)
        for user in post.mentions:
            self._mentions.append((user, opened.id, seq))
        return message

    def tell(self, opened: Opened, deed: Deed, system: SystemText) -> Message:
        """Give a system message its place in the timeline."""
        seq, rev, at = self._next(opened)
        message = Message(
            conversation=opened.id,
            seq=seq,
            rev=rev,
            client_id=deed.client_id,
            sender=deed.sender,
            at=at,
            kind="system",
            text=sentence(deed.sender, system),
            system=system,
        )
        self._write(message, deed.content_hash(), stored(system))
        return message

    def _next(self, opened: Opened) -> tuple[int, int, int]:
        """The next seq and rev, and a time that is never before the last one's."""
        self._grows(opened)
        opened.last_seq += 1
        opened.last_rev += 1
        opened.last_at = max(opened.last_at, self.now)
        return opened.last_seq, opened.last_rev, opened.last_at

    def next_rev(self, opened: Opened, seq: int) -> tuple[int, int]:
        """The rev and the time of a change of the message `seq`; the lists keep their order."""
        self._grows(opened)
        opened.last_rev += 1
        self.altered.add((opened.id, seq))
        return opened.last_rev, max(opened.last_at, self.now)

    def _grows(self, opened: Opened) -> None:
        if opened.id not in self._grown:
            self._grown[opened.id] = Grown(opened, opened.last_seq, opened.last_rev)

    def _write(self, message: Message, content_hash: bytes, text: str) -> None:
        self._rows.append(
            (
                message.conversation,
                message.seq,
                message.rev,
                message.sender.id,
                message.client_id,
                content_hash,
                message.at,
                message.kind,
                text,
                message.reply_to,
                len(message.mentions),
                len(message.files),
            )
        )

    def flush(self) -> None:
        """Write the rows there are so far."""
        if self._rows:
            self.cursor.insert_rows(_INSERT, self._rows)
            self._rows.clear()
        if self._mentions:
            self.cursor.insert_rows(MENTION, self._mentions)
            self._mentions.clear()

    def close(self) -> None:
        """Write the rows and the counters; the caller commits."""
        self.flush()
        if self._grown:
            self._count([self._grown[id] for id in sorted(self._grown)])

    def _count(self, grown: list[Grown]) -> None:
        seqs, seq_args = _by_id({g.opened.id: g.opened.last_seq - g.seq for g in grown})
        revs, rev_args = _by_id({g.opened.id: g.opened.last_rev - g.rev for g in grown})
        ats, at_args = _by_id({g.opened.id: g.opened.last_at for g in grown})
        ids = [g.opened.id for g in grown]
        statement = _COUNT.format(seqs=seqs, revs=revs, ats=ats, marks=marks(ids))
        self.cursor.execute(statement, [*seq_args, *rev_args, *at_args, *ids])


def _by_id(values: dict[ConversationId, int]) -> tuple[str, list[int]]:
    """
    An expression that is each id's value, and its arguments.

    Grouped by value, since most rows grow alike: a WHEN for each id would be
    tried one after the other, for every row.
    """
    groups: dict[int, list[int]] = {}
    for id, value in values.items():
        groups.setdefault(value, []).append(id)
    if len(groups) == 1:
        return "%s", list(groups)
    whens = " ".join(f"WHEN id IN ({marks(ids)}) THEN %s" for ids in groups.values())
    return f"CASE {whens} END", [n for value, ids in groups.items() for n in (*ids, value)]
