"""
How a client learns what it missed: hello, deltas, history, unread counts.

Way of a message: store -> [catchup] -> outbox -> browser, with the live events
of a conversation waiting behind the page that precedes them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

from imtwisted import frames
from imtwisted.boundaries import (
    Clock,
    Connections,
    ConversationStore,
    Outlet,
    TimelineStore,
)
from imtwisted.domain.receipts import Receipts
from imtwisted.model import ConversationId, Delta, Heads, Page, Person, Position, Standing, UserId
from imtwisted.refusals import BadRequest, NotAMember
from imtwisted.settings import Limits

HEADS = 500
TOO_FAR = 20_000  # revs; further behind, a fresh start is quicker


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cursor gets: nothing, a reset, or the deltas after `after`."""

    conversation: ConversationId
    live_at: int  # live events up to here need not be told
    reset: frames.Reset | None = None
    after: int | None = None


class CatchUp:
    """Answers `hello`, `changes` and `history`."""

    def __init__(
        self,
        conversations: ConversationStore,
        timelines: TimelineStore,
        receipts: Receipts,
        connections: Connections,
        clock: Clock,
        limits: Limits,
        *,
        heartbeat: float,
    ) -> None:
        self._conversations = conversations
        self._timelines = timelines
        self._receipts = receipts
        self._connections = connections
        self._clock = clock
        self._limits = limits
        self._heartbeat = heartbeat

    # --- hello ----------------------------------------------------------------------

    async def hello(
        self, outlet: Outlet, person: Person, asked: frames.Hello, is_ready: Callable[[], None]
    ) -> None:
        """
        Make `outlet` live: `ready`, then what each cursor lacks, in its order.

        `is_ready` is called with the first of these: from then on it may ask.

        It is registered first and holds live events, so that nothing can fall
        between what is read and what is heard.
        """
        outlet.hold_all()
        await self._arrive(outlet)
        await self._receipts.written(person.id)
        wanted = [ConversationId(cursor[0]) for cursor in asked.cursors]
        standing = await self._timelines.standing(person.id, HEADS, wanted)
        if outlet.gone:
            return
        outlet.reply(frames.encode(self._ready(person, asked.id, standing)))
        is_ready()
        verdicts = _verdicts(asked, standing)
        self._go_live(outlet, standing.heads, verdicts)
        for verdict in verdicts:
            if verdict.after is not None:
                await self._send_deltas(outlet, verdict.conversation, verdict.after)

    async def _arrive(self, outlet: Outlet) -> None:
        if not self._connections.arrive(outlet):
            conversations = await self._conversations.ids_of(outlet.user)
            self._connections.learn(outlet, conversations)

    def _ready(self, person: Person, id: int, standing: Standing) -> frames.Ready:
        heads = standing.heads
        return frames.Ready(
            id=id,
            user=frames.person_of(person),
            epoch=standing.epoch,
            now=int(self._clock.seconds() * 1000),
            heartbeat=int(self._heartbeat * 1000),
            limits=self._limits.as_told(),
            version=heads.version,
            conversations=[frames.head_of(head) for head in heads.heads],
            more=heads.more,
        )

    def _go_live(self, outlet: Outlet, heads: Heads, verdicts: list[Verdict]) -> None:
        """Answer every cursor that needs no reading; hold what needs some."""
        revs = {head.conversation.id: head.conversation.last_rev for head in heads.heads}
        for verdict in verdicts:
            if verdict.reset is not None:
                outlet.reply(frames.encode(verdict.reset))
            if verdict.after is not None:
                outlet.hold(verdict.conversation)
            else:
                revs[verdict.conversation] = verdict.live_at
        outlet.go_live(heads.version, revs)

    async def _send_deltas(self, outlet: Outlet, conversation: ConversationId, after: int) -> None:
        """Every page past `after`; live events follow the last one."""
        more = True
        while more:
            await outlet.room()
            if outlet.gone:
                return
            try:
                delta = await self.changes(outlet.user, conversation, after)
            except NotAMember:
                outlet.reply(frames.encode(_reset(conversation, 0, "gone")))
                outlet.release(conversation, sys.maxsize)
                return
            outlet.reply(frames.encode(frames.delta_of(delta)))
            after, more = delta.to, delta.more
        outlet.release(conversation, after)

    # --- pages ------------------------------------------------------------------------

    async def changes(self, user: UserId, conversation: ConversationId, after: int) -> Delta:
        """One page of what happened after rev `after`; raises `NotAMember`."""
        return await self._timelines.delta(
            user, conversation, after, self._limits.page_messages, self._limits.page_bytes
        )

    async def changes_or_reset(
        self,
        user: UserId,
        conversation: ConversationId,
        after: int,
        id: int | UnsetType = UNSET,
    ) -> frames.DeltaOut | frames.Reset:
        """A page for who asked for it; a rev that does not exist yet is of another database."""
        delta = await self.changes(user, conversation, after)
        if delta.to < after:
            return frames.Reset(id=id, conversation=conversation, rev=delta.to, why="epoch")
        return frames.delta_of(delta, id)

    async def check_member(self, user: UserId, conversation: ConversationId) -> None:
        """Raise `NotAMember` unless `user` is one."""
        if not await self._timelines.positions(user, [conversation]):
            raise NotAMember

    async def history(
        self,
        user: UserId,
        conversation: ConversationId,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int | None = None,
    ) -> Page:
        """A page of the timeline, the newest without a place; raises `NotAMember`."""
        if sum(place is not None for place in (before, after, around)) > 1:
            raise BadRequest(reason="one_place")
        size = self._limits.page_messages
        return await self._timelines.history(
            user,
            conversation,
            size if limit is None else min(limit, size),
            self._limits.page_bytes,
            before=before,
            after=after,
            around=around,
        )

    async def answer_changes(self, outlet: Outlet, asked: frames.Changes) -> None:
        """Send what `asked` lacks; live events wait behind the answer."""
        conversation = ConversationId(asked.conversation)
        await outlet.room()
        outlet.hold(conversation)
        told = 0
        try:
            answer = await self.changes_or_reset(outlet.user, conversation, asked.after, asked.id)
            told = answer.rev if isinstance(answer, frames.Reset) else answer.to
            outlet.reply(frames.encode(answer))
        finally:
            outlet.release(conversation, told)

    async def answer_history(self, outlet: Outlet, asked: frames.History) -> None:
        """Send the page that `asked` wants; live events wait behind it."""
        conversation = ConversationId(asked.conversation)
        await outlet.room()
        outlet.hold(conversation)
        try:
            page = await self.history(
                outlet.user,
                conversation,
                before=asked.before,
                after=asked.after,
                around=asked.around,
                limit=asked.limit,
            )
            outlet.reply(frames.encode(frames.page_of(page, asked.id)))
        finally:
            outlet.release(conversation, 0)


def _verdicts(asked: frames.Hello, standing: Standing) -> list[Verdict]:
    """What each cursor of a `hello` gets, the first one where a conversation is named twice."""
    same_epoch = asked.epoch is None or asked.epoch == standing.epoch
    first = {ConversationId(id): rev for id, rev in reversed(asked.cursors)}
    return [
        _verdict(conversation, rev, standing.positions.get(conversation), same_epoch)
        for conversation, rev in first.items()
    ]


def _verdict(
    conversation: ConversationId, rev: int, position: Position | None, same_epoch: bool
) -> Verdict:
    if position is None:
        return Verdict(conversation, 0, reset=_reset(conversation, 0, "gone"))
    last_rev = position.last_rev
    if not same_epoch or rev > last_rev:
        return Verdict(conversation, last_rev, reset=_reset(conversation, last_rev, "epoch"))
    if last_rev - rev > TOO_FAR:
        return Verdict(conversation, last_rev, reset=_reset(conversation, last_rev, "too_far"))
    if rev < last_rev:
        return Verdict(conversation, rev, after=rev)
    return Verdict(conversation, rev)


def _reset(conversation: ConversationId, rev: int, why: frames.Why) -> frames.Reset:
    return frames.Reset(conversation=conversation, rev=rev, why=why)
