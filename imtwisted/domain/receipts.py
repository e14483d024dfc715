"""
How far everyone has read: written in groups, told after the commit.

Way of a message: it ends here, when its reader has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted import frames, rules
from imtwisted.boundaries import Backplane, Clock, CursorStore
from imtwisted.events import ConversationEvent, UserEvent
from imtwisted.model import ConversationId, UserId
from imtwisted.refusals import Busy, ChatError
from imtwisted.sharing import CursorMoved

BATCH = 256
AGAIN_AFTER = 1.0  # seconds, when the database would not


@dataclass(frozen=True, slots=True)
class Move:
    """A position to be written, and the connection that need not hear of it."""

    read: int
    received: int
    connection: str | None

    def with_another(self, other: Move) -> Move:
        """Both at once; each of two connections hears what the other one told."""
        return Move(
            max(self.read, other.read),
            max(self.received, other.received),
            self.connection if self.connection == other.connection else None,
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
        self._is_doubtful = False  # whether what is written now may have been written before

    def read(
        self,
        user: UserId,
        conversation: ConversationId,
        seq: int,
        connection: str | None = None,
    ) -> None:
        """Everything up to `seq` is read; raises `Busy` when too much waits."""
        self._collect((user, conversation), Move(seq, seq, connection))

    def received(
        self,
        user: UserId,
        conversation: ConversationId,
        seq: int,
        connection: str | None = None,
    ) -> None:
        """Everything up to `seq` has arrived somewhere; raises `Busy` when too much waits."""
        self._collect((user, conversation), Move(0, seq, connection))

    def _collect(self, key: tuple[UserId, ConversationId], move: Move) -> None:
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
                [(user, at, move.read, move.received) for (user, at), move in moves.items()],
                again=self._is_doubtful,
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
        self._is_doubtful = refusal is not None
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
        """
        Tell a reader's other devices the counts, and the others the position.

        That something has only arrived changes nothing for its owner; and in a
        group, where everyone's devices say so of each message, nobody is told.
        """
        shown: dict[ConversationId, list[CursorMoved]] = {}
        for cursor in moved:
            if cursor.has_read:
                own = frames.encode(frames.cursor_of(cursor, own=True))
                connection = moves[cursor.user, cursor.conversation].connection
                self._backplane.announce(UserEvent(cursor.user, 0, own, connection))
            if _is_shown(cursor):
                shown.setdefault(cursor.conversation, []).append(cursor)
        for cursors in shown.values():
            self._backplane.announce(_together(cursors))


def _is_shown(cursor: CursorMoved) -> bool:
    """Whether the other members hear of it."""
    news = cursor.has_read or cursor.is_direct
    return news and cursor.shared and cursor.members <= rules.SHARED_UP_TO


def _together(cursors: list[CursorMoved]) -> ConversationEvent:
    """One event, however many have read: each member is told once of all of them."""
    frame = b"".join(_frames(cursors))
    without = cursors[0].user if len(cursors) == 1 else None
    return ConversationEvent(
        cursors[0].conversation, 0, 0, frame, without, count=len(cursors), topic="receipts"
    )


def _frames(cursors: Iterable[CursorMoved]) -> Iterable[bytes]:
    return (frames.encode(frames.cursor_of(cursor, own=False)) for cursor in cursors)


async def _same(round: Deferred[None]) -> None:
    """Wait for `round` beside others who do."""
    waiting: Deferred[None] = Deferred()
    round.addCallbacks(lambda _: waiting.callback(None), lambda failure: waiting.errback(failure))
    await waiting
