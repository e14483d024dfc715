"""People talk through fifty kills: nothing is lost, nothing is twice, nothing is out of order."""

# ruff: noqa: T201 - what pytest shows of a failure is the seed, to do it again

from __future__ import annotations

import asyncio
import random

import pytest

from tests.faults.storm import Storm

_KILLS = {"sqlite": 27, "mariadb": 25}


@pytest.mark.parametrize("kind", _KILLS)
def test_a_storm(kind: str) -> None:
    """What was acknowledged is in the database, with everyone, and in a tab that stayed open."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"python -m tests.faults --database {kind} --kills {_KILLS[kind]} --seed {seed}")
    report = asyncio.run(Storm(kind, _KILLS[kind], seed).blow())
    print(report)
    assert report.kills >= _KILLS[kind]
    assert any(report.in_flight), "no fault hit a message on its way: this run shows nothing"
    assert report.tab_sockets > 1, "the tab never had to come back: this run shows nothing"
