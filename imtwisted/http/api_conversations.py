"""
The API of conversations: listing, founding, settling, members.

Way of a message: browser -> http -> [api_conversations] -> domain.conversations.
"""

from __future__ import annotations

from msgspec import UNSET

from imtwisted import frames
from imtwisted.domain.conversations import Conversations
from imtwisted.domain.order import Order
from imtwisted.domain.sharing import Sharing
from imtwisted.http.marks import marked
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import (
    Appointing,
    BannedAnswer,
    Founding,
    HeadAnswer,
    HeadsAnswer,
    ListQuery,
    MemberAnswer,
    MemberOut,
    MembersAnswer,
    MembersQuery,
    Named,
    PublicAnswer,
    PublicGroup,
    PublicQuery,
    Settling,
)
from imtwisted.model import ConversationId, Head, Member, UserId
from imtwisted.refusals import BadRequest


class ConversationsApi:
    """`/conversations`, all but the messages in them."""

    def __init__(self, conversations: Conversations, order: Order, sharing: Sharing) -> None:
        self._conversations = conversations
        self._order = order
        self._sharing = sharing

    @route("GET", "/conversations")
    async def heads(self, caller: Caller, query: ListQuery) -> HeadsAnswer:
        """One's conversations, newest activity first."""
        heads = await self._conversations.heads(
            caller.person.id, query.limit, _conversation(query.before)
        )
        listed = [frames.head_of(head) for head in heads.heads]
        return HeadsAnswer(conversations=listed, more=heads.more, version=heads.version)

    @route("GET", "/conversations/public")
    async def public(self, caller: Caller, query: PublicQuery) -> PublicAnswer:
        """Public groups that one is not in."""
        groups, more = await self._conversations.public_groups(
            caller.person.id, query.query, query.limit, _conversation(query.before)
        )
        listed = [
            PublicGroup(
                conversation=group.id,
                title=group.title,
                members=group.member_count,
                picture=UNSET if group.picture is None else group.picture,
            )
            for group in groups
        ]
        return PublicAnswer(conversations=listed, more=more)

    @route("POST", "/conversations", status=201)
    async def found(self, caller: Caller, body: Founding) -> HeadAnswer:
        """Make a group; the caller owns it."""
        return _head(
            *await self._conversations.found(caller.person, body.title, body.members, body.public)
        )

    @route("GET", "/conversations/<conversation>")
    async def head(self, caller: Caller, conversation: int) -> HeadAnswer:
        """One conversation of one's list."""
        return _head(
            *await self._conversations.head(caller.person.id, ConversationId(conversation))
        )

    @route("PATCH", "/conversations/<conversation>")
    async def settle(self, caller: Caller, conversation: int, body: Settling) -> HeadAnswer:
        """Change what a group is, mute a conversation, or clear it for oneself."""
        if body == Settling():
            raise BadRequest("Say what is to change.")
        id, person = ConversationId(conversation), caller.person
        settled = (body.title, body.public, body.description, body.announcement_only)
        if settled != (None,) * len(settled):
            await self._order.settle(
                person,
                id,
                title=body.title,
                public=body.public,
                description=body.description,
                announcement_only=body.announcement_only,
            )
        if body.muted is not None:
            await self._conversations.mute(person, id, body.muted)
        if body.hidden_seq is not None:
            await self._conversations.hide(person, id, body.hidden_seq)
        return _head(*await self._conversations.head(person.id, id))

    @route("DELETE", "/conversations/<conversation>")
    async def dissolve(self, caller: Caller, conversation: int) -> None:
        """End a group one owns."""
        await self._conversations.dissolve(caller.person, ConversationId(conversation))

    @route("GET", "/conversations/<conversation>/members")
    async def members(
        self, caller: Caller, conversation: int, query: MembersQuery
    ) -> MembersAnswer:
        """Who is in a conversation: those who lead it, then everyone by name."""
        last = None if query.after is None else UserId(query.after)
        members, more, version = await self._conversations.members(
            caller.person.id, ConversationId(conversation), query.limit, last, query.query
        )
        marks = await self._sharing.members(caller.person.id, ConversationId(conversation))
        listed = [marked(_member(member), marks) for member in members]
        return MembersAnswer(members=listed, more=more, version=version)

    @route("POST", "/conversations/<conversation>/members", status=201)
    async def add(self, caller: Caller, conversation: int, body: Named) -> MemberAnswer:
        """Bring someone into a group."""
        member = await self._conversations.add(
            caller.person, ConversationId(conversation), body.username
        )
        return MemberAnswer(member=_member(member))

    @route("DELETE", "/conversations/<conversation>/members/<username>")
    async def remove(self, caller: Caller, conversation: int, username: str) -> None:
        """Take someone out of a group."""
        await self._conversations.remove(caller.person, ConversationId(conversation), username)

    @route("PATCH", "/conversations/<conversation>/members/<username>")
    async def appoint(
        self, caller: Caller, conversation: int, username: str, body: Appointing
    ) -> MemberAnswer:
        """Give a member another role; `owner` hands the group over."""
        member = await self._conversations.appoint(
            caller.person, ConversationId(conversation), username, body.role
        )
        return MemberAnswer(member=_member(member))

    @route("GET", "/conversations/<conversation>/bans")
    async def banned(self, caller: Caller, conversation: int) -> BannedAnswer:
        """Who is kept out of a group one keeps in order."""
        banned = await self._conversations.banned(caller.person, ConversationId(conversation))
        return BannedAnswer(banned=[frames.person_of(person) for person in banned])

    @route("PUT", "/conversations/<conversation>/bans/<username>")
    async def ban(self, caller: Caller, conversation: int, username: str) -> None:
        """Keep someone out of a group."""
        await self._conversations.ban(caller.person, ConversationId(conversation), username)

    @route("DELETE", "/conversations/<conversation>/bans/<username>")
    async def pardon(self, caller: Caller, conversation: int, username: str) -> None:
        """Let someone come back."""
        await self._conversations.pardon(caller.person, ConversationId(conversation), username)

    @route("POST", "/conversations/<conversation>/join")
    async def join(self, caller: Caller, conversation: int) -> HeadAnswer:
        """Enter a public group."""
        return _head(*await self._conversations.join(caller.person, ConversationId(conversation)))

    @route("POST", "/conversations/<conversation>/leave")
    async def leave(self, caller: Caller, conversation: int) -> None:
        """Leave a group; an owner's group goes to the longest member."""
        await self._conversations.leave(caller.person, ConversationId(conversation))


def _conversation(id: int | None) -> ConversationId | None:
    return None if id is None else ConversationId(id)


def _head(head: Head, version: int) -> HeadAnswer:
    return HeadAnswer(conversation=frames.head_of(head), version=version)


def _member(member: Member) -> MemberOut:
    return MemberOut(
        user=frames.person_of(member.person),
        role=member.role,
        joined_at=member.joined_at,
        silenced=frames.silence_of(member.silenced_until),
    )
