"""
What was said and what it is called, found again.

Beside the way of a message: domain -> [searches] -> the database.
"""

from __future__ import annotations

from typing import Protocol

from imtwisted.findings import Called, Findings, Wanted
from imtwisted.model import Person, Relation, UserId


class SearchStore(Protocol):
    """Reads what a person may see, as of now; no index is ever behind."""

    async def find(self, user: UserId, wanted: Wanted, limit: int, size: int) -> Findings:
        """
        The newest at most `limit` messages, or `size` bytes, that are `wanted`.

        Fewer, or none, with a `next`: there may be more. Raises `NotAMember`
        for a conversation one is not in.
        """

    async def called(self, user: UserId, parts: tuple[str, ...], limit: int) -> list[Called]:
        """One's own conversations whose names hold all `parts`; at most `limit` of each kind."""

    async def acquaintances(
        self, seeker: UserId, parts: tuple[str, ...], limit: int
    ) -> list[tuple[Person, Relation]]:
        """People of `seeker`'s groups whose names hold all `parts`, bounded."""
