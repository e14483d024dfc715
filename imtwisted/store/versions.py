"""
The version of a person's lists: contacts, conversations, devices.

Beside the way of a message: raised in the transaction that changes a list, so
that a client that knows another number knows that it has to ask.
"""

from __future__ import annotations

from collections.abc import Iterable

from imtwisted.boundaries import Cursor
from imtwisted.model import UserId
from imtwisted.store.rights import marks

_RAISE = "UPDATE users SET last_version = last_version + 1 WHERE id IN ({marks})"
_VERSIONS = "SELECT id, last_version FROM users WHERE id IN ({marks}) ORDER BY id"


def raise_versions(cursor: Cursor, users: Iterable[UserId]) -> dict[UserId, int]:
    """Count a change of these people's lists, locking them in id order; their new versions."""
    ids = sorted(set(users))
    if ids:
        cursor.execute(_RAISE.format(marks=marks(ids)), ids)
    return versions_of(cursor, ids)


def versions_of(cursor: Cursor, users: Iterable[UserId]) -> dict[UserId, int]:
    """The versions of those of `users` that exist."""
    ids = sorted(set(users))
    return dict(cursor.all(_VERSIONS.format(marks=marks(ids)), ids)) if ids else {}


def version_of(cursor: Cursor, user: UserId) -> int:
    """The version of one person's lists; 0 for nobody's."""
    return versions_of(cursor, [user]).get(user, 0)
