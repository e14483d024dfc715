"""
Links that lead into a group: making, showing, revoking them, and coming in by one.

Beside the way of a message: who comes in by a link hears the group from then on.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from imtwisted import rules
from imtwisted.boundaries import Clock, ConversationStore, InviteStore, Journal
from imtwisted.entries import Enter, Invitation, Offer, Revoke
from imtwisted.invites import Invite, InviteId
from imtwisted.limits import Buckets
from imtwisted.model import (
    Conversation,
    ConversationId,
    Head,
    Membership,
    Person,
    UserId,
)
from imtwisted.refusals import NotAMember, NotFound


class Invitations:
    """
    What leaders do with links, and what everybody may do with one they were given.

    What changes something takes one of the person's `deeds`: it raises `RateLimited` too.
    """

    def __init__(
        self,
        journal: Journal,
        conversations: ConversationStore,
        invites: InviteStore,
        clock: Clock,
        deeds: Buckets,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._journal = journal
        self._conversations = conversations
        self._invites = invites
        self._clock = clock
        self._deeds = deeds
        self._entropy = entropy

    # --- for who leads a group ---------------------------------------------------------

    async def make(
        self,
        person: Person,
        conversation: ConversationId,
        expires_in: int | None = None,
        uses: int | None = None,
    ) -> Invite:
        """A new link, good for so many seconds and uses; raises `BadRequest`, `Denied`."""
        rules.check_terms(expires_in, uses)
        self._deeds.take(person.id)
        expires_at = None if expires_in is None else self._now() + expires_in * 1000
        code = base64.urlsafe_b64encode(self._entropy(rules.CODE_BYTES)).decode()
        await self._journal.append(
            Offer(person, self._entropy(16), conversation, code, expires_at, uses)
        )
        invite = await self._invites.invite(code)
        assert invite is not None, "it was committed"
        return invite

    async def of(self, person: Person, conversation: ConversationId) -> list[Invite]:
        """The links that nobody has revoked, the good ones first; raises `Denied`."""
        head, _ = await self._conversations.head(person.id, conversation)
        if head is None:
            raise NotAMember
        rules.may_settle(head.conversation, Membership(person.id, head.role))
        return await self._invites.invites(conversation, self._now())

    async def revoke(self, person: Person, conversation: ConversationId, invite: InviteId) -> None:
        """Make a link good for nothing, at once."""
        self._deeds.take(person.id)
        await self._journal.append(Revoke(person, self._entropy(16), conversation, invite))

    # --- for who was given one ---------------------------------------------------------

    async def good(self, code: str) -> InviteId:
        """The link of that code; raises `NotFound` (`invite_void`) unless it is good."""
        return rules.must_be_good(await self._find(code), self._now()).id

    async def look(self, code: str) -> Conversation:
        """The group behind a link that is good; raises `NotFound`, to anyone."""
        invite = rules.must_be_good(await self._find(code), self._now())
        conversation = await self._conversations.conversation(invite.conversation)
        if conversation is None:
            raise NotFound(reason="invite_void")
        return conversation

    async def place_of(self, user: UserId, code: str) -> ConversationId | None:
        """Where `user` is already that the link, good or not, leads to."""
        invite = await self._find(code)
        if invite is None:
            return None
        head, _ = await self._conversations.head(user, invite.conversation)
        return invite.conversation if head else None

    async def join(self, person: Person, code: str) -> tuple[Head, int]:
        """
        Become a member by a link; who is one already uses nothing up.

        Raises `NotFound` (`invite_void`), `Denied` for who is banned, `Conflict`.
        """
        self._deeds.take(person.id)
        invite = await self._find(code)
        if invite is None:
            raise rules.void_invite()
        if await self.place_of(person.id, code) is None:
            if not await self._invites.is_admitted(invite.id, person.id):
                rules.must_be_good(invite, self._now())
            invitation = Invitation(invite.id, invite.by)
            await self._journal.append(
                Enter(person, self._entropy(16), invite.conversation, person, invitation)
            )
        head, version = await self._conversations.head(person.id, invite.conversation)
        if head is None:
            raise NotAMember  # removed again in between
        return head, version

    async def _find(self, code: str) -> Invite | None:
        return await self._invites.invite(code) if rules.is_code(code) else None

    def _now(self) -> int:
        return int(self._clock.seconds() * 1000)
