"""
Which parts of a timeline are loaded, in the page's own modules.

``protocol/conversation.js`` keeps the newest part and islands of older ones,
``protocol/memory.js`` lets go of what is far from the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.process import Process

_RUN = """
    async ([last, steps]) => {
        const { Conversation } = await import("/static/js/protocol/conversation.js");
        const { keepNear, keepNewest } = await import("/static/js/protocol/memory.js");
        const log = new Conversation(1, last);
        const message = (seq, rev = seq, rest = {}) => ({
            type: "message", conversation: 1, seq, rev, client_id: String(seq), sender: { id: 2 }, kind: "text", text: `m${seq}`, ...rest,
        });
        const some = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
        const run = {
            newest: (from) => log.page(some(from, last), from > 1),
            insert: (from, to) => log.insert(some(from, Math.min(to ?? last, last)), { from, to: to ?? Infinity }),
            live: (seq, rest) => log.live(message(seq, seq, rest)),
            place: (seq, rest) => log.place(message(seq, last + 1, rest)),
            edit: (seq) => log.live({ type: "change", op: "edit", conversation: 1, seq, rev: log.own + 1, text: "edited" }),
            near: (seq, from, to) => keepNear(log, log.part(seq), { from, to }),
            leave: () => keepNewest(log),
            hide: (seq) => log.hide(seq),
            reset: () => log.reset({ rev: last, why: "too_far" }),
        };
        for (const [what, ...given] of steps) run[what](...given);
        const part = (seq) => {
            const there = log.part(seq);
            const shown = log.shown(there);
            return there && [there.newest, shown[0]?.seq, shown.at(-1)?.seq, shown.length, log.hasOlder(there)];
        };
        return {
            start: log.start, islands: log.islands.all.map(({ from, to }) => [from, to]), kept: log.messages.size,
            newest: part(null), middle: part(500), text: log.messages.get(500)?.text ?? null, covers: log.covers(500), own: log.own,
        };
    }
"""

LAST = 5_000


class Parts:
    """A conversation of 5,000 messages as the page keeps it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def after(self, *steps: tuple[Any, ...]) -> dict[str, Any]:
        """Take these steps, and say what is loaded."""
        found: dict[str, Any] = self._page.evaluate(_RUN, [LAST, [list(step) for step in steps]])
        return found


@pytest.fixture(scope="module")
def parts(chromium: Browser, shared_server: Process) -> Iterator[Parts]:
    """The modules as the server serves them."""
    page = chromium.new_page()
    page.goto(f"{shared_server.url}/login")
    yield Parts(page)
    page.close()


NEWEST = ("newest", 4_951)
MIDDLE = ("insert", 471, 530)


def test_an_island_is_apart(parts: Parts) -> None:
    """What lies between it and the newest is a gap, and is not shown."""
    found = parts.after(NEWEST, MIDDLE)
    assert found["middle"] == [False, 471, 530, 60, True]
    assert found["newest"] == [True, 4_951, 5_000, 50, True]
    assert found["islands"] == [[471, 530]]


def test_pages_lengthen_an_island(parts: Parts) -> None:
    """On both sides; what touches becomes one, what does not stays apart."""
    found = parts.after(
        NEWEST, MIDDLE, ("insert", 411, 470), ("insert", 531, 590), ("insert", 1, 60)
    )
    assert found["islands"] == [[1, 60], [411, 590]]
    assert found["middle"] == [False, 411, 590, 180, True]


def test_an_island_that_reaches_the_newest_joins_it(parts: Parts) -> None:
    """From then on live messages lengthen what is looked at."""
    found = parts.after(NEWEST, ("insert", 471, 4_950), ("live", 5_001))
    assert found["islands"] == []
    assert found["middle"] == found["newest"] == [True, 471, 5_001, 4_531, True]
    assert parts.after(NEWEST, ("insert", 471))["islands"] == []


def test_live_messages_do_not_touch_an_island(parts: Parts) -> None:
    """They lengthen the newest part, and the position moves."""
    found = parts.after(NEWEST, MIDDLE, ("live", 5_001))
    assert found["middle"] == [False, 471, 530, 60, True]
    assert (found["newest"][2], found["own"]) == (5_001, 5_001)


def test_changes_reach_an_island(parts: Parts) -> None:
    """Rules 4 and 5 know no parts."""
    assert parts.after(NEWEST, MIDDLE, ("edit", 500))["text"] == "edited"
    assert parts.after(NEWEST, MIDDLE, ("place", 500, {"text": "new"}))["text"] == "new"


def test_what_is_in_no_part_is_not_shown(parts: Parts) -> None:
    """A delta told of one old message: it is kept for quotes, and no page begins or ends there."""
    found = parts.after(NEWEST, ("place", 500))
    assert (found["covers"], found["text"], found["newest"][1]) == (False, "m500", 4_951)


def test_a_reader_far_back_lets_go_of_the_way_there(parts: Parts) -> None:
    """Scrolled up a thousand messages, the newest and those near stay, and a gap lies between."""
    found = parts.after(("newest", 201), ("near", None, 490, 510))
    assert found["islands"] == [[201, 910]]
    assert found["newest"] == [True, 4_901, 5_000, 100, True]
    assert found["kept"] == 710 + 100


def test_a_reader_who_goes_on_lets_go_of_what_was(parts: Parts) -> None:
    """In an island, and at the newest."""
    found = parts.after(
        NEWEST, ("insert", 301, 2_100), ("insert", 1, 10), ("near", 500, 1_400, 1_420)
    )
    assert found["islands"] == [[1_000, 1_820]]
    found = parts.after(("newest", 3_001), ("near", None, 4_980, 5_000))
    assert (found["start"], found["kept"], found["newest"][4]) == (4_580, 421, True)


def test_the_newest_stay_few_behind_ones_back(parts: Parts) -> None:
    """However many messages come while one looks at old ones."""
    found = parts.after(("newest", 4_001), MIDDLE, ("near", 500, 490, 510))
    assert (found["start"], found["kept"]) == (4_901, 160)


def test_leaving_keeps_the_newest(parts: Parts) -> None:
    """And what they quote."""
    found = parts.after(("newest", 4_001), MIDDLE, ("place", 4_990, {"reply_to": 500}), ("leave",))
    assert (found["start"], found["islands"], found["covers"]) == (4_901, [], False)
    assert (found["kept"], found["text"]) == (101, "m500")


def test_what_was_cleared_is_gone_from_every_part(parts: Parts) -> None:
    """And nothing is asked for before it."""
    found = parts.after(NEWEST, MIDDLE, ("hide", 480))
    assert found["middle"] == [False, 481, 530, 50, False]
    assert parts.after(NEWEST, MIDDLE, ("hide", 4_960))["newest"] == [True, 4_961, 5_000, 40, False]


def test_a_reset_forgets_every_part(parts: Parts) -> None:
    """Rule 7."""
    found = parts.after(NEWEST, MIDDLE, ("reset",))
    assert (found["start"], found["islands"], found["kept"]) == (None, [], 0)
