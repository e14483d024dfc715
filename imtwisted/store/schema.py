"""
Brings a database's schema up to date: applies `sql/<dialect>/NNNN_what.sql` in order.

Beside the way of a message; runs once at start, before anything is read or
written, alone, under a lock that dies with the process.

A file that failed is taken up at the failed statement, a file that was changed
afterwards is refused, and so is the database of a newer server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from imtwisted.store.applied import Applied
from imtwisted.store.dialects import Dialect, raise_typed
from imtwisted.store.faults import Again, SchemaError
from imtwisted.store.servers import Server

_EPOCH = "INSERT INTO meta (name, value) VALUES ('epoch', %s)"


def prepare(server: Server, scripts: Path, epoch: str) -> list[str]:
    """Apply what is missing; what the operator should be warned of. Raises faults."""
    try:
        with closing(server.open("schema")) as connection:
            with _alone(connection, server.dialect):
                apply(connection, server.dialect, scripts, epoch)
            return server.dialect.warnings(connection.cursor())
    except Exception as exc:
        raise_typed(server.dialect, exc)


def apply(connection: Any, dialect: Dialect, scripts: Path, epoch: str) -> None:
    """Apply what is missing on a connection that nobody else migrates with."""
    applied = Applied(connection, dialect)
    files = {path.name: path.read_text("utf-8") for path in sorted(scripts.glob("*.sql"))}
    if newer := sorted({file for file, _ in applied.known} - set(files)):
        raise SchemaError(f"the database was made by a newer imtwisted: it has {newer[-1]}")
    for file, text in files.items():
        applied.run_file(file, statements(text))
    applied.execute(_EPOCH + dialect.or_keep("name"), epoch)
    connection.commit()


def statements(text: str) -> list[str]:
    """The statements of a file: each ends with a semicolon at a line's end."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    parts = (part.strip() for part in "\n".join([*lines, ""]).split(";\n"))
    return [part for part in parts if part]


@contextmanager
def _alone(connection: Any, dialect: Dialect) -> Iterator[None]:
    """Nobody else migrates meanwhile; closing the connection ends it, however we end."""
    cursor = connection.cursor()
    cursor.execute(dialect.migration_lock)
    if (row := cursor.fetchone()) is not None and row[0] != 1:
        raise Again
    yield
