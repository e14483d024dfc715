"""What a transaction promises, whoever runs it."""

from __future__ import annotations

import gc
import sqlite3

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.boundaries import Cursor
from imtwisted.refusals import ChatError, Conflict, Unavailable
from imtwisted.store.dialects import SQLite
from imtwisted.store.faults import Away, Duplicate, ItemFault
from imtwisted.store.transaction import Transaction
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once

_NOTE = "INSERT INTO meta (name, value) VALUES (%s, %s)"


def note(cursor: Cursor, name: str, value: str = "") -> None:
    """Write a row whose name is unique."""
    cursor.execute(_NOTE, (name, value))


class TransactionContract(Contract):
    """What every database promises of a transaction."""

    async def noted(self, *names: str) -> list[str]:
        """Those of `names` that are stored."""
        rows = await self.database.read(lambda cursor: cursor.all("SELECT name FROM meta"))
        return [row[0] for row in sorted(rows) if row[0] in names]

    async def test_committed(self) -> None:
        """What a write did is there for the next read."""
        await self.database.write(note, "one", value="b")
        await self.database.transact(note, "two")
        self.assertEqual(await self.noted("one", "two"), ["one", "two"])

    async def test_a_refusal_undoes(self) -> None:
        """A refusal passes as it is, and nothing was done."""

        def refuse(cursor: Cursor) -> None:
            note(cursor, "one")
            raise Conflict(reason="changed_my_mind")

        for run in (self.database.write, self.database.transact):
            refusal = await self.refused(Conflict, run(refuse))
            self.assertEqual(refusal.reason, "changed_my_mind")
        self.assertEqual(await self.noted("one"), [])

    async def test_a_bug_undoes(self) -> None:
        """So does any other exception, and the connection is well afterwards."""

        def stumble(cursor: Cursor) -> None:
            note(cursor, "one")
            raise ZeroDivisionError

        await self.refused(ZeroDivisionError, self.database.write(stumble))
        await self.refused(ZeroDivisionError, self.database.read(lambda cursor: 1 // 0))
        await self.database.write(note, "two")
        self.assertEqual(await self.noted("one", "two"), ["two"])

    async def test_a_duplicate(self) -> None:
        """It says so, whatever the database calls it, and is temporary to clients."""
        await self.database.write(note, "one")
        fault = await self.refused(ItemFault, self.database.transact(note, "one"))
        self.assertTrue(fault.duplicate)
        self.assertIsInstance(fault, Unavailable)
        self.assertEqual(fault.code, "unavailable")
        self.assertNotIn("one", fault.message + fault.why)

    async def test_a_duplicate_that_is_caught(self) -> None:
        """Only that statement is undone; the transaction goes on."""
        await self.database.write(note, "one")

        def go_on(cursor: Cursor) -> None:
            note(cursor, "two")
            try:
                note(cursor, "one")
            except Duplicate:
                note(cursor, "three")

        await self.database.write(go_on)
        self.assertEqual(await self.noted("two", "three"), ["three", "two"])

    async def test_unspeakable_values(self) -> None:
        """What cannot be stored is the item's fault, not the database's."""
        too_late = self.people.register("Ann", "ann", "Ann", "x", 2**70, None)
        for asked in (self.database.transact(note, "one", "\ud800"), too_late):
            fault = await self.refused(ItemFault, asked)
            self.assertFalse(fault.duplicate)

    async def test_a_misspelt_statement(self) -> None:
        """A bug of ours is nobody's refusal: it goes where bugs are logged."""

        def misspell(cursor: Cursor) -> None:
            cursor.execute("SELEKT 1")

        exc = await self.refused(Exception, self.database.write(misspell))
        self.assertNotIsInstance(exc, ChatError)

    async def test_rows(self) -> None:
        """One row, no row, every row, and how many were found."""

        def ask(cursor: Cursor) -> list[object]:
            cursor.insert_rows(_NOTE, [("a", "1"), ("b", "1"), ("c", "2")])
            cursor.insert_rows(_NOTE, [])
            found: list[object] = [cursor.one("SELECT name FROM meta WHERE value = %s", ("2",))]
            found.append(cursor.one("SELECT name FROM meta WHERE value = %s", ("3",)))
            found.append(cursor.all("SELECT name FROM meta WHERE value = '1' ORDER BY name"))
            cursor.execute("UPDATE meta SET value = '1' WHERE value = %s", ("1",))
            return [*found, cursor.rowcount]

        found = await self.database.write(ask)
        self.assertEqual(found, [("c",), None, [("a",), ("b",)], 2])

    async def test_insert_or(self) -> None:
        """A row whose key is there is kept, given new values, or raised."""

        def insert(cursor: Cursor) -> list[object]:
            cursor.execute(_NOTE, ("a", "5"))
            cursor.execute(_NOTE + cursor.dialect.or_keep("name"), ("a", "6"))
            kept = cursor.one("SELECT value FROM meta WHERE name = 'a'")
            cursor.execute(_NOTE + cursor.dialect.or_set("name", "value"), ("a", "4"))
            cursor.insert_rows(_NOTE + cursor.dialect.or_set("name", "value"), [("b", "4")])
            given = cursor.one("SELECT value FROM meta WHERE name = 'a'")
            raising = _NOTE + cursor.dialect.or_raise("name", "value")
            cursor.insert_rows(raising, [("a", "3"), ("b", "9")])
            return [kept, given, cursor.all("SELECT value FROM meta WHERE name IN ('a', 'b')")]

        self.assertEqual(await self.database.write(insert), [("5",), ("4",), [("4",), ("9",)]])

    async def test_repeated(self) -> None:
        """A write and a read that the database threw out run again; a `transact` does not."""
        runs: list[str] = []

        def thrown_out(cursor: Cursor, name: str) -> str:
            note_or_read = note if name == "write" else (lambda cursor, name: None)
            note_or_read(cursor, name)
            runs.append(name)
            if runs.count(name) < 3:
                raise Away
            return name

        self.assertEqual(await self.database.read(thrown_out, "read"), "read")
        self.assertEqual(await self.database.write(thrown_out, "write"), "write")
        await self.refused(Away, self.database.transact(thrown_out, "transact"))
        self.assertEqual(runs, ["read"] * 3 + ["write"] * 3 + ["transact"])

    async def test_many_writes(self) -> None:
        """However many write at once, each counts."""

        def count(cursor: Cursor) -> None:
            row = cursor.one("SELECT value FROM meta WHERE name = 'n'" + cursor.dialect.for_update)
            assert row is not None
            cursor.execute("UPDATE meta SET value = %s WHERE name = 'n'", (int(row[0]) + 1,))

        await self.database.write(note, "n", "0")
        await at_once(*(self.database.write(count) for _ in range(40)))
        self.assertEqual(await self.world.row("SELECT value FROM meta WHERE name = 'n'"), ("40",))


class LeftoverTests(SynchronousTestCase):
    """Transactions that are over, and that the garbage collector has yet to find."""

    def test_one_in_a_cycle(self) -> None:
        """It disturbs no other that runs the same statement when it is collected."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        self.addCleanup(connection.close)
        connection.execute("CREATE TABLE meta (name, value)")
        gc.disable()
        self.addCleanup(gc.enable)
        rows: list[tuple[object, str]] = [("one", "")]

        def insert(cursor: Cursor, *, stumbles: bool = False) -> None:
            cursor.insert_rows(_NOTE, rows)
            if stumbles:
                raise ZeroDivisionError

        first = Transaction(connection, SQLite())
        first.begin("write")
        with self.assertRaises(ZeroDivisionError):
            first.finish("write", lambda cursor: insert(cursor, stumbles=True))
        cycle: list[object] = [first]
        cycle.append(cycle)
        del first, cycle
        rows = [(_Collecting(), "")] * 3
        second = Transaction(connection, SQLite())
        second.begin("write")
        second.finish("write", insert)
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM meta").fetchone(), (3,))


class _Collecting:
    """A value that has the garbage collected while it is bound."""

    def __conform__(self, protocol: object) -> str:
        gc.collect()
        return "two"


class TransactionsInlineTests(TransactionContract, OnInline):
    """In memory."""


class TransactionsSQLiteTests(TransactionContract, OnSQLite):
    """In a file."""


class TransactionsMariaDBTests(TransactionContract, OnMariaDB):
    """On a server."""
