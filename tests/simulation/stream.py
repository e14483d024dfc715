"""
What one connection may be told in which order: the contract of the live stream.

A client's seven rules forgive a server much, and would hide its mistakes. Here
nothing is forgiven: `ready` comes first; a conversation's live events follow the
pages that precede them; none is left out unless `lag` says so; none comes twice.
"""

from __future__ import annotations

from tests.client import Frame
from tests.simulation.broken import Broken

BEFORE_READY = frozenset({"ready", "error", "bye"})


class Stream:
    """One connection, as the server tells it things."""

    def __init__(self, name: str, strict: bool) -> None:
        self._name = name
        self._strict = strict  # False when events may come late: an answer to COMMIT was lost
        self._ready = False
        self._position: dict[int, int] = {}
        self._last: dict[int, int] = {}  # live event
        self._gapless: set[int] = set()  # conversations of which the next one must follow
        self._lagging: set[int] = set()
        self._in_pages: set[int] = set()
        self._gone: set[int] = set()  # what was said before one left may come all the same
        self._left: set[int] = set()  # a page that was read before may come all the same
        self._cursors: dict[tuple[int, int], tuple[int, int]] = {}

    def take(self, frame: Frame) -> None:
        """The next frame; raises `Broken` when it may not come now."""
        kind = frame["type"]
        if not self._ready and kind not in BEFORE_READY:
            raise Broken(f"{self._name} heard {kind} before ready")
        match kind:
            case "ready":
                self._ready = True
            case "message" | "change":
                self._live(frame["conversation"], frame["rev"])
            case "delta":
                self._page(frame)
            case "reset" if frame["why"] == "gone":
                # Its pages end here; whoever comes back to it begins anew.
                self._in_pages.discard(frame["conversation"])
                self._gapless.discard(frame["conversation"])
                self._gone.add(frame["conversation"])
            case "lag":
                # What was skipped may have been a departure and a return, too.
                self._gapless.clear()
                self._lagging.update(conversation for conversation, _ in frame["conversations"])
            case "update":
                # Whoever comes back may have missed something meanwhile.
                self._gapless.discard(frame.get("conversation", 0))
                if frame.get("member"):
                    self._gone.discard(frame["conversation"])
                elif not frame.get("member", True):
                    self._left.add(frame["conversation"])
            case "cursor":
                self._cursor(frame)

    def _page(self, delta: Frame) -> None:
        conversation = delta["conversation"]
        revs = [item["rev"] for item in delta["items"]]
        if revs != sorted(set(revs)) or not all(delta["from"] < r <= delta["to"] for r in revs):
            raise Broken(f"P4: {self._name} got {revs} in {delta['from']}..{delta['to']}")
        if "id" not in delta and delta["more"]:
            self._in_pages.add(conversation)
        elif "id" not in delta:
            self._in_pages.discard(conversation)
            if conversation not in self._lagging | self._left:
                self._gapless.add(conversation)
        self._advance(conversation, delta["to"])

    def _live(self, conversation: int, rev: int) -> None:
        position, last = self._position.get(conversation, 0), self._last.get(conversation, 0)
        if conversation in self._in_pages:
            raise Broken(f"P4: {self._name} heard {rev} of {conversation} between two pages")
        # A page may be ahead of events that were stored but not yet told.
        if self._strict and conversation in self._gapless and rev > position + 1:
            raise Broken(f"P4: {self._name} heard {rev} after {position} of {conversation}")
        if self._strict and rev <= last:
            raise Broken(f"P3: {self._name} heard {rev} after {last} of {conversation}")
        self._last[conversation] = rev
        self._lagging.discard(conversation)
        self._left.discard(conversation)
        if conversation not in self._gone:
            self._gapless.add(conversation)
        self._advance(conversation, rev)

    def _advance(self, conversation: int, rev: int) -> None:
        self._position[conversation] = max(rev, self._position.get(conversation, 0))

    def _cursor(self, frame: Frame) -> None:
        """Read positions never go back; what is read has been received."""
        key = (frame["conversation"], frame["user"])
        read, received = frame["read"], frame["received"]
        before = self._cursors.get(key, (0, 0))
        if read < before[0] or received < before[1] or received < read:
            raise Broken(f"{self._name}: cursor of {key} went from {before} to {read, received}")
        self._cursors[key] = read, received
