"""What the server keeps its messages in, read by plain SQL, dead or alive."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests.faults.ledger import Row
from tests.mariadb import MariaDB, private_mariadb

_MESSAGES = """
    SELECT m.conversation_id, m.seq, m.rev, m.at, u.username, m.client_id, m.kind, m.text,
           m.edited_at, m.recalled_at IS NOT NULL
    FROM {of}messages m JOIN {of}users u ON u.id = m.sender_id
    ORDER BY m.conversation_id, m.seq
"""
_REACTIONS = """
    SELECT r.conversation_id, r.seq, r.emoji, u.username
    FROM {of}reactions r JOIN {of}users u ON u.id = r.user_id
"""


class Database(Protocol):
    """One server's database."""

    @property
    def options(self) -> tuple[str, ...]:
        """What makes ``twistd imchat`` use it."""

    @property
    def process(self) -> MariaDB | None:
        """What can be killed beside the server, if there is such a thing."""

    def rows(self) -> list[Row]:
        """Every message, by conversation and `seq`."""


class SQLite:
    """An embedded file in a folder; what is read is a copy, so that nobody heals the file but the server."""

    process = None

    def __init__(self, folder: Path) -> None:
        self._file = folder / "imchat.sqlite3"
        self.options = ("--database", f"sqlite:{self._file}")

    def rows(self) -> list[Row]:
        """The messages; nothing may be written meanwhile."""
        with tempfile.TemporaryDirectory(prefix="imchat-copy-") as folder:
            for name in (self._file.name, f"{self._file.name}-wal"):
                if (file := self._file.with_name(name)).exists():
                    shutil.copy(file, folder)
            with closing(sqlite3.connect(Path(folder) / self._file.name)) as connection:
                return _rows(lambda sql: connection.execute(sql.format(of="")).fetchall())


class MariaDBOfOurs:
    """A database in a MariaDB of this run's own."""

    def __init__(self, process: MariaDB) -> None:
        self.process = process
        self._name = process.fresh_database()
        self.options = ("--database", process.url(self._name))

    def rows(self) -> list[Row]:
        """The messages as committed now."""
        execute = self.process.execute
        return _rows(lambda sql: execute(sql.format(of=f"{self._name}.")))


def _rows(read: Callable[[str], Any]) -> list[Row]:
    reactions: dict[tuple[int, int], set[tuple[str, str]]] = {}
    for conversation, seq, emoji, user in read(_REACTIONS):
        reactions.setdefault((conversation, seq), set()).add((emoji, user))
    return [
        Row(*row)._replace(
            client_id=bytes(row[5]).hex(),
            recalled=bool(row[9]),
            reactions=frozenset(reactions.get((row[0], row[1]), ())),
        )
        for row in read(_MESSAGES)
    ]


@contextmanager
def database(kind: str) -> Iterator[Database]:
    """A new "sqlite" or "mariadb", which is gone afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="imchat-sqlite-") as folder:
            yield SQLite(Path(folder))
    else:
        with private_mariadb() as process:
            yield MariaDBOfOurs(process)
