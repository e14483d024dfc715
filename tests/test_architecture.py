"""The import arrows: edges know the domain, the domain knows no edge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import imtwisted

# The nouns, in several files: what is said of `model` is said of all of them.
MODEL = {
    *("model", "files", "refusals", "entries", "events", "findings", "invites", "settings"),
    *("profile", "sharing"),
}

# Each place, and the places it may import besides itself. A place is a module
# or a whole package. A new one is entered here; an arrow that is missing is a question first.
ALLOWED: dict[str, set[str]] = {
    "files": set(),
    "model": {"files"},
    "profile": {"files", "model", "sharing"},
    "reasons": set(),
    "refusals": {"reasons"},
    "settings": set(),
    "sharing": {"model"},
    "events": {"model", "sharing"},
    "invites": {"model"},
    "entries": {"files", "invites", "model"},
    "findings": {"files", "model"},
    "misfits": {"refusals"},
    "places": set(),
    "boundaries": MODEL,
    "frames": MODEL | {"misfits"},
    "rules": MODEL,
    "limits": MODEL | {"boundaries"},
    "turns": {"boundaries"},
    "patience": {"boundaries"},
    "quick_read": set(),
    "quick_write": set(),
    "holding": MODEL,
    "outbox": MODEL | {"boundaries", "holding", "patience", "turns"},
    "registry": MODEL | {"boundaries"},
    "domain": MODEL | {"boundaries", "frames", "limits", "rules"},
    "store": MODEL | {"boundaries", "places", "rules"},
    "inbox": MODEL | {"boundaries", "domain", "frames"},
    "sockets": MODEL
    | {"boundaries", "domain", "frames", "inbox", "outbox", "quick_read", "quick_write", "registry"}
    | {"turns"},
    "vault": MODEL | {"boundaries"},
    "http": MODEL
    | {"boundaries", "domain", "frames", "limits", "misfits", "patience", "places", "quick_write"}
    | {"rules", "sockets"},
    "backplane": MODEL | {"boundaries", "registry"},
    # The composition root in parts: what it reads, what it joins, what it runs.
    "logs": set(),
    "open_files": set(),
    "options": MODEL | {"logs"},
    "house": MODEL
    | {"backplane", "boundaries", "domain", "inbox", "limits", "registry", "sockets", "store"},
    "metrics": {"house"},
    "certificates": set(),
    "claims": set(),
    "ports": {"certificates"},
    "server": MODEL | {"domain", "house", "inbox", "ports", "store"},
    "admin": MODEL | {"domain", "options", "places", "rules", "store"},
}
# The composition root may import everything, and nothing may import it.
ROOT = "tap"

# Libraries that have one door; everywhere else they are unknown.
DOORS: dict[str, set[str]] = {
    "autobahn": {"sockets"},
    "klein": {"http"},
    "jinja2": {"http"},
    "multipart": {"http"},
    "PIL": {"vault"},
    "twisted.web": {"http", "sockets", ROOT},
    "twisted.enterprise": {"store", ROOT},
    "pymysql": {"store", ROOT},
    "sqlite3": {"store", ROOT},
    "twisted.internet.reactor": {ROOT},
    "time": {ROOT},
    "datetime": set(),
    "random": {ROOT},
}


def imports_of(source: str) -> Iterator[str]:
    """Every dotted name that `source` imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from (f"{start}.{alias.name}" for alias in node.names)


def within(name: str, place: str) -> bool:
    """Whether `name` is `place` or something in it."""
    return name == place or name.startswith(f"{place}.")


def place_of(name: str) -> str | None:
    """The place of the table that `name` belongs to."""
    return next((place for place in [*ALLOWED, ROOT] if within(name, place)), None)


class ArrowTests(SynchronousTestCase):
    """What the map of the house says is what the code does."""

    def setUp(self) -> None:
        root = Path(imtwisted.__file__).parent
        self.imports = {
            ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): set(
                imports_of(path.read_text("utf-8"))
            )
            for path in root.rglob("*.py")
            if path != root / "__init__.py"
        }

    def ours(self, name: str) -> Iterator[str]:
        """The places of ours that the module `name` imports, except the version number."""
        for imported in self.imports[name]:
            if imported.startswith("imtwisted.") and imported != "imtwisted.__version__":
                yield place_of(imported.removeprefix("imtwisted.")) or imported

    def test_every_module_has_a_place(self) -> None:
        """A module that the table does not know has not been thought about."""
        self.assertEqual([name for name in self.imports if place_of(name) is None], [])

    def test_every_place_exists(self) -> None:
        """The table names nothing that is gone."""
        there = {place_of(name) for name in self.imports}
        self.assertEqual({*ALLOWED, ROOT} - there, set())

    def test_arrows_point_inward(self) -> None:
        """A module imports only what the map lets it know."""
        wrong = [
            f"{name} imports {imported}"
            for name in self.imports
            if (place := place_of(name)) in ALLOWED
            for imported in self.ours(name)
            if imported != place and imported not in ALLOWED[place]
        ]
        self.assertEqual(wrong, [])

    def test_imports_are_absolute(self) -> None:
        """One way to write an import, so that this test sees them all."""
        wrong = {name for name, found in self.imports.items() if any(i[0] == "." for i in found)}
        self.assertEqual(wrong, set())

    def test_libraries_have_one_door(self) -> None:
        """Only the sockets know Autobahn, only the stores SQL drivers, only the root a reactor."""
        wrong = [
            f"{name} imports {imported}"
            for name, found in self.imports.items()
            for imported in found
            for library, doors in DOORS.items()
            if within(imported, library) and place_of(name) not in doors
        ]
        self.assertEqual(wrong, [])

    def test_the_pure_modules_are_pure(self) -> None:
        """Nouns, rules and the wire format can be read without knowing Twisted."""
        wrong = [
            f"{name} imports {imported}"
            for name, found in self.imports.items()
            if place_of(name) in MODEL | {"boundaries", "frames", "rules"}
            for imported in found
            if within(imported, "twisted")
        ]
        self.assertEqual(wrong, [])
