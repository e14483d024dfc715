"""
What the devices of a run were told, kept for the oracle; knows nothing of the server's code.

What no honest server could say is noticed at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.client import Frame
from tests.simulation.broken import Broken
from tests.simulation.chronicle import Chronicle
from tests.simulation.custody import Custody
from tests.simulation.saying import Entry
from tests.simulation.stream import Stream
from tests.simulation.timekeeping import World

UNDER_WAY = 20.0  # seconds in which what was asked, and what was told before it, is on its way


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
class Altered:
    """One edit, recall or reaction that was acknowledged."""

    user: int
    entry: Entry


@dataclass(frozen=True)
class Refused:
    """One message or alteration that was given up."""

    user: int
    entry: Entry
    code: str
    reason: str | None = None
    until: int | None = None  # ms, of a silence that has an end


@dataclass(frozen=True)
class Seen:
    """One message as one person got it, or what became of it."""

    at: float  # ms
    user: int
    conversation: int
    seq: int
    rev: int


class Observer:
    """Everything that was acknowledged, refused and shown."""

    def __init__(self, world: World, chronicle: Chronicle, custody: Custody) -> None:
        self.acked: list[Acked] = []
        self.altered: list[Altered] = []
        self.refused: list[Refused] = []
        self.seen: list[Seen] = []
        self.counts: dict[str, int] = {}
        self.hiders: dict[int, float] = {}  # who last changed when whether they show positions
        self.strict_order = True  # False when an answer to COMMIT may be lost
        self._world = world
        self._chronicle = chronicle
        self.custody = custody
        self._streams: dict[str, Stream] = {}

    def hides(self, user: int) -> None:
        """`user` shows how far they are no longer, or again, perhaps to one alone."""
        self.hiders[user] = self._world.clock.seconds()

    # --- answers to sends ---------------------------------------------------------------

    def answered(
        self, user: int, connection: str, request: int, entry: Entry, reply: Frame
    ) -> None:
        """The reply to one try of `entry`."""
        results = reply.get("results")
        if results is not None and len(results) != len(entry.fields["to"]):
            raise Broken(f"P2: {len(results)} answers to {entry.fields}")
        for result in [reply] if results is None else results:
            if "code" not in result and entry.fields["type"] != "send":
                self._did(user, entry, result)
            elif "code" not in result:
                self._acked(user, connection, request, result)
            elif not result["temporary"] and results is None:
                why = result.get("reason"), result.get("until")
                self._count(f"refused {why[0]}")
                self.refused.append(Refused(user, entry, result["code"], *why))

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

    def _did(self, user: int, entry: Entry, ack: Frame) -> None:
        """P1, P2: what was acknowledged is committed, at that rev of that message."""
        self.altered.append(Altered(user, entry))
        asked = entry.fields
        self._count("again" if "duplicate" in ack else f"{asked['type']} acknowledged")
        after = self._chronicle.version(asked["conversation"], ack["rev"])
        if after is None or (after.conversation, after.seq) != (ack["conversation"], ack["seq"]):
            raise Broken(f"P1: {entry} was acknowledged by {ack}, committed is {after}")
        match asked["type"]:
            case "edit":
                done = after.text == asked["text"] or "duplicate" in ack
                done = done and ack["client_id"] == entry.client_id
            case "recall":
                done = after.recalled_at is not None
            case _:
                done = ((asked["emoji"], user) in after.reactions) == asked["on"]
        if not done or after.seq != asked["seq"]:
            raise Broken(f"P1: {entry} was acknowledged by {ack}, but it is {after}")

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # --- events ---------------------------------------------------------------------------

    def heard(self, user: int, connection: str, frame: Frame) -> None:
        """Any frame of the server."""
        kind = frame["type"]
        self._count(kind)
        stream = self._streams.get(connection)
        if stream is None:
            stream = self._streams[connection] = Stream(connection, self.strict_order)
        stream.take(frame)
        if kind == "message":
            self._shown(user, frame)
        elif kind == "change":
            self._changed(user, frame)
        elif kind == "cursor" and frame["user"] != user:
            self._sighted(user, frame)
        elif kind == "delta" or kind == "ok":
            for item in frame["items"]:
                self._shown(user, item)

    def _shown(self, user: int, message: Frame) -> None:
        """P1, P3: it is what was committed as this rev, and as this person may see it."""
        self._see(user, message)
        version = self._chronicle.version(message["conversation"], message["rev"])
        if version is None:
            raise Broken(f"P1: {message} was told, and is not stored")
        wrong = version.differs(message, user) or self.custody.differs(message)
        if wrong is not None:
            raise Broken(f"P3: {user} was told {message}: {wrong}")

    def _changed(self, user: int, change: Frame) -> None:
        """The same for a change."""
        self._see(user, change)
        version = self._chronicle.version(change["conversation"], change["rev"])
        if version is None:
            raise Broken(f"P1: {change} was told, and is not stored")
        wrong = version.differs_from_change(change)
        if wrong is not None:
            raise Broken(f"P3: {user} was told {change}: {wrong}")

    def _sighted(self, user: int, cursor: Frame) -> None:
        """Nobody is told how far someone is who has hidden it for a while."""
        since = self.hiders.get(cursor["user"])
        if since is None or self._world.clock.seconds() - since < UNDER_WAY:
            return
        if self._chronicle.hides(cursor["user"]):
            raise Broken(f"{user} is told of one who hides: {cursor}")

    def _see(self, user: int, told: Frame) -> None:
        now = self._world.clock.seconds() * 1000
        self.seen.append(Seen(now, user, told["conversation"], told["seq"], told["rev"]))
