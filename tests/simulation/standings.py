"""
Who was what in which conversation at what time, noted by the database itself.

Triggers write it down in the transaction that makes it so; nothing of the server's
code is asked.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tests.simulation.timekeeping import World

LEADERS = ("owner", "moderator")

_NOTES = """
    CREATE TEMP TABLE standings (number INTEGER PRIMARY KEY, conversation, user, state, role, hidden, at);
    CREATE INDEX standings_by_user ON standings (conversation, user);
    INSERT INTO standings
    SELECT NULL, conversation_id, user_id, state, role, hidden_seq, 0 FROM members;
"""
_NOTE = """
    CREATE TEMP TRIGGER standing_{event} AFTER {event} ON main.members BEGIN
        INSERT INTO standings SELECT NULL, NEW.conversation_id, NEW.user_id, NEW.state, NEW.role,
            NEW.hidden_seq, run_now();
    END
"""


@dataclass(frozen=True)
class Standing:
    """What somebody was from `at` on."""

    state: str
    role: str
    hidden: int
    at: float  # seconds

    @property
    def leads(self) -> bool:
        """Whether it is one's to keep order."""
        return self.state == "active" and self.role in LEADERS


class Standings:
    """Of everyone in every conversation, from the beginning of a run on."""

    def __init__(self, world: World, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.create_function("run_now", 0, world.clock.seconds)
        connection.executescript(_NOTES)
        for event in ("INSERT", "UPDATE"):
            connection.execute(_NOTE.format(event=event))

    def everyone(self) -> list[tuple[int, int]]:
        """The (conversation, user) of everyone who ever was something."""
        sql = "SELECT DISTINCT conversation, user FROM standings ORDER BY 1, 2"
        return self._connection.execute(sql).fetchall()

    def of(self, conversation: int, user: int) -> list[Standing]:
        """One after the other."""
        sql = "SELECT state, role, hidden, at FROM standings WHERE conversation = ? AND user = ? ORDER BY number"
        rows = self._connection.execute(sql, (conversation, user))
        return [Standing(*row) for row in rows]

    def during(self, conversation: int, user: int, since: float, until: float) -> list[Standing]:
        """All that somebody was between two times: what they were before, and what they became."""
        known = self.of(conversation, user)
        before = [each for each in known if each.at < since]
        return before[-1:] + [each for each in known if since <= each.at <= until]
