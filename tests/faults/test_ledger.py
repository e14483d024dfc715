"""The oracle finds what it is there to find."""

from __future__ import annotations

import pytest

from tests.client import Frame, Place
from tests.faults.ledger import (
    Broken,
    Ledger,
    Row,
    Said,
    check_heard,
    check_page,
    check_timeline,
)

ROWS = [Row(7, n, n, 1000 + n, "zhang", f"{n:032x}", "text", f"m{n}") for n in (1, 2, 3)]
LINES = [(1, "sent", "m1"), (2, "sent", "m2"), (3, "sent", "m3")]


def frame(row: Row, **more: object) -> Frame:
    """An ack of `row`, and a message of it as well."""
    return {**row._asdict(), "sender": {"username": row.sender}, **more}


def ledger() -> Ledger:
    """One who said all of `ROWS`, in order, and was told so."""
    book = Ledger()
    for row in ROWS:
        book.says(Said(row.client_id, row.sender, "in 7", row.text))
        book.acknowledged(frame(row))
    return book


def place(rows: list[Row]) -> Place:
    """A client that holds `rows`."""
    return Place(7, messages={row.seq: frame(row) for row in rows})


def test_all_is_well() -> None:
    """What is right is not complained of."""
    ledger().check_all_stored(ROWS)
    check_heard("li", (0, 0), [(1, 1), (2, 2), (3, 3)], ROWS)
    check_timeline("li", place(ROWS), ROWS)
    check_page(LINES, ROWS)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(ROWS[:2], id="the last is lost"),
        pytest.param([ROWS[0], *ROWS[2:]], id="one in the middle is lost"),
        pytest.param([*ROWS, ROWS[0]._replace(seq=4, rev=4)], id="one is stored twice"),
        pytest.param([ROWS[0]._replace(at=9), *ROWS[1:]], id="another time than was said"),
        pytest.param([ROWS[0]._replace(text="m9"), *ROWS[1:]], id="other words"),
        pytest.param([ROWS[0]._replace(sender="li"), *ROWS[1:]], id="another sender"),
        pytest.param([row._replace(conversation=8) for row in ROWS], id="elsewhere"),
        pytest.param([*ROWS[:2], ROWS[2]._replace(rev=5)], id="a hole in the revs"),
        pytest.param([*ROWS, Row(7, 4, 4, 2000, "li", "ff", "text", "?")], id="nobody said it"),
    ],
)
def test_the_database(rows: list[Row]) -> None:
    """A row that is missing, doubled or changed is found."""
    with pytest.raises(Broken):
        ledger().check_stored(rows)


def test_the_order() -> None:
    """Said first and stored later is found, unless it was refused in between."""
    book = ledger()
    book.acks.clear()
    turned = [row._replace(seq=n, rev=n, at=n) for n, row in enumerate(reversed(ROWS), 1)]
    with pytest.raises(Broken, match="P3"):
        book.check_stored(turned)
    book.refused(book.said[ROWS[0].client_id], "busy")
    book.refused(book.said[ROWS[1].client_id], "busy")
    book.check_stored(turned)


def test_never_stored() -> None:
    """What was said and never stored is found when all has come to rest."""
    book = ledger()
    book.says(Said("ee" * 16, "zhang", "in 7", "m4"))
    book.check_stored(ROWS)
    with pytest.raises(Broken, match="P1"):
        book.check_all_stored(ROWS)


def test_typed_in_the_browser() -> None:
    """What the page was given has to be there once, under whatever id the page chose."""
    book = ledger()
    book.typed["typed 1"] = "reader"
    typed = Row(7, 4, 4, 2000, "reader", "ab" * 16, "text", "typed 1")
    book.check_all_stored([*ROWS, typed])
    again = typed._replace(seq=5, rev=5, client_id="cd" * 16)
    for rows in (ROWS, [*ROWS, typed, again]):
        with pytest.raises(Broken, match="P5"):
            book.check_all_stored(rows)


def test_two_answers_that_differ() -> None:
    """A repeat that is told another place is found."""
    with pytest.raises(Broken, match="P2"):
        ledger().acknowledged(frame(ROWS[0], seq=9))


@pytest.mark.parametrize("shown", [[2, 3], [1, 3], [1, 1, 2], [2, 1]])
def test_what_was_heard(shown: list[int]) -> None:
    """A hole, a repeat and a wrong order are found."""
    with pytest.raises(Broken, match="P4"):
        check_heard("li", (0, 0), [(seq, seq) for seq in shown], ROWS)


@pytest.mark.parametrize("rows", [ROWS[:2], [ROWS[0]._replace(text="?"), *ROWS[1:]]])
def test_what_a_client_holds(rows: list[Row]) -> None:
    """A message too few, or another one, is found."""
    with pytest.raises(Broken, match="P4"):
        check_timeline("li", place(rows), ROWS)


@pytest.mark.parametrize(
    "lines",
    [
        LINES[:2],
        [LINES[0], *LINES],
        [LINES[1], LINES[0], LINES[2]],
        [*LINES, (0, "pending", "m4")],
    ],
)
def test_what_the_page_shows(lines: list[tuple[int, str, str]]) -> None:
    """A line too few, a line twice, a wrong order and one that is still on its way are found."""
    with pytest.raises(Broken, match="P5"):
        check_page(lines, ROWS)


def test_a_lane_in_two_places() -> None:
    """What one person says to another is one conversation."""
    book = ledger()
    book.acks.clear()
    rows = [*ROWS[:2], replace_conversation(ROWS[2])]
    with pytest.raises(Broken, match="P3"):
        book.check_stored(rows)


def replace_conversation(row: Row) -> Row:
    """`row`, as the first message of another conversation."""
    return row._replace(conversation=8, seq=1, rev=1)
