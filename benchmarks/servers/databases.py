"""
What messages are stored in: a MariaDB of the run's own, or an SQLite file.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from benchmarks.machine import CannotMeasure, pinned
from tests.mariadb import MariaDB, _as_root, _program
from tests.process import free_ports

# The tests' MariaDB is small; this is nearer to what a server's own has.
BUFFER_POOL = 256 << 20


class Database(Protocol):
    """One kind of database."""

    name: str

    def version(self) -> str:
        """Its name and version; raises `CannotMeasure` when it is not here."""

    def processes(self) -> dict[str, int]:
        """Its own process, where it has one."""

    def fresh(self) -> AbstractContextManager[str]:
        """The URL of an empty database, which goes when the block ends."""


class SQLite:
    """`Database` in a file, within the server's process."""

    name = "sqlite"

    def version(self) -> str:
        """SQLite's."""
        return f"SQLite {sqlite3.sqlite_version}"

    def processes(self) -> dict[str, int]:
        """It has none."""
        return {}

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """A file in a folder of its own."""
        folder = Path(tempfile.mkdtemp(prefix="imchat-benchmark-"))
        try:
            yield f"sqlite:{folder / 'imchat.sqlite3'}"
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class Maria:
    """`Database` in a MariaDB that is started once, on the server's core."""

    name = "mariadb"

    def __init__(self, core: int) -> None:
        self._core = core
        self._server: _Watched | None = None

    def server(self) -> _Watched:
        """The running one, started when first asked for; raises `CannotMeasure`."""
        if self._server is None:
            server = _Watched()
            try:
                with pinned(self._core):
                    server.start()
            except RuntimeError as why:
                server.remove()
                raise CannotMeasure(f"no MariaDB: {why}") from None
            self._server = server
        return self._server

    def version(self) -> str:
        """MariaDB's, and how it was told to keep its word."""
        rows = self.server().execute("SELECT VERSION(), @@innodb_flush_log_at_trx_commit")
        return f"MariaDB {rows[0][0]} (flush at commit: {rows[0][1]})"

    def processes(self) -> dict[str, int]:
        """The one of `mariadbd`."""
        return {"database": self.server().pid}

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """A database of its own."""
        with self.fresh_name() as (name, _):
            yield self.server().url(name)

    @contextmanager
    def fresh_name(self) -> Iterator[tuple[str, int]]:
        """A database of its own for a user of the same name and password; its name and port."""
        server = self.server()
        name = server.fresh_database()
        server.execute(f"CREATE USER IF NOT EXISTS {name}@'127.0.0.1' IDENTIFIED BY '{name}'")
        server.execute(f"GRANT ALL ON {name}.* TO {name}@'127.0.0.1'")
        try:
            yield name, server.port
        finally:
            server.drop_database(name)

    def stop(self) -> None:
        """End it and forget its folder."""
        if self._server is not None:
            self._server.remove()
            self._server = None


class _Watched(MariaDB):
    """The tests' MariaDB with more memory, its own pid, and a port for who needs one."""

    def __init__(self) -> None:
        super().__init__()
        [self.port] = free_ports(1)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the server and come back when it answers."""
        if not self._data.exists():
            self._install()
        command = [_program("mariadbd"), "--no-defaults", f"--datadir={self._data}", *_as_root()]
        command += [f"--socket={self.socket}", f"--pid-file={self._folder / 'pid'}"]
        command += ["--bind-address=127.0.0.1", f"--port={self.port}", "--skip-name-resolve"]
        command += [f"--innodb-buffer-pool-size={BUFFER_POOL}", "--max-connections=100"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )
        self._wait_until_it_answers(self._process)
