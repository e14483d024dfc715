"""
Where the database is and how a connection to it is opened, from its URL.

Beside the way of a message: the pool and the schema open connections here.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pymysql.constants import CLIENT
from twisted.python.reflect import namedModule

from imtwisted.store.dialects import Dialect, MySQL, SQLite
from imtwisted.store.quick_cursor import QuickCursor

Purpose = Literal["read", "write", "schema"]

# Each reader has its own. What many ask together is another statement for each number of
# them, and a large one; the pages of the file are kept by the system, too.
_READ_STATEMENTS = 32
_READ_CACHE = 512  # KiB
_ISOLATION = "SET SESSION TRANSACTION ISOLATION LEVEL "
_BUSY_SECONDS = 5.0
_CONNECT_SECONDS = 10
# Longer than any lock is waited for; a process that is to end waits for what runs.
# A migration may take its time.
_ANSWER_SECONDS = {"read": 10, "write": 10, "schema": 3600}


class Server:
    """One database, whichever its dialect; `name` is for logs and holds no password."""

    driver: str
    dialect: Dialect
    name: str
    # Connections for the write pool; SQLite has one writer whatever we do.
    writers: int

    def arguments(self, purpose: Purpose) -> dict[str, Any]:
        """What the driver's `connect` takes."""
        raise NotImplementedError

    def statements(self, purpose: Purpose) -> tuple[str, ...]:
        """What a new connection is told first."""
        raise NotImplementedError

    def settle(self, connection: Any, purpose: Purpose) -> None:
        """Make a new connection ready; closed again when that fails."""
        try:
            cursor = connection.cursor()
            for statement in self.statements(purpose):
                cursor.execute(statement)
            cursor.close()
        except Exception:
            connection.close()
            raise

    def open(self, purpose: Purpose) -> Any:
        """A connection of one's own; raises what the driver raises."""
        connection = namedModule(self.driver).connect(**self.arguments(purpose))
        self.settle(connection, purpose)
        return connection


class SQLiteFile(Server):
    """A file on this machine, made when it is missing; so is its folder, for us alone."""

    driver = "sqlite3"
    writers = 1

    def __init__(self, path: str) -> None:
        self.dialect = SQLite()
        self.name = f"sqlite:{path}"
        self._path = Path(path).absolute()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # For us alone, from the first moment; SQLite's other files follow it.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))

    def arguments(self, purpose: Purpose) -> dict[str, Any]:
        """Transactions are ours to begin; the pool closes from the reactor's thread."""
        return {
            "database": str(self._path),
            "timeout": _BUSY_SECONDS,
            "isolation_level": None,
            "cached_statements": _READ_STATEMENTS if purpose == "read" else 128,
            "check_same_thread": False,
        }

    def statements(self, purpose: Purpose) -> tuple[str, ...]:
        """Durable writes that leave nothing of what they remove; readers that cannot write."""
        if purpose == "read":
            return (
                "PRAGMA foreign_keys = ON",
                "PRAGMA query_only = ON",
                f"PRAGMA cache_size = -{_READ_CACHE}",
            )
        return (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            # What is taken back is overwritten in the file, not left in a free page of it.
            "PRAGMA secure_delete = ON",
        )


class MySQLServer(Server):
    """A MariaDB or MySQL behind a host and port, or a socket on this machine."""

    driver = "pymysql"
    writers = 6

    def __init__(self, url: str, password: str) -> None:
        self.dialect = MySQL()
        self.name = url
        parts = urlsplit(url)
        socket_path = parse_qs(parts.query).get("unix_socket", [""])[0]
        self._place = socket_path or (parts.hostname or "localhost", parts.port or 3306)
        self._arguments: dict[str, Any] = {
            "user": unquote(parts.username or ""),
            "password": password,
            "host": parts.hostname or "localhost",
            "database": unquote(parts.path.lstrip("/")),
        }

    def arguments(self, purpose: Purpose) -> dict[str, Any]:
        """`rowcount` counts the rows found, as SQLite's does, not those that changed."""
        return {
            **self._arguments,
            "charset": "utf8mb4",
            "client_flag": CLIENT.FOUND_ROWS,
            "cursorclass": QuickCursor,
            # Where a transaction begins: see `MySQL.begin`.
            "autocommit": False,
            # `settle` connects: PyMySQL leaves a socket open that was refused.
            "defer_connect": True,
            "read_timeout": _ANSWER_SECONDS[purpose],
            "write_timeout": _ANSWER_SECONDS[purpose],
        }

    def statements(self, purpose: Purpose) -> tuple[str, ...]:
        """
        Values are never cut to size; a writer does not wait longer than SQLite's would.

        Readers read one snapshot and cannot write, without saying so each time.
        """
        kind = "REPEATABLE READ, READ ONLY" if purpose == "read" else "READ COMMITTED"
        return (
            _ISOLATION + kind,
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
            f"SET SESSION innodb_lock_wait_timeout = {int(_BUSY_SECONDS)}",
        )

    def settle(self, connection: Any, purpose: Purpose) -> None:
        """Connect, then as everywhere."""
        connection.connect(self._dial())
        super().settle(connection, purpose)

    def _dial(self) -> socket.socket:
        """A connected socket; raises `ConnectionError` that says where to."""
        try:
            if isinstance(self._place, str):
                return _dial_path(self._place)
            line = socket.create_connection(self._place, _CONNECT_SECONDS)
        except OSError as exc:
            raise ConnectionError(f"cannot connect to {self.name}: {exc}") from exc
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return line


def _dial_path(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(_CONNECT_SECONDS)
        line.connect(path)
    except OSError:
        line.close()
        raise
    return line


def server_of(url: str, password: str = "") -> Server:
    """The database that `url` names; raises `ValueError` when it names none."""
    kind, _, rest = url.partition(":")
    if kind == "sqlite" and rest:
        return SQLiteFile(rest)
    parts = urlsplit(url)
    if kind != "mysql" or not parts.path.lstrip("/"):
        raise ValueError("a database is sqlite:PATH or mysql://user@host:port/name")
    if parts.password is not None:
        raise ValueError("a database's password has no place in its URL")
    return MySQLServer(url, password)
