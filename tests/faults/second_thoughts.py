"""
Edits, recalls and reactions: what each client did to messages, and what must be left of it.

A client has one of them on its way at a time, and asks again until it is answered.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from tests.client import Frame, Place
from tests.faults.ledger import Broken, Row

EMOJI = ("\N{THUMBS UP SIGN}", "\N{HEAVY BLACK HEART}\ufe0f")
LATELY = 20
At = tuple[int, int]  # conversation, seq


@dataclass(eq=False)
class Thought:
    """One alteration, from when a client thought of it."""

    who: str
    asked: Frame  # but its `id`
    state: str = "pending"  # then "done" or "refused"
    rev: int = 0

    def answered(self, ack: Frame) -> None:
        """It is done, as this `ack` says."""
        if ack["seq"] != self.asked["seq"]:
            raise Broken(f"P2: {self} was acknowledged as {ack}")
        self.state, self.rev = "done", ack["rev"]


class SecondThoughts:
    """Everything that was done to messages in a whole run."""

    def __init__(self) -> None:
        self.spared: set[int] = set()  # conversations that are left alone
        self._of: dict[At, list[Thought]] = {}

    def think(self, who: str, places: Iterable[Place], chance: random.Random) -> Thought | None:
        """What `who` does next to one of the last messages; None when there is none."""
        seen = [place for place in places if place.conversation not in self.spared]
        lately = [message for place in seen for message in list(place.messages.values())[-LATELY:]]
        there = [each for each in lately if each["kind"] == "text" and not each.get("recalled")]
        if not there:
            return None
        message = chance.choice(there)
        asked = {"conversation": message["conversation"], "seq": message["seq"]}
        if message["sender"]["username"] != who or chance.random() < 0.3:
            asked |= {"emoji": chance.choice(EMOJI), "on": chance.random() < 0.7}
            asked["type"] = "react"
        elif chance.random() < 0.8:
            id = chance.randbytes(16).hex()
            asked |= {"type": "edit", "client_id": id, "text": f"{who} edits {id}"}
        else:
            asked["type"] = "recall"
        thought = Thought(who, asked)
        self._of.setdefault((asked["conversation"], asked["seq"]), []).append(thought)
        return thought

    @property
    def acknowledged(self) -> int:
        """How many of them were."""
        return sum(each.state == "done" for its in self._of.values() for each in its)

    # --- the oracle -----------------------------------------------------------------------

    def number(self, conversation: int) -> int:
        """How many revs they may have taken there: one each, however often it was asked."""
        return sum(len(its) for (place, _), its in self._of.items() if place == conversation)

    def check(self, row: Row, said: str) -> None:
        """P1, P2: `row`, that was first `said`, is what was acknowledged or is on its way."""
        its = self._of.get((row.conversation, row.seq), [])
        if row.rev < max((each.rev for each in its), default=0):
            raise Broken(f"P1: {row} is older than what was acknowledged of {its}")
        recalls = [each.state for each in its if each.asked["type"] == "recall"]
        if row.recalled != ("done" in recalls) and not (row.recalled and "pending" in recalls):
            raise Broken(f"P1: {row} of {recalls}")
        if row.recalled:
            if row.text or row.reactions:
                raise Broken(f"P1: {row} was taken back, and not all of it")
            return
        if row.text not in _texts(its, said):
            raise Broken(f"P1: {row} was said as {said!r}, and then {its}")
        there = _reactions(its)
        for key in {*row.reactions, *there}:
            if (key in row.reactions) not in there.get(key, {False}):
                raise Broken(f"P1: {row} has {key}: {key in row.reactions}, after {its}")


def _texts(its: list[Thought], said: str) -> set[str]:
    """The last that was acknowledged, and one that nobody knows of."""
    texts = {said}
    for each in its:
        if each.asked["type"] == "edit" and each.state != "refused":
            texts = {each.asked["text"]} | (texts if each.state == "pending" else set())
    return texts


def _reactions(its: list[Thought]) -> dict[tuple[str, str], set[bool]]:
    """For each emoji and person, whether it may be there."""
    there: dict[tuple[str, str], set[bool]] = {}
    for each in its:
        if each.asked["type"] == "react" and each.state != "refused":
            key, on = (each.asked["emoji"], each.who), each.asked["on"]
            there[key] = {on} | (there.get(key, {False}) if each.state == "pending" else set())
    return there
