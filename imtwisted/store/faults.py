"""
What goes wrong between us and the database, whichever database it is.

Way of a message: domain -> journal -> transaction -> [faults] -> back to the journal.

All but the `Unusable` ones are `Unavailable`, so whoever knows nothing of databases answers
them rightly; the journal and the stores tell them apart.
"""

from __future__ import annotations

from typing import ClassVar

from imtwisted.refusals import Unavailable


class DatabaseFault(Unavailable):
    """The database did not do what it was asked; the driver's exception is the cause."""

    def __init__(self) -> None:
        # Clients are told what they are told of any fault, nothing of our inside.
        super().__init__((Unavailable.__doc__ or "").strip())

    @property
    def why(self) -> str:
        """The driver's words, for the operator's log."""
        return str(self.__cause__ or self)


class Again(DatabaseFault):
    """Others were in the way: a deadlock, a lock that was not given in time."""


class Away(DatabaseFault):
    """The database is gone, full or read-only; nothing was committed."""


class CommitUnknown(DatabaseFault):
    """The answer to COMMIT was an error or none: stored or not, nobody knows."""


class ItemFault(DatabaseFault):
    """The database refuses these values; the same again would be refused again."""

    duplicate: ClassVar[bool] = False

    @property
    def why(self) -> str:
        """The driver's error number alone: its words repeat what people wrote."""
        cause = self.__cause__
        code = getattr(cause, "sqlite_errorname", None) or next(iter(getattr(cause, "args", ())), 0)
        number = code if isinstance(code, int) or str(code).isupper() else ""
        return f"{type(cause).__name__} {number}".strip()


class Duplicate(ItemFault):
    """A row with this key is there already; only the one statement was undone."""

    duplicate = True


class Unusable(Exception):
    """This server cannot use this database; waiting does not help."""


class SchemaError(Unusable):
    """The database's schema is not one that this server knows."""


class InUse(Unusable):
    """Another server uses this database."""
