"""Bringing a database's schema up to date: once, in order, whatever happens between."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from twisted.internet import reactor

from imtwisted.boundaries import Cursor
from imtwisted.places import folder
from imtwisted.store.faults import SchemaError
from imtwisted.store.pool import PooledDatabase
from imtwisted.store.schema import statements
from imtwisted.store.servers import server_of
from tests.mariadb import mariadb
from tests.stores.databases import Contract, StoreCase, at_once

_NOTED = "SELECT file, number, done FROM schema_statements ORDER BY file, number"


class SchemaContract(Contract):
    """What every database does with scripts; each test has a database of its own."""

    async def begin(self) -> None:
        """Open nothing: the tests prepare their own."""
        self.scripts = self.folder()
        self.url = self.new_url()
        self.write(
            "0001_start.sql", "CREATE TABLE meta (name VARCHAR(9) PRIMARY KEY,", "value TEXT);"
        )

    def new_url(self) -> str:
        """The URL of an empty database."""
        raise NotImplementedError

    def write(self, name: str, *lines: str) -> None:
        """Write a script."""
        (self.scripts / name).write_text("\n".join(lines) + "\n", "utf-8")

    async def prepared(self, epoch: str = "e") -> PooledDatabase:
        """A pool whose schema was brought up to date."""
        database = PooledDatabase(server_of(self.url), reactor, scripts=self.scripts)
        self.addCleanup(database.close)
        await database.prepare(epoch)
        return database

    async def noted(self, database: PooledDatabase) -> list[Any]:
        """What is noted as applied: file, number, done."""
        return await database.read(lambda cursor: cursor.all(_NOTED))

    async def epoch(self, database: PooledDatabase) -> Any:
        """The name of the database's lineage."""
        return await database.read(lambda c: c.one("SELECT value FROM meta WHERE name = 'epoch'"))

    async def test_fresh_and_again(self) -> None:
        """The second start changes nothing, the epoch least of all."""
        first = await self.prepared("first")
        again = await self.prepared("again")
        self.assertEqual(await self.epoch(again), ("first",))
        expected = [("0001_start.sql", 0, 1), ("0001_start.sql", 1, 1)]
        self.assertEqual(await self.noted(first), expected)

    async def test_what_is_new_is_added(self) -> None:
        """A later version's script is applied to what is there."""
        await self.prepared()
        self.write("0002_more.sql", "-- more", "CREATE TABLE more (n INTEGER);")
        database = await self.prepared()
        await database.write(lambda cursor: cursor.execute("INSERT INTO more VALUES (1)"))

    async def test_changed(self) -> None:
        """A script that was applied may be explained differently, not be different."""
        await self.prepared()
        text = (self.scripts / "0001_start.sql").read_text("utf-8")
        self.write("0001_start.sql", "-- Now with words.", text)
        await self.prepared()
        self.write("0001_start.sql", text, "CREATE TABLE more (n INTEGER);")
        await self.refused(SchemaError, self.prepared())
        self.write("0001_start.sql", text)
        self.write("0002_more.sql", "CREATE TABLE more (n INTEGER);")
        await self.prepared()
        self.write("0001_start.sql", text.replace("TEXT", "CHAR(9)"))
        await self.refused(SchemaError, self.prepared())

    async def test_newer(self) -> None:
        """An older server refuses the database of a newer one, and says why."""
        self.write("0002_more.sql", "CREATE TABLE more (n INTEGER);")
        await self.prepared()
        (self.scripts / "0002_more.sql").unlink()
        refusal = await self.refused(SchemaError, self.prepared())
        self.assertIn("0002_more.sql", str(refusal))

    async def test_many_at_once(self) -> None:
        """Nodes that start together bring it up to date once."""
        self.write(
            "0002_more.sql", "CREATE TABLE more (n INTEGER);", "INSERT INTO more VALUES (1);"
        )
        databases = await at_once(*(self.prepared(str(n)) for n in range(4)))
        counts = [await d.read(lambda c: c.one("SELECT COUNT(*) FROM more")) for d in databases]
        self.assertEqual(counts, [(1,)] * 4)
        self.assertEqual(len({await self.epoch(database) for database in databases}), 1)

    async def test_a_failing_statement(self) -> None:
        """Corrected, the script goes on where it failed; nothing is done twice."""
        self.write(
            "0002_more.sql", "CREATE TABLE more (n INTEGER);", "INSERT INTO mroe VALUES (1);"
        )
        await self.refused(Exception, self.prepared())
        self.write(
            "0002_more.sql", "CREATE TABLE more (n INTEGER);", "INSERT INTO more VALUES (1);"
        )
        database = await self.prepared()
        self.assertEqual(await database.read(lambda c: c.all("SELECT n FROM more")), [(1,)])


class SchemaSQLiteTests(SchemaContract, StoreCase):
    """In a file."""

    def new_url(self) -> str:
        return f"sqlite:{self.folder() / 'imchat.sqlite3'}"


class SchemaMariaDBTests(SchemaContract, StoreCase):
    """On a server, which commits at every CREATE."""

    def new_url(self) -> str:
        name = mariadb().fresh_database()
        self.addCleanup(mariadb().drop_database, name)
        return mariadb().url(name)

    async def test_killed_between_running_and_noting(self) -> None:
        """What had just run is recognised, and not taken for a failure."""
        self.write(
            "0002_more.sql", "CREATE TABLE more (n INTEGER);", "CREATE TABLE last (n INTEGER);"
        )
        database = await self.prepared()
        await database.write(_forget_from, "0002_more.sql", 2)
        again = await self.prepared()
        self.assertEqual(
            (await self.noted(again))[-3:], [("0002_more.sql", n, 1) for n in range(3)]
        )

    async def test_a_table_of_somebody_else(self) -> None:
        """A table that is there, but not by us, is an error and not success."""
        self.write("0002_more.sql", "CREATE TABLE more (n INTEGER);")
        name = self.url.partition("?")[0].rpartition("/")[2]
        mariadb().execute(f"CREATE TABLE {name}.more (n INTEGER)")
        for _ in range(2):
            exc = await self.refused(Exception, self.prepared())
            self.assertEqual(exc.args[0], 1050)


def _forget_from(cursor: Cursor, file: str, number: int) -> None:
    """As a kill between running statement `number` and noting that leaves it."""
    rest = (file, number)
    cursor.execute("UPDATE schema_statements SET done = 0 WHERE file = %s AND number = %s", rest)
    cursor.execute("DELETE FROM schema_statements WHERE file = %s AND number = 0", (file,))


class DialectTests(StoreCase):
    """Both databases are given the same tables."""

    async def begin(self) -> None:
        """Open nothing: the tests prepare their own."""
        self.name = mariadb().fresh_database()
        self.addCleanup(mariadb().drop_database, self.name)
        urls = (f"sqlite:{self.folder() / 'x.sqlite3'}", mariadb().url(self.name))
        self.sqlite, self.mariadb = [self.pooled(url) for url in urls]
        await self.sqlite.prepare("e")
        await self.mariadb.prepare("e")

    async def test_same_files(self) -> None:
        """Under the same numbers and names."""
        names = [
            sorted(path.name for path in (folder("sql") / d).iterdir()) for d in ("mysql", "sqlite")
        ]
        self.assertEqual(names[0], names[1])

    async def test_same_columns(self) -> None:
        """With the same columns in the same order, and the same ones may be null."""
        # In the order of the columns, of which each database gives a table's together.
        names = [
            sorted(await database.read(columns), key=itemgetter(0))
            for database, columns in ((self.sqlite, _sqlite_columns), (self.mariadb, _columns))
        ]
        self.assertEqual(names[0], names[1])

    async def test_same_keys(self) -> None:
        """What is unique in one is unique in the other, and what is indexed is indexed."""
        self.assertEqual(await self.sqlite.read(_sqlite_keys), await self.mariadb.read(_keys))

    def test_statements(self) -> None:
        """A script's statements end with a semicolon at a line's end; comments are none."""
        text = "-- one; two\nCREATE TABLE x (\n  a TEXT DEFAULT ';');\n\nDROP TABLE x;"
        self.assertEqual(
            statements(text), ["CREATE TABLE x (\n  a TEXT DEFAULT ';')", "DROP TABLE x"]
        )


def _tables(cursor: Cursor) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_' ESCAPE '!'"
    return sorted(row[0] for row in cursor.all(query) if not row[0].startswith("sqlite_"))


def _sqlite_columns(cursor: Cursor) -> list[Any]:
    return [
        (table, name, bool(required or key))
        for table in _tables(cursor)
        for _, name, _, required, _, key in cursor.all(f"PRAGMA table_info({table})")
    ]


def _columns(cursor: Cursor) -> list[Any]:
    query = """
        SELECT table_name, column_name, is_nullable = 'NO' FROM information_schema.columns
         WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position
    """
    return [(table, name, bool(required)) for table, name, required in cursor.all(query)]


def _sqlite_keys(cursor: Cursor) -> set[Any]:
    """Table, columns and uniqueness of every index, the primary key's among them."""
    keys: set[Any] = set()
    for table in _tables(cursor):
        primary = [(row[5], row[1]) for row in cursor.all(f"PRAGMA table_info({table})") if row[5]]
        keys.add((table, tuple(name for _, name in sorted(primary)), True))
        for _, index, unique, *_ in cursor.all(f"PRAGMA index_list({table})"):
            columns = tuple(row[2] for row in cursor.all(f"PRAGMA index_info({index})"))
            keys.add((table, columns, bool(unique)))
    return keys


def _keys(cursor: Cursor) -> set[Any]:
    query = """
        SELECT table_name, index_name, non_unique, column_name FROM information_schema.statistics
         WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index
    """
    found: dict[Any, tuple[str, ...]] = {}
    for table, index, non_unique, column in cursor.all(query):
        key = (table, index, not non_unique)
        found[key] = (*found.get(key, ()), column)
    return {(table, columns, unique) for (table, _, unique), columns in found.items()}
