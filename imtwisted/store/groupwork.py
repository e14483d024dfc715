"""
What every deed does to the group it is done to.

Way of a message: journal -> batch -> deeds -> [groupwork] -> ledger -> commit.
"""

from __future__ import annotations

from dataclasses import replace

from imtwisted.entries import Committed, Deed, MemberChange
from imtwisted.model import ConversationId, Membership, Message, SystemText, UserId
from imtwisted.refusals import NotAMember
from imtwisted.store.ledger import Ledger, Opened
from imtwisted.store.rights import read_members

_COUNT = """
    UPDATE conversations SET members_rev = %s, member_count = %s, public = %s WHERE id = %s
"""

_NO_LINKS = """
    UPDATE invites SET revoked_at = %s WHERE conversation_id = %s AND revoked_at IS NULL
"""


def opened_for(ledger: Ledger, conversation: ConversationId) -> Opened:
    """The locked group; raises `NotAMember`, of what is not there too."""
    opened = ledger.opened.get(conversation)
    if opened is None:
        raise NotAMember
    return opened


def member_of(ledger: Ledger, opened: Opened, user: UserId) -> Membership | None:
    """The membership of `user` as of this lock."""
    read_members(ledger.cursor, {opened.id: {user}}, ledger.rights)
    return ledger.rights[opened.id].members[user]


def tell_of(ledger: Ledger, opened: Opened, deed: Deed, system: SystemText, change: int) -> Message:
    """Say who comes or goes, and how many members there are then; before `recount`."""
    return ledger.tell(opened, deed, replace(system, members=opened.member_count + change))


def recount(ledger: Ledger, opened: Opened, change: int) -> None:
    """So many members more; whatever was known of rights is old now."""
    opened.members_rev += 1
    opened.member_count += change
    ledger.rights[opened.id].members_rev = opened.members_rev
    # A group that everyone has left is nobody's: it has no door any more.
    if not opened.member_count and opened.id != ledger.policy.lobby:
        opened.public = False
        ledger.cursor.execute(_NO_LINKS, (ledger.now, opened.id))
    ledger.cursor.execute(
        _COUNT, (opened.members_rev, opened.member_count, int(opened.public), opened.id)
    )


def committed(
    opened: Opened, message: Message | None, versions: dict[UserId, int], *, is_member: bool
) -> Committed:
    """What the deed became, and whose lists it changed."""
    changes = tuple(MemberChange(user, version, is_member) for user, version in versions.items())
    return Committed(opened.id, opened.members_rev, message, False, changes)
