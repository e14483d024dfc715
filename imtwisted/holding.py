"""
Live events that wait behind the answer they follow: until `ready`, or until a conversation's page is told.

Way of a message: outbox -> [holding] -> outbox -> browser, while a client catches up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imtwisted.events import ConversationEvent, UserEvent
from imtwisted.model import ConversationId

Live = ConversationEvent | UserEvent


class Holding:
    """What one connection is not told yet, and how much that is."""

    __slots__ = ("_early", "_held", "bytes", "count")

    def __init__(self) -> None:
        self.bytes = 0
        self.count = 0
        self._early: list[Live] | None = None  # of everything, until the connection is live
        self._held: dict[ConversationId, list[ConversationEvent]] = {}

    @property
    def is_early(self) -> bool:
        """Whether the connection is not live yet."""
        return self._early is not None

    def __bool__(self) -> bool:
        """Whether some events are to wait."""
        return self._early is not None or bool(self._held)

    def __iter__(self) -> Iterator[Live]:
        """All that waits."""
        yield from self._early or ()
        for held in self._held.values():
            yield from held

    def begin(self) -> None:
        """From here on everything waits, until `go_live`."""
        if self._early is None:
            self._early = []

    def hold(self, conversation: ConversationId) -> None:
        """Events of this conversation wait, until `release`."""
        self._held.setdefault(conversation, [])

    def keep(self, event: Live) -> bool:
        """Keep an event that has to wait; False for one that has not."""
        if self._early is not None:
            self._early.append(event)
        elif isinstance(event, ConversationEvent) and event.conversation in self._held:
            self._held[event.conversation].append(event)
        else:
            return False
        self.bytes += len(event.frame)
        self.count += 1
        return True

    def release(self, conversation: ConversationId, rev: int) -> list[ConversationEvent]:
        """No more of this conversation waits; what is past `rev` is given, the rest forgotten."""
        held = self._held.pop(conversation, [])
        self._let_go(held)
        return [event for event in held if event.rev == 0 or event.rev > rev]

    def go_live(self, version: int, revs: dict[ConversationId, int]) -> list[Live]:
        """Nothing waits for `ready` any more; what is past `version` and `revs` is given."""
        early, self._early = self._early or [], None
        self._let_go(early)
        return [event for event in early if _is_past(event, version, revs)]

    def empty(self) -> None:
        """Forget what waits, and go on keeping what comes."""
        if self._early is not None:
            self._early = []
        for held in self._held.values():
            held.clear()
        self.bytes = self.count = 0

    def end(self) -> None:
        """Forget everything, and keep nothing more."""
        self._held.clear()
        self._early = None
        self.bytes = self.count = 0

    def _let_go(self, events: Sequence[Live]) -> None:
        # All at once: telling one of them may overflow, and then the counts begin anew.
        self.bytes -= sum(len(event.frame) for event in events)
        self.count -= len(events)


def _is_past(event: Live, version: int, revs: dict[ConversationId, int]) -> bool:
    if isinstance(event, UserEvent):
        return event.version == 0 or event.version > version
    return event.rev == 0 or event.rev > revs.get(event.conversation, 0)
