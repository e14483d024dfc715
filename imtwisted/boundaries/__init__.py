"""
The seams: what the domain asks of the edges, and never who answers.

Every awaited method may raise `Busy` (a bounded queue is full) or
`Unavailable` (the database is away); both are temporary.
"""

from __future__ import annotations

from imtwisted.boundaries.connections import (
    Backplane,
    Connections,
    Outlet,
)
from imtwisted.boundaries.edges import (
    Clock,
    Cursor,
    Database,
    DelayedCall,
    Dialect,
    Row,
)
from imtwisted.boundaries.files import (
    Disk,
    FileStore,
    Incoming,
    Pictures,
    PortraitStore,
    Threads,
)
from imtwisted.boundaries.profiles import DeletionStore, ExportStore, ProfileStore
from imtwisted.boundaries.searches import SearchStore
from imtwisted.boundaries.sharing import SharingStore
from imtwisted.boundaries.stores import (
    ContactStore,
    ConversationStore,
    CursorStore,
    InviteStore,
    Journal,
    PeopleStore,
    ResetStore,
    Settled,
    TimelineStore,
)

__all__ = [
    "Backplane",
    "Clock",
    "Connections",
    "ContactStore",
    "ConversationStore",
    "Cursor",
    "CursorStore",
    "Database",
    "DelayedCall",
    "DeletionStore",
    "Dialect",
    "Disk",
    "ExportStore",
    "FileStore",
    "Incoming",
    "InviteStore",
    "Journal",
    "Outlet",
    "PeopleStore",
    "Pictures",
    "PortraitStore",
    "ProfileStore",
    "ResetStore",
    "Row",
    "SearchStore",
    "Settled",
    "SharingStore",
    "Threads",
    "TimelineStore",
]
