"""
Deleting an account: it is gone at once, and what hung on it follows.

Way of a message: beside it; memberships end through the journal, like any other.

1. In one transaction the account loses its name, password and devices: its
   messages are from then on those of a deleted account, wherever they are read.
2. What was between it and others ends: its direct conversations can be read,
   and not written to.
3. It leaves its groups; one that it owned goes to another, as by leaving.
4. What others keep of it (files) goes.

An order in the database outlives this process, so that a step that fails, or
that never came, is taken later. The operator's command only leaves an order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from twisted.logger import Logger

from imtwisted.boundaries import Backplane, Clock, DeletionStore, Journal
from imtwisted.domain.profiles import tell_of
from imtwisted.entries import Exit
from imtwisted.events import PersonChanged, SessionsEnded
from imtwisted.model import ConversationId, Person, UserId
from imtwisted.profile import Ended, Noticed
from imtwisted.refusals import Busy, ChatError, NotAMember, Unavailable

Forget = Callable[[UserId], Awaitable[None]]


class Deletions:
    """Deletes accounts, in steps that may each be taken twice."""

    _log = Logger()

    def __init__(
        self,
        deletions: DeletionStore,
        journal: Journal,
        backplane: Backplane,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._deletions = deletions
        self._journal = journal
        self._backplane = backplane
        self._clock = clock
        self._entropy = entropy
        self._forgetting: list[Forget] = []
        self._under_way: set[UserId] = set()

    def also(self, forget: Forget) -> None:
        """Call `forget` for each account that is deleted; it may be called again for one."""
        self._forgetting.append(forget)

    async def delete(self, user: UserId) -> None:
        """Delete the account; what of it fails now is done by `carry_out` later."""
        # From here on nobody can undo it; the rest need not succeed now.
        ended = await self._deletions.end(user, self._now())
        await self._follow(user, ended)

    async def carry_out(self) -> None:
        """Do what was ordered, by the operator or before a crash; raises no refusal."""
        try:
            for user in await self._deletions.ordered():
                if user not in self._under_way:
                    await self.delete(user)
        except (Busy, Unavailable):
            return  # the order stays, and that the database is away is logged once, by itself

    async def _follow(self, user: UserId, ended: Ended) -> None:
        if user in self._under_way:
            return
        self._under_way.add(user)
        try:
            self._tell(ended)
            tell_of(self._backplane, ended.ghost, await self._deletions.part(user))
            for group, _ in ended.groups:
                await self._leave(ended.ghost, group)
            for forget in self._forgetting:
                await forget(user)
            await self._deletions.finish(user)
        except ChatError as refusal:
            self._log.warn("The rest of an account stays: {refusal}", refusal=refusal.message)
        finally:
            self._under_way.discard(user)

    def _tell(self, ended: Ended) -> None:
        """End its connections, and let those who see its messages see whose they are now."""
        self._backplane.announce(PersonChanged(ended.ghost))
        self._backplane.announce(SessionsEnded(ended.ghost.id, ended.sessions))
        tell_of(self._backplane, ended.ghost, Noticed({}, ended.groups))

    async def _leave(self, ghost: Person, group: ConversationId) -> None:
        try:
            await self._journal.append(Exit(ghost, self._entropy(16), group, ghost))
        except NotAMember:
            return  # removed, or the group dissolved, in this very moment

    def _now(self) -> int:
        return int(self._clock.seconds() * 1000)
