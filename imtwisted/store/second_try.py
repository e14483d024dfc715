"""
What a deed became that an earlier try has done already.

Way of a message: journal -> batch -> [second_try]: nobody knew whether the first
COMMIT went through, and its client id says that it did.
"""

from __future__ import annotations

from imtwisted.boundaries import Cursor
from imtwisted.entries import (
    Appoint,
    Ban,
    Committed,
    Deed,
    Describe,
    Dissolve,
    Enter,
    Exit,
    Found,
    MemberChange,
    Portray,
    Restrict,
    Settle,
    Silence,
    Unsilence,
)
from imtwisted.model import FOREVER, ConversationId, Message, Role, SystemText, UserId
from imtwisted.model import Deed as SystemDeed
from imtwisted.store import portraits
from imtwisted.store.ledger import Ledger
from imtwisted.store.system_text import sentence
from imtwisted.store.versions import versions_of

_STATE = "SELECT state FROM members WHERE conversation_id = %s AND user_id = %s"
_OWNER = """
    SELECT user_id FROM members
     WHERE conversation_id = %s AND state = 'active' AND role = 'owner'
"""
_PAST = "SELECT user_id FROM members WHERE conversation_id = %s"


def done_before(
    ledger: Ledger, deed: Deed, conversation: ConversationId, seq: int, rev: int, at: int
) -> Committed:
    """What the first try did, told again: who is a member is read as it is now."""
    concerned = sorted(_concerned(ledger.cursor, deed, conversation))
    versions = versions_of(ledger.cursor, concerned)
    changes = tuple(
        MemberChange(user, versions[user], _is_active(ledger.cursor, conversation, user))
        for user in concerned
    )
    system = _system_of(deed)
    message = Message(
        conversation=conversation,
        seq=seq,
        rev=rev,
        client_id=deed.client_id,
        sender=deed.sender,
        at=at,
        kind="system",
        text=sentence(deed.sender, system),
        system=system,
    )
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


def told_of(role: Role) -> SystemDeed:
    """What a system message calls it when somebody is given `role`."""
    if role == "owner":
        return "handed_over"
    return "promoted" if role == "moderator" else "demoted"


def entrance_told(deed: Enter) -> SystemText:
    """What a system message says of who became a member."""
    if deed.user.id != deed.sender.id:
        return SystemText("added", deed.user)
    return SystemText("joined", link_of=deed.invite.by if deed.invite else None)


def restriction_told(deed: Restrict) -> SystemText:
    """What a system message says of who may write from now on."""
    return SystemText("announcements" if deed.announcement_only else "discussion")


def silence_told(deed: Silence) -> SystemText:
    """What a system message says of a silence."""
    return SystemText("silenced", deed.user, until=None if deed.until == FOREVER else deed.until)


def _system_of(deed: Deed) -> SystemText:
    match deed:
        case Found():
            return SystemText("created", title=deed.title)
        case Enter():
            return entrance_told(deed)
        case Exit() if deed.user.id != deed.sender.id:
            return SystemText("removed", deed.user)
        case Exit():
            return SystemText("left")
        case Appoint():
            return SystemText(told_of(deed.role), deed.user)
        case Ban():
            return SystemText("banned", deed.user)
        case Silence():
            return silence_told(deed)
        case Unsilence():
            return SystemText("unsilenced", deed.user)
        case Restrict():
            return restriction_told(deed)
        case Describe():
            return SystemText("described", description=deed.description)
        case Settle():
            return SystemText("renamed", title=deed.title)
        case Portray():
            return portraits.told_of(deed)
    return SystemText("dissolved")
