"""
Where MySQL / MariaDB and SQLite differ: wording, and what an error means.

Way of a message: journal -> transaction -> [dialects] -> the database.

MySQL's numbers are from its and MariaDB's server error references; SQLite's
from sqlite.org/rescode.html, of which the low byte is the primary code.
"""

from __future__ import annotations

import select
import sqlite3
from typing import Any, ClassVar, Literal, NoReturn

from pymysql import err as mysql

from imtwisted.store.faults import Again, Away, DatabaseFault, Duplicate, ItemFault

Mode = Literal["read", "write"]
FaultKind = Literal["again", "away", "item", "bug"]

_MYSQL_AGAIN = frozenset({1020, 1205, 1206, 1213, 1412, 1615})
_MYSQL_AWAY = frozenset(
    # No connection, or none any more; who we are is not accepted (yet).
    {2002, 2003, 2006, 2013, 2014, 2027, 2055, 1040, 1042, 1043, 1044, 1045, 1049, 1053, 1077}
    | {1079, 1129, 1130, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1226, 1317, 1698, 1927, 4031}
    # What we may do is not granted (yet).
    | {1142, 1143, 1227}
    # Nowhere to write, or not allowed to: disk, memory, read-only.
    | {3, 5, 28, 1021, 1026, 1030, 1037, 1038, 1041, 1114, 1180, 1290, 1637, 1792, 1836, 3024, 1969}
)
_MYSQL_ITEM = frozenset({1048, 1153, 1264, 1265, 1292, 1366, 1406, 3819, 4025})
_MYSQL_DUPLICATE = frozenset({1022, 1062, 1586})
_MYSQL_ALREADY = frozenset({1050, 1051, 1060, 1061, 1068, 1091, 1826})
_FLUSH_WARNING = (
    "innodb_flush_log_at_trx_commit is {}, not 1: "
    "acknowledged messages may be lost when the database's machine fails"
)

_SQLITE_AGAIN = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_AWAY = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
    | {sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOTADB}
    | {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOLFS}
)
_SQLITE_ITEM = frozenset(
    {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH}
)
_SQLITE_DUPLICATE = frozenset(
    {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
)
# What a driver says of a value before it asks the database: a lone surrogate, 2^63.
_UNSPEAKABLE = (UnicodeEncodeError, OverflowError)


class SQLite:
    """SQLite 3.35 or later, in WAL mode."""

    name = "sqlite"
    for_update = ""
    greatest = "MAX"
    least = "MIN"
    table_options = ""
    begin: ClassVar[dict[Mode, str]] = {"read": "BEGIN DEFERRED", "write": "BEGIN IMMEDIATE"}
    # Held until the transaction ends, and all of a migration is one.
    migration_lock = "BEGIN EXCLUSIVE"
    # A server has claimed the file before it opens it.
    claim: ClassVar[tuple[str, ...]] = ()
    ddl_commits = False

    def statement(self, sql: str) -> str:
        """`sql` with this driver's parameter marks."""
        return sql.replace("%s", "?")

    def part(self, select: str) -> str:
        """A SELECT with an order and a limit of its own, as one part of a UNION ALL."""
        return f"SELECT * FROM ({select})"

    def or_keep(self, column: str) -> str:
        """Ends an INSERT that leaves a row alone whose key is there."""
        return " ON CONFLICT DO NOTHING"

    def or_set(self, keys: str, *columns: str) -> str:
        """Ends an INSERT that gives a row whose `keys` are there the new `columns`."""
        news = ", ".join(f"{column} = excluded.{column}" for column in columns)
        return f" ON CONFLICT ({keys}) DO UPDATE SET {news}"

    def or_raise(self, keys: str, *columns: str) -> str:
        """`or_set`, but a column that is greater already stays."""
        news = ", ".join(f"{column} = MAX({column}, excluded.{column})" for column in columns)
        return f" ON CONFLICT ({keys}) DO UPDATE SET {news}"

    def fault_of(self, exc: BaseException) -> FaultKind:
        """What the driver's `exc` means for a transaction."""
        if isinstance(exc, _UNSPEAKABLE):
            return "item"
        code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
        if code in _SQLITE_AGAIN:
            return "again"
        if code in _SQLITE_AWAY:
            return "away"
        return "item" if code in _SQLITE_ITEM else "bug"

    def is_duplicate(self, exc: BaseException) -> bool:
        """Whether `exc` says that a unique key is taken."""
        return getattr(exc, "sqlite_errorcode", 0) in _SQLITE_DUPLICATE

    def is_already_so(self, exc: BaseException) -> bool:
        """Never: what was cut off was rolled back."""
        return False

    def is_closed(self, connection: Any) -> bool:
        """Never: a file does not go away between two transactions without an error."""
        return False

    def warnings(self, cursor: Any) -> list[str]:
        """What the operator should know of this database's settings."""
        return []


class MySQL:
    """MariaDB 10.6 or later, MySQL 8.0 or later."""

    name = "mysql"
    for_update = " FOR UPDATE"
    greatest = "GREATEST"
    least = "LEAST"
    table_options = " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    # PyMySQL has switched autocommit off, so a first statement begins by itself.
    begin: ClassVar[dict[Mode, str]] = {"read": "", "write": ""}
    # Held until the connection closes. Its name is the whole server's, thus the database's in it.
    migration_lock = "SELECT GET_LOCK(CONCAT('imchat:', MD5(DATABASE())), 60)"
    # The same, by another name, for as long as a server runs. A connection that says nothing
    # for so many seconds is closed: a machine that vanished cannot do that itself.
    claim: ClassVar[tuple[str, ...]] = (
        "SET SESSION wait_timeout = 12",
        "SELECT GET_LOCK(CONCAT('imchat-server:', MD5(DATABASE())), 0)",
    )
    ddl_commits = True

    def statement(self, sql: str) -> str:
        """`sql` with this driver's parameter marks."""
        return sql

    def part(self, select: str) -> str:
        """A SELECT with an order and a limit of its own, as one part of a UNION ALL."""
        # Not a derived table: with a TEXT in it, that would be one on the disk.
        return f"({select})"

    def or_keep(self, column: str) -> str:
        """Ends an INSERT that leaves a row alone whose key is there."""
        # Not INSERT IGNORE: that also cuts values to size without a word.
        return f" ON DUPLICATE KEY UPDATE {column} = {column}"

    def or_set(self, keys: str, *columns: str) -> str:
        """Ends an INSERT that gives a row whose `keys` are there the new `columns`."""
        news = ", ".join(f"{column} = VALUES({column})" for column in columns)
        return f" ON DUPLICATE KEY UPDATE {news}"

    def or_raise(self, keys: str, *columns: str) -> str:
        """`or_set`, but a column that is greater already stays."""
        news = ", ".join(f"{column} = GREATEST({column}, VALUES({column}))" for column in columns)
        return f" ON DUPLICATE KEY UPDATE {news}"

    def fault_of(self, exc: BaseException) -> FaultKind:
        """What the driver's `exc` means for a transaction."""
        number = _number(exc)
        if number in _MYSQL_AGAIN:
            return "again"
        # PyMySQL says InterfaceError(0) of a connection that it has closed itself.
        if number in _MYSQL_AWAY or isinstance(exc, (mysql.InterfaceError, OSError)):
            return "away"
        refused = isinstance(exc, (mysql.IntegrityError, mysql.DataError, *_UNSPEAKABLE))
        return "item" if refused or number in _MYSQL_ITEM else "bug"

    def is_duplicate(self, exc: BaseException) -> bool:
        """Whether `exc` says that a unique key is taken."""
        return _number(exc) in _MYSQL_DUPLICATE

    def is_already_so(self, exc: BaseException) -> bool:
        """Whether `exc` says that a CREATE, ALTER or DROP has nothing left to do."""
        return _number(exc) in _MYSQL_ALREADY

    def is_closed(self, connection: Any) -> bool:
        """
        Whether the server has hung up on a connection that lay idle, seen without a trip.

        Unasked a server says nothing but its last word. A PyMySQL that keeps its
        socket elsewhere is found out by the first statement, as everywhere.
        """
        line = getattr(connection, "_sock", None)
        if line is None:
            return not connection.open
        looking = select.poll()
        looking.register(line, select.POLLIN)
        return bool(looking.poll(0))

    def warnings(self, cursor: Any) -> list[str]:
        """What the operator should know of this database's settings."""
        cursor.execute("SELECT @@innodb_flush_log_at_trx_commit")
        (flush,) = cursor.fetchone()
        return [] if flush == 1 else [_FLUSH_WARNING.format(flush)]


Dialect = SQLite | MySQL


def typed(dialect: Dialect, exc: Exception) -> Exception:
    """The fault that the driver's `exc` is, or `exc` itself when it shows a bug of ours."""
    kind = dialect.fault_of(exc)
    if kind == "bug":
        return exc
    fault: DatabaseFault
    if kind == "item":
        fault = Duplicate() if dialect.is_duplicate(exc) else ItemFault()
    else:
        fault = Again() if kind == "again" else Away()
    fault.__cause__ = exc
    return fault


def raise_typed(dialect: Dialect, exc: Exception) -> NoReturn:
    """Raise what `typed` says of `exc`, which is being handled."""
    raise typed(dialect, exc)


def _number(exc: BaseException) -> int:
    """MySQL's number of an error; 0 for what is no error of MySQL's."""
    number = exc.args[0] if isinstance(exc, mysql.MySQLError) and exc.args else 0
    return number if isinstance(number, int) else 0
