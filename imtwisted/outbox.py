"""
What one connection has still to be told: bounded, in order, lags; knows no Autobahn.

Way of a message: journal -> backplane -> registry -> [outbox] -> browser.

What is announced in one turn of the reactor is written with one call. A reader
that is too slow loses live events, never answers, and is told by one `lag`
which conversations to ask about; one that makes no progress is let go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from twisted.internet.defer import Deferred

from imtwisted.boundaries import Clock
from imtwisted.events import ConversationEvent, UserEvent
from imtwisted.holding import Holding, Live
from imtwisted.model import ConversationId, SessionId, UserId
from imtwisted.patience import Patience
from imtwisted.turns import Turn

TOO_SLOW = 4008
SLICE = 65_536  # bytes a write; a transport says "pause" about there


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: it takes its turn among the events and is never dropped."""

    frame: bytes
    count: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait for one connection."""

    bytes: int = 1 << 20
    events: int = 512


class Wire(Protocol):
    """The connection under an outbox."""

    def write(self, frames: bytes) -> None:
        """Pass finished frames on; may call `Outbox.pause` before it returns."""

    def backlog(self) -> int:
        """How many bytes the connection itself still holds."""

    def press(self, pressed: bool) -> None:
        """Stop, or go on, reading what the client asks."""

    def lag(self, revs: dict[ConversationId, int], version: int) -> bytes:
        """The finished frame that names what was skipped."""

    def end(self, code: int, why: str) -> None:
        """Say `bye` and close."""


class Outbox:
    """One connection's `boundaries.Outlet`."""

    def __init__(
        self,
        user: UserId,
        session: SessionId,
        connection: str,
        wire: Wire,
        turn: Turn,
        clock: Clock,
        bounds: Bounds,
    ) -> None:
        self.user = user
        self.session = session
        self.connection = connection
        self.gone = False
        self._wire = wire
        self._write = wire.write
        self._at_end = turn.at_end
        self._bounds = bounds
        self._queue: list[Live | Reply] = []
        self._bytes = 0  # of what is queued
        self._count = 0  # of the events in it
        self._holding = Holding()
        self._skipping = False
        self._plain = True  # a live event has only to be queued
        self._skipped: dict[ConversationId, int] = {}
        self._version = 0
        self._scheduled = False
        self._paused = False
        self._pressed = False
        self._patience = Patience(clock, wire.backlog, self._give_up)
        self._roomless: list[Deferred[None]] = []

    # --- telling --------------------------------------------------------------

    def deliver(self, event: Live) -> None:
        """Queue a live event; dropped, and told by `lag` later, when overfull."""
        bounds = self._bounds
        if self._plain and isinstance(event, ConversationEvent):
            self._push(event)
            if self._bytes > bounds.bytes or self._count > bounds.events:
                self._overflow()
        elif not self.gone:
            self._deliver_carefully(event)
            held = self._holding
            if self._bytes + held.bytes > bounds.bytes or self._count + held.count > bounds.events:
                self._overflow()

    def _deliver_carefully(self, event: Live) -> None:
        """Hold back or skip what must be, each part by itself."""
        if isinstance(event, UserEvent):
            self._version = max(self._version, event.version)
        elif event.parts:
            for part in event.parts:
                self._deliver_carefully(part)
            return
        if self._skipping:
            self._skip(event)
        elif not self._holding.keep(event):
            self._push(event)

    def hint(self, event: ConversationEvent) -> None:
        """`deliver` what nobody misses; a reader that is slow is spared it without a word."""
        if not (self._paused or self._pressed or self._skipping):
            self.deliver(event)

    def reply(self, frame: bytes) -> None:
        """Queue an answer; never dropped."""
        if not self.gone:
            self._push(Reply(frame))

    def _push(self, item: Live | Reply) -> None:
        self._queue.append(item)
        self._bytes += len(item.frame)
        self._count += item.count
        if self._paused:
            self._weigh()
        elif not self._scheduled:
            self._scheduled = True
            self._at_end(self.flush)

    def _replan(self) -> None:
        """A live event is simply queued while nothing is held, skipped, or over."""
        self._plain = not (self.gone or self._skipping or self._holding)

    # --- holding ----------------------------------------------------------------

    def hold_all(self) -> None:
        """Keep every live event back until `go_live`."""
        self._holding.begin()
        self._replan()

    def hold(self, conversation: ConversationId) -> None:
        """Keep this conversation's live events back until `release`."""
        if not self.gone:
            self._holding.hold(conversation)
            self._replan()

    def release(self, conversation: ConversationId, rev: int) -> None:
        """Let held events past `rev` follow; forget the others."""
        held = self._holding.release(conversation, rev)
        self._replan()
        for event in held:
            self.deliver(event)

    def go_live(self, version: int, revs: dict[ConversationId, int]) -> None:
        """End `hold_all`: what is past `revs` follows, but what is held by itself."""
        self._version = max(self._version, version)
        early = self._holding.go_live(version, revs)
        self._replan()
        for event in early:
            self.deliver(event)
        self._catch_breath()

    # --- lagging ----------------------------------------------------------------

    def _skip(self, event: Live) -> None:
        if isinstance(event, ConversationEvent):
            known = self._skipped.get(event.conversation, 0)
            self._skipped[event.conversation] = max(known, event.rev)

    def _overflow(self) -> None:
        """Drop every live event, and remember of which conversations."""
        self._skipping = True
        self._replan()
        kept: list[Live | Reply] = []
        for item in self._queue:
            if isinstance(item, Reply):
                kept.append(item)
            else:
                self._skip(item)
        self._queue = kept
        self._bytes = sum(len(item.frame) for item in kept)
        self._count = len(kept)
        for event in self._holding:
            self._skip(event)
        self._holding.empty()
        self._catch_breath()

    def _catch_breath(self) -> None:
        """Once everything is written, tell what was skipped and go on live."""
        if not self._skipping or self._queue or self._paused:
            return
        if self._holding.is_early or self.gone:
            return
        self._skipping = False
        self._replan()
        skipped, self._skipped = self._skipped, {}
        self._push(Reply(self._wire.lag(skipped, self._version)))

    # --- writing ------------------------------------------------------------------

    def flush(self) -> None:
        """Write what waits, a slice at a time, until the transport says "pause"."""
        self._scheduled = False
        if self._plain and not self._paused and not self._pressed and len(self._queue) == 1:
            # Almost always: nothing to join, to weigh or to tell besides.
            frame = self._queue.pop().frame
            self._bytes = self._count = 0
            self._write(frame)
            return
        while self._queue and not self._paused and not self.gone:
            self._write(self._next_slice())
        self._weigh()
        self._catch_breath()

    def _next_slice(self) -> bytes:
        frames: list[bytes] = []
        size = 0
        for item in self._queue:
            frames.append(item.frame)
            size += len(item.frame)
            self._count -= item.count
            if size >= SLICE:
                break
        del self._queue[: len(frames)]
        self._bytes -= size
        return b"".join(frames) if len(frames) > 1 else frames[0]

    def pause(self) -> None:
        """The transport is full: write nothing until `resume`."""
        self._paused = True
        if not self.gone:
            self._patience.begin()

    def resume(self) -> None:
        """The transport has room again."""
        self._paused = False
        self._patience.end()
        self.flush()

    def _give_up(self) -> None:
        self._wire.end(TOO_SLOW, "too slow")

    # --- pressure -------------------------------------------------------------------

    def _weigh(self) -> None:
        """Above half full nothing is read from this client."""
        pressed = self._bytes * 2 > self._bounds.bytes or self._count * 2 > self._bounds.events
        if pressed == self._pressed or self.gone:
            return
        self._pressed = pressed
        self._wire.press(pressed)
        if not pressed:
            self._make_room()

    async def room(self) -> None:
        """Wait until less than half is queued; returns also when it is gone."""
        if self._pressed and not self.gone:
            waiting: Deferred[None] = Deferred()
            self._roomless.append(waiting)
            await waiting

    def _make_room(self) -> None:
        waiting, self._roomless = self._roomless, []
        for one in waiting:
            one.callback(None)

    def end(self, code: int, why: str) -> None:
        """Say `bye` and close with `code`."""
        if not self.gone:
            self._wire.end(code, why)

    def drop(self) -> None:
        """The connection is no more: forget everything, wake who waits."""
        if self.gone:
            return
        self.gone = True
        self._patience.end()
        self._queue.clear()
        self._holding.end()
        self._bytes = self._count = 0
        self._replan()
        self._make_room()
