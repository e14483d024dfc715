"""
The API of groups: their links, and who is silent in them.

Way of a message: browser -> http -> [api_groups] -> domain.invitations, domain.order.
"""

from __future__ import annotations

from msgspec import UNSET

from imtwisted import frames
from imtwisted.domain.invitations import Invitations
from imtwisted.domain.order import Order
from imtwisted.http.door import Door
from imtwisted.http.group_shapes import (
    InviteAnswer,
    InviteOut,
    InvitesAnswer,
    Inviting,
    LookAnswer,
    Silencing,
)
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import HeadAnswer
from imtwisted.invites import Invite, InviteId
from imtwisted.model import ConversationId


class GroupsApi:
    """`/invites`, `/conversations/<id>/invites` and `…/silences`."""

    def __init__(self, invitations: Invitations, order: Order, door: Door) -> None:
        self._invitations = invitations
        self._order = order
        self._door = door

    @route("POST", "/conversations/<conversation>/invites", status=201)
    async def make(self, caller: Caller, conversation: int, body: Inviting) -> InviteAnswer:
        """Make a link that lets people into a group one leads."""
        invite = await self._invitations.make(
            caller.person, ConversationId(conversation), body.expires_in, body.uses
        )
        return InviteAnswer(invite=_invite(invite, self._door.home(caller.request)))

    @route("GET", "/conversations/<conversation>/invites")
    async def invites(self, caller: Caller, conversation: int) -> InvitesAnswer:
        """The links of a group one leads, the good ones first; without the revoked."""
        invites = await self._invitations.of(caller.person, ConversationId(conversation))
        home = self._door.home(caller.request)
        return InvitesAnswer(invites=[_invite(invite, home) for invite in invites])

    @route("DELETE", "/conversations/<conversation>/invites/<invite>")
    async def revoke(self, caller: Caller, conversation: int, invite: int) -> None:
        """Make a link good for nothing."""
        await self._invitations.revoke(
            caller.person, ConversationId(conversation), InviteId(invite)
        )

    @route("GET", "/invites/<code>", is_open=True)
    async def look(self, caller: Caller, code: str) -> LookAnswer:
        """Where a link leads; to everyone who has it."""
        group = await self._invitations.look(code)
        return LookAnswer(
            title=group.title, members=group.member_count, description=group.description
        )

    @route("POST", "/invites/<code>/join")
    async def join(self, caller: Caller, code: str) -> HeadAnswer:
        """Become a member by a link."""
        head, version = await self._invitations.join(caller.person, code)
        return HeadAnswer(conversation=frames.head_of(head), version=version)

    @route("PUT", "/conversations/<conversation>/silences/<username>")
    async def silence(
        self, caller: Caller, conversation: int, username: str, body: Silencing
    ) -> None:
        """Let a member write no more, for so many seconds or until it is lifted."""
        await self._order.silence(
            caller.person, ConversationId(conversation), username, body.seconds
        )

    @route("DELETE", "/conversations/<conversation>/silences/<username>")
    async def unsilence(self, caller: Caller, conversation: int, username: str) -> None:
        """Let a member write again."""
        await self._order.unsilence(caller.person, ConversationId(conversation), username)


def _invite(invite: Invite, home: str) -> InviteOut:
    return InviteOut(
        id=invite.id,
        url=f"{home}/join/{invite.code}",
        code=invite.code,
        by=frames.person_of(invite.by),
        made_at=invite.made_at,
        expires_at=UNSET if invite.expires_at is None else invite.expires_at,
        uses=UNSET if invite.uses is None else invite.uses,
        used=invite.used,
    )
