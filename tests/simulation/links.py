"""The judge of links into groups: who came in by them, compared with what the links count."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulation.broken import Broken

Maker = tuple[int, int]  # of the links into which conversation, and who


@dataclass(frozen=True)
class Link:
    """One link, as it is in the end."""

    made_at: int
    expires_at: int | None
    uses: int | None
    used: int
    revoked_at: int | None

    def was_good(self, at: int) -> bool:
        """Whether it let someone in then, as far as time tells."""
        expired = self.expires_at is not None and self.expires_at <= at
        return self.made_at <= at and not expired and (self.revoked_at or at) >= at


def check_links(connection: sqlite3.Connection) -> None:
    """Everyone who came in by a link is counted there, once, and there was one that let them."""
    links: dict[Maker, list[Link]] = {}
    for conversation, maker, *terms in connection.execute(
        "SELECT conversation_id, made_by, made_at, expires_at, uses, used, revoked_at FROM invites"
    ):
        links.setdefault((conversation, maker), []).append(Link(*terms))
    came: dict[Maker, list[int]] = {}
    for place, at in _entrances(connection):
        came.setdefault(place, []).append(at)
    for place in sorted({*links, *came}):
        _check(place, links.get(place, []), came.get(place, []))


def _check(place: Maker, links: list[Link], came: list[int]) -> None:
    if sum(link.used for link in links) != len(came):
        raise Broken(f"links of {place}: {links} count other than {len(came)}")
    for link in links:
        if link.uses is not None and link.used > link.uses:
            raise Broken(f"links of {place}: {link} was used too often")
    for at in came:
        if not any(link.was_good(at) for link in links):
            raise Broken(f"links of {place}: at {at} none of {links} was good")


def _entrances(connection: sqlite3.Connection) -> Iterator[tuple[Maker, int]]:
    """Whose link into what somebody came in by, and when."""
    for conversation, at, text in connection.execute(
        "SELECT conversation_id, at, text FROM messages WHERE kind = 'system'"
    ):
        link_of = json.loads(text).get("link_of")
        if link_of is not None:
            yield (conversation, link_of["id"]), at
