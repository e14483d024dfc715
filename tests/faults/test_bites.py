"""A storm over a server that is broken on purpose finds it out."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

import imtwisted
from tests.faults.ledger import Broken
from tests.faults.storm import Storm

# Python runs this first in the server's process: every fifth transaction with messages is rolled
# back and reported as committed, as by a disk that lies. The first ones make the group.
_FORGETS = """
from itertools import count
from imtwisted.store.transaction import Transaction

insert, commit, numbers = Transaction.insert_rows, Transaction._commit, count(1)

def note(self, sql, rows):
    insert(self, sql, rows)
    if "INTO messages" in sql:
        self.number = next(numbers)

def forget(self):
    number = getattr(self, "number", 0)
    if number < 10 or number % 5:
        return commit(self)
    self._cursor.execute("ROLLBACK")

Transaction.insert_rows, Transaction._commit = note, forget
"""


def test_commits_that_are_forgotten(tmp_path: Path) -> None:
    """A few acknowledged messages that are not there are enough."""
    (tmp_path / "sitecustomize.py").write_text(_FORGETS)
    path = os.pathsep.join([str(tmp_path), str(Path(imtwisted.__file__).parents[1])])
    storm = Storm("sqlite", 10, seed=1, environment={"PYTHONPATH": path})
    with pytest.raises(Broken, match=r"P1|P2|P3|P4"):
        asyncio.run(storm.blow())
    assert storm.report.kills < 10
