"""
What the devices of a run were told, kept for the oracle; knows nothing of the server's code.

What no honest server could say is noticed at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.client import Frame
from tests.simulation.broken import Broken
from tests.simulation.saying import Entry
from tests.simulation.stream import Stream
from tests.simulation.timekeeping import World


@dataclass(frozen=True)
class Acked:
    """One acknowledgement that reached a device."""

    user: int
    client_id: str
    conversation: int
    seq: int
    at: int
    connection: str
    request: int
    duplicate: bool


@dataclass(frozen=True)
class Refused:
    """One message that was given up."""

    user: int
    entry: Entry
    code: str


@dataclass(frozen=True)
class Seen:
    """One message as one person got it."""

    at: float  # ms
    user: int
    conversation: int
    seq: int


class Observer:
    """Everything that was acknowledged, refused and shown."""

    def __init__(self, world: World) -> None:
        self.acked: list[Acked] = []
        self.refused: list[Refused] = []
        self.seen: list[Seen] = []
        self.messages: dict[tuple[int, int], tuple[Any, ...]] = {}
        self.counts: dict[str, int] = {}
        self.strict_order = True  # False when an answer to COMMIT may be lost
        self._world = world
        self._streams: dict[str, Stream] = {}

    # --- answers to sends ---------------------------------------------------------------

    def answered(
        self, user: int, connection: str, request: int, entry: Entry, reply: Frame
    ) -> None:
        """The reply to one try of `entry`."""
        results = reply.get("results")
        if results is not None and len(results) != len(entry.fields["to"]):
            raise Broken(f"P2: {len(results)} answers to {entry.fields}")
        for result in [reply] if results is None else results:
            if "code" not in result:
                self._acked(user, connection, request, result)
            elif not result["temporary"] and results is None:
                self.refused.append(Refused(user, entry, result["code"]))

    def _acked(self, user: int, connection: str, request: int, ack: Frame) -> None:
        self.acked.append(
            Acked(
                user,
                ack["client_id"],
                ack["conversation"],
                ack["seq"],
                ack["at"],
                connection,
                request,
                ack.get("duplicate", False),
            )
        )

    # --- events ---------------------------------------------------------------------------

    def heard(self, user: int, connection: str, frame: Frame) -> None:
        """Any frame of the server."""
        kind = frame["type"]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        stream = self._streams.get(connection)
        if stream is None:
            stream = self._streams[connection] = Stream(connection, self.strict_order)
        stream.take(frame)
        if kind == "message":
            self._shown(user, frame)
        elif kind == "delta" or kind == "ok":
            for item in frame["items"]:
                self._shown(user, item)

    def _shown(self, user: int, message: Frame) -> None:
        place = (message["conversation"], message["seq"])
        now = self._world.clock.seconds() * 1000
        self.seen.append(Seen(now, user, *place))
        content = (
            message["rev"],
            message["sender"]["id"],
            message["client_id"],
            message["kind"],
            message["at"],
            message["text"],
            message.get("reply_to"),
        )
        if self.messages.setdefault(place, content) != content:
            raise Broken(f"P3: {place} was {self.messages[place]} and is {content}")
