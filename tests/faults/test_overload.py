"""
Ten times what the server can carry: it says so or stops reading, and is well again afterwards.

Durations are measured and told, never demanded: the machine is not ours alone.
"""

# ruff: noqa: T201 - what was measured is told

from __future__ import annotations

import asyncio

import pytest

from tests.faults.databases import database
from tests.faults.overload import Overload
from tests.faults.server import UNLIMITED, Server
from tests.faults.watch import MIB

# What the server may take above what it held when everyone was connected: a hundred connections'
# buffers and answers, and 2,048 waiting writes a lane, with room to spare. What is offered, kept
# without bound, is several times that.
_BOUND = 128 * MIB


@pytest.mark.parametrize("kind", ["sqlite", "mariadb"])
def test_ten_times_too_much(kind: str) -> None:
    """Memory stays bounded, what was acknowledged is stored, and the next one is served."""
    with database(kind) as kept, Server(*kept.options, *UNLIMITED) as server:
        figures = asyncio.run(Overload(server, kept, kind).run())
    print(figures)
    assert figures.growth < _BOUND
    assert figures.codes["busy"] or figures.untaken, "nothing was refused or left unread"
    assert figures.accepted, "nothing was accepted: this run shows nothing"
