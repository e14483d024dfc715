"""
What a client tells without waiting for an answer: read, received, typing.

Way of a message: browser -> sockets -> inbox -> [signals] -> receipts, typists.
"""

from __future__ import annotations

from imtwisted import frames
from imtwisted.boundaries import Connections
from imtwisted.domain.receipts import Receipts
from imtwisted.domain.typists import Typists
from imtwisted.model import ConversationId, UserId
from imtwisted.refusals import NotAMember


class Signals:
    """Takes them from members only, as the registry knows them."""

    def __init__(self, receipts: Receipts, typists: Typists, connections: Connections) -> None:
        self._receipts = receipts
        self._typists = typists
        self._connections = connections

    def take(self, user: UserId, connection: str, told: frames.Signal) -> None:
        """What `user` tells over `connection`; raises `NotAMember`, `Busy`."""
        match told:
            case frames.Read():
                conversation = self._of_member(user, told.conversation)
                self._receipts.read(user, conversation, told.seq, connection)
            case frames.Received():
                self._receive(user, connection, told)
            case frames.Typing():
                self._typists.typed(user, self._of_member(user, told.conversation))

    def _receive(self, user: UserId, connection: str, told: frames.Received) -> None:
        """All that can be taken is; what one has left meanwhile spoils nothing."""
        refusal: NotAMember | None = None
        for asked, seq in told.cursors:
            try:
                conversation = self._of_member(user, asked)
            except NotAMember as reason:
                refusal = reason
            else:
                self._receipts.received(user, conversation, seq, connection)
        if refusal is not None:
            raise refusal

    def _of_member(self, user: UserId, asked: int) -> ConversationId:
        conversation = ConversationId(asked)
        if not self._connections.hears(user, conversation):
            raise NotAMember
        return conversation
