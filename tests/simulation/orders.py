"""
Who led a group and who might write in it when: read off its timeline.

A role, a silence, an announcement: each is told by a system message, so all that
was said and edited between two of them can be judged by what they tell.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.broken import Broken
from tests.simulation.chronicle import Chronicle, Version
from tests.simulation.observer import Refused
from tests.simulation.standings import LEADERS

# What only those do who lead the group.
LED = {"promoted", "demoted", "handed_over", "banned", "silenced", "unsilenced"}
LED |= {"announcements", "discussion", "renamed"}
FOREVER = 2**62


@dataclass
class Order:
    """A group as it is between one system message and the next."""

    roles: dict[int, str] = field(default_factory=dict)  # of those who are members
    joined: dict[int, int] = field(default_factory=dict)
    silences: dict[int, int] = field(default_factory=dict)  # until when
    restricted: bool = False

    def may_speak(self, user: int, at: int) -> bool:
        """Whether `user`, a member, might say something then."""
        if self.roles.get(user) in LEADERS:
            return True
        return not self.restricted and self.silences.get(user, 0) <= at

    def told(self, what: str, user: int, version: Version, until: int | None) -> None:
        """Make it what a system message says that it is."""
        match what:
            case "created":
                self.roles = dict(version.members)
                self.joined = dict.fromkeys(version.members, version.at)
            case "joined" | "added":
                self.roles[user], self.joined[user] = "member", version.at
            case "left" | "removed" | "banned":
                self._without(user)
            case "promoted" | "demoted" | "handed_over":
                self._appointed(what, user, version.sender)
            case "silenced":
                self.silences[user] = FOREVER if until is None else until
            case "unsilenced":
                self.silences.pop(user, None)
            case "announcements" | "discussion":
                self.restricted = what == "announcements"
            case "dissolved":
                self.roles.clear()

    def _appointed(self, what: str, user: int, sender: int) -> None:
        """Nobody who was given a role is silenced by what was before it."""
        given = {"promoted": "moderator", "demoted": "member", "handed_over": "owner"}
        self._is_now(user, given[what])
        if what == "handed_over":
            self._is_now(sender, "moderator")

    def _is_now(self, user: int, role: str) -> None:
        self.roles[user] = role
        self.silences.pop(user, None)

    def _without(self, user: int) -> None:
        """Whoever owned it leaves it to a moderator, else to who has been there longest."""
        if self.roles.pop(user, None) != "owner" or not self.roles:
            return
        heir = min(
            self.roles, key=lambda one: (self.roles[one] != "moderator", self.joined[one], one)
        )
        self._is_now(heir, "owner")


class Orders:
    """Every group's order from the beginning of a run to its end, gone through anew at each check."""

    def __init__(self, connection: sqlite3.Connection, chronicle: Chronicle) -> None:
        self._chronicle = chronicle
        self._members = connection.execute(
            "SELECT m.conversation_id, m.user_id, m.role, m.joined_at FROM members m"
            "  JOIN conversations c ON c.id = m.conversation_id"
            " WHERE c.kind = 'group' AND m.state = 'active'"
        ).fetchall()
        sql = "SELECT id, last_rev FROM conversations"
        self._began: dict[int, int] = dict(connection.execute(sql))
        self._orders: dict[int, Order] = {}
        self._silences: dict[tuple[int, int], set[int | None]] = {}
        self._restricted: set[int] = set()

    def check(self, refused: list[Refused]) -> None:
        """Nobody spoke, edited or led who might not; and who was silenced was told until when."""
        self._begin()
        last: dict[tuple[int, int], Version] = {}
        for version in self._chronicle.all():
            place = version.conversation, version.seq
            before, last[place] = last.get(place), version
            if version.rev > self._began.get(version.conversation, 0):
                self._take(before, version)
        for each in refused:
            self._check_refusal(each)

    def _begin(self) -> None:
        self._orders = {}
        for conversation, user, role, joined_at in self._members:
            order = self._orders.setdefault(conversation, Order())
            order.roles[user], order.joined[user] = role, joined_at

    def _take(self, before: Version | None, version: Version) -> None:
        if version.kind == "system" and before is None:
            self._tell(version)
        elif version.kind != "system" and version.conversation in self._orders:
            edited = version.edited_at
            if before is None:
                self._check_speaker(version, version.at)
            elif edited is not None and edited != before.edited_at:
                self._check_speaker(version, edited)

    def _check_speaker(self, version: Version, at: int) -> None:
        order = self._orders[version.conversation]
        if not order.may_speak(version.sender, at):
            raise Broken(f"{version.sender} might not write at {at}, by {order}: {version}")

    def _tell(self, version: Version) -> None:
        told: dict[str, Any] = json.loads(version.text)
        what, until = told["what"], told.get("until")
        user = (told.get("user") or {}).get("id", version.sender)
        order = self._orders.setdefault(version.conversation, Order())
        if what in LED and order.roles.get(version.sender) not in LEADERS:
            raise Broken(f"{version.sender} does not lead, by {order}: {version}")
        order.told(what, user, version, until)
        if what == "silenced":
            self._silences.setdefault((version.conversation, user), set()).add(until)
        if order.restricted:
            self._restricted.add(version.conversation)

    def _check_refusal(self, refused: Refused) -> None:
        conversation = refused.entry.fields.get("conversation", 0)
        silences = self._silences.get((conversation, refused.user), set())
        if refused.reason == "silenced" and refused.until not in silences:
            raise Broken(f"{refused} was silenced until one of {silences}")
        if refused.reason == "announcement_only" and conversation not in self._restricted:
            raise Broken(f"{refused}, but everyone may write there")
