"""
How far everyone has read: written in groups, told after the commit.

Way of a message: it ends here, when its reader has seen it.
"""

from __future__ import annotations

from dataclasses import dataclass

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted import frames
from imtwisted.boundaries import Backplane, Clock, CursorStore
from imtwisted.events import ConversationEvent, UserEvent
from imtwisted.model import ConversationId, CursorMoved, UserId
from imtwisted.refusals import Busy, ChatError

SHARED_UP_TO = 100  # members; in larger conversations positions are one's own
BATCH = 256
AGAIN_AFTER = 1.0  # seconds, when the database would not


@dataclass(frozen=True, slots=True)
class Move:
    """A position to be written, and the connection that need not hear of it."""

    read: int
    received: int
    connection: str | None

    def with_another(self, other: Move) -> Move:
        return Move(
            max(self.read, other.read), max(self.received, other.received), other.connection
        )


class Receipts:
    """Collects positions while the last ones are being written."""

    _log = Logger()

    def __init__(
        self, cursors: CursorStore, backplane: Backplane, clock: Clock, *, waiting: int
    ) -> None:
        self._cursors = cursors
        self._backplane = backplane
        self._clock = clock
        self._limit = waiting
        self._moves: dict[tuple[UserId, ConversationId], Move] = {}
        self._round: Deferred[None] | None = None

    def read(
        self,
        user: UserId,
        conversation: ConversationId,
        seq: int,
        connection: str | None = None,
    ) -> None:
        """Everything up to `seq` is read; raises `Busy` when too much waits."""
        key = (user, conversation)
        move = Move(seq, seq, connection)
        earlier = self._moves.get(key)
        if earlier is None and len(self._moves) >= self._limit:
            raise Busy
        self._moves[key] = earlier.with_another(move) if earlier else move
        if self._round is None:
            self._round = Deferred()
            self._clock.callLater(0, self._start)

    async def written(self, user: UserId) -> None:
        """Wait until what `user` has told so far is written; raises when it is not."""
        while any(key[0] == user for key in self._moves) and self._round is not None:
            await _same(self._round)

    async def idle(self) -> None:
        """Wait for one attempt at what is collected."""
        if self._round is not None:
            await _same(self._round)

    def _start(self) -> None:
        Deferred.fromCoroutine(self._write()).addErrback(
            lambda failure: self._log.failure("Writing read positions failed", failure)
        )

    async def _write(self) -> None:
        moves = dict(list(self._moves.items())[:BATCH])
        refusal: ChatError | None = None
        try:
            moved = await self._cursors.advance(
                [(user, at, move.read, move.received) for (user, at), move in moves.items()]
            )
        except ChatError as reason:
            refusal = reason
        else:
            for key, move in moves.items():
                if self._moves.get(key) == move:
                    del self._moves[key]
            self._tell(moved, moves)
        self._finish(refusal)

    def _finish(self, refusal: ChatError | None) -> None:
        """Wake who waits, and go on while there is something to write."""
        done, self._round = self._round, None
        if self._moves:
            self._round = Deferred()
            self._clock.callLater(0 if refusal is None else AGAIN_AFTER, self._start)
        if done is not None and refusal is None:
            done.callback(None)
        elif done is not None:
            done.addErrback(lambda _: None)  # it is no fault if nobody waits
            done.errback(refusal)

    def _tell(
        self, moved: list[CursorMoved], moves: dict[tuple[UserId, ConversationId], Move]
    ) -> None:
        for cursor in moved:
            own = frames.encode(frames.cursor_of(cursor, own=True))
            connection = moves[cursor.user, cursor.conversation].connection
            self._backplane.announce(UserEvent(cursor.user, 0, own, connection))
            if cursor.members <= SHARED_UP_TO:
                other = frames.encode(frames.cursor_of(cursor, own=False))
                self._backplane.announce(
                    ConversationEvent(cursor.conversation, 0, 0, other, cursor.user)
                )


async def _same(round: Deferred[None]) -> None:
    """Wait for `round` beside others who do."""
    waiting: Deferred[None] = Deferred()
    round.addCallbacks(lambda _: waiting.callback(None), lambda failure: waiting.errback(failure))
    await waiting
