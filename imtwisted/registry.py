"""
Who is connected here, and which conversations each one hears.

Way of a message: journal -> backplane -> [registry] -> outbox -> browser.
Held by the socket factory; synchronous, so that what was committed in an order
is told in that order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from imtwisted.boundaries import Outlet
from imtwisted.events import (
    ConversationEvent,
    Event,
    MembershipEvent,
    PersonChanged,
    SessionsEnded,
    UserEvent,
)
from imtwisted.model import ConversationId, Person, SessionId, UserId
from imtwisted.sharing import Topic

SIGNED_OUT = 4004

# A dict of None: a set that keeps the order of arrival.
Outlets = dict[Outlet, None]


class Registry:
    """Every live `Outlet`, by user and by conversation; one user may have many."""

    def __init__(self) -> None:
        self._sessions: dict[SessionId, Outlets] = {}
        self._users: dict[UserId, Outlets] = {}
        self._conversations: dict[ConversationId, Outlets] = {}
        self._memberships: dict[UserId, set[ConversationId]] = {}
        # What was announced while the memberships of a user were being read.
        self._meanwhile: dict[UserId, dict[ConversationId, bool]] = {}
        # Who wants to know: of each outlet that arrived, of whose last one left.
        self.came: Callable[[Outlet], None] = lambda outlet: None
        self.went: Callable[[UserId], None] = lambda user: None
        self.shares: Callable[[UserId, Topic], bool] = lambda user, topic: True
        # Who was renamed while connected: a socket knows who they were at its birth.
        self._renamed: dict[UserId, Person] = {}

    # --- coming and going -------------------------------------------------------

    def admit(self, outlet: Outlet) -> None:
        """Know of `outlet`, so that it ends with its session; it hears nothing yet."""
        self._sessions.setdefault(outlet.session, {})[outlet] = None

    def arrive(self, outlet: Outlet) -> bool:
        """Start routing to `outlet`; False when its memberships are still to be learned."""
        self._users.setdefault(outlet.user, {})[outlet] = None
        self.came(outlet)
        known = self._memberships.get(outlet.user)
        if known is None:
            self._meanwhile.setdefault(outlet.user, {})
            return False
        for conversation in known:
            self._conversations.setdefault(conversation, {})[outlet] = None
        return True

    def learn(self, outlet: Outlet, conversations: Sequence[ConversationId]) -> None:
        """
        The memberships of its user, read from the store after `arrive`.

        What was announced meanwhile is newer and stays.
        """
        user = outlet.user
        if outlet not in self._users.get(user, {}) or user in self._memberships:
            return
        known = self._memberships[user] = set(conversations)
        for conversation, is_member in self._meanwhile.pop(user, {}).items():
            (known.add if is_member else known.discard)(conversation)
        for conversation in known:
            self._conversations.setdefault(conversation, {}).update(self._users[user])

    def leave(self, outlet: Outlet) -> None:
        """Stop routing to `outlet`; harmless if it never arrived."""
        admitted = self._sessions.get(outlet.session, {})
        admitted.pop(outlet, None)
        if not admitted:
            self._sessions.pop(outlet.session, None)
        outlets = self._users.get(outlet.user)
        if outlets is None or outlet not in outlets:
            return
        del outlets[outlet]
        known: Iterable[ConversationId] = self._memberships.get(outlet.user, ())
        for conversation in known:
            self._unhear(outlet, conversation)
        if not outlets:
            del self._users[outlet.user]
            self._renamed.pop(outlet.user, None)
            self._memberships.pop(outlet.user, None)
            self._meanwhile.pop(outlet.user, None)
            self.went(outlet.user)

    def _unhear(self, outlet: Outlet, conversation: ConversationId) -> None:
        hearing = self._conversations.get(conversation)
        if hearing is None:
            return
        hearing.pop(outlet, None)
        if not hearing:
            del self._conversations[conversation]

    # --- asking -------------------------------------------------------------------

    def hears(self, user: UserId, conversation: ConversationId) -> bool:
        """Whether a connected `user` is a member."""
        return conversation in self._memberships.get(user, ())

    def is_connected(self, user: UserId) -> bool:
        """Whether `user` has a connection here."""
        return user in self._users

    def present(self, person: Person) -> Person:
        """A connected `person` as they are called now."""
        return self._renamed.get(person.id, person)

    def outlets(self) -> list[Outlet]:
        """Every connection, for the one who closes the house."""
        return [outlet for outlets in self._sessions.values() for outlet in outlets]

    # --- telling ------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        """Put `event` into the outlets of whom it concerns."""
        match event:
            case ConversationEvent():
                self._tell_conversation(event)
            case UserEvent():
                self._tell_user(event)
            case MembershipEvent():
                self._change(event)
            case SessionsEnded():
                self._sign_out(event)
            case PersonChanged() if event.person.id in self._users:
                self._renamed[event.person.id] = event.person

    def _tell_conversation(self, event: ConversationEvent) -> None:
        if event.topic is not None:
            self._tell_sharers(event, event.topic)
            return
        # No copy: an outlet never leaves from within `deliver`.
        for outlet in self._conversations.get(event.conversation, ()):
            if outlet.user != event.without:
                outlet.deliver(event)

    def _tell_sharers(self, event: ConversationEvent, topic: Topic) -> None:
        """Who shows nothing of a topic sees nothing of it."""
        for outlet in self._conversations.get(event.conversation, ()):
            if outlet.user != event.without and self.shares(outlet.user, topic):
                if topic == "typing":
                    outlet.hint(event)
                else:
                    outlet.deliver(event)

    def _tell_user(self, event: UserEvent) -> None:
        for outlet in self._users.get(event.user, ()):
            if outlet.connection != event.without:
                outlet.deliver(event)

    def _change(self, event: MembershipEvent) -> None:
        known = self._memberships.get(event.user)
        if known is None:
            if event.user in self._meanwhile:
                self._meanwhile[event.user][event.conversation] = event.is_member
        elif event.is_member:
            known.add(event.conversation)
            hearing = self._conversations.setdefault(event.conversation, {})
            hearing.update(self._users[event.user])
        else:
            known.discard(event.conversation)
            for outlet in self._users[event.user]:
                self._unhear(outlet, event.conversation)

    def _sign_out(self, event: SessionsEnded) -> None:
        for session in event.sessions:
            # A copy: an outlet that ends leaves.
            for outlet in tuple(self._sessions.get(session, ())):
                outlet.end(SIGNED_OUT, "signed out")
