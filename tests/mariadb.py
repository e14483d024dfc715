"""
A real MariaDB of the tests' own: a private folder, a private socket, no port.

``mariadb()`` starts one the first time it is asked in a test run and stops it
at the run's end; each test takes ``fresh_database()`` from it. A test that
stops or kills its database takes ``private_mariadb()`` instead.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pymysql

# mariadbd lies where a plain user's PATH does not look.
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"])
_READY_WITHIN = 60.0
_STOPPED_WITHIN = 30.0
# sockaddr_un.sun_path, without its final zero.
_SOCKET_PATH_BYTES = 107


@cache
def mariadb() -> MariaDB:
    """The MariaDB of this test run, started when first asked for."""
    server = MariaDB()
    atexit.register(server.remove)
    server.start()
    return server


@contextmanager
def private_mariadb() -> Iterator[MariaDB]:
    """A running MariaDB for one test that wants to stop it, kill it or fill it."""
    server = MariaDB()
    try:
        server.start()
        yield server
    finally:
        server.remove()


class MariaDB:
    """One MariaDB server in a folder that goes when it goes; its user is root, without password."""

    def __init__(self) -> None:
        self._folder = _new_folder()
        self._names = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        self.socket = str(self._folder / "socket")

    def fresh_database(self) -> str:
        """The name of a new, empty database."""
        name = f"imchat_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        return name

    def drop_database(self, name: str) -> None:
        """Forget the database `name`, if it is still there."""
        self.execute(f"DROP DATABASE IF EXISTS {name}")

    def url(self, name: str) -> str:
        """What ``twistd imchat --database`` takes to use the database `name`."""
        return f"mysql://root@/{name}?unix_socket={self.socket}"

    def execute(self, statement: str) -> tuple[tuple[object, ...], ...]:
        """Run one statement as root and give its rows."""
        connection = pymysql.connect(unix_socket=self.socket, user="root", autocommit=True)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return tuple(cursor.fetchall())
        finally:
            connection.close()

    def start(self) -> None:
        """Start the server and come back when it answers."""
        if not self._data.exists():
            self._install()
        command = [_program("mariadbd"), "--no-defaults", f"--datadir={self._data}", *_as_root()]
        command += [f"--socket={self.socket}", f"--pid-file={self._folder / 'pid'}"]
        # Small buffers: a test's database is small, and a machine may run several.
        command += ["--skip-networking", "--innodb-buffer-pool-size=64M", "--skip-name-resolve"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                # Ctrl-C is for the tests, which then stop this server.
                start_new_session=True,
            )
        self._wait_until_it_answers(self._process)

    def stop(self) -> None:
        """Shut the server down in order; its data stay."""
        self._end("terminate")

    def kill(self) -> None:
        """End the server as a power cut would; its data stay."""
        self._end("kill")

    def freeze(self) -> None:
        """Let the server answer nothing any more, and close nothing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def remove(self) -> None:
        """Stop the server and leave nothing of it."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, how: str) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        getattr(process, how)()
        try:
            process.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _install(self) -> None:
        command = [_program("mariadb-install-db"), "--no-defaults", f"--datadir={self._data}"]
        command += [*_as_root(), "--auth-root-authentication-method=normal", "--skip-test-db"]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            raise RuntimeError(done.stdout.decode(errors="replace"))

    def _knock(self) -> None:
        """Connect and go: PyMySQL would forget to close a socket that was refused."""
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(self.socket)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self._knock()
                self.execute("SELECT 1")
                return
            except (OSError, pymysql.err.OperationalError):
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(self._log.read_text(errors="replace"))


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="imchat-mariadb-"))
    if len(os.fsencode(folder / "socket")) <= _SOCKET_PATH_BYTES:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="imchat-mariadb-", dir="/tmp"))


def _as_root() -> list[str]:
    """MariaDB refuses to run as root unless it is told to."""
    return ["--user=root"] if os.geteuid() == 0 else []


def _program(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise RuntimeError(f"{name} is not installed; run tests/programs.py mariadb")
    return found
