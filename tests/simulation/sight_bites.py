"""Deliberate faults in what people see of each other, for `bites`."""

from __future__ import annotations

from typing import Any

from imtwisted.domain import receipts
from imtwisted.domain.circles import Circles
from imtwisted.domain.presence import Presence
from imtwisted.domain.receipts import Receipts
from imtwisted.store.cursors import StoredCursors
from tests.simulation.faulty import Bite, Put, nothing, now_and_then


def _stays(before: Put, presence: Any, user: Any, at: int) -> None:
    """Forget that someone has left, instead of telling it."""
    del presence._leaving[user]


async def _sure_of_itself(before: Put, cursors: Any, moves: Any, *, again: bool) -> Any:
    """Take what a first try may have written for what was told."""
    return await before(cursors, moves, again=False)


def _show_all(before: Put, cursor: Any) -> bool:
    """Tell how far someone is who hides it."""
    return bool(cursor.has_read or cursor.is_direct)


def _never_again(before: Put, circles: Any, user: Any) -> None:
    """Believe the first circle for ever."""
    if user not in circles._known:
        before(circles, user)


SIGHT_BITES: dict[str, Bite] = {
    "what has arrived is forgotten": (Receipts, "received", nothing, 20),
    "a position not told": (Receipts, "_tell", now_and_then(5, nothing), 60),
    "a position of a doubtful commit not told": (StoredCursors, "advance", _sure_of_itself, 260),
    "a hidden position told": (receipts, "_is_shown", _show_all, 60),
    "who comes is not told": (Presence, "_tell", nothing, 30),
    "circles believed for ever": (Circles, "refresh", _never_again, 60),
    "who leaves is never gone": (Presence, "_gone", _stays, 10),
}
