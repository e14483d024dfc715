"""
What has been applied to a database already, statement by statement.

Beside the way of a message: the schema asks here what is left to do.

Each statement is noted with its digest, before and after it runs. So on MySQL,
which commits at every CREATE, a file goes on at the statement that failed
(which may have been corrected), and what has run is never changed afterwards.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from imtwisted.store.dialects import Dialect
from imtwisted.store.faults import SchemaError

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
# The number under which a file is noted as a whole, once all of it has run.
_WHOLE = 0


class Applied:
    """What has run of which file."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self._connection, self._dialect = connection, dialect
        self._cursor = connection.cursor()
        self.execute(_TABLE + dialect.table_options)
        self.execute(_KNOWN)
        self.known = {(row[0], row[1]): (row[2], row[3]) for row in self._cursor.fetchall()}

    def execute(self, sql: str, *args: object) -> None:
        """Run a statement of our own."""
        self._cursor.execute(self._dialect.statement(sql), args)

    def run_file(self, file: str, parts: list[str]) -> None:
        """Run what has not run of a file; raises `SchemaError` if it was another one then."""
        whole = _digest("".join(parts))
        if self._is_done(file, _WHOLE, whole):
            return
        for number, statement in enumerate(parts, 1):
            if not self._is_done(file, number, _digest(statement)):
                self._run(file, number, statement)
        self._note(file, _WHOLE, whole, 1)

    def _is_done(self, file: str, number: int, digest: str) -> bool:
        noted, done = self.known.get((file, number), ("", 0))
        if done and noted != digest:
            raise SchemaError(f"{file} is not what it was when it was applied to this database")
        return bool(done)

    def _run(self, file: str, number: int, statement: str) -> None:
        digest = _digest(statement)
        # Noted and not done: we were killed around it, so what it makes may be there already.
        cut_off = self.known.get((file, number), ("", 0))[0] == digest
        self._note(file, number, digest, 0)
        try:
            self._cursor.execute(statement)
        except Exception as exc:
            if not (cut_off and self._dialect.is_already_so(exc)):
                self._note(file, number, "failed", 0)
                raise
        self._note(file, number, digest, 1)

    def _note(self, file: str, number: int, digest: str, done: int) -> None:
        """Noted and, with what ran since the last note, committed where DDL commits anyway."""
        self.execute(
            _NOTE + self._dialect.or_set("file, number", "digest", "done"),
            *(file, number, digest, done),
        )
        if self._dialect.ddl_commits:
            self._connection.commit()


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
