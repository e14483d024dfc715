"""P6: looks into the server's queues at every step, and at what is left of it at the end."""

from __future__ import annotations

from typing import Any

from imtwisted.outbox import Reply
from tests.simulation.broken import Broken
from tests.simulation.server import Server

ENVELOPE = 400  # bytes of a message in a page beside its text
ASKED_AT_ONCE = 64  # frames of one read that are taken although reading has stopped
REPLY = 1_000  # bytes of an ack or a refusal, at most


def _is_reply(item: Any) -> bool:
    return isinstance(item, Reply)


class Bounds:
    """How much may wait where."""

    def __init__(self, server: Server) -> None:
        self._server = server
        limits = server.limits
        # A page is let in when there is room, and then may go over; so may answers.
        page = limits.page_bytes + 10_000 + ENVELOPE * limits.page_messages
        answers = (limits.unanswered_requests + ASKED_AT_ONCE) * REPLY
        self._bytes = limits.outbox_bytes + page + answers
        self._events = limits.outbox_events + limits.unanswered_requests + ASKED_AT_ONCE

    def check(self) -> None:
        """Raise `Broken` when a queue is longer than it may be."""
        life = self._server.life
        if life is None:
            return
        house, limits = life.house, self._server.limits
        for socket in house.sockets._sockets:
            outbox, inbox = socket._outbox, socket._inbox
            if outbox is None or inbox is None:
                continue
            if outbox._queue or outbox._holding:
                self._check_outbox(outbox)
            asked = len(inbox._saying) + len(inbox._pages)
            if asked > limits.unanswered_requests + ASKED_AT_ONCE:
                raise Broken(f"P6: {asked} requests in an inbox")
        for lane in house.journal._lanes:
            if len(lane) > limits.waiting_writes:
                raise Broken(f"P6: {len(lane)} entries wait in the journal")
        if len(house.receipts._moves) > limits.waiting_writes:
            raise Broken(f"P6: {len(house.receipts._moves)} positions wait")
        if len(house.presence._sightings._waiting) > limits.waiting_writes:
            raise Broken("P6: too many wait to be noted as gone")

    def _check_outbox(self, outbox: Any) -> None:
        waiting, held = [*outbox._queue, *outbox._holding], outbox._holding.bytes
        size = sum(len(item.frame) for item in waiting)
        if size != outbox._bytes + held:
            raise Broken(f"P6: an outbox of {size} bytes counts {outbox._bytes, held}")
        if size > self._bytes:
            raise Broken(f"P6: {size} bytes in an outbox")
        if len(waiting) > self._events:
            raise Broken(f"P6: {len(waiting)} frames in an outbox")
        limits, live = self._server.limits, [item for item in waiting if not _is_reply(item)]
        if len(live) > limits.outbox_events:
            raise Broken(f"P6: {len(live)} live events in an outbox")
        if sum(len(item.frame) for item in live) > limits.outbox_bytes:
            raise Broken("P6: live events fill an outbox beyond its bound")

    def check_empty(self) -> None:
        """When everybody has left, nothing remembers them."""
        life = self._server.life
        if life is None:
            raise Broken("the server is not there")
        house, registry = life.house, life.house.registry
        left: dict[str, Any] = {
            "sockets": len(house.sockets),
            "per user": house.sockets._by_user,
            "sessions": registry._sessions,
            "users": registry._users,
            "conversations": registry._conversations,
            "memberships": registry._memberships,
            "meanwhile": registry._meanwhile,
            "positions": house.receipts._moves,
            "who is here": house.presence._here,
            "who leaves": house.presence._leaving,
            "circles": house.circles._known,
            "circles being read": house.circles._reading,
            "sightings": house.presence._sightings._waiting,
            "uploads": house.files._uploading,
            "entries": house.journal.waiting(),
            "timers": life.clock.planned(),
            "connections": [line.name for line in life.lines if line.server.connected],
        }
        if any(left.values()):
            raise Broken(f"left behind: { {key: value for key, value in left.items() if value} }")
