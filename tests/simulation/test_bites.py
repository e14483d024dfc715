"""The simulation bites: every deliberate fault is found, within few seeds."""

from __future__ import annotations

import pytest

from tests.simulation.bites import BITES
from tests.simulation.faulty import instead
from tests.simulation.people import eager
from tests.simulation.run import play

# What a patch that no longer fits its place would be found by.
MISFITS = ("TypeError", "AttributeError", "KeyError", "unexpected keyword")


# What shows only where somebody does rarely what people seldom do.
RARE = {
    "an edit retried is done twice": "edit",
    "membership changes missed while learning": "join",
    "a position of a doubtful commit not told": "read",
    "a recall that keeps the bytes": "recall",
    "a recall that keeps the files": "recall",
    "a file of somebody else sent": "attach",
    "who is banned comes back": "ban",
    "a silence that nobody keeps": "silence",
    "announcements of everyone": "restrict",
    "a pardon that pardons nobody": "ban",
    "anyone pardons": "pardon",
    "a link revoked that stays good": "revoke",
    "anyone revokes": "revoke",
    "more files than there is room for": "attach",
    "strays that nobody sweeps": "attach",
    "a link used once too often": "follow",
}


@pytest.mark.parametrize("name", BITES)
def test_it_is_found(name: str) -> None:
    """Within so many seeds a promise is seen to be broken, and not by the patch's own error."""
    place, attribute, fault, seeds = BITES[name]
    with instead(place, attribute, fault), eager(RARE.get(name)):
        for seed in range(seeds):
            broken = play(seed).broken
            if broken is not None:
                assert not any(word in broken for word in MISFITS), broken
                return
    pytest.fail(f"{name}: not found in {seeds} runs")


def test_nothing_is_left_of_them() -> None:
    """The faults are gone afterwards: the first seeds run well again."""
    for seed in range(3):
        assert play(seed).broken is None
