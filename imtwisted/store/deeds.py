"""
What changes who is in a group, or what it is called: the journal's other entries.

Way of a message: journal -> batch -> [deeds] -> ledger -> commit.

Each deed is judged under the conversation's lock, raises `members_rev` there,
raises the list version of whoever is concerned, and becomes a system message.
"""

from __future__ import annotations

from imtwisted import rules
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
    Offer,
    Pardon,
    Portray,
    Restrict,
    Revoke,
    Settle,
    Silence,
    Unsilence,
)
from imtwisted.model import (
    Bond,
    ConversationId,
    Membership,
    Role,
    SystemText,
    UserId,
)
from imtwisted.refusals import NotFound
from imtwisted.store import invites, portraits, roles, silences
from imtwisted.store.groupwork import committed, member_of, opened_for, recount, tell_of
from imtwisted.store.ledger import Ledger, Opened
from imtwisted.store.rights import read_bond
from imtwisted.store.system_text import entrance_told
from imtwisted.store.versions import raise_versions, versions_of

_FOUND = """
    INSERT INTO conversations (kind, title, public, created_at, last_at, members_rev, member_count)
    VALUES ('group', %s, %s, %s, %s, 1, %s)
"""

_MEMBER = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at, read_seq, received_seq)
    VALUES (%s, %s, %s, 'active', %s, %s, %s)
"""

_BACK = """
    UPDATE members
       SET role = 'member', state = 'active', joined_at = %s, read_seq = %s, received_seq = %s
     WHERE conversation_id = %s AND user_id = %s
"""

_BEFORE = "SELECT state, silenced_until FROM members WHERE conversation_id = %s AND user_id = %s"

_END = "UPDATE members SET state = %s, role = 'member' WHERE conversation_id = %s AND user_id = %s"

# Whose the group becomes may write in it.
_OWN = """
    UPDATE members SET role = 'owner', silenced_until = 0
     WHERE conversation_id = %s AND user_id = %s
"""

_HEIR = """
    SELECT user_id FROM members
     WHERE conversation_id = %s AND state = 'active' AND user_id <> %s
  ORDER BY CASE role WHEN 'moderator' THEN 0 ELSE 1 END, joined_at, user_id
     LIMIT 1
"""

_SETTLE = "UPDATE conversations SET title = %s, public = %s WHERE id = %s"

_DESCRIBE = "UPDATE conversations SET description = %s WHERE id = %s AND description <> %s"

_EVERYONE = """
    SELECT user_id FROM members WHERE conversation_id = %s AND state = 'active' ORDER BY user_id
"""

_END_ALL = """
    UPDATE members SET state = 'left', role = 'member'
     WHERE conversation_id = %s AND state = 'active'
"""


def do(ledger: Ledger, deed: Deed) -> Committed:
    """Do `deed` now; raises its refusal, and then nothing was done."""
    match deed:
        case Found():
            return _found(ledger, deed)
        case Enter():
            return _enter(ledger, deed)
        case Exit():
            return _exit(ledger, deed)
        case Appoint():
            return roles.appoint(ledger, deed)
        case Ban():
            return roles.ban(ledger, deed)
        case Pardon():
            return roles.pardon(ledger, deed)
        case Silence() | Unsilence() | Restrict():
            return silences.do(ledger, deed)
        case Offer() | Revoke():
            return invites.do(ledger, deed)
        case Settle():
            return _settle(ledger, deed)
        case Describe():
            return _describe(ledger, deed)
        case Portray():
            return portraits.portray(ledger, deed)
        case Dissolve():
            return _dissolve(ledger, deed)
    raise TypeError(deed)


def _found(ledger: Ledger, deed: Found) -> Committed:
    others = {person.id for person in deed.others} - {deed.sender.id}
    members = [deed.sender.id, *sorted(others)]
    rules.may_found(len(members), ledger.policy.group_members)
    versions = raise_versions(ledger.cursor, members)
    ledger.cursor.execute(
        _FOUND, (deed.title, int(deed.public), ledger.now, ledger.now, len(members))
    )
    id = ConversationId(ledger.cursor.lastrowid)
    opened = Opened(id, "group", deed.title, deed.public, 0, 0, ledger.now, 1, len(members))
    ledger.adopt(opened)
    roles: list[Role] = ["owner"]
    roles += ["member"] * len(others)
    ledger.cursor.insert_rows(
        _MEMBER,
        [(id, user, role, ledger.now, 0, 0) for user, role in zip(members, roles, strict=True)],
    )
    message = ledger.tell(opened, deed, SystemText("created", title=deed.title))
    return committed(opened, message, versions, is_member=True)


def _enter(ledger: Ledger, deed: Enter) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    by_own_wish = deed.user.id == deed.sender.id
    if member_of(ledger, opened, deed.user.id) is not None:
        versions = versions_of(ledger.cursor, [deed.user.id])
        return committed(opened, None, versions, is_member=True)
    was = ledger.cursor.one(_BEFORE, (opened.id, deed.user.id))
    rules.may_enter(
        opened,
        actor=member_of(ledger, opened, deed.sender.id),
        by_own_wish=by_own_wish,
        invited=deed.invite is not None,
        bond=Bond() if by_own_wish else read_bond(ledger.cursor, deed.sender.id, deed.user.id),
        anyone_may_write=ledger.policy.anyone_may_write,
        was=was[0] if was else None,
        limit=None if opened.id == ledger.policy.lobby else ledger.policy.group_members,
    )
    if deed.invite is not None:
        invites.use(ledger, opened, deed.invite, deed.user.id)
    versions = raise_versions(ledger.cursor, [deed.user.id])
    message = None
    if opened.id != ledger.policy.lobby:
        message = tell_of(ledger, opened, deed, entrance_told(deed), +1)
    _write_member(ledger, opened, deed.user.id, was is not None)
    recount(ledger, opened, +1)
    # Leaving does not end a silence.
    silenced_until = was[1] if was else 0
    membership = Membership(deed.user.id, "member", silenced_until)
    ledger.rights[opened.id].members[deed.user.id] = membership
    return committed(opened, message, versions, is_member=True)


def _write_member(ledger: Ledger, opened: Opened, user: UserId, was_here: bool) -> None:
    """Joining reads everything up to and with the message that tells of it."""
    seq = opened.last_seq
    if was_here:
        ledger.cursor.execute(_BACK, (ledger.now, seq, seq, opened.id, user))
    else:
        ledger.cursor.execute(_MEMBER, (opened.id, user, "member", ledger.now, seq, seq))


def _exit(ledger: Ledger, deed: Exit) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    by_own_wish = deed.user.id == deed.sender.id
    actor = member_of(ledger, opened, deed.sender.id)
    target = member_of(ledger, opened, deed.user.id)
    rules.may_remove(opened, actor, target, by_own_wish=by_own_wish)
    if target is None:
        raise NotFound(reason="no_such_user")
    heir = _heir(ledger, opened, target)
    versions = raise_versions(ledger.cursor, [deed.user.id, *heir])
    message = None
    if opened.id != ledger.policy.lobby:
        what = SystemText("left") if by_own_wish else SystemText("removed", deed.user)
        message = tell_of(ledger, opened, deed, what, -1)
    if not by_own_wish:
        invites.revoke_of(ledger, opened, deed.user.id)
    state = "left" if by_own_wish else "removed"
    ledger.cursor.execute(_END, (state, opened.id, deed.user.id))
    ledger.rights[opened.id].members[deed.user.id] = None
    for owner in heir:
        ledger.cursor.execute(_OWN, (opened.id, owner))
        ledger.rights[opened.id].members[owner] = Membership(owner, "owner")
    recount(ledger, opened, -1)
    return Committed(
        opened.id,
        opened.members_rev,
        message,
        changes=tuple(
            MemberChange(user, version, user != deed.user.id) for user, version in versions.items()
        ),
    )


def _heir(ledger: Ledger, opened: Opened, leaving: Membership) -> list[UserId]:
    """Whose the group becomes: a moderator's, else who has been there longest."""
    if leaving.role != "owner":
        return []
    heir = ledger.cursor.one(_HEIR, (opened.id, leaving.user))
    return [] if heir is None else [heir[0]]


def _settle(ledger: Ledger, deed: Settle) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    rules.may_settle(opened, member_of(ledger, opened, deed.sender.id))
    title = opened.title if deed.title is None else deed.title
    public = opened.public if deed.public is None else deed.public
    message = None
    if (title, bool(public)) != (opened.title, bool(opened.public)):
        ledger.cursor.execute(_SETTLE, (title, int(public), opened.id))
    if title != opened.title:
        message = ledger.tell(opened, deed, SystemText("renamed", title=title))
    opened.title, opened.public = title, public
    versions = raise_versions(ledger.cursor, [deed.sender.id])
    return committed(opened, message, versions, is_member=True)


def _describe(ledger: Ledger, deed: Describe) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    rules.may_settle(opened, member_of(ledger, opened, deed.sender.id))
    description = deed.description
    ledger.cursor.execute(_DESCRIBE, (description, opened.id, description))
    if not ledger.cursor.rowcount:
        versions = versions_of(ledger.cursor, [deed.sender.id])
        return committed(opened, None, versions, is_member=True)
    versions = raise_versions(ledger.cursor, [deed.sender.id])
    message = ledger.tell(opened, deed, SystemText("described", description=description))
    return committed(opened, message, versions, is_member=True)


def _dissolve(ledger: Ledger, deed: Dissolve) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    rules.may_dissolve(opened, member_of(ledger, opened, deed.sender.id))
    everyone = [row[0] for row in ledger.cursor.all(_EVERYONE, (opened.id,))]
    versions = raise_versions(ledger.cursor, everyone)
    message = ledger.tell(opened, deed, SystemText("dissolved"))
    ledger.cursor.execute(_END_ALL, (opened.id,))
    recount(ledger, opened, -opened.member_count)
    ledger.rights[opened.id].members = dict.fromkeys(everyone)
    return committed(opened, message, versions, is_member=False)
