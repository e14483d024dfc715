"""
Builds every object of the server once, and connects them.

Way of a message: all of it; this is where the rooms are joined. The edges that
own time, threads and chance are given, so a test builds the same house in
memory and in virtual time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from imtwisted.backplane.local import LocalBackplane
from imtwisted.boundaries import Clock, Database
from imtwisted.domain.accounts import Accounts
from imtwisted.domain.announcements import Announcer
from imtwisted.domain.catchup import CatchUp
from imtwisted.domain.contacts import Contacts
from imtwisted.domain.conversations import Conversations
from imtwisted.domain.deletions import Deletions
from imtwisted.domain.exports import Exports
from imtwisted.domain.passwords import Passwords
from imtwisted.domain.profiles import Profiles
from imtwisted.domain.receipts import Receipts
from imtwisted.domain.resets import Resets
from imtwisted.domain.search import Search
from imtwisted.domain.signins import SignIns
from imtwisted.domain.timeline import Timeline
from imtwisted.entries import Committed
from imtwisted.inbox import Services
from imtwisted.limits import Buckets
from imtwisted.model import ConversationId
from imtwisted.registry import Registry
from imtwisted.settings import Limits
from imtwisted.sockets import HEARTBEAT, ChatFactory
from imtwisted.store.batch import Writer
from imtwisted.store.contacts import StoredContacts
from imtwisted.store.conversations import StoredConversations
from imtwisted.store.cursors import StoredCursors
from imtwisted.store.deletions import StoredDeletions
from imtwisted.store.exports import StoredExports
from imtwisted.store.indexer import Indexer
from imtwisted.store.journal import LanedJournal
from imtwisted.store.ledger import Policy
from imtwisted.store.messages import StoredTimelines
from imtwisted.store.people import StoredPeople
from imtwisted.store.profiles import StoredProfiles
from imtwisted.store.resets import StoredResets
from imtwisted.store.search import StoredSearch

RENAMES_PER_HOUR = 20  # of one person; everyone who sees them hears of each


@dataclass(frozen=True, slots=True)
class Plan:
    """What the operator wants of the server."""

    limits: Limits = field(default_factory=Limits)
    registration: Literal["open", "closed"] = "open"
    direct_messages: Literal["friends", "anyone"] = "friends"
    lobby: str = "Lobby"
    lanes: int = 1

    @property
    def anyone_may_write(self) -> bool:
        """Whether a direct message needs no friendship."""
        return self.direct_messages == "anyone"


class House:
    """The whole server but its doors: stores, journal, domain, sockets."""

    def __init__(
        self,
        plan: Plan,
        clock: Clock,
        database: Database,
        passwords: Passwords,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.plan = plan
        self.clock = clock
        self.registry = Registry()
        self.backplane = LocalBackplane(self.registry)
        self._policy = Policy(
            plan.anyone_may_write, plan.limits.group_members, plan.limits.recall_seconds
        )
        self.people = StoredPeople(database)
        self.stored_resets = StoredResets(database)
        self.stored_contacts = StoredContacts(database)
        self.stored_conversations = StoredConversations(database)
        self.stored_timelines = StoredTimelines(database)
        self.stored_search = StoredSearch(database)
        self.indexer = Indexer(database, clock)
        self._announcer = Announcer(self.backplane)
        self.journal = LanedJournal(
            database,
            clock,
            self._committed,
            lambda: Writer(self._policy, clock),
            lanes=plan.lanes,
            waiting_writes=plan.limits.waiting_writes,
        )
        self.receipts = Receipts(
            StoredCursors(database), self.backplane, clock, waiting=plan.limits.waiting_writes
        )
        self._furnish(passwords, entropy)
        self._furnish_profiles(database, entropy)
        self.sockets = ChatFactory(
            Services(self.timeline, self.catchup, self.receipts, self.registry),
            self.registry,
            clock,
            plan.limits,
            lambda: entropy(8).hex(),
        )

    def _committed(self, batch: Sequence[Committed]) -> None:
        self._announcer.announce(batch)
        self.indexer.note(batch)

    def _furnish(self, passwords: Passwords, entropy: Callable[[int], bytes]) -> None:
        """The rooms of the domain."""
        plan, limits, clock = self.plan, self.plan.limits, self.clock
        self.accounts = Accounts(
            self.people,
            passwords,
            SignIns(
                clock,
                registrations_per_hour=limits.registrations_per_hour,
                sign_ins_per_minute=limits.sign_ins_per_minute,
                account_sign_ins_per_minute=limits.account_sign_ins_per_minute,
            ),
            self.backplane,
            clock,
            entropy,
            self.lobby,
            registration_open=plan.registration == "open",
        )
        self.resets = Resets(self.stored_resets, passwords, self.backplane, clock)
        self.contacts = Contacts(self.people, self.stored_contacts, self.backplane, clock)
        self.conversations = Conversations(
            self.journal,
            self.people,
            self.stored_contacts,
            self.stored_conversations,
            self.backplane,
            self.registry,
            entropy,
            anyone_may_write=plan.anyone_may_write,
        )
        self.backplane.welcome = self.conversations.welcome
        self.timeline = Timeline(
            self.journal,
            self.people,
            self.stored_contacts,
            self.stored_conversations,
            clock,
            limits,
            Buckets(clock, limits.sends_per_10s, 10, burst=limits.sends_burst),
            anyone_may_write=plan.anyone_may_write,
        )
        self.catchup = CatchUp(
            self.stored_conversations,
            self.stored_timelines,
            self.receipts,
            self.registry,
            clock,
            limits,
            heartbeat=HEARTBEAT,
        )

        self.search = Search(
            self.stored_search,
            self.people,
            self.stored_contacts,
            self.stored_conversations,
            Buckets(clock, limits.searches_per_10s, 10),
            page_bytes=limits.page_bytes,
        )

    def _furnish_profiles(self, database: Database, entropy: Callable[[int], bytes]) -> None:
        """What people do with their own accounts."""
        clock, profiles = self.clock, StoredProfiles(database)
        self.profiles = Profiles(profiles, self.backplane, Buckets(clock, RENAMES_PER_HOUR, 3600))
        self.deletions = Deletions(
            StoredDeletions(database), self.journal, self.backplane, clock, entropy
        )
        self.exports = Exports(
            self.accounts,
            profiles,
            self.stored_contacts,
            self.stored_conversations,
            StoredExports(database),
            clock,
        )

    async def lobby(self) -> ConversationId | None:
        """The group everyone joins, made at the first call; None when there is to be none."""
        if self.plan.lobby and self._policy.lobby is None:
            now = int(self.clock.seconds() * 1000)
            self._policy.lobby = await self.stored_conversations.lobby(self.plan.lobby, now)
        return self._policy.lobby
