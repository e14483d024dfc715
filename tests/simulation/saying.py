"""
A device's messages on their way out, and what it does to those that are there.

Every try of an entry carries the same `client_id`. A page has one message of a
lane on its way at a time, as `outbox.js`; a script may have several, and after
a temporary refusal sends all that is not acknowledged again, in order.
Edits, recalls and reactions wait the same way, in a lane for each message.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Protocol

from twisted.internet.task import Clock

from tests.client import Frame


@dataclass(eq=False)
class Entry:
    """One message or alteration, from when it was written."""

    client_id: str
    lane: str
    fields: Frame  # of the request, but `id`
    tries: int = 0
    on_its_way: bool = False
    state: str = "pending"  # then "settled" or "failed"
    code: str | None = None


@dataclass
class Lane:
    """One conversation's entries, in order."""

    entries: list[Entry] = field(default_factory=list)
    again_at: float | None = None  # after a temporary refusal

    @property
    def on_its_way(self) -> int:
        return sum(entry.on_its_way for entry in self.entries)


class Sender(Protocol):
    """The device whose messages these are."""

    @property
    def live(self) -> bool: ...

    def transmit(self, entry: Entry) -> None:
        """Put `entry` on the wire; `Saying.answer` or `Saying.lost` follows."""


class Saying:
    """Everything a device has said and the server has not yet acknowledged."""

    def __init__(self, sender: Sender, clock: Clock, chance: random.Random, at_once: int) -> None:
        self.said: dict[str, Entry] = {}
        self.altered: list[Entry] = []
        self._sender = sender
        self._clock = clock
        self._chance = chance
        self._at_once = at_once
        self._lanes: dict[str, Lane] = {}

    def say(self, text: str, **where: Any) -> Entry:
        """Write a message, and send it when its turn comes."""
        client_id = self._chance.randbytes(16).hex()
        lane = f"to {where['to']}" if "to" in where else f"in {where['conversation']}"
        fields = {"type": "send", "client_id": client_id, "text": text, **where}
        entry = self.said[client_id] = Entry(client_id, lane, fields)
        self._enqueue(entry)
        return entry

    def alter(self, kind: str, conversation: int, seq: int, **fields: Any) -> None:
        """Edit a message, take it back or react to it; only an edit has an id on the wire."""
        client_id = self._chance.randbytes(16).hex()
        fields = {"type": kind, "conversation": conversation, "seq": seq, **fields}
        if kind == "edit":
            fields["client_id"] = client_id
        entry = Entry(client_id, f"of {conversation}/{seq}", fields)
        self.altered.append(entry)
        self._enqueue(entry)

    def _enqueue(self, entry: Entry) -> None:
        self._lanes.setdefault(entry.lane, Lane()).entries.append(entry)
        self._work(entry.lane)

    @property
    def pending(self) -> list[Entry]:
        """What is neither settled nor failed."""
        return [entry for lane in self._lanes.values() for entry in lane.entries]

    # --- the connection -------------------------------------------------------------

    def resume(self) -> None:
        """The connection is ready: send what is pending, in order."""
        for lane in self._lanes:
            self._work(lane)

    def lost(self) -> None:
        """The connection went away; nobody knows what arrived."""
        for lane in self._lanes.values():
            lane.again_at = None
            for entry in lane.entries:
                entry.on_its_way = False

    def _work(self, name: str) -> None:
        lane = self._lanes[name]
        if not self._sender.live or lane.again_at is not None:
            return
        for entry in list(lane.entries):
            if lane.on_its_way >= self._at_once:
                return
            if not entry.on_its_way:
                entry.on_its_way = True
                entry.tries += 1
                self._sender.transmit(entry)

    # --- answers ----------------------------------------------------------------------

    def answer(self, entry: Entry, reply: Frame) -> None:
        """Settle `entry`, try it again later, or give it up."""
        entry.on_its_way = False
        results = reply.get("results", [reply])
        refusals = [result for result in results if "code" in result]
        later = [refusal for refusal in refusals if refusal["temporary"]]
        if entry.state == "pending":
            if later:
                self._again(entry, later[0])
            elif refusals:
                self._leave(entry, "failed", refusals[0]["code"])
            else:
                self._leave(entry, "settled")
        self._go_on(entry.lane)

    def arrived(self, client_id: str) -> None:
        """One's own message came back, perhaps before its ack."""
        entry = self.said.get(client_id)
        if entry is not None and entry.state == "pending":
            self._leave(entry, "settled")
            self._go_on(entry.lane)

    def _leave(self, entry: Entry, state: str, code: str | None = None) -> None:
        entry.state, entry.code = state, code
        self._lanes[entry.lane].entries.remove(entry)

    def _again(self, entry: Entry, refusal: Frame) -> None:
        """That message and the later ones of the conversation, in order."""
        wait = refusal.get("retry_after", 250 + self._chance.randrange(1000)) / 1000
        lane = self._lanes[entry.lane]
        lane.again_at = max(lane.again_at or 0, self._clock.seconds() + wait)

    def _go_on(self, name: str) -> None:
        lane = self._lanes[name]
        if lane.again_at is None:
            self._work(name)
        elif not lane.on_its_way:
            wait = max(0.0, lane.again_at - self._clock.seconds())
            self._clock.callLater(wait, self._again_now, name, lane.again_at)

    def _again_now(self, name: str, planned: float) -> None:
        lane = self._lanes[name]
        if lane.again_at == planned and not lane.on_its_way:
            lane.again_at = None
            self._work(name)
