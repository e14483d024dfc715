"""
A real server with storage: Debian's ejabberd, with an archive of all messages in MariaDB.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
from pymysql.constants import CLIENT

from benchmarks.cast import Cast
from benchmarks.machine import CannotMeasure, pinned
from benchmarks.places import HERE
from benchmarks.plan import Open, Run
from benchmarks.servers.databases import Maria
from benchmarks.servers.programs import Program
from benchmarks.task import Member
from tests.process import free_ports

_SCHEMA = Path("/usr/share/ejabberd/sql/mysql.sql")
_LIBRARIES = Path("/usr/lib/x86_64-linux-gnu")
_MISSING = "ejabberd is not installed: apt-get install ejabberd erlang-p1-mysql"
_PASSWORD = "benchmark"
# One core is all it gets: more schedulers would only wait for each other.
_ERLANG = ["+K", "true", "+P", "250000", "+S", "1:1", "+sbwt", "none", "-noinput"]
DOMAIN = "localhost"
ROOMS = f"conference.{DOMAIN}"


class Ejabberd:
    """`Peer`: ejabberd, headless, as whoever runs the benchmark."""

    name = "ejabberd"
    storage = "mariadb"

    def __init__(self, database: Maria, core: int) -> None:
        self._database = database
        self._core = core

    def takes(self, run: Run) -> bool:
        """What waits there is one queue a person, and there are no cursors to resume from."""
        return run.scenario != "storm" and run.parameters.get("conversations", 1) == 1

    def version(self) -> str:
        """ejabberd's, and the database's."""
        return f"ejabberd {_home().name.partition('-')[2]}, {self._database.version()}"

    @contextmanager
    def open(self, cast: Cast) -> Iterator[Open]:
        """Make the accounts, then start the server."""
        home = _home()
        [port] = free_ports(1)
        folder = tempfile.mkdtemp(prefix="imchat-benchmark-")
        try:
            with self._database.fresh_name() as (name, database_port):
                members = [Member(f"user{number}", _PASSWORD) for number in range(cast.users)]
                _fill(database_port, name, members)
                config = Path(folder, "ejabberd.yml")
                template = (HERE / "servers" / "ejabberd.yml").read_text("utf-8")
                config.write_text(
                    template.format(port=port, database_port=database_port, database=name)
                )
                with pinned(self._core):
                    program = Program(_command(home, folder), folder, _variables(folder))
                try:
                    program.wait_for_port(port)
                    yield Open(
                        "xmpp",
                        f"tcp://127.0.0.1:{port}",
                        {"server": program.pid, **self._database.processes()},
                        members,
                        [f"group{number}@{ROOMS}" for number in range(len(cast.groups))],
                        [f"user{b}@{DOMAIN}" for _, b in cast.friends],
                    )
                finally:
                    program.kill()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _home() -> Path:
    homes = sorted(_LIBRARIES.glob("ejabberd-*"))
    if not homes or not _SCHEMA.exists() or shutil.which("erl") is None:
        raise CannotMeasure(_MISSING)
    return homes[-1]


def _fill(port: int, database: str, members: list[Member]) -> None:
    """Make ejabberd's tables and accounts."""
    connection = pymysql.connect(
        host="127.0.0.1",
        port=port,
        user=database,
        password=database,
        database=database,
        autocommit=True,
        client_flag=CLIENT.MULTI_STATEMENTS,
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SCHEMA.read_text("utf-8"))
            while cursor.nextset():
                pass
            cursor.executemany(
                "INSERT INTO users (username, password, serverkey, salt) VALUES (%s, %s, '', '')",
                [(member.name, member.secret) for member in members],
            )
    finally:
        connection.close()


def _command(home: Path, folder: str) -> list[str]:
    # Without a node name nothing is shared, and no daemon is left behind.
    paths = ["-pa", str(home / "ebin"), "-mnesia", "dir", f'"{folder}/spool"']
    return ["erl", *_ERLANG, *paths, "-s", "ejabberd"]


def _variables(folder: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": folder,
        "EJABBERD_CONFIG_PATH": f"{folder}/ejabberd.yml",
        "EJABBERD_LOG_PATH": f"{folder}/ejabberd.log",
        "ERL_MAX_PORTS": "65536",
        "ERL_CRASH_DUMP": f"{folder}/crash",
    }
