"""
Who may write no more in a group for a while, and where only its leaders write.

Way of a message: journal -> batch -> deeds -> [silences] -> ledger -> commit.
"""

from __future__ import annotations

from dataclasses import replace

from imtwisted import rules
from imtwisted.entries import Committed, Restrict, Silence, Unsilence
from imtwisted.model import Membership, SystemText
from imtwisted.store.groupwork import committed, member_of, opened_for, recount
from imtwisted.store.ledger import Ledger
from imtwisted.store.system_text import restriction_told, silence_told
from imtwisted.store.versions import raise_versions, versions_of

_SILENCE = "UPDATE members SET silenced_until = %s WHERE conversation_id = %s AND user_id = %s"

_RESTRICT = "UPDATE conversations SET announcement_only = %s WHERE id = %s"


def do(ledger: Ledger, deed: Silence | Unsilence | Restrict) -> Committed:
    """Do `deed` now; raises its refusal, and then nothing was done."""
    match deed:
        case Silence():
            return _set(ledger, deed, deed.until, silence_told(deed))
        case Unsilence():
            return _set(ledger, deed, 0, SystemText("unsilenced", deed.user))
        case Restrict():
            return _restrict(ledger, deed)


def _set(ledger: Ledger, deed: Silence | Unsilence, until: int, system: SystemText) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    actor = member_of(ledger, opened, deed.sender.id)
    target = member_of(ledger, opened, deed.user.id)
    rules.may_silence(opened, actor, target, deed.user.id)
    assert target is not None, "the rules want a member"
    if _is_so(target, until, ledger.now):
        versions = versions_of(ledger.cursor, [deed.user.id])
        return committed(opened, None, versions, is_member=True)
    versions = raise_versions(ledger.cursor, [deed.user.id])
    message = ledger.tell(opened, deed, system)
    ledger.cursor.execute(_SILENCE, (until, opened.id, deed.user.id))
    ledger.rights[opened.id].members[deed.user.id] = replace(target, silenced_until=until)
    recount(ledger, opened, 0)
    return committed(opened, message, versions, is_member=True)


def _is_so(target: Membership, until: int, now: int) -> bool:
    """A silence that is over is none."""
    return target.silenced_until == until or max(target.silenced_until, until) <= now


def _restrict(ledger: Ledger, deed: Restrict) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    rules.may_settle(opened, member_of(ledger, opened, deed.sender.id))
    if bool(opened.announcement_only) == deed.announcement_only:
        versions = versions_of(ledger.cursor, [deed.sender.id])
        return committed(opened, None, versions, is_member=True)
    versions = raise_versions(ledger.cursor, [deed.sender.id])
    message = ledger.tell(opened, deed, restriction_told(deed))
    ledger.cursor.execute(_RESTRICT, (int(deed.announcement_only), opened.id))
    opened.announcement_only = deed.announcement_only
    recount(ledger, opened, 0)
    return committed(opened, message, versions, is_member=True)
