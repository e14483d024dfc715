"""Deliberate faults in who keeps a group in order, and who may come in, for `bites`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imtwisted import rules
from imtwisted.rules import rights
from imtwisted.store import invites
from tests.simulation.faulty import Bite, Put, nothing


def _deaf_to_silences(before: Put, membership: Any, **order: Any) -> None:
    """Take what somebody says who is silenced."""
    before(replace(membership, silenced_until=0), **order)


def _everyone_announces(before: Put, membership: Any, **order: Any) -> None:
    """Take what anybody says where only leaders write."""
    before(membership, **{**order, "announcement_only": False})


def _forgive(before: Put, opened: Any, **entrance: Any) -> None:
    """Let in who is banned."""
    before(opened, **{**entrance, "was": None})


ORDER_BITES: dict[str, Bite] = {
    "a silence that nobody keeps": (rights, "may_speak", _deaf_to_silences, 20),
    "announcements of everyone": (rights, "may_speak", _everyone_announces, 20),
    "who is banned comes back": (rules, "may_enter", _forgive, 60),
    "a link used once too often": (invites, "count", nothing, 30),
    "anyone keeps order": (rules, "may_settle", nothing, 10),
}
