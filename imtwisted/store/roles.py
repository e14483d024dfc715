"""
Who keeps a group in order, and who is kept out of it.

Way of a message: journal -> batch -> deeds -> [roles] -> ledger -> commit.
"""

from __future__ import annotations

from imtwisted import rules
from imtwisted.entries import Appoint, Ban, Committed, Pardon
from imtwisted.model import Membership, Role, SystemText, UserId
from imtwisted.store.groupwork import committed, member_of, opened_for, recount, tell_of
from imtwisted.store.invites import revoke_of
from imtwisted.store.ledger import Ledger
from imtwisted.store.system_text import told_of
from imtwisted.store.versions import raise_versions, versions_of

_STATE = "SELECT state FROM members WHERE conversation_id = %s AND user_id = %s"

_END = "UPDATE members SET state = %s, role = 'member' WHERE conversation_id = %s AND user_id = %s"

# Nobody who was given a role is silenced by what was before it.
_ROLE = """
    UPDATE members SET role = %s, silenced_until = 0 WHERE conversation_id = %s AND user_id = %s
"""

_KEPT_OUT = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at)
    VALUES (%s, %s, 'member', 'banned', %s)
"""

_PARDON = """
    UPDATE members SET state = 'removed'
     WHERE conversation_id = %s AND user_id = %s AND state = 'banned'
"""


def appoint(ledger: Ledger, deed: Appoint) -> Committed:
    """Give a member another role."""
    opened = opened_for(ledger, deed.conversation)
    actor = member_of(ledger, opened, deed.sender.id)
    target = member_of(ledger, opened, deed.user.id)
    rules.may_appoint(opened, actor, target)
    if target is not None and target.role == deed.role:
        versions = versions_of(ledger.cursor, [deed.user.id])
        return committed(opened, None, versions, is_member=True)
    roles: dict[UserId, Role] = {deed.user.id: deed.role}
    if deed.role == "owner":
        roles[deed.sender.id] = "moderator"
    versions = raise_versions(ledger.cursor, roles)
    message = ledger.tell(opened, deed, SystemText(told_of(deed.role), deed.user))
    for user, role in roles.items():
        ledger.cursor.execute(_ROLE, (role, opened.id, user))
        ledger.rights[opened.id].members[user] = Membership(user, role)
    recount(ledger, opened, 0)
    return committed(opened, message, versions, is_member=True)


def ban(ledger: Ledger, deed: Ban) -> Committed:
    """Keep someone out."""
    opened = opened_for(ledger, deed.conversation)
    actor = member_of(ledger, opened, deed.sender.id)
    target = member_of(ledger, opened, deed.user.id)
    rules.may_ban(opened, actor, target, deed.user.id)
    was = ledger.cursor.one(_STATE, (opened.id, deed.user.id))
    if was is not None and was[0] == "banned":
        return committed(opened, None, {}, is_member=False)
    versions = raise_versions(ledger.cursor, [deed.user.id] if target else [])
    change = -1 if target else 0
    message = tell_of(ledger, opened, deed, SystemText("banned", deed.user), change)
    if was is None:
        ledger.cursor.execute(_KEPT_OUT, (opened.id, deed.user.id, ledger.now))
    else:
        ledger.cursor.execute(_END, ("banned", opened.id, deed.user.id))
    revoke_of(ledger, opened, deed.user.id)
    ledger.rights[opened.id].members[deed.user.id] = None
    recount(ledger, opened, change)
    return committed(opened, message, versions, is_member=False)


def pardon(ledger: Ledger, deed: Pardon) -> Committed:
    """Let someone come back; tells nobody."""
    opened = opened_for(ledger, deed.conversation)
    rules.may_ban(opened, member_of(ledger, opened, deed.sender.id), None, deed.user.id)
    ledger.cursor.execute(_PARDON, (opened.id, deed.user.id))
    return committed(opened, None, {}, is_member=False)
