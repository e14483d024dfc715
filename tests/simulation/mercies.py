"""The judge of what is taken back by hand: bans that are lifted, links that are revoked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.simulation.broken import Broken
from tests.simulation.standings import Standings
from tests.simulation.timekeeping import World

_NOTES = """
    CREATE TEMP TABLE revoked (link, conversation, maker, at);
    CREATE TEMP TRIGGER revoked AFTER UPDATE OF revoked_at ON main.invites
    WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL BEGIN
        INSERT INTO revoked SELECT NEW.id, NEW.conversation_id, NEW.made_by, run_now();
    END
"""


@dataclass
class Asked:
    """Somebody asked for it, and perhaps it was answered that it is done."""

    user: int
    conversation: int
    target: int  # who was banned, or which link
    at: float
    done_at: float | None = None


class Mercies:
    """Whatever was asked for, compared with what became of it."""

    def __init__(self, world: World, connection: sqlite3.Connection, standings: Standings) -> None:
        self.pardons: list[Asked] = []
        self.revocations: list[Asked] = []
        self._world = world
        self._connection = connection
        self._standings = standings
        connection.executescript(_NOTES)

    def asks(self, among: list[Asked], user: int, conversation: int, target: int) -> Asked:
        """From now on it may be done."""
        asked = Asked(user, conversation, target, self._world.clock.seconds())
        among.append(asked)
        return asked

    def answered(self, asked: Asked, answer: Any) -> None:
        """None says that it is done."""
        if answer is None:
            asked.done_at = self._world.clock.seconds()

    def count(self) -> dict[str, int]:
        """How much was done."""
        return {
            "pardoned": sum(each.done_at is not None for each in self.pardons),
            "revoked": sum(each.done_at is not None for each in self.revocations),
        }

    def check(self) -> None:
        """What was answered is so, and nothing is so that no leader asked for."""
        for conversation, user in self._standings.everyone():
            for before, after in pairwise(self._standings.of(conversation, user)):
                if before.state == "banned" != after.state:
                    self._check_pardoned(conversation, user, after.state, after.at)
        for asked in self.pardons:
            if asked.done_at is not None:
                self._check_pardon(asked, asked.done_at)
        self._check_links()

    def _check_pardoned(self, conversation: int, user: int, state: str, at: float) -> None:
        if state != "removed" or not self._was_asked(self.pardons, conversation, user, at):
            raise Broken(f"{user} was banned from {conversation}, and {state} at {at}")

    def _check_pardon(self, asked: Asked, done_at: float) -> None:
        known = self._standings.during(asked.conversation, asked.target, asked.at, done_at)
        if known and all(each.state == "banned" for each in known):
            raise Broken(f"{asked} was done, and is not so: {known}")

    def _was_asked(self, among: list[Asked], conversation: int, target: int, at: float) -> bool:
        """Whether somebody asked for it who led the group at that time."""
        return any(
            (asked.conversation, asked.target) == (conversation, target)
            and asked.at <= at
            and any(each.leads for each in self._standings.during(conversation, asked.user, at, at))
            for asked in among
        )

    def _check_links(self) -> None:
        revoked: dict[int, float] = {}
        for link, conversation, maker, at in self._connection.execute(
            "SELECT link, conversation, maker, at FROM revoked"
        ).fetchall():
            revoked[link] = at
            if not self._may_be_revoked(conversation, link, maker, at):
                raise Broken(f"link {link} into {conversation} was revoked at {at} by nobody")
        for asked in self.revocations:
            at = revoked.get(asked.target)
            if asked.done_at is not None and (at is None or at > asked.done_at):
                raise Broken(f"{asked} was done, and is not so: {at}")

    def _may_be_revoked(self, conversation: int, link: int, maker: int, at: float) -> bool:
        """By a leader; or because its maker was put out."""
        if self._was_asked(self.revocations, conversation, link, at):
            return True
        known = self._standings.during(conversation, maker, at, at)
        return any(each.state != "active" for each in known)
