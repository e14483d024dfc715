"""
What each of the seven rules is for, in the page's own module.

The rules are in ``protocol/conversation.js``; `tests.test_client` says the same
of their twin in Python. Each scenario is right with the rule and wrong without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.process import Process

_RULES = Path(__file__).with_name("rules.js").read_text("utf-8")

Frame = dict[str, Any]


def message(rev: int, seq: int = 0, text: str = "") -> Frame:
    """A message event of conversation 1; its `seq` is its `rev` if not told."""
    return {
        "type": "message",
        "conversation": 1,
        "seq": seq or rev,
        "rev": rev,
        "client_id": f"{rev:032x}",
        "sender": {"id": 2},
        "kind": "text",
        "text": text or f"m{rev}",
    }


def edit(rev: int, seq: int, text: str) -> Frame:
    return {"type": "change", "op": "edit", "conversation": 1, "seq": seq, "rev": rev, "text": text}


def delta(after: int, to: int, *items: Frame, more: bool = False, **rest: Any) -> Frame:
    return {
        "type": "delta",
        "conversation": 1,
        "from": after,
        "to": to,
        "items": list(items),
        "more": more,
        **rest,
    }


@dataclass
class Outcome:
    """What a conversation answered at each step, and where it stands."""

    results: list[Any]
    own: int
    heard: int
    held: int
    texts: list[str]


class Rules:
    """The page's module, in a page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def after(self, *steps: tuple[Any, ...], without: int = 0, rev: int = 0) -> Outcome:
        """Take these steps, each a method and what it is given, without one rule."""
        given = {"without": without, "rev": rev, "steps": [list(step) for step in steps]}
        return Outcome(**self._page.evaluate(_RULES, given))


@pytest.fixture(scope="module")
def rules(chromium: Browser, shared_server: Process) -> Iterator[Rules]:
    """The module as the server serves it."""
    page = chromium.new_page()
    page.goto(f"{shared_server.url}/login")
    yield Rules(page)
    page.close()


def test_1_starts_at_the_head(rules: Rules) -> None:
    """Without a cursor nothing old is asked for, however long the conversation is."""
    assert rules.after(("ask",), rev=5_000).results == [None]
    assert rules.after(("ask",), rev=5_000, without=1).results == [0]


def test_2_order(rules: Rules) -> None:
    """Events out of order, and one twice, are applied once, in order."""
    stream = [("live", message(rev)) for rev in (2, 1, 2, 3)]

    def applied(outcome: Outcome) -> list[int]:
        return [event["rev"] for events in outcome.results for event in events]

    assert applied(rules.after(*stream)) == [1, 2, 3]
    assert applied(rules.after(*stream, without=2)) == [2, 1, 2, 3]


def test_2_holds_no_more_than_a_hundred(rules: Rules) -> None:
    """What is further ahead is forgotten, but not that it was there."""
    outcome = rules.after(*(("live", message(rev)) for rev in range(2, 150)))
    assert (outcome.held, outcome.heard, outcome.own) == (100, 149, 0)


def test_3_gaps_are_filled(rules: Rules) -> None:
    """A lost event is asked for, by one question at a time."""
    steps = [("live", message(2)), ("ask",), ("live", message(3)), ("ask",)]
    assert rules.after(*steps).results == [[], 0, [], None]
    assert rules.after(*steps, without=3).results == [[], None, [], None]


def test_3_goes_on_until_it_knows_all(rules: Rules) -> None:
    """A page that says `more` is followed by the next question."""
    outcome = rules.after(
        ("hear", 3),
        ("ask",),
        ("delta", delta(0, 2, message(1), message(2), more=True, id=1)),
        ("ask",),
        ("delta", delta(2, 3, message(3), id=2)),
        ("ask",),
    )
    assert [outcome.results[i] for i in (1, 3, 5)] == [0, 2, None]
    assert outcome.texts == ["m1", "m2", "m3"]


def test_3_pages_after_hello_come_by_themselves(rules: Rules) -> None:
    """Nothing is asked until the last of them, and a lost connection starts over."""
    outcome = rules.after(
        ("presented", 4),
        ("ask",),
        ("delta", delta(0, 2, message(1), message(2), more=True)),
        ("ask",),
        ("disconnected",),
        ("ask",),
    )
    assert [outcome.results[i] for i in (1, 3, 5)] == [None, None, 2]


def test_4_newer_wins(rules: Rules) -> None:
    """An older state of a message replaces no newer one."""
    steps = [
        ("live", message(1, text="old")),
        ("live", edit(2, 1, "edited")),
        ("delta", delta(0, 2, message(1, text="old"))),
    ]
    assert rules.after(*steps).texts == ["edited"]
    assert rules.after(*steps, without=4).texts == ["old"]


def test_4_a_delta_that_starts_too_far_on_is_not_believed(rules: Rules) -> None:
    """It would leave a hole behind."""
    step = ("delta", delta(3, 4, message(4)))
    kept, broken = rules.after(step), rules.after(step, without=4)
    assert (kept.own, kept.texts) == (0, [])
    assert (broken.own, broken.texts) == (4, ["m4"])


def test_4_held_events_wait_for_the_last_page(rules: Rules) -> None:
    """And join on there."""
    steps = [
        ("live", message(4)),
        ("delta", delta(0, 2, message(1), message(2), more=True)),
        ("delta", delta(2, 3, message(3))),
    ]
    assert rules.after(*steps[:2]).texts == ["m1", "m2"]
    assert rules.after(*steps).texts == ["m1", "m2", "m3", "m4"]
    assert rules.after(*steps, without=4).texts == ["m1", "m2", "m3"]


def test_4_live_events_wait_between_pages(rules: Rules) -> None:
    """One of them may change a message that only the next page brings."""
    steps = [
        ("delta", delta(0, 2, message(1), more=True)),
        ("live", edit(3, 2, "edited")),
    ]
    assert rules.after(*steps).own == 2
    assert rules.after(*steps, without=4).own == 3
    last = ("delta", delta(2, 3, message(3, 2, "edited")))
    assert rules.after(*steps, last).texts == ["m1", "edited"]


def test_5_a_change_touches_only_what_is_older(rules: Rules) -> None:
    """A page was read after the edit; the live edit that follows must not undo a later one."""
    steps = [("page", [message(3, 1, "second")], False), ("live", edit(2, 1, "first"))]
    kept, broken = rules.after(*steps, rev=1), rules.after(*steps, rev=1, without=5)
    assert (kept.texts, kept.own) == (["second"], 2)
    assert broken.texts == ["first"]


def test_5_a_change_of_what_is_not_loaded_still_counts(rules: Rules) -> None:
    """Nothing is shown, and nothing is asked for."""
    outcome = rules.after(("live", edit(8, 2, "x")), ("ask",), rev=7)
    assert (outcome.own, outcome.texts, outcome.results[1]) == (8, [], None)


def test_6_an_ack_does_not_move(rules: Rules) -> None:
    """Another's message between two of one's own is not lost when the ack comes first."""
    steps = [
        ("acknowledged", message(2, text="mine")),
        ("live", message(1, text="theirs")),
        ("live", message(2, text="mine")),
    ]
    kept, broken = rules.after(*steps), rules.after(*steps, without=6)
    assert (kept.texts, kept.own) == (["theirs", "mine"], 2)
    assert broken.texts == ["mine"]


def test_6_the_server_has_the_last_word(rules: Rules) -> None:
    """What an ack put there is replaced by the message itself."""
    steps = [("acknowledged", message(1, text="as typed")), ("live", message(1, text="as stored"))]
    assert rules.after(*steps).texts == ["as stored"]


@pytest.mark.parametrize("why", ["too_far", "epoch", "cleared"])
def test_7_a_reset_forgets(rules: Rules, why: str) -> None:
    """After a restored backup the old messages are not shown among the new."""
    reset = {"type": "reset", "conversation": 1, "rev": 9, "why": why}
    steps = [("live", message(1)), ("live", message(3)), ("reset", reset), ("ask",)]
    kept, broken = rules.after(*steps), rules.after(*steps, without=7)
    assert (kept.texts, kept.own, kept.held, kept.results[3]) == ([], 9, 0, None)
    assert (broken.texts, broken.own) == (["m1"], 1)


def test_7_an_epoch_may_go_back(rules: Rules) -> None:
    """What was heard of the old lineage is not asked for in the new one."""
    reset = {"type": "reset", "conversation": 1, "rev": 2, "why": "epoch"}
    outcome = rules.after(("hear", 50), ("reset", reset), ("ask",))
    assert (outcome.own, outcome.heard, outcome.results[2]) == (2, 2, None)
