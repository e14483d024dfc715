"""The oracle finds what may not have become of a message."""

from __future__ import annotations

import random

import pytest

from tests.client import Place
from tests.faults.ledger import Broken, Row
from tests.faults.second_thoughts import SecondThoughts, Thought

ROW = Row(7, 1, 1, 1000, "zhang", "a" * 32, "text", "m1")
MESSAGE = {"conversation": 7, "seq": 1, "kind": "text", "sender": {"username": "zhang"}}


def thought(kind: str, who: str = "zhang") -> tuple[SecondThoughts, Thought]:
    """The first of that kind that comes to somebody's mind, not yet answered."""
    for seed in range(100):
        thoughts = SecondThoughts()
        found = thoughts.think(who, [Place(7, messages={1: MESSAGE})], random.Random(seed))
        if found is not None and found.asked["type"] == kind and found.asked.get("on", True):
            return thoughts, found
    raise AssertionError(kind)


def after(kind: str, asked: Thought) -> Row:
    """The message when `asked` is done."""
    match kind:
        case "edit":
            return ROW._replace(rev=2, text=asked.asked["text"], edited_at=1001)
        case "recall":
            return ROW._replace(rev=2, text="", recalled=True)
    return ROW._replace(rev=2, reactions=frozenset({(asked.asked["emoji"], asked.who)}))


@pytest.mark.parametrize("kind", ["edit", "recall", "react"])
def test_on_its_way(kind: str) -> None:
    """Until it is answered it may be done or not; after that it has to be."""
    thoughts, asked = thought(kind)
    done = after(kind, asked)
    thoughts.check(ROW, "m1")
    thoughts.check(done, "m1")
    asked.answered({"seq": 1, "rev": 2})
    thoughts.check(done, "m1")
    for wrong in (ROW, ROW._replace(rev=2), done._replace(rev=1)):
        with pytest.raises(Broken):
            thoughts.check(wrong, "m1")


@pytest.mark.parametrize("kind", ["edit", "recall", "react"])
def test_nobody_asked(kind: str) -> None:
    """What was refused, or never thought of, has not happened."""
    thoughts, asked = thought(kind)
    asked.state = "refused"
    for oracle in (thoughts, SecondThoughts()):
        oracle.check(ROW, "m1")
        with pytest.raises(Broken):
            oracle.check(after(kind, asked), "m1")


def test_a_text_that_stays() -> None:
    """What was taken back has no words and no reactions."""
    thoughts, asked = thought("recall")
    done = after("recall", asked)
    for left in (done._replace(text="m1"), done._replace(reactions=frozenset({("x", "li")}))):
        with pytest.raises(Broken):
            thoughts.check(left, "m1")
