"""
Brings a database's schema up to date: applies `sql/<dialect>/NNNN_what.sql` in order.

Beside the way of a message; runs once at start, before anything is read or
written, alone, under a lock that dies with the process.

Each statement is noted with its digest, before and after. So on MySQL, which
commits at every CREATE, a file that failed is taken up at the failed statement
(which may have been corrected), and what has run is never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from imtwisted.store.dialects import Dialect, raise_typed
from imtwisted.store.faults import Again
from imtwisted.store.servers import Server

_TABLE = """
    CREATE TABLE IF NOT EXISTS schema_statements (
        file   VARCHAR(64) NOT NULL,
        number INTEGER NOT NULL,
        digest VARCHAR(64) NOT NULL,
        done   INTEGER NOT NULL,
        PRIMARY KEY (file, number))
"""
_KNOWN = "SELECT file, number, digest, done FROM schema_statements"
_NOTE = "INSERT INTO schema_statements (file, number, digest, done) VALUES (%s, %s, %s, %s)"
_EPOCH = "INSERT INTO meta (name, value) VALUES ('epoch', %s)"
# The number under which a file is noted as a whole, once all of it has run.
_WHOLE = 0


class SchemaError(Exception):
    """The database's schema is not one that this server can use; waiting does not help."""


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
    ledger = _Ledger(connection, dialect)
    files = {path.name: path.read_text("utf-8") for path in sorted(scripts.glob("*.sql"))}
    if newer := sorted({file for file, _ in ledger.known} - set(files)):
        raise SchemaError(f"the database was made by a newer imtwisted: it has {newer[-1]}")
    for file, text in files.items():
        for number, statement in enumerate(statements(text), 1):
            ledger.run(file, number, statement)
        ledger.run(file, _WHOLE, "".join(statements(text)), is_sql=False)
    ledger.execute(_EPOCH + dialect.or_keep("name"), epoch)
    connection.commit()


def statements(text: str) -> list[str]:
    """The statements of a file: each ends with a semicolon at a line's end."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    parts = (part.strip() for part in "\n".join([*lines, ""]).split(";\n"))
    return [part for part in parts if part]


class _Ledger:
    """What has run of which file."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self._connection, self._dialect = connection, dialect
        self._cursor = connection.cursor()
        self.execute(_TABLE + dialect.table_options)
        self.execute(_KNOWN)
        self.known = {(row[0], row[1]): (row[2], row[3]) for row in self._cursor.fetchall()}

    def execute(self, sql: str, *args: object) -> None:
        self._cursor.execute(self._dialect.statement(sql), args)

    def run(self, file: str, number: int, text: str, is_sql: bool = True) -> None:
        """Run a statement unless it has run; raises `SchemaError` if it was another one then."""
        digest = sha256(text.encode()).hexdigest()
        noted, done = self.known.get((file, number), ("", 0))
        if done and noted != digest:
            raise SchemaError(f"{file} is not what it was when it was applied to this database")
        if done:
            return
        self._note(file, number, digest, 0)
        if is_sql:
            self._execute_once(text, begun_before=noted == digest)
        self._note(file, number, digest, 1)

    def _note(self, file: str, number: int, digest: str, done: int) -> None:
        """Noted and, with what ran since the last note, committed where DDL commits anyway."""
        self.execute(
            _NOTE + self._dialect.or_set("file, number", "digest", "done"),
            *(file, number, digest, done),
        )
        if self._dialect.ddl_commits:
            self._connection.commit()

    def _execute_once(self, statement: str, begun_before: bool) -> None:
        """A statement that was cut off between running and being noted is there already."""
        try:
            self._cursor.execute(statement)
        except Exception as exc:
            if not (begun_before and self._dialect.is_already_so(exc)):
                raise


@contextmanager
def _alone(connection: Any, dialect: Dialect) -> Iterator[None]:
    """Nobody else migrates meanwhile; closing the connection ends it, however we end."""
    cursor = connection.cursor()
    cursor.execute(dialect.migration_lock)
    if (row := cursor.fetchone()) is not None and row[0] != 1:
        raise Again
    yield
