"""
One browser tab or script of a person: what it asks, and what it makes of what it hears.

The seven rules are `tests.client`'s; what the page does around them is in `rooms`
and `saying`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from imtwisted.model import Person
from tests.client import Client, Frame
from tests.simulation import wire
from tests.simulation.company import Company
from tests.simulation.connection import AGAIN, Connection
from tests.simulation.observer import Observer
from tests.simulation.parcels import Parcels
from tests.simulation.rooms import Rooms
from tests.simulation.saying import Entry, Saying
from tests.simulation.server import Server
from tests.simulation.timekeeping import World

HEARTBEAT = 25.0
PONG_WITHIN = 10.0


class Device(Connection):
    """A client of the protocol; what it knows outlives its connections."""

    def __init__(
        self,
        world: World,
        server: Server,
        observer: Observer,
        person: Person,
        token: str,
        number: int,
        at_once: int = 1,
    ) -> None:
        super().__init__(world, server, person, token, number)
        self.client = Client()
        self.rooms = Rooms(self, self.client)
        self.company = Company(self, self.client, self.rooms)
        self.reads: dict[int, int] = {}
        self.ready_heads: list[Frame] = []  # as the last `ready` told them
        self.saying = Saying(self, world.clock, self._chance, at_once)
        self.parcels = Parcels(world, server, self, observer.custody)
        self._observer = observer
        self._asked: dict[int, Callable[[Frame], None]] = {}

    def turn_off(self) -> None:
        """Close the page, and with it what it brings or fetches."""
        super().turn_off()
        self.parcels.close()

    def _disconnected(self) -> None:
        self._asked.clear()
        self.saying.lost()
        self.rooms.lost()

    # --- asking ------------------------------------------------------------------------

    def _write(self, frame: Frame) -> None:
        if self.line is not None:
            self.note(">", frame)
            self.line.send(wire.text(frame))

    def _send(self, frame: Frame, answered: Callable[[Frame], None]) -> None:
        self._asked[frame["id"]] = answered
        self._write(frame)

    def request(self, kind: str, **fields: Any) -> None:
        """A page of history; its answer goes to the rooms."""
        frame = {"type": kind, "id": self.client.next_id(), **fields}
        self._send(frame, lambda reply: self.rooms.page(frame, reply))

    def transmit(self, entry: Entry) -> None:
        """Send `entry` once more; its answer is told to the observer."""
        frame = {**entry.fields, "id": self.client.next_id()}
        assert self.line is not None
        connection = self.line.name

        def answered(reply: Frame) -> None:
            self._observer.answered(self.user.id, connection, frame["id"], entry, reply)
            self.saying.answer(entry, reply)

        self._send(frame, answered)

    def read(self, conversation: int, seq: int) -> None:
        """Everything up to `seq` is read."""
        if seq > self.reads.get(conversation, 0):
            self.reads[conversation] = seq
            self.tell_read(conversation, seq)

    def tell_read(self, conversation: int, seq: int) -> None:
        """Say it once; `read` says it again after every `ready`."""
        if self.live:
            self._write({"type": "read", "conversation": conversation, "seq": seq})

    def tell_reads(self) -> None:
        """Say once more what is read."""
        for conversation, seq in self.reads.items():
            self.tell_read(conversation, seq)

    def hides(self) -> None:
        """Its person shows how far they are no longer, or again."""
        self._observer.hides(self.user.id)

    def tell(self, kind: str, **fields: Any) -> None:
        """Say something that has no answer, if anybody hears it."""
        if self.live:
            self._write({"type": kind, **fields})

    def _want(self) -> None:
        """Rule 3, for every conversation."""
        if not self.live:
            return
        for frame in self.client.wants():
            place = self.client.place(frame["conversation"])

            def answered(reply: Frame, place: Any = place, after: int = frame["after"]) -> None:
                # After a refusal, or an answer that led nowhere, not at once.
                if reply["type"] == "error" or place.own == after:
                    place.asking = True
                    self.later(AGAIN, self._ask_again, place, self.line)

            self._send(frame, answered)

    def _ask_again(self, place: Any, line: Any) -> None:
        if self.line is line:
            place.asking = False
            self._want()

    # --- hearing -----------------------------------------------------------------------

    def _greet(self) -> None:
        def answered(reply: Frame) -> None:
            if reply["type"] != "ready":
                self._lost(1006)

        self._send(self.client.hello(), answered)

    def _hear(self, frame: Frame) -> None:
        self.note("<", frame)
        assert self.line is not None
        self._observer.heard(self.user.id, self.line.name, frame)
        self.company.heard(frame)
        if frame["type"] == "bye":
            self._bye = frame
        elif frame["type"] == "ready":
            self._welcomed(frame)
        elif self._concerns(frame):
            self._take(frame)
        answered = self._asked.pop(frame["id"], None) if "id" in frame else None
        if answered is not None:
            answered(frame)
        self._want()
        if self.live:
            self._after(HEARTBEAT, self._ping)

    def _concerns(self, frame: Frame) -> bool:
        """Whether it is of a conversation in the lists, or of none."""
        conversation = frame.get("conversation")
        live = frame["type"] in ("message", "change")
        if live and not self.rooms.knows(frame["conversation"]):
            self._own([frame])
            self.rooms.meet(frame["conversation"], frame["rev"])
            return False
        in_lists = ("delta", "reset", "ok", "message", "change")
        return frame["type"] not in in_lists or self.rooms.knows(conversation or 0)

    def _take(self, frame: Frame) -> None:
        match frame["type"]:
            case "update":
                self.rooms.update(frame)
                return
            case "lag":
                known = [each for each in frame["conversations"] if self.rooms.knows(each[0])]
                for conversation, rev in frame["conversations"]:
                    if not self.rooms.knows(conversation):
                        self.rooms.meet(conversation, rev)
                self.client.hear({**frame, "conversations": known})
                self.rooms.refresh()
                return
            case "ok":
                self._own(frame["items"])
                return
            case "message":
                self._own([frame])
            case "delta":
                self._own(frame["items"])
            case "reset":
                self._reset(frame)
                return
        self.client.hear(frame)

    def _reset(self, reset: Frame) -> None:
        conversation = reset["conversation"]
        place = self.client.place(conversation)
        # What was cleared may be told after later messages were: they are not forgotten.
        heard = 0 if reset["why"] == "epoch" else place.heard
        self.client.hear(reset)
        place.lag(heard)
        if reset["why"] == "gone":
            self.rooms.drop(conversation)
        else:
            self.rooms.forget(conversation)

    def _own(self, messages: list[Frame]) -> None:
        for message in messages:
            if message["type"] == "message" and message["sender"]["id"] == self.user.id:
                self.saying.arrived(message["client_id"])

    def _welcomed(self, ready: Frame) -> None:
        self.live = True
        self._live_since = self._world.seconds()
        self.ready_heads = ready["conversations"]
        self.client.hear(ready)
        self.rooms.ready(ready)
        self.tell_reads()
        for conversation in self.rooms.loaded:
            self.rooms.load(conversation)
        self.saying.resume()

    def _ping(self) -> None:
        self._write({"type": "ping"})
        self._after(PONG_WITHIN, self._lost, 1006)

    # --- being asked --------------------------------------------------------------------

    def unsettled(self) -> list[str]:
        """What this device still waits for."""
        if not self.is_on:
            return []
        if not self.live or self.line is None:
            return ["to be connected"]
        if self.line.void:
            return ["to find out that nobody hears it"]
        waits = [f"an ack in {entry.lane}" for entry in self.saying.pending]
        for place in self.client.places.values():
            if place.asking or (place.own or 0) < place.heard:
                waits.append(f"changes of {place.conversation}: {place.own} of {place.heard}")
        if not self.parcels.quiet:
            waits.append("files on their way")
        if not self.company.quiet:
            waits.append("to tell what has arrived")
        if not self.rooms.quiet:
            waits.append("its lists or a page")
        return waits
