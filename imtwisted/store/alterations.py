"""
Messages that are there become something else: edited, recalled, reacted to.

Way of a message: journal -> batch -> [alterations] -> commit -> backplane.

Each takes the next `rev` and keeps its `seq`. What is so already is told as a
duplicate and takes none.
"""

from __future__ import annotations

from dataclasses import replace

from imtwisted import rules
from imtwisted.entries import NO_CONTENT, Alteration, Committed, Edit, React, Recall
from imtwisted.model import Change, Membership, Message, Reaction, UserId
from imtwisted.refusals import Conflict, NotFound
from imtwisted.store import attachments
from imtwisted.store.ledger import MENTION, Ledger, Opened
from imtwisted.store.rows import read_message
from imtwisted.store.search_terms import spoil

_EDIT = """
    UPDATE messages SET text = %s, edited_at = %s, mentioned = %s, rev = %s
     WHERE conversation_id = %s AND seq = %s
"""
_EDITED = """
    INSERT INTO message_edits (editor_id, client_id, conversation_id, seq, content_hash)
    VALUES (%s, %s, %s, %s, %s)
"""
_RECALL = """
    UPDATE messages
       SET text = '', edited_at = NULL, recalled_at = %s, mentioned = 0, reacted = 0, filed = 0,
           rev = %s, content_hash = %s
     WHERE conversation_id = %s AND seq = %s
"""
_UNHASH = "UPDATE message_edits SET content_hash = %s WHERE conversation_id = %s AND seq = %s"
_UNMENTION = "DELETE FROM mentions WHERE conversation_id = %s AND seq = %s"
_UNREACT_ALL = "DELETE FROM reactions WHERE conversation_id = %s AND seq = %s"

_REACTIONS = """
    SELECT emoji, COUNT(*), MAX(user_id = %s) FROM reactions
     WHERE conversation_id = %s AND seq = %s
  GROUP BY emoji
"""
_REACT = """
    INSERT INTO reactions (at, conversation_id, seq, emoji, user_id) VALUES (%s, %s, %s, %s, %s)
"""
_UNREACT = """
    DELETE FROM reactions
     WHERE conversation_id = %s AND seq = %s AND emoji = %s AND user_id = %s
"""
_REACTED = """
    UPDATE messages SET reacted = reacted + %s, rev = %s WHERE conversation_id = %s AND seq = %s
"""


def alter(ledger: Ledger, entry: Alteration) -> Committed:
    """Do it now; raises its refusal, and then nothing was done."""
    opened, actor = _admitted(ledger, entry)
    message = _message(ledger, opened, entry.seq)
    match entry:
        case Edit():
            return _edit(ledger, opened, message, entry)
        case Recall():
            return _recall(ledger, opened, message, entry, actor)
        case React():
            return _react(ledger, opened, message, entry)
    raise TypeError(entry)


def _admitted(ledger: Ledger, entry: Alteration) -> tuple[Opened, Membership]:
    """The conversation, for who may alter what is in it; raises the refusal."""
    place = entry.conversation, entry.sender.id
    match entry:
        case Recall():
            # One's own words can be taken back wherever one may still read them.
            return ledger.member(*place)
        case React():
            return ledger.participant(*place)
        case Edit():
            return ledger.admit(*place)
    raise TypeError(entry)


def done_already(ledger: Ledger, entry: Recall | React) -> Committed | None:
    """What an earlier try did, if the message is as `entry` wants it; only reads."""
    opened = ledger.opened.get(entry.conversation)
    message = read_message(ledger.cursor, entry.conversation, entry.seq)
    if opened is None or message is None:
        return None
    match entry:
        case Recall():
            is_so = message.recalled
        case React():
            is_so = entry.on == (entry.emoji in _reactions(ledger, entry)[1])
    return _as_it_is(opened, message) if is_so else None


def _message(ledger: Ledger, opened: Opened, seq: int) -> Message:
    ledger.flush()  # it may be of this very transaction
    message = read_message(ledger.cursor, opened.id, seq)
    if message is None:
        raise NotFound(reason="no_such_message")
    return message


def _edit(ledger: Ledger, opened: Opened, message: Message, entry: Edit) -> Committed:
    rules.may_edit(message, entry.sender.id)
    if not message.files:
        rules.say_something(entry.text)
    mentions = _mentions(ledger, opened, message, entry)
    rev, at = ledger.next_rev(opened, message.seq)
    ledger.cursor.execute(_EDIT, (entry.text, at, len(mentions), rev, opened.id, message.seq))
    ledger.cursor.execute(
        _EDITED,
        (entry.sender.id, entry.client_id, opened.id, message.seq, entry.content_hash()),
    )
    spoil(ledger.cursor, opened.id, message.seq)
    news = mentions if mentions != message.mentions else None
    change = Change("edit", entry.sender.id, at, text=entry.text, edited_at=at, mentions=news)
    message = replace(message, text=entry.text, edited_at=at, mentions=mentions, rev=rev)
    return Committed(opened.id, opened.members_rev, message, change=change)


def _mentions(ledger: Ledger, opened: Opened, message: Message, entry: Edit) -> tuple[UserId, ...]:
    """Whom the message mentions from now on, written down."""
    if entry.mentions is None:
        return message.mentions
    users = ledger.members_among(opened, entry.mentions)
    place = (opened.id, message.seq)
    if message.mentions:
        ledger.cursor.execute(_UNMENTION, place)
    if users:
        ledger.cursor.insert_rows(MENTION, [(user, *place) for user in users])
    return users


def _recall(
    ledger: Ledger, opened: Opened, message: Message, entry: Recall, actor: Membership
) -> Committed:
    if message.recalled:
        return _as_it_is(opened, message)
    rules.may_recall(
        message, opened, actor, now=ledger.now, within=ledger.policy.recall_seconds * 1000
    )
    rev, at = ledger.next_rev(opened, message.seq)
    place = (opened.id, message.seq)
    ledger.cursor.execute(_RECALL, (at, rev, NO_CONTENT, *place))
    ledger.cursor.execute(_UNHASH, (NO_CONTENT, *place))
    ledger.cursor.execute(_UNMENTION, place)
    ledger.cursor.execute(_UNREACT_ALL, place)
    gone = attachments.detach(ledger.cursor, *place) if message.files else ()
    spoil(ledger.cursor, *place)
    message = replace(
        message,
        text="",
        edited_at=None,
        recalled=True,
        mentions=(),
        reactions=(),
        files=(),
        rev=rev,
    )
    change = Change("recall", entry.sender.id, at)
    return Committed(opened.id, opened.members_rev, message, change=change, gone=gone)


def _react(ledger: Ledger, opened: Opened, message: Message, entry: React) -> Committed:
    rules.may_react(message)
    counts, mine = _reactions(ledger, entry)
    if entry.on == (entry.emoji in mine):
        return _as_it_is(opened, message)
    if entry.on and entry.emoji not in counts and len(counts) >= rules.REACTIONS:
        raise Conflict(reason="too_many_reactions")
    rev, at = ledger.next_rev(opened, message.seq)
    place = (opened.id, message.seq, entry.emoji, entry.sender.id)
    if entry.on:
        ledger.cursor.execute(_REACT, (at, *place))
    else:
        ledger.cursor.execute(_UNREACT, place)
    step = 1 if entry.on else -1
    ledger.cursor.execute(_REACTED, (step, rev, opened.id, message.seq))
    reaction = Reaction(entry.emoji, counts.get(entry.emoji, 0) + step)
    change = Change("react", entry.sender.id, at, reaction=reaction, on=entry.on)
    return Committed(opened.id, opened.members_rev, replace(message, rev=rev), change=change)


def _reactions(ledger: Ledger, entry: React) -> tuple[dict[str, int], set[str]]:
    """How many there are of each emoji, and which of them are the sender's."""
    rows = ledger.cursor.all(_REACTIONS, (entry.sender.id, entry.conversation, entry.seq))
    return {row[0]: row[1] for row in rows}, {row[0] for row in rows if row[2]}


def _as_it_is(opened: Opened, message: Message) -> Committed:
    return Committed(opened.id, opened.members_rev, message, duplicate=True)
