"""Who asks over HTTP and never reads costs a bounded amount of memory, and not for long."""

# ruff: noqa: T201 - what was measured is told

from __future__ import annotations

import asyncio
import json
import socket
import urllib.request
from contextlib import ExitStack

from imtwisted.patience import NO_PROGRESS
from tests.faults.server import UNLIMITED, Server, until
from tests.faults.watch import MIB, Watch
from tests.person import Person
from tests.uploading import TYPE, form

_LINES = 40  # of each kind
_FILE = 16 * MIB
# Without a bound a download costs what fits between us, and answers upon answers what somebody
# asks for in half a minute. 64 KiB wait in a full transport, an answer behind them, and some more.
_BOUND = 2 * _LINES * MIB // 2 + 32 * MIB


class Deaf:
    """A connection on which much is asked, and from which nothing is read."""

    def __init__(self, server: Server, asked: bytes) -> None:
        self._asked = asked
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.connect(("127.0.0.1", server.port))
        self.line.setblocking(False)

    def asks(self) -> None:
        """Once more, if there is room."""
        try:
            self.line.send(self._asked)
        except (BlockingIOError, ConnectionError):
            return

    @property
    def is_cut(self) -> bool:
        """Whether the server has hung up; of what it said nothing is taken."""
        return self.line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0 or self._is_closed()

    def _is_closed(self) -> bool:
        try:
            self.line.getpeername()
        except OSError:
            return True
        return False


def test_answers_that_nobody_reads() -> None:
    """Downloads, and the same pages again and again; they are cut, and a slow reader gets all."""
    with Server(*UNLIMITED) as server, ExitStack() as stack:
        asyncio.run(_run(server, stack))


async def _run(server: Server, stack: ExitStack) -> None:
    person = Person(server, "zhang").registers()
    download = _get(f"/api/v1/files/{_uploaded(server, person)}", person)
    pages = _get("/api/v1/openapi.json", person) * 100
    deaf = [Deaf(server, asked) for asked in (download, pages) for _ in range(_LINES)]
    for each in deaf:
        stack.callback(each.line.close)
    slow = asyncio.create_task(_reads_slowly(server, download))
    async with Watch(server) as watch:
        for _ in range(100):
            for each in deaf:
                each.asks()
            await asyncio.sleep(0.05)
    print(
        f"{len(deaf)} lines from which nobody reads:"
        f" {watch.growth / MIB:.0f} MiB more than {watch.before / MIB:.0f}"
    )
    assert watch.growth < _BOUND, f"{watch.growth / MIB:.0f} MiB"
    await until(lambda: all(each.is_cut for each in deaf), "all are cut", 2 * NO_PROGRESS)
    assert await slow > _FILE


def _uploaded(server: Server, person: Person) -> int:
    request = urllib.request.Request(
        f"{server.url}/api/v1/files",
        form(bytes(_FILE)),
        {"Authorization": f"Bearer {person.token}", "Content-Type": TYPE},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return int(json.load(answer)["file"]["id"])


def _get(path: str, person: Person) -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {person.token}\r\n\r\n"
    return head.encode()


async def _reads_slowly(server: Server, asked: bytes) -> int:
    """How many bytes somebody gets who takes their time: longer than silence is borne."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=4096)
    writer.write(asked)
    got = 0
    while got < _FILE:
        part = await asyncio.wait_for(reader.read(_FILE // 60), 20)
        if not part:
            break
        got += len(part)
        await asyncio.sleep(len(part) * 45 / _FILE)
    writer.close()
    return got
