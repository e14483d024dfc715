"""
Rows become nouns: the columns every store asks for, and what they mean.

Way of a message: the database -> [rows] -> domain.

In the queries `c` is a conversation, `g` a message, `m` a membership, `u` a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from imtwisted.boundaries import Cursor, Row
from imtwisted.files import File
from imtwisted.model import (
    Conversation,
    ConversationId,
    Message,
    Person,
    Reaction,
    SystemText,
    UserId,
)
from imtwisted.store.attachments import Attached, attached
from imtwisted.store.rights import marks
from imtwisted.store.system_text import restored, sentence

T = TypeVar("T")
Key = TypeVar("Key")

PERSON = "u.id, u.username, u.display_name, u.picture_id"
CONVERSATION = (
    "c.id, c.kind, c.title, c.public, c.last_seq, c.last_rev, c.last_at, "
    "c.members_rev, c.member_count, c.direct_key, c.description, c.announcement_only, "
    "c.picture_id"
)
MESSAGE = (
    "g.conversation_id, g.seq, g.rev, g.client_id, g.at, g.kind, g.text, g.reply_to, "
    f"g.mentioned, g.edited_at, g.recalled_at, g.reacted, g.filed, {PERSON}"
)
_PERSONS = f"SELECT {PERSON} FROM users AS u WHERE u.id IN ({{marks}})"
_MENTIONS = """
    SELECT seq, user_id FROM mentions
     WHERE conversation_id = %s AND seq IN ({marks})
  ORDER BY seq, user_id
"""
_ONE = f"""
    SELECT {MESSAGE} FROM messages AS g JOIN users AS u ON u.id = g.sender_id
     WHERE g.conversation_id = %s AND g.seq = %s
"""
# In the order in which each emoji first came; of those there now.
_REACTIONS = """
    SELECT seq, emoji, COUNT(*), MAX(user_id = %s) FROM reactions
     WHERE conversation_id = %s AND seq IN ({marks})
  GROUP BY seq, emoji
  ORDER BY seq, MIN(at), emoji
"""
# SQLite takes at most 500 SELECTs in one statement; marks are plenty.
_AT_ONCE = 500


def person(row: Row) -> Person:
    """The person of the four columns `PERSON`."""
    return Person(*row)


def conversation(row: Row) -> Conversation:
    """The conversation of the thirteen columns `CONVERSATION`."""
    id, kind, title, public, *others = row[:-2]
    found = Conversation(id, kind, title, bool(public), *others)
    return replace(found, announcement_only=bool(row[-2]), picture=row[-1])


def messages(
    cursor: Cursor, rows: Sequence[Row], viewer: UserId | None = None
) -> tuple[Message, ...]:
    """
    The messages of `rows`, all of one conversation and of the columns `MESSAGE`.

    With a `viewer` each reaction says whether it is theirs too.
    """
    mentions = _mentions(cursor, [row for row in rows if row[8]])
    reactions = _reactions(cursor, [row for row in rows if row[11]], viewer)
    files = _files(cursor, [row for row in rows if row[12]])
    systems = told(cursor, {row[1]: row[6] for row in rows if row[5] == "system"})
    return tuple(
        _message(
            row,
            systems.get(row[1]),
            mentions.get(row[1], ()),
            reactions.get(row[1], ()),
            files.get((row[0], row[1]), ()),
        )
        for row in rows
    )


def told(cursor: Cursor, texts: dict[Key, str]) -> dict[Key, SystemText]:
    """
    What system messages tell, from the texts they are stored as.

    Who was added or removed, or whose link it was, is called as they are called
    today: a deleted account has no name in old messages either.
    """
    found = {key: restored(text) for key, text in texts.items()}
    named = [who for each in found.values() for who in (each.user, each.link_of) if who]
    users = sorted({who.id for who in named})
    today: dict[UserId, Person] = {}
    for some in in_groups(users):
        rows = cursor.all(_PERSONS.format(marks=marks(some)), some)
        today |= {row[0]: person(row) for row in rows}
    return {key: _today(system, today) for key, system in found.items()}


def _today(system: SystemText, today: dict[UserId, Person]) -> SystemText:
    user, link_of = (who and today.get(who.id, who) for who in (system.user, system.link_of))
    return replace(system, user=user, link_of=link_of)


def read_message(cursor: Cursor, conversation: ConversationId, seq: int) -> Message | None:
    """One message as it is now, for nobody in particular."""
    found = messages(cursor, cursor.all(_ONE, (conversation, seq)))
    return found[0] if found else None


def _message(
    row: Row,
    system: SystemText | None,
    mentions: tuple[UserId, ...],
    reactions: Sequence[Reaction],
    files: tuple[File, ...],
) -> Message:
    conversation, seq, rev, client_id, at, kind, text, reply_to = row[:8]
    _, edited_at, recalled_at, *_ = row[8:13]
    sender = person(row[13:])
    return Message(
        conversation=conversation,
        seq=seq,
        rev=rev,
        client_id=client_id,
        sender=sender,
        at=at,
        kind=kind,
        text=sentence(sender, system) if system else text,
        reply_to=reply_to,
        mentions=mentions,
        system=system,
        edited_at=edited_at,
        recalled=recalled_at is not None,
        reactions=tuple(reactions),
        files=files,
    )


def _files(cursor: Cursor, rows: Sequence[Row]) -> Attached:
    """What they carry; asked only for messages that carry something."""
    found: Attached = {}
    for some in in_groups(rows):
        found |= attached(cursor, [(row[0], row[1]) for row in some])
    return found


def _reactions(
    cursor: Cursor, rows: Sequence[Row], viewer: UserId | None
) -> dict[int, list[Reaction]]:
    """What stands under each, by `seq`; asked only for messages that have some."""
    found: dict[int, list[Reaction]] = {}
    for some in in_groups(rows):
        seqs = [row[1] for row in some]
        query = _REACTIONS.format(marks=marks(seqs))
        for seq, emoji, count, mine in cursor.all(query, (viewer or 0, some[0][0], *seqs)):
            reaction = Reaction(emoji, count, None if viewer is None else bool(mine))
            found.setdefault(seq, []).append(reaction)
    return found


def _mentions(cursor: Cursor, rows: Sequence[Row]) -> dict[int, tuple[UserId, ...]]:
    """Who is mentioned, by `seq`; asked only for messages that mention somebody."""
    found: dict[int, tuple[UserId, ...]] = {}
    for some in in_groups(rows):
        seqs = [row[1] for row in some]
        query = _MENTIONS.format(marks=marks(seqs))
        for seq, user in cursor.all(query, (some[0][0], *seqs)):
            found[seq] = (*found.get(seq, ()), user)
    return found


def union_all(cursor: Cursor, select: str, args: Sequence[Sequence[object]]) -> list[list[Row]]:
    """
    The rows of `select` for each of `args`, in one statement.

    `{place}` in it is a column that tells them apart; it is taken off. Neither
    dialect promises that the rows of one come in its order.
    """
    parts = [cursor.dialect.part(select.format(place=place)) for place in range(len(args))]
    found: list[list[Row]] = [[] for _ in args]
    for place, *row in cursor.all(
        " UNION ALL ".join(parts), [arg for each in args for arg in each]
    ):
        found[place].append(tuple(row))
    return found


def in_groups(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """`values` in parts that fit into one statement."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
