"""
What became of something that an earlier try has done already.

Way of a message: journal -> batch -> [second_try]: nobody knew whether the first
COMMIT went through, and its client id says that it did.
"""

from __future__ import annotations

from dataclasses import dataclass

from imtwisted.boundaries import Cursor
from imtwisted.entries import (
    NO_CONTENT,
    Appoint,
    Ban,
    Committed,
    Deed,
    Dissolve,
    Edit,
    Enter,
    Exit,
    Found,
    MemberChange,
    Post,
    Silence,
    Unsilence,
)
from imtwisted.model import ConversationId, Message, UserId
from imtwisted.store.ledger import Ledger
from imtwisted.store.rows import read_message
from imtwisted.store.versions import versions_of

_STATE = "SELECT state FROM members WHERE conversation_id = %s AND user_id = %s"
_OWNER = """
    SELECT user_id FROM members
     WHERE conversation_id = %s AND state = 'active' AND role = 'owner'
"""
_PAST = "SELECT user_id FROM members WHERE conversation_id = %s"


@dataclass(frozen=True, slots=True)
class Known:
    """A message or an edit that an earlier try has stored; of a message that was altered?"""

    conversation: ConversationId
    seq: int
    rev: int
    at: int
    content_hash: bytes
    altered: bool = False


def is_same(earlier: Known, entry: Post | Deed | Edit, content_hash: bytes) -> bool:
    """Whether `entry` asks what was asked; of what was taken back, only where is still known."""
    if earlier.content_hash != NO_CONTENT or isinstance(entry, Deed):
        return content_hash == earlier.content_hash
    seq = entry.seq if isinstance(entry, Edit) else earlier.seq
    return (entry.conversation, seq) == (earlier.conversation, earlier.seq)


def said_before(ledger: Ledger, earlier: Known, entry: Post | Edit) -> Message:
    """The message as it is now: read, where it is not what was first said."""
    place = earlier.conversation, earlier.seq
    is_more = isinstance(entry, Edit) or bool(entry.files or entry.mentions)
    if is_more or earlier.altered or place in ledger.altered:
        ledger.flush()
        message = read_message(ledger.cursor, *place)
        assert message is not None, "messages are never removed"
        return message
    assert isinstance(entry, Post)
    return Message(
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


def done_before(ledger: Ledger, deed: Deed, conversation: ConversationId, seq: int) -> Committed:
    """What the first try did, told again: who is a member is read as it is now."""
    concerned = sorted(_concerned(ledger.cursor, deed, conversation))
    versions = versions_of(ledger.cursor, concerned)
    changes = tuple(
        MemberChange(user, versions[user], _is_active(ledger.cursor, conversation, user))
        for user in concerned
    )
    ledger.flush()  # it may be of this very transaction
    message = read_message(ledger.cursor, conversation, seq)
    assert message is not None, "messages are never removed"
    opened = ledger.opened.get(conversation)
    members_rev = opened.members_rev if opened else 0
    return Committed(conversation, members_rev, message, True, changes)


def _concerned(cursor: Cursor, deed: Deed, conversation: ConversationId) -> set[UserId]:
    match deed:
        case Found():
            return {deed.sender.id, *(person.id for person in deed.others)}
        case Enter():
            return {deed.user.id}
        case Appoint():
            return {deed.sender.id, deed.user.id}
        case Ban() | Silence() | Unsilence():
            return {deed.user.id}
        case Exit():
            # If it was the owner who left, the one there is now inherited.
            owners = cursor.all(_OWNER, (conversation,))
            return {deed.user.id, *(row[0] for row in owners)}
        case Dissolve():
            return {row[0] for row in cursor.all(_PAST, (conversation,))}
    return {deed.sender.id}


def _is_active(cursor: Cursor, conversation: ConversationId, user: UserId) -> bool:
    state = cursor.one(_STATE, (conversation, user))
    return state is not None and state[0] == "active"
