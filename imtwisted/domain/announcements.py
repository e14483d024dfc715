"""
What was committed becomes what is announced.

Way of a message: journal -> (commit) -> [announcements] -> backplane -> registry -> outbox.

Called by the journal itself, not by who asked: an asker that left, or an HTTP
request that was cancelled, must not keep others from hearing.
"""

from __future__ import annotations

from collections.abc import Sequence

from imtwisted import frames
from imtwisted.boundaries import Backplane
from imtwisted.entries import Committed
from imtwisted.events import ConversationEvent, MembershipEvent, UserEvent, together
from imtwisted.model import Change, ConversationId, Message


class Announcer:
    """Encodes each committed event once, and hands it to the backplane."""

    def __init__(self, backplane: Backplane) -> None:
        self._backplane = backplane

    def announce(self, batch: Sequence[Committed]) -> None:
        """
        Tell the members; who joined hears from now on, who left no more.

        What one transaction brought to a conversation is told together. Who
        leaves is told by an update of their own, not by the timeline.
        """
        waiting: dict[ConversationId, list[ConversationEvent]] = {}
        for committed in batch:
            conversation, message = committed.conversation, committed.message
            if committed.changes:
                self._tell(waiting.pop(conversation, None))
                self._change_members(committed)
            if message is not None:
                frame = _frame(message, committed.change)
                event = ConversationEvent(conversation, committed.members_rev, message.rev, frame)
                waiting.setdefault(conversation, []).append(event)
        for events in waiting.values():
            self._tell(events)

    def _tell(self, events: list[ConversationEvent] | None) -> None:
        if events:
            self._backplane.announce(together(events))

    def _change_members(self, committed: Committed) -> None:
        conversation = committed.conversation
        for change in committed.changes:
            self._backplane.announce(
                MembershipEvent(change.user, change.version, conversation, change.is_member)
            )
            if not change.is_member:
                frame = frames.membership_update(change.version, conversation, None)
                self._backplane.announce(UserEvent(change.user, change.version, frame))


def _frame(message: Message, change: Change | None) -> bytes:
    """The change alone where there is one; a second try tells the message as it is now."""
    if change is not None:
        return frames.encode(frames.change_of(message, change))
    return frames.encode(frames.message_of(message))
