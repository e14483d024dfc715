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
from imtwisted.boundaries import Clock, Database, Disk, Pictures
from imtwisted.domain.accounts import Accounts, Registration
from imtwisted.domain.announcements import Announcer
from imtwisted.domain.catchup import CatchUp
from imtwisted.domain.circles import Circles
from imtwisted.domain.contacts import Contacts
from imtwisted.domain.conversations import Conversations
from imtwisted.domain.deletions import Deletions
from imtwisted.domain.exports import Exports
from imtwisted.domain.files import Files
from imtwisted.domain.invitations import Invitations
from imtwisted.domain.order import Order
from imtwisted.domain.passwords import Passwords
from imtwisted.domain.portraits import Portraits
from imtwisted.domain.presence import Presence
from imtwisted.domain.profiles import Profiles
from imtwisted.domain.receipts import Receipts
from imtwisted.domain.resets import Resets
from imtwisted.domain.search import Search
from imtwisted.domain.sharing import Sharing
from imtwisted.domain.sightings import Sightings
from imtwisted.domain.signals import Signals
from imtwisted.domain.signins import SignIns
from imtwisted.domain.timeline import Timeline
from imtwisted.domain.typists import Typists
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
from imtwisted.store.files import StoredFiles
from imtwisted.store.indexer import Indexer
from imtwisted.store.invites import StoredInvites
from imtwisted.store.journal import LanedJournal
from imtwisted.store.ledger import Policy
from imtwisted.store.messages import StoredTimelines
from imtwisted.store.people import StoredPeople
from imtwisted.store.portraits import StoredPortraits
from imtwisted.store.profiles import StoredProfiles
from imtwisted.store.resets import StoredResets
from imtwisted.store.search import StoredSearch
from imtwisted.store.sharing import StoredSharing

RENAMES_PER_HOUR = 20  # of one person; everyone who sees them hears of each


@dataclass(frozen=True, slots=True)
class Plan:
    """What the operator wants of the server."""

    limits: Limits = field(default_factory=Limits)
    registration: Registration = "open"
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
        disk: Disk,
        pictures: Pictures,
    ) -> None:
        self.plan = plan
        self.clock = clock
        self.registry = Registry()
        self.backplane = LocalBackplane(self.registry)
        self._announcer = Announcer(self.backplane)
        self.files = Files(StoredFiles(database), disk, pictures, clock, plan.limits, entropy)
        self._policy = Policy(
            plan.anyone_may_write, plan.limits.group_members, plan.limits.recall_seconds
        )
        self.people = StoredPeople(database)
        self.stored_resets = StoredResets(database)
        self.stored_contacts = StoredContacts(database)
        self.stored_conversations = StoredConversations(database)
        self.stored_invites = StoredInvites(database)
        self.stored_timelines = StoredTimelines(database)
        self.stored_search = StoredSearch(database)
        self.indexer = Indexer(database, clock)
        self.stored_sharing = StoredSharing(database)
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
        self._look_around()
        self._furnish(passwords, entropy)
        self._furnish_profiles(database, entropy)
        self.sockets = ChatFactory(
            Services(
                self.timeline,
                self.catchup,
                Signals(self.receipts, self.typists, self.registry),
                self.registry,
            ),
            self.registry,
            clock,
            plan.limits,
            lambda: entropy(8).hex(),
        )

    def _committed(self, batch: Sequence[Committed]) -> None:
        self._announcer.announce(batch)
        self.indexer.note(batch)
        self.files.forget(batch)
        self.typists.forget(batch)

    def _look_around(self) -> None:
        """Who is there, and what they let each other see."""
        clock, store, waiting = self.clock, self.stored_sharing, self.plan.limits.waiting_writes
        self.circles = Circles(store, clock)
        self.presence = Presence(
            self.circles, Sightings(store, clock, waiting=waiting), self.backplane, clock
        )
        self.registry.came, self.registry.went = self.presence.came, self.presence.went
        self.registry.shares = self.circles.shares
        self.backplane.look_around = self.circles.refresh
        self.sharing = Sharing(store, self.presence, self.backplane)
        self.typists = Typists(
            self.circles,
            store,
            self.backplane,
            clock,
            anyone_may_write=self.plan.anyone_may_write,
        )

    def _furnish(self, passwords: Passwords, entropy: Callable[[int], bytes]) -> None:
        """The rooms of the domain."""
        plan, limits, clock = self.plan, self.plan.limits, self.clock
        self._deeds = Buckets(clock, limits.deeds_per_10s, 10, burst=limits.deeds_burst)
        self.invitations = Invitations(
            self.journal,
            self.stored_conversations,
            self.stored_invites,
            clock,
            self._deeds,
            entropy,
        )
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
            registration=plan.registration,
            invitations=self.invitations,
        )
        self.resets = Resets(self.stored_resets, passwords, self.backplane, clock)
        self.contacts = Contacts(
            self.people,
            self.stored_contacts,
            self.backplane,
            clock,
            self._deeds,
            Buckets(clock, limits.look_ups_per_10s, 10),
        )
        self.conversations = Conversations(
            self.journal,
            self.people,
            self.stored_contacts,
            self.stored_conversations,
            self.backplane,
            self.registry,
            self._deeds,
            entropy,
            anyone_may_write=plan.anyone_may_write,
        )
        self.order = Order(self.journal, self.people, clock, self._deeds, entropy)
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
            Buckets(clock, limits.search_pages_per_10s, 10),
            page_bytes=limits.page_bytes,
        )

    def _furnish_profiles(self, database: Database, entropy: Callable[[int], bytes]) -> None:
        """What people do with their own accounts."""
        clock, profiles = self.clock, StoredProfiles(database)
        self.profiles = Profiles(profiles, self.backplane, Buckets(clock, RENAMES_PER_HOUR, 3600))
        self.deletions = Deletions(
            StoredDeletions(database), self.journal, self.backplane, clock, entropy
        )
        self.deletions.also(self.files.forget_all)
        self.portraits = Portraits(
            StoredPortraits(database),
            self.journal,
            self.backplane,
            self.files,
            Buckets(clock, RENAMES_PER_HOUR, 3600),
            self._deeds,
            entropy,
        )
        self.exports = Exports(
            self.accounts,
            profiles,
            self.stored_contacts,
            StoredExports(database),
            clock,
        )

    async def lobby(self) -> ConversationId | None:
        """The group everyone joins, made at the first call; None when there is to be none."""
        if self.plan.lobby and self._policy.lobby is None:
            now = int(self.clock.seconds() * 1000)
            self._policy.lobby = await self.stored_conversations.lobby(self.plan.lobby, now)
        return self._policy.lobby
