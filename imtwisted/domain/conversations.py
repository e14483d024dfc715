"""
Conversations, direct and group: making them, being in them, leaving them.

Way of a message: it is said in one of these; who is in it decides who hears.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted import frames, rules
from imtwisted.boundaries import (
    Backplane,
    Connections,
    ContactStore,
    ConversationStore,
    Journal,
    PeopleStore,
)
from imtwisted.entries import Appoint, Ban, Dissolve, Enter, Exit, Found, Pardon
from imtwisted.events import MembershipEvent, UserEvent
from imtwisted.limits import Buckets
from imtwisted.model import (
    Conversation,
    ConversationId,
    Head,
    Heads,
    Member,
    Membership,
    Person,
    Role,
    UserId,
)
from imtwisted.refusals import ChatError, NotAMember, NotFound

Entropy = Callable[[int], bytes]


class Conversations:
    """
    What a person may do with conversations; every change goes through the journal.

    What a whole group hears of is a deed, and takes one of the person's `deeds`:
    each of these raises `RateLimited` too.
    """

    _log = Logger()

    def __init__(
        self,
        journal: Journal,
        people: PeopleStore,
        contacts: ContactStore,
        conversations: ConversationStore,
        backplane: Backplane,
        connections: Connections,
        deeds: Buckets,
        entropy: Entropy,
        *,
        anyone_may_write: bool,
    ) -> None:
        self._journal = journal
        self._people = people
        self._contacts = contacts
        self._conversations = conversations
        self._backplane = backplane
        self._connections = connections
        self._deeds = deeds
        self._entropy = entropy
        self._anyone_may_write = anyone_may_write

    # --- looking ------------------------------------------------------------------------

    async def heads(self, user: UserId, limit: int, before: ConversationId | None = None) -> Heads:
        """The person's conversations, newest activity first."""
        return await self._conversations.heads(user, limit, before)

    async def head(self, user: UserId, conversation: ConversationId) -> tuple[Head, int]:
        """One conversation and the list's version; raises `NotAMember`."""
        head, version = await self._conversations.head(user, conversation)
        if head is None:
            raise NotAMember
        return head, version

    async def public_groups(
        self, user: UserId, query: str, limit: int, before: ConversationId | None
    ) -> tuple[list[Conversation], bool]:
        """Groups that one may join, whose title holds `query`."""
        return await self._conversations.public_groups(user, rules.one_line(query), limit, before)

    async def members(
        self,
        user: UserId,
        conversation: ConversationId,
        limit: int,
        after: UserId | None,
        query: str = "",
    ) -> tuple[list[Member], bool, int]:
        """Who leads, then by name; whether there are more, the list's version."""
        _, version = await self.head(user, conversation)
        words = rules.one_line(query)
        members, more = await self._conversations.member_list(conversation, limit, after, words)
        return members, more, version

    # --- groups -------------------------------------------------------------------------

    async def found(
        self, person: Person, title: str, members: list[str], public: bool
    ) -> tuple[Head, int]:
        """Make a group with these people in it; raises when one may not be added."""
        title = rules.checked_title(title)
        self._deeds.take(person.id)
        others = tuple([await self._addable(person, username) for username in members])
        committed = await self._journal.append(
            Found(person, self._entropy(16), title, public, others)
        )
        return await self.head(person.id, committed.conversation)

    async def dissolve(self, person: Person, conversation: ConversationId) -> None:
        """End a group one owns."""
        self._deeds.take(person.id)
        await self._journal.append(Dissolve(person, self._entropy(16), conversation))

    async def join(self, person: Person, conversation: ConversationId) -> tuple[Head, int]:
        """Enter a public group; of any other one learns nothing."""
        self._deeds.take(person.id)
        group = await self._conversations.conversation(conversation)
        if group is None or (not group.public and not await self._is_in(person, conversation)):
            raise NotFound(reason="no_such_conversation")
        await self._journal.append(Enter(person, self._entropy(16), conversation, person))
        return await self.head(person.id, conversation)

    async def leave(self, person: Person, conversation: ConversationId) -> None:
        """Be a member no more; an owner's group goes to another."""
        self._deeds.take(person.id)
        await self._journal.append(Exit(person, self._entropy(16), conversation, person))

    async def add(self, person: Person, conversation: ConversationId, username: str) -> Member:
        """Bring someone in; raises unless they are a friend where that is needed."""
        self._deeds.take(person.id)
        await self.head(person.id, conversation)
        other = await self._someone(username)
        await self._journal.append(Enter(person, self._entropy(16), conversation, other))
        return await self._member(conversation, other.id)

    async def remove(self, person: Person, conversation: ConversationId, username: str) -> None:
        """Take someone out; oneself is leaving."""
        self._deeds.take(person.id)
        other = await self._someone(username)
        await self._journal.append(Exit(person, self._entropy(16), conversation, other))

    async def appoint(
        self, person: Person, conversation: ConversationId, username: str, role: Role
    ) -> Member:
        """Give a member another role; to make someone the owner is to hand the group over."""
        self._deeds.take(person.id)
        await self.head(person.id, conversation)
        other = await self._someone(username)
        await self._journal.append(Appoint(person, self._entropy(16), conversation, other, role))
        return await self._member(conversation, other.id)

    async def banned(self, person: Person, conversation: ConversationId) -> list[Person]:
        """Who is kept out, for those who keep the group in order; raises `Denied`."""
        head, _ = await self.head(person.id, conversation)
        rules.may_ban(head.conversation, Membership(person.id, head.role), None, UserId(0))
        return await self._conversations.banned(conversation)

    async def ban(self, person: Person, conversation: ConversationId, username: str) -> None:
        """Keep someone out, a member or not."""
        self._deeds.take(person.id)
        other = await self._someone(username)
        await self._journal.append(Ban(person, self._entropy(16), conversation, other))

    async def pardon(self, person: Person, conversation: ConversationId, username: str) -> None:
        """Let someone come back."""
        self._deeds.take(person.id)
        other = await self._someone(username)
        await self._journal.append(Pardon(person, self._entropy(16), conversation, other))

    async def _member(self, conversation: ConversationId, user: UserId) -> Member:
        member = await self._conversations.member(conversation, user)
        if member is None:
            raise NotFound(reason="no_such_user")  # they have left since
        return member

    async def _is_in(self, person: Person, conversation: ConversationId) -> bool:
        head, _ = await self._conversations.head(person.id, conversation)
        return head is not None

    async def _someone(self, username: str) -> Person:
        person = await self._people.person(rules.name_key(username))
        if person is None:
            raise NotFound(reason="no_such_user", field="username")
        return person

    async def _addable(self, person: Person, username: str) -> Person:
        """Asked early; of a group to be, nobody else's lock says more."""
        other = await self._someone(username)
        await self._check_bond(person, other)
        return other

    async def _check_bond(self, person: Person, other: Person) -> None:
        if other.id != person.id:
            bond = await self._contacts.bond(person.id, other.id)
            rules.may_write_to(bond, anyone_may_write=self._anyone_may_write)

    # --- one's own ------------------------------------------------------------------------

    async def mute(self, person: Person, conversation: ConversationId, muted: bool) -> None:
        """Be left in peace by a conversation, or no longer."""
        version = await self._conversations.set_muted(person.id, conversation, muted)
        await self._tell_own(person.id, conversation, version)

    async def hide(self, person: Person, conversation: ConversationId, seq: int) -> None:
        """Clear everything up to `seq` for oneself, on every device."""
        version, rev = await self._conversations.hide(person.id, conversation, seq)
        reset = frames.Reset(conversation=conversation, rev=rev, why="cleared")
        self._backplane.announce(UserEvent(person.id, 0, frames.encode(reset)))
        await self._tell_own(person.id, conversation, version)

    async def _tell_own(self, user: UserId, conversation: ConversationId, version: int) -> None:
        if self._connections.is_connected(user):
            head, _ = await self._conversations.head(user, conversation)
            frame = frames.membership_update(version, conversation, head)
            self._backplane.announce(UserEvent(user, version, frame))

    # --- news of memberships --------------------------------------------------------------

    def welcome(self, event: MembershipEvent) -> None:
        """
        Tell a connected `event.user` of the conversation they are in now.

        Read here, on the node of their connections, and only for who has some.
        """
        if self._connections.is_connected(event.user):
            Deferred.fromCoroutine(self._welcome(event)).addErrback(
                lambda failure: self._log.failure("Telling of a membership failed", failure)
            )

    async def _welcome(self, event: MembershipEvent) -> None:
        try:
            head, _ = await self._conversations.head(event.user, event.conversation)
        except ChatError:
            return  # the gap in `version` makes the client ask
        if head is not None:
            frame = frames.membership_update(event.version, event.conversation, head)
            self._connections.tell(UserEvent(event.user, event.version, frame))
