"""
Finding messages: newest first, over everything the searcher may see.

Beside the way of a message: the database -> hunt -> [search] -> domain.

All of one page is one snapshot. A search that would read too much answers with
what it has found so far and where to go on: its time is bounded whatever is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from imtwisted.boundaries import Cursor, Database, Row
from imtwisted.findings import Called, Findings, Hit, Spot, Wanted
from imtwisted.model import ConversationId, Message, Person, Relation, UserId
from imtwisted.refusals import NotAMember
from imtwisted.rules.matching import highlights
from imtwisted.store import names
from imtwisted.store.acquaintances import acquaintances
from imtwisted.store.hunt import Hunt, Visible
from imtwisted.store.rights import marks
from imtwisted.store.rows import MESSAGE, PERSON, in_groups, messages, person

_VISIBLE = """
    SELECT c.id, c.kind, c.title, c.last_seq, c.last_at, m.hidden_seq,
           (SELECT t.last_seq FROM search_terms AS t
             WHERE t.conversation_id = c.id ORDER BY t.block DESC LIMIT 1)
      FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
     WHERE m.user_id = %s AND m.state = 'active' {one}
"""
_FOUND = f"""
    SELECT {MESSAGE} FROM messages AS g JOIN users AS u ON u.id = g.sender_id
     WHERE {{places}}
"""
_PLACE = "(g.conversation_id = %s AND g.seq = %s)"
_PEERS = f"""
    SELECT m.conversation_id, {PERSON}
      FROM members AS m JOIN users AS u ON u.id = m.user_id
     WHERE m.user_id <> %s AND m.conversation_id IN ({{marks}})
"""


class StoredSearch:
    """`boundaries.SearchStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user: UserId, wanted: Wanted, limit: int, size: int) -> Findings:
        """
        The newest at most `limit` messages, or `size` bytes, that are `wanted`.

        Fewer, or none, with a `next`: there may be more. Raises `NotAMember`
        for a conversation one is not in.
        """
        return await self._database.read(find, user, wanted, limit, size)

    async def called(self, user: UserId, parts: tuple[str, ...], limit: int) -> list[Called]:
        """One's own conversations whose names hold all `parts`; at most `limit` of each kind."""
        return await self._database.read(names.called, user, parts, limit)

    async def acquaintances(
        self, seeker: UserId, parts: tuple[str, ...], limit: int
    ) -> list[tuple[Person, Relation]]:
        """People of `seeker`'s groups whose names hold all `parts`, bounded."""
        return await self._database.read(acquaintances, seeker, parts, limit)


def find(cursor: Cursor, user: UserId, wanted: Wanted, limit: int, size: int) -> Findings:
    """One page of what is `wanted`, as `user` may see it."""
    visible = _visible(cursor, user, wanted.conversation)
    hunt = Hunt(cursor, user, wanted, limit, visible)
    spots, next = hunt.run()
    found = _complete(cursor, user, spots)
    kept = _cut([found[spot] for spot in spots], size)
    if len(kept) < len(spots):
        next = spots[len(kept) - 1]
    peers = _peers(cursor, user, [visible[message.conversation] for message in kept])
    hits = [
        _hit(message, wanted, visible[message.conversation], peers.get(message.conversation))
        for message in kept
    ]
    return Findings(tuple(hits), next)


def _hit(message: Message, wanted: Wanted, place: Visible, peer: Person | None) -> Hit:
    return Hit(
        message,
        tuple(highlights(message.text, wanted.parts)),
        place.title if peer is None else peer.display_name,
        tuple(tuple(highlights(file.name, wanted.parts)) for file in message.files),
        peer,
    )


def _visible(
    cursor: Cursor, user: UserId, one: ConversationId | None
) -> dict[ConversationId, Visible]:
    args: tuple[object, ...] = (user,) if one is None else (user, one)
    rows = cursor.all(_VISIBLE.format(one="" if one is None else "AND c.id = %s"), args)
    if one is not None and not rows:
        raise NotAMember
    return {row[0]: Visible(*(*row[:-1], row[-1] or 0)) for row in rows}


def _complete(cursor: Cursor, user: UserId, spots: Sequence[Spot]) -> dict[Spot, Message]:
    """The messages there, as `user` sees them."""
    rows: dict[ConversationId, list[Row]] = {}
    for some in in_groups(spots):
        places = " OR ".join([_PLACE] * len(some))
        args = [number for spot in some for number in spot[1:]]
        for row in cursor.all(_FOUND.format(places=places), args):
            rows.setdefault(row[0], []).append(row)
    return {
        Spot(message.at, message.conversation, message.seq): message
        for of_one in rows.values()
        for message in messages(cursor, of_one, user)
    }


def _cut(found: list[Message], size: int) -> list[Message]:
    """As many as fit into `size` bytes, but one at least."""
    kept: list[Message] = []
    for message in found:
        size -= len(message.text.encode("utf-8", "surrogatepass"))
        if kept and size < 0:
            break
        kept.append(message)
    return kept


def _peers(cursor: Cursor, user: UserId, places: Sequence[Visible]) -> dict[ConversationId, Person]:
    """The other one of each direct conversation."""
    directs = sorted({one.id for one in places if one.kind == "direct"})
    if not directs:
        return {}
    rows = cursor.all(_PEERS.format(marks=marks(directs)), (user, *directs))
    return {row[0]: person(row[1:]) for row in rows}
