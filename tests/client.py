"""
What a client of `imchat.v1` does, written down once more for the tests.

The seven rules of the protocol, each of which can be left out to show what it
is for. No I/O: frames go in as dictionaries, what is to be asked comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]

HELD = 100


@dataclass
class Place:
    """One conversation, as one client knows it."""

    conversation: int
    without: frozenset[int] = frozenset()
    own: int | None = None
    heard: int = 0
    asking: bool = False
    between: bool = False  # a page said `more`, and the next has not come
    gone: bool = False
    messages: dict[int, Frame] = field(default_factory=dict)
    shown: list[tuple[int, int]] = field(default_factory=list)  # (seq, rev), as they appeared
    held: dict[int, Frame] = field(default_factory=dict)

    # --- the rules -----------------------------------------------------------------

    def head(self, last_rev: int) -> None:
        """Rule 1: without a cursor it starts at the head."""
        if self.own is None:
            self.own = 0 if 1 in self.without else last_rev
        self.heard = max(self.heard, last_rev)

    def live(self, event: Frame) -> None:
        """Rule 2: the next rev is applied, an old one dropped, one too far ahead held."""
        own = self.own or 0
        self.heard = max(self.heard, event["rev"])
        if 2 in self.without:
            self._take(event)
            self.own = event["rev"]
        elif event["rev"] == own + 1 and not self.between:
            self._take(event)
            self.own = event["rev"]
            self._follow()
        elif event["rev"] > own and len(self.held) < HELD:
            self.held[event["rev"]] = event

    def missing(self) -> int | None:
        """Rule 3: behind what it heard of, and nothing asked: the rev to ask `changes` after."""
        if 3 in self.without or self.asking or self.gone or self.own is None:
            return None
        return self.own if self.own < self.heard else None

    def delta(self, page: Frame) -> None:
        """Rule 4: items take their places by seq, older ones replace nothing."""
        own = self.own or 0
        # A page that says `more` tells of at least one rev past its end.
        self.heard = max(self.heard, page["to"] + page["more"])
        if page["from"] > own:
            return
        for item in page["items"]:
            known = self.messages.get(item["seq"])
            if 4 in self.without or known is None or known["rev"] < item["rev"]:
                self._put(item)
        self.own = max(own, page["to"])
        # Until the last page every live event waits: it may change a message
        # that only a page to come brings, and would move `own` past it.
        self.between = page["more"] and 4 not in self.without
        if not self.between:
            self._follow()

    def history(self, page: Frame) -> None:
        """Older messages take their places like a delta's, and move nothing."""
        for item in page["items"]:
            known = self.messages.get(item["seq"])
            if known is None or known["rev"] < item["rev"]:
                self._put(item)

    def lag(self, last_rev: int) -> None:
        """Live events were skipped up to `last_rev`; rule 3 does the rest."""
        self.heard = max(self.heard, last_rev)

    def reset(self, frame: Frame) -> None:
        """Rule 7: forget the messages, take the rev; pending stays; `gone` forgets it all."""
        if 7 in self.without:
            return
        self.messages.clear()
        self.shown.clear()
        self.held.clear()
        self.own = self.heard = frame["rev"]
        self.gone = frame["why"] == "gone"
        self.asking = self.between = False

    def hide(self, seq: int) -> None:
        """What was cleared for oneself while this device was away is shown no more."""
        self.messages = {known: item for known, item in self.messages.items() if known > seq}

    # --- what they share --------------------------------------------------------------

    def _follow(self) -> None:
        """What was held follows, as far as it joins on."""
        while (event := self.held.pop((self.own or 0) + 1, None)) is not None:
            self._take(event)
            self.own = event["rev"]
        self.held = {rev: event for rev, event in self.held.items() if rev > (self.own or 0)}

    def _take(self, event: Frame) -> None:
        """Rule 5: what happened to a loaded message touches it only if it is older than that."""
        known = self.messages.get(event["seq"])
        newer = known is None or 5 in self.without or event["rev"] > known["rev"]
        if event["type"] == "message":
            if newer or 2 in self.without:
                self._put(event)
        elif known is not None and newer:
            self._put(altered(known, event))

    def _put(self, message: Frame) -> None:
        self.messages[message["seq"]] = message
        self.shown.append((message["seq"], message["rev"]))

    def texts(self) -> list[str]:
        """The texts of people's messages, in order."""
        return [
            self.messages[seq]["text"]
            for seq in sorted(self.messages)
            if self.messages[seq]["kind"] == "text"
        ]


def altered(message: Frame, change: Frame) -> Frame:
    """What a message is after a `change`; of reactions the counts, not whose they are."""
    after = {**message, "rev": change["rev"]}
    match change["op"]:
        case "edit":
            edited = ("text", "edited_at", "mentions")
            after |= {what: change[what] for what in edited if what in change}
        case "recall":
            after |= {"text": "", "recalled": True}
            for gone in ("edited_at", "reactions", "mentions", "files"):
                after.pop(gone, None)
        case "react":
            counts = {emoji: count for emoji, count, *_ in message.get("reactions", ())}
            counts[change["emoji"]] = change["count"]
            after["reactions"] = [[emoji, count] for emoji, count in counts.items() if count]
    return after


class Client:
    """Everything one connection after another knows; it outlives its connections."""

    def __init__(self, without: frozenset[int] = frozenset()) -> None:
        self.without = without
        self.places: dict[int, Place] = {}
        self.pending: dict[str, Frame] = {}
        self.acks: list[Frame] = []
        self.errors: list[Frame] = []
        self.user: Frame | None = None
        self.epoch: str | None = None
        self.version = 0
        self.stale = False  # the lists have to be fetched over HTTP
        self._ids = 0

    def place(self, conversation: int) -> Place:
        """What is known of `conversation`."""
        return self.places.setdefault(conversation, Place(conversation, self.without))

    # --- asking -----------------------------------------------------------------------

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def hello(self) -> Frame:
        """The first frame of a connection; what was asked on the last one is forgotten."""
        cursors = []
        for place in self.places.values():
            place.asking = False
            place.held.clear()
            place.between = False
            if place.own is not None and not place.gone:
                cursors.append([place.conversation, place.own])
                place.asking = True  # its pages come by themselves
        hello: Frame = {"type": "hello", "id": self.next_id(), "cursors": cursors}
        if self.epoch is not None:
            hello["epoch"] = self.epoch
        return hello

    def say(self, client_id: str, text: str, **where: Any) -> Frame:
        """A `send` that stays pending until it is acknowledged."""
        send = {"type": "send", "client_id": client_id, "text": text, **where}
        self.pending[client_id] = send
        return {**send, "id": self.next_id()}

    def again(self) -> list[Frame]:
        """Everything that is still pending, to be sent once more, in order."""
        return [{**send, "id": self.next_id()} for send in self.pending.values()]

    def wants(self) -> Iterator[Frame]:
        """What rule 3 makes it ask now."""
        for place in self.places.values():
            after = place.missing()
            if after is not None:
                place.asking = True
                yield {
                    "type": "changes",
                    "id": self.next_id(),
                    "conversation": place.conversation,
                    "after": after,
                }

    # --- hearing ----------------------------------------------------------------------

    def hear(self, frame: Frame) -> None:
        """Take in one frame of the server."""
        match frame["type"]:
            case "ready":
                self._ready(frame)
            case "message" | "change":
                self._settle(frame)
                self.place(frame["conversation"]).live(frame)
            case "delta":
                place = self.place(frame["conversation"])
                for item in frame["items"]:
                    self._settle(item)
                place.delta(frame)
                if not frame["more"] or "id" in frame:
                    place.asking = False
            case "ok" if "items" in frame:
                for item in frame["items"]:
                    self._settle(item)
                self.place(frame["conversation"]).history(frame)
            case "reset":
                self.place(frame["conversation"]).reset(frame)
            case "lag":
                for conversation, last_rev in frame["conversations"]:
                    self.place(conversation).lag(last_rev)
                self.stale |= frame["version"] != self.version
            case "ack":
                self._ack(frame)
            case "error":
                self.errors.append(frame)
            case "update":
                self.stale |= frame["version"] > self.version + 1
                self.version = max(self.version, frame["version"])

    def _ready(self, frame: Frame) -> None:
        self.user = frame["user"]
        if self.epoch not in (None, frame["epoch"]):
            self.places.clear()
        self.epoch, self.version = frame["epoch"], frame["version"]
        for head in frame["conversations"]:
            place = self.place(head["conversation"])
            place.head(head["last_rev"])
            place.hide(head.get("hidden_seq", 0))
            if place.own is not None and place.own >= place.heard:
                place.asking = False

    def _ack(self, frame: Frame) -> None:
        """Rule 6: what is acknowledged is pending no more; `own` does not move."""
        self.acks.append(frame)
        self.pending.pop(frame.get("client_id", ""), None)
        if 6 in self.without and "seq" in frame:
            place = self.place(frame["conversation"])
            place.own = max(place.own or 0, frame["rev"])

    def _settle(self, message: Frame) -> None:
        """One's own message, seen before its ack, is no longer pending either."""
        if self.user is not None and message.get("sender", {}).get("id") == self.user["id"]:
            self.pending.pop(message["client_id"], None)
