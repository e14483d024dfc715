"""Deliberate faults in who keeps a group in order, and who may come in, for `bites`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imtwisted import rules
from imtwisted.rules import rights
from imtwisted.store import invites, roles
from imtwisted.store.groupwork import committed, opened_for
from tests.simulation.faulty import Bite, Put, instead, nothing


def _deaf_to_silences(before: Put, membership: Any, **order: Any) -> None:
    """Take what somebody says who is silenced."""
    before(replace(membership, silenced_until=0), **order)


def _everyone_announces(before: Put, membership: Any, **order: Any) -> None:
    """Take what anybody says where only leaders write."""
    before(membership, **{**order, "announcement_only": False})


def _forgive(before: Put, opened: Any, **entrance: Any) -> None:
    """Let in who is banned."""
    before(opened, **{**entrance, "was": None})


def _leave_it(before: Put, ledger: Any, deed: Any) -> Any:
    """Say that it is done, and do nothing."""
    return committed(opened_for(ledger, deed.conversation), None, {}, is_member=True)


def _whoever_asks(rule: str) -> Put:
    """Do it without asking who may."""

    def done(before: Put, ledger: Any, deed: Any) -> Any:
        with instead(rules, rule, nothing):
            return before(ledger, deed)

    return done


ORDER_BITES: dict[str, Bite] = {
    "a silence that nobody keeps": (rights, "may_speak", _deaf_to_silences, 20),
    "announcements of everyone": (rights, "may_speak", _everyone_announces, 20),
    "who is banned comes back": (rules, "may_enter", _forgive, 60),
    "a link used once too often": (invites, "count", nothing, 30),
    "a pardon that pardons nobody": (roles, "pardon", _leave_it, 60),
    "anyone pardons": (roles, "pardon", _whoever_asks("may_ban"), 60),
    "a link revoked that stays good": (invites, "_revoke", _leave_it, 60),
    "anyone revokes": (invites, "_revoke", _whoever_asks("may_settle"), 60),
    "anyone keeps order": (rules, "may_settle", nothing, 10),
}
