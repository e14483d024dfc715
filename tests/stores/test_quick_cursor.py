"""The quick cursor makes the statements that PyMySQL's own makes."""

from __future__ import annotations

from enum import IntEnum

from hypothesis import given
from hypothesis import strategies as st
from pymysql.connections import Connection
from pymysql.cursors import Cursor
from pymysql.err import ProgrammingError
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.store.quick_cursor import QuickCursor


class Number(IntEnum):
    """What is a number, and not of the type `int`."""

    SEVEN = 7


VALUES = st.one_of(
    st.integers(),
    st.booleans(),
    st.none(),
    st.text(),
    st.binary(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just(Number.SEVEN),
)


def cursors() -> tuple[Cursor, Cursor]:
    """The plain one and the quick one, of a connection that was never opened."""
    connection = Connection(defer_connect=True)
    connection.server_status = 0
    return Cursor(connection), QuickCursor(connection)


class QuickCursorTests(SynchronousTestCase):
    """Whatever the values are."""

    @given(st.lists(VALUES, max_size=12))
    def test_the_same_statements(self, values: list[object]) -> None:
        """Numbers, texts, bytes and nothing, in a tuple or in a list."""
        plain, quick = cursors()
        query = ", ".join(["%s"] * len(values))
        for args in (tuple(values), values):
            self.assertEqual(quick.mogrify(query, args), plain.mogrify(query, args))

    def test_the_same_refusals(self) -> None:
        """Too few values, too many, and one that no database knows."""
        for args in ((1,), (1, 2, 3)):
            for cursor in cursors():
                self.assertRaises(ProgrammingError, cursor.mogrify, "%s, %s", args)
        for cursor in cursors():
            self.assertRaises(ProgrammingError, cursor.mogrify, "%s", (float("nan"),))
