"""
Builds the filters that spare a search its reading, a little at a time.

Beside the way of a message: journal -> (commit) -> [indexer]. What it has not
come to yet is found all the same, only slower: it may be late, be stopped or
lose what it noted, and nothing is missing from any answer. So it yields to
everything else: it rests nine times as long as it works, and far longer while much is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from imtwisted.boundaries import Clock, Database, DelayedCall
from imtwisted.entries import Committed
from imtwisted.model import ConversationId
from imtwisted.refusals import ChatError
from imtwisted.store import search_terms

TICK = 1.0  # seconds between looks at what is new
ENOUGH = 32  # new messages of a conversation are worth a filter
PATIENCE = 30.0  # seconds after which fewer are, too
REMEMBERED = 20_000  # conversations; beyond them all are looked through again

_BLOCKS_AT_ONCE = 4
_CONVERSATIONS_AT_ONCE = 200
BUSY = 500  # messages a second; who says so many wants the processor for them
_REST = 9  # times as long as the work before it
_REST_OF_THE_BUSY = 49
_LEAST_REST = 0.01  # seconds
_AGAIN_AFTER = 5.0  # seconds after the database was away or busy


@dataclass(slots=True)
class _News:
    """What a conversation has that no filter speaks of, as far as it was noted."""

    since: float
    messages: int = 0


class Indexer:
    """Notes what is committed, and catches up with it in slices."""

    _log = Logger()

    def __init__(self, database: Database, clock: Clock, *, remembered: int = REMEMBERED) -> None:
        self._database = database
        self._clock = clock
        self._remembered = remembered
        self._news: dict[ConversationId, _News] = {}
        self._noted = 0  # messages, since the last rest began
        self._rested_at = clock.seconds()
        self._after: int | None = 0  # look through all conversations after this id
        self._call: DelayedCall | None = None
        self._nap: Deferred[None] | None = None
        self._running = self._stopping = False
        self._ended: list[Deferred[None]] = []

    def note(self, batch: Sequence[Committed]) -> None:
        """Remember where something was said or changed."""
        news = self._news
        self._noted += len(batch)
        for committed in batch:
            known = news.get(committed.conversation)
            if known is None:
                if len(news) >= self._remembered:
                    news.clear()
                    self._after = 0
                known = news[committed.conversation] = _News(self._clock.seconds())
            known.messages += 1

    def start(self) -> None:
        """Look through every conversation once, then each second at what is new."""
        if self._call is None and not self._stopping:
            self._call = self._clock.callLater(0, self._wake)

    async def stop(self) -> None:
        """Begin nothing more; returns when what runs has ended."""
        self._stopping = True
        if self._call is not None and self._call.active():
            self._call.cancel()
        if self._nap is not None and not self._nap.called:
            self._nap.callback(None)
        if self._running:
            ended: Deferred[None] = Deferred()
            self._ended.append(ended)
            await ended

    def _wake(self) -> None:
        self._running = True
        Deferred.fromCoroutine(self._work()).addErrback(self._failed).addBoth(self._rested)

    def _failed(self, failure: Failure) -> None:
        self._log.failure("Filters for searching were not built", failure)

    def _rested(self, _: object) -> None:
        self._running = False
        ended, self._ended = self._ended, []
        for waiting in ended:
            waiting.callback(None)
        if not self._stopping:
            self._call = self._clock.callLater(TICK, self._wake)

    async def _work(self) -> None:
        """What is due; at once what is new, then what has never been looked at."""
        try:
            for conversation in self._due():
                await self._catch_up(conversation)
            while self._after is not None and not self._stopping:
                await self._look_through(self._after)
        except ChatError:
            await self._pause(_AGAIN_AFTER)

    def _due(self) -> list[ConversationId]:
        patience = self._clock.seconds() - PATIENCE
        return [
            conversation
            for conversation, news in self._news.items()
            if news.messages >= ENOUGH or news.since <= patience
        ]

    async def _look_through(self, after: int) -> None:
        found, last = await self._database.read(search_terms.behind, after, _CONVERSATIONS_AT_ONCE)
        for conversation in found:
            await self._catch_up(conversation)
        # Unless somebody has asked for all of them again meanwhile.
        if self._after == after:
            self._after = last

    async def _catch_up(self, conversation: ConversationId) -> None:
        """Build what the conversation lacks; forgotten only once it is kept."""
        more = True
        while more and not self._stopping:
            noted = self._news.get(conversation)
            messages = noted.messages if noted else 0
            began = self._clock.seconds()
            built, more = await self._database.read(
                search_terms.build, conversation, _BLOCKS_AT_ONCE
            )
            if not await self._database.write(search_terms.keep, conversation, built):
                more = True
            if noted and not more:
                self._done(conversation, noted, messages)
            await self._rest(self._clock.seconds() - began)

    async def _rest(self, worked: float) -> None:
        """Leave the processor to others, for as long as they seem to need it."""
        now = self._clock.seconds()
        is_busy = self._noted > BUSY * (now - self._rested_at)
        self._noted, self._rested_at = 0, now
        times = _REST_OF_THE_BUSY if is_busy else _REST
        await self._pause(max(_LEAST_REST, worked * times))

    def _done(self, conversation: ConversationId, news: _News, messages: int) -> None:
        """So many of its messages are no news any more; others may have come meanwhile."""
        news.messages -= messages
        news.since = self._clock.seconds()
        if not news.messages:
            self._news.pop(conversation, None)

    async def _pause(self, seconds: float) -> None:
        """Let others work; ends at once when there is to be an end."""
        self._nap = Deferred()
        call = self._clock.callLater(seconds, self._nap.callback, None)
        if not self._stopping:
            await self._nap
        if call.active():
            call.cancel()
        self._nap = None
