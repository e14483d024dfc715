"""
Someone who chats with a real server by script: HTTP, and the `websockets` client.

What `tests/process.py` starts, this talks to; nothing of ours is imported, so
what it finds out is what a stranger's client would.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from itertools import count
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.process import Process

PASSWORD = "correct horse battery"
_PATIENCE = 15.0

Frame = dict[str, Any]


class Refused(Exception):
    """The server answered an HTTP request with an error; `status` and `error` say which."""

    def __init__(self, status: int, error: Frame) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error


SAFE = "/?&=%"  # what a path keeps; names in it may be of any script


class Person:
    """An account on `server`, with a token, as a script would hold it."""

    def __init__(self, server: Process, username: str) -> None:
        self._server = server
        self.username = username
        self.token: str | None = None
        self.user: Frame = {}

    def registers(self) -> Self:
        """Make the account and keep its token."""
        return self._enters("/users")

    def signs_in(self) -> Self:
        """Another session of the account, with a token of its own."""
        return self._enters("/session")

    def asks(self, method: str, path: str, body: Frame | None = None) -> Any:
        """One JSON request to the API; raises `Refused` for an error."""
        request = urllib.request.Request(
            f"{self._server.url}/api/v1{quote(path, safe=SAFE)}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        if self.token is not None:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(
                request, timeout=_PATIENCE, context=self._server.trust
            ) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, json.loads(error.read())["error"]) from None

    def connects(self) -> Connection:
        """A socket of this person's, before its `hello`."""
        return Connection(
            connect(
                self._server.socket_url,
                subprotocols=[Subprotocol("imchat.v1")],
                additional_headers={"Authorization": f"Bearer {self.token}"},
                ssl=self._server.trust,
                open_timeout=_PATIENCE,
                compression=None,
            )
        )

    def _enters(self, path: str) -> Self:
        answer = self.asks("POST", path, {"username": self.username, "password": PASSWORD})
        self.token, self.user = answer["token"], answer["user"]
        return self


class Connection:
    """One socket, in a ``with``: `says` sends, `asks` waits for the reply, `hears` waits for an event."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._ids = count(1)
        self._unheard: list[Frame] = []

    def __enter__(self) -> Self:
        self.socket.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.__exit__(kind, error, trace)

    def says(self, type_: str, **fields: object) -> int:
        """Send a request and give its `id`."""
        number = next(self._ids)
        self.socket.send(json.dumps({"type": type_, "id": number, **fields}))
        return number

    def asks(self, type_: str, **fields: object) -> Frame:
        """Send a request and give its reply."""
        return self._next(id=self.says(type_, **fields))

    def hears(self, type_: str, **fields: object) -> Frame:
        """The next event of this type with these fields, waiting for it."""
        return self._next(type=type_, **fields)

    def unheard(self, type_: str) -> list[Frame]:
        """The events of this type that came while it waited for something else."""
        found = [frame for frame in self._unheard if frame["type"] == type_]
        self._unheard = [frame for frame in self._unheard if frame["type"] != type_]
        return found

    def _next(self, **wanted: object) -> Frame:
        for waiting in self._unheard:
            if wanted.items() <= waiting.items():
                self._unheard.remove(waiting)
                return waiting
        while True:
            frame: Frame = json.loads(self.socket.recv(timeout=_PATIENCE))
            if wanted.items() <= frame.items():
                return frame
            self._unheard.append(frame)
