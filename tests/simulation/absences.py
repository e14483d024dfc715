"""Who was no member of a group when: read off its timeline, and compared with who spoke and saw."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from tests.simulation.broken import Broken
from tests.simulation.observer import Seen

WAYS = {"joined": "in", "added": "in"}
WAYS |= dict.fromkeys(("left", "removed", "banned", "dissolved"), "out")

# From the rev of their leaving to the rev and the time of their return, if there was one.
# What tells of either never changes, so it has the rev that it took.
Span = tuple[int, int | None, int]


class Absences:
    """The spans of every group's timeline in which somebody was no member of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._spans: dict[tuple[int, int], list[Span]] = dict(self._read())

    def _all(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, args).fetchall()

    def check_who_saw(self, seen_by_all: list[Seen]) -> None:
        """P4: nobody is shown what was said after they left, until they are back."""
        for seen in seen_by_all:
            for left, back, back_at in self._spans.get((seen.conversation, seen.user), ()):
                missed = left <= seen.rev and (back is None or seen.rev < back)
                if missed and (back is None or seen.at < back_at):
                    raise Broken(f"P4: {seen}, but was away from {left} to {back}")

    def check_who_spoke(self) -> None:
        """Nobody's message is stored in a group that they were not in."""
        for conversation, rev, sender in self._all(
            "SELECT conversation_id, MIN(rev), sender_id FROM versions"
            " WHERE kind <> 'system' GROUP BY conversation_id, seq"
        ):
            for left, back, _ in self._spans.get((conversation, sender), ()):
                if left < rev and (back is None or rev < back):
                    raise Broken(f"{sender} spoke at {rev} of {conversation}, but had left")

    def _read(self) -> Iterator[tuple[tuple[int, int], list[Span]]]:
        """Who was no member, from the message of their leaving to that of their return."""
        members = self._all(
            "SELECT m.conversation_id, m.user_id FROM members m"
            "  JOIN conversations c ON c.id = m.conversation_id WHERE c.kind = 'group'"
        )
        for conversation, user in members:
            spans: list[Span] = []
            left: int | None = None
            for rev, at, change in self._changes(conversation, user):
                if change == "out" and left is None:
                    left = rev
                elif change == "in":
                    spans.append((left if left is not None else 1, rev, at))
                    left = None
            if left is not None:
                spans.append((left, None, 0))
            if spans:
                yield (conversation, user), spans

    def _changes(self, conversation: int, user: int) -> Iterator[tuple[int, int, str]]:
        for rev, at, sender, text in self._all(
            "SELECT rev, at, sender_id, text FROM messages"
            " WHERE conversation_id = ? AND kind = 'system' ORDER BY seq",
            conversation,
        ):
            told = json.loads(text)
            concerned = (told.get("user") or {}).get("id", sender)
            if concerned == user or told["what"] == "dissolved":
                yield rev, at, WAYS.get(told["what"], "")
