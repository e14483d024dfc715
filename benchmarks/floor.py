"""
What a message costs when nothing but the promise is kept: ``python -m benchmarks.floor``.

One says, 200 hear, one message at a time, as in ``--scenario fan-out --size 200`` with
one outstanding. No server: a bare loop stores one row, waits for its COMMIT, calls
`send` once a member, and waits until all have read. What stands between this
and a chat server is everything that a chat server does.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pymysql

from benchmarks.machine import pinned, processor_seconds, two_cores
from benchmarks.servers.databases import Maria, SQLite

FRAME = b"x" * 180  # bytes; about as long as an event with a few words
_TABLE = "CREATE TABLE bare (a BIGINT, b BIGINT, said TEXT, PRIMARY KEY (a, b))"
_SAY = "INSERT INTO bare VALUES (1, %d, 'a few words')"

Deed = Callable[[], object]


class Members:
    """Open connections to a process that reads all of them, on a core of its own."""

    def __init__(self, number: int, core: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self._reader = os.fork()
            if not self._reader:
                os.sched_setaffinity(0, {core})
                _read(door.getsockname()[1], number)
            self._all_have_it = door.accept()[0]
            self._lines = [door.accept()[0] for _ in range(number)]
        for line in self._lines:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.setblocking(False)

    def tell(self) -> None:
        """One `send` each; back when everybody has read it."""
        for line in self._lines:
            line.send(FRAME)
        self._all_have_it.recv(1)

    def leave(self) -> None:
        """Close everything, and wait for the reader."""
        for line in (self._all_have_it, *self._lines):
            line.close()
        os.kill(self._reader, signal.SIGKILL)
        os.waitpid(self._reader, 0)


def _read(port: int, members: int) -> None:
    """Read until killed; a byte goes back whenever everybody has got a frame."""
    done = socket.create_connection(("127.0.0.1", port))
    poll = select.epoll()
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(members)]
    by_number = {line.fileno(): line for line in lines}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    waiting = members * len(FRAME)
    while True:
        for number, _ in poll.poll():
            waiting -= len(by_number[number].recv(65_536))
        if not waiting:
            waiting = members * len(FRAME)
            done.send(b".")


@contextmanager
def in_sqlite() -> Iterator[Deed]:
    """What stores one row in a file, durably."""
    with SQLite().fresh() as url:
        database = sqlite3.connect(url.removeprefix("sqlite:"), isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute(_TABLE)
            numbers = count()
            yield lambda: database.execute(_SAY % next(numbers))
        finally:
            database.close()


@contextmanager
def in_mariadb(maria: Maria) -> Iterator[Deed]:
    """What stores one row in MariaDB, durably, in one trip."""
    with maria.fresh_name() as (name, _):
        database: Any = pymysql.connect(
            unix_socket=str(maria.server().socket), user="root", database=name, autocommit=True
        )
        try:
            cursor = database.cursor()
            cursor.execute(_TABLE)
            numbers = count()
            yield lambda: cursor.execute(_SAY % next(numbers))
        finally:
            database.close()


class Report:
    """Prints a line for what is done for each of so many messages."""

    def __init__(self, members: int, messages: int, database: int) -> None:
        self._members = members
        self._messages = messages
        self._processes = (os.getpid(), database)

    def line(self, name: str, *deeds: Deed) -> None:
        """Do all `deeds` for each message, and say what one took."""
        before = self._spent()
        began = time.perf_counter()
        for _ in range(self._messages):
            for deed in deeds:
                deed()
        each = (time.perf_counter() - began) / self._messages
        ours, database = (
            (now - then) / self._messages for now, then in zip(self._spent(), before, strict=True)
        )
        sys.stdout.write(
            f"{name:20} {each * 1e3:5.2f} ms a message, "
            f"processor {ours * 1e3:.2f} + {database * 1e3:.2f} ms, "
            f"{self._members / each:9,.0f} a second for {self._members}\n"
        )
        sys.stdout.flush()

    def _spent(self) -> list[float]:
        return [processor_seconds(pid) for pid in self._processes]


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=__doc__)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--messages", type=int, default=3_000)
    options = parser.parse_args()
    reading, core = two_cores()
    members, maria = Members(options.members, reading), Maria(core)
    try:
        with pinned(core), in_sqlite() as lite, in_mariadb(maria) as stored:
            report = Report(options.members, options.messages, maria.server().pid)
            report.line("sends alone", members.tell)
            for name, store in (("SQLite", lite), ("MariaDB", stored)):
                report.line(f"{name} alone", store)
                report.line(f"{name} and sends", store, members.tell)
    finally:
        members.leave()
        maria.stop()


if __name__ == "__main__":
    main()
