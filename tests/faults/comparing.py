"""What a client holds in the end, against what is stored."""

from __future__ import annotations

from itertools import groupby

from tests.faults.ledger import Row, check_heard, check_timeline
from tests.faults.server import until
from tests.faults.talker import Talker


def timelines(rows: list[Row]) -> dict[int, list[Row]]:
    """The messages of each conversation."""
    return {id: list(its) for id, its in groupby(rows, key=lambda row: row.conversation)}


async def check_talker(talker: Talker, rows: list[Row]) -> None:
    """It catches up, pages back to the beginning, and holds what is stored, all of it, once."""
    stored = timelines(rows)
    places = talker.client.places

    def has_all() -> bool:
        return talker.is_settled and all(
            talker.has(id, max(row.rev for row in stored[id])) for id in places
        )

    await until(has_all, f"{talker.name} has everything")
    for id, place in places.items():
        check_heard(f"{talker.name} in {id}", talker.starts[id], place.shown, stored[id])
    await talker.load_older()
    for id, place in places.items():
        check_timeline(talker.name, place, stored[id])
