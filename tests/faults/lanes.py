"""
A client's messages on their way out, a lane for each conversation.

What is not acknowledged is sent again, in order and under the same `client_id`,
on the next connection or after a refusal for now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.client import Frame
from tests.faults.ledger import Said


class Lane:
    """One conversation's outgoing messages; at most `at_once` wait for their answers."""

    def __init__(self, where: dict[str, Any], at_once: int) -> None:
        self.name = str(where)
        self.where = where
        self.waiting: list[Said] = []  # said, neither acknowledged nor seen, in order
        self.paused = False
        self._at_once = at_once
        self._sent: set[str] = set()

    @property
    def room(self) -> int:
        """How many more may be written; a person does not type without end either."""
        return self._at_once - len(self.waiting)

    @property
    def outstanding(self) -> int:
        """How many answers are still to come on this connection."""
        return len(self._sent)

    def work(self, send: Callable[[Said], None]) -> None:
        """Send what was not sent on this connection, in order."""
        if self.paused:
            return
        for said in self.waiting:
            if said.client_id not in self._sent:
                self._sent.add(said.client_id)
                send(said)

    def settled(self, client_id: str) -> None:
        """It is stored: an ack said so, or it was seen."""
        self.waiting = [said for said in self.waiting if said.client_id != client_id]
        self._sent.discard(client_id)

    def refused(self, client_id: str) -> None:
        """Not for now: that one and the later ones are sent again after a pause."""
        self._sent.discard(client_id)
        self.paused = True

    def lost(self) -> None:
        """The connection is gone; nobody knows what arrived."""
        self._sent.clear()
        self.paused = False

    def frame(self, said: Said, id: int) -> Frame:
        """The `send` of one message."""
        return {
            "type": "send",
            "id": id,
            "client_id": said.client_id,
            "text": said.text,
            **self.where,
        }
