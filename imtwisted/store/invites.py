"""
Links that make people members: made, revoked, counted; and looking them up.

Way of a message: journal -> batch -> deeds -> [invites] -> ledger -> commit.

Uses are counted under the lock of the link's conversation, whichever node
counts: READ COMMITTED shows what was counted before the lock came free.
"""

from __future__ import annotations

from imtwisted import rules
from imtwisted.boundaries import Cursor, Database, Row
from imtwisted.entries import Committed, Invitation, Offer, Revoke
from imtwisted.invites import Invite, InviteId
from imtwisted.model import ConversationId, UserId
from imtwisted.refusals import Conflict, NotFound
from imtwisted.store.groupwork import committed, member_of, opened_for
from imtwisted.store.ledger import Ledger, Opened
from imtwisted.store.rows import PERSON, person

LISTED = 100

_INVITE = f"""
    SELECT i.id, i.conversation_id, i.code, i.made_at, i.expires_at, i.uses, i.used,
           i.revoked_at IS NOT NULL, {PERSON}
      FROM invites AS i JOIN users AS u ON u.id = i.made_by
"""
_BY_CODE = _INVITE + " WHERE i.code = %s"
_BY_ID = _INVITE + " WHERE i.id = %s AND i.conversation_id = %s"
# Those that are good first: what is over never hides one of them.
_OF_GROUP = (
    _INVITE
    + """
     WHERE i.conversation_id = %s AND i.revoked_at IS NULL
  ORDER BY CASE WHEN i.expires_at <= %s OR i.used >= i.uses THEN 1 ELSE 0 END, i.id DESC
     LIMIT %s
"""
)
_GOOD = """
    SELECT COUNT(*) FROM invites
     WHERE conversation_id = %s AND revoked_at IS NULL
       AND (expires_at IS NULL OR expires_at > %s) AND (uses IS NULL OR used < uses)
"""
_MAKE = """
    INSERT INTO invites (conversation_id, code, made_by, made_at, expires_at, uses)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
# One statement that looks and counts: registrations count without the conversation's lock.
_COUNT = """
    UPDATE invites SET used = used + 1
     WHERE id = %s AND revoked_at IS NULL
       AND (expires_at IS NULL OR expires_at > %s) AND (uses IS NULL OR used < uses)
"""
_ADMITTED = "SELECT 1 FROM invite_admissions WHERE invite_id = %s AND user_id = %s"
_ADMIT = "INSERT INTO invite_admissions (invite_id, user_id) VALUES (%s, %s)"
_ENTERED = "DELETE FROM invite_admissions WHERE invite_id = %s AND user_id = %s"
_REVOKE = """
    UPDATE invites SET revoked_at = %s
     WHERE id = %s AND conversation_id = %s AND revoked_at IS NULL
"""
_REVOKE_OF = """
    UPDATE invites SET revoked_at = %s
     WHERE conversation_id = %s AND made_by = %s AND revoked_at IS NULL
"""


class StoredInvites:
    """`boundaries.InviteStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(self, code: str) -> Invite | None:
        """The link with that code, good or not."""
        return await self._database.read(_by_code, code)

    async def is_admitted(self, invite: InviteId, user: UserId) -> bool:
        """Whether `user` has registered by it, and is still to come in."""
        return await self._database.read(_is_admitted, invite, user)

    async def invites(self, conversation: ConversationId, now: int) -> list[Invite]:
        """Those that nobody has revoked: the good ones, then the newest of the others."""
        return await self._database.read(_of_group, conversation, now)


def do(ledger: Ledger, deed: Offer | Revoke) -> Committed:
    """Make a link, or make one good for nothing; twice is once. Raises its refusal."""
    return _offer(ledger, deed) if isinstance(deed, Offer) else _revoke(ledger, deed)


def _offer(ledger: Ledger, deed: Offer) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    rules.may_settle(opened, member_of(ledger, opened, deed.sender.id))
    if _by_code(ledger.cursor, deed.code) is None:
        good = ledger.cursor.one(_GOOD, (opened.id, ledger.now))
        if good is not None and good[0] >= rules.INVITES:
            raise Conflict(reason="too_many_invites")
        terms = (deed.sender.id, ledger.now, deed.expires_at, deed.uses)
        ledger.cursor.execute(_MAKE, (opened.id, deed.code, *terms))
    return committed(opened, None, {}, is_member=True)


def _revoke(ledger: Ledger, deed: Revoke) -> Committed:
    opened = opened_for(ledger, deed.conversation)
    rules.may_settle(opened, member_of(ledger, opened, deed.sender.id))
    if ledger.cursor.one(_BY_ID, (deed.invite, opened.id)) is None:
        raise NotFound(reason="no_such_invite")
    ledger.cursor.execute(_REVOKE, (ledger.now, deed.invite, opened.id))
    return committed(opened, None, {}, is_member=True)


def revoke_of(ledger: Ledger, opened: Opened, user: UserId) -> None:
    """Who is put out of a group leaves no door open behind them."""
    ledger.cursor.execute(_REVOKE_OF, (ledger.now, opened.id, user))


def use(ledger: Ledger, opened: Opened, invitation: Invitation, user: UserId) -> None:
    """Count who comes in here by a link, once; raises `NotFound` when it is void."""
    row = ledger.cursor.one(_BY_ID, (invitation.id, opened.id))
    if row is None or _invite(row).revoked:
        raise rules.void_invite()
    ledger.cursor.execute(_ENTERED, (invitation.id, user))
    if not ledger.cursor.rowcount:
        count(ledger.cursor, invitation.id, ledger.now)


def admit(cursor: Cursor, invite: InviteId, user: UserId, now: int) -> None:
    """Count who registers by a link; they come in later. Raises `NotFound` when it is void."""
    count(cursor, invite, now)
    cursor.execute(_ADMIT, (invite, user))


def count(cursor: Cursor, invite: InviteId, now: int) -> None:
    """One use more; raises `NotFound` when there is none left."""
    cursor.execute(_COUNT, (invite, now))
    if not cursor.rowcount:
        raise rules.void_invite()


def _is_admitted(cursor: Cursor, invite: InviteId, user: UserId) -> bool:
    return cursor.one(_ADMITTED, (invite, user)) is not None


def _by_code(cursor: Cursor, code: str) -> Invite | None:
    row = cursor.one(_BY_CODE, (code,))
    return _invite(row) if row else None


def _of_group(cursor: Cursor, conversation: ConversationId, now: int) -> list[Invite]:
    return [_invite(row) for row in cursor.all(_OF_GROUP, (conversation, now, LISTED))]


def _invite(row: Row) -> Invite:
    id, conversation, code, made_at, expires_at, uses, used, revoked, *by = row
    return Invite(
        id, conversation, code, person(tuple(by)), made_at, expires_at, uses, used, bool(revoked)
    )
