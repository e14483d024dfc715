"""A browser or script as the tests have it: HTTP/1.1 in bytes, cookies kept, no network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress, ISSLTransport, ITransport
from twisted.python.failure import Failure
from twisted.web.server import Site
from zope.interface import directlyProvides

from tests.kit import HOST, Chat, ChatCase
from tests.wiring import Wires


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """One header, empty when it is missing."""
        return ", ".join(self.headers.get(name.lower(), []))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def code(self) -> str:
        """The code of the error, empty when it is none."""
        return str(self.json["error"]["code"]) if self.status >= 400 else ""


class Line:
    """One connection to the site, in raw bytes."""

    def __init__(self, site: Site, peer: IAddress | None = None, secure: bool = False) -> None:
        self.transport = Wires(peerAddress=peer or IPv4Address("TCP", "192.0.2.1", 4321))
        if secure:
            # As far as `Request.isSecure` looks; nothing is encrypted.
            directlyProvides(self.transport, ISSLTransport, ITransport)
        self.channel = site.buildProtocol(self.transport.getPeer())
        assert self.channel is not None
        self.channel.makeConnection(self.transport)

    def sends(self, octets: bytes) -> bytes:
        """What the site has said after it got `octets`."""
        if self.transport.connected:
            self.channel.dataReceived(octets)
        return bytes(self.transport.value())

    def leaves(self) -> None:
        """The browser is closed."""
        self.channel.connectionLost(Failure(ConnectionDone()))


class Visitor:
    """Someone with a cookie jar, or a token."""

    def __init__(
        self,
        chat: Chat,
        *,
        token: str | None = None,
        origin: str | None = None,
        peer: IAddress | None = None,
        secure: bool = False,
        host: str = HOST,
    ) -> None:
        self.chat = chat
        self.token = token
        self.origin = origin
        self.peer = peer
        self.secure = secure
        self.host = host
        self.csrf = ""
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own, and its answer."""
        line = self.begin(method, path, body, raw=raw, form=form, headers=headers)
        self.chat.turn()
        return self.take(line)

    def api(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """One call of the JSON API."""
        return self.ask(method, f"/api/v1{path}", body, **options)

    def begin(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Line:
        """Send a request without waiting for its answer."""
        content, kind = b"", ""
        if body is not None:
            content, kind = json.dumps(body).encode(), "application/json"
        if form is not None:
            content, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        if raw is not None:
            content, kind = raw, "application/json"
        lines = {"Host": self.host, "Content-Length": str(len(content)), **self._own_headers()}
        if kind:
            lines["Content-Type"] = kind
        lines.update(headers or {})
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        line = Line(self.chat.site, self.peer, self.secure)
        line.sends(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + content)
        return line

    def _own_headers(self) -> dict[str, str]:
        own: dict[str, str] = {}
        if self.token is not None:
            own["Authorization"] = f"Bearer {self.token}"
        if self.origin is not None:
            own["Origin"] = self.origin
        if self.cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf:
            own["X-CSRF-Token"] = self.csrf
        return own

    def take(self, line: Line) -> Answer:
        """The answer that has come on `line`; its cookies are kept."""
        answer = parsed(line.transport.value())
        self.set_cookies = answer.headers.get("set-cookie", [])
        for cookie in self.set_cookies:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer


def parsed(octets: bytes) -> Answer:
    """One HTTP answer, its chunks joined."""
    head, _, body = octets.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers.setdefault(name.lower(), []).append(value)
    if headers.get("transfer-encoding") == ["chunked"]:
        body = _joined(body)
    return Answer(int(status.split(" ")[1]), headers, body)


def _joined(chunks: bytes) -> bytes:
    whole = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        whole, chunks = whole + rest[:length], rest[length + 2 :]
        if not length:
            break
    return whole


class ApiCase(ChatCase):
    """A server, and a script for each person."""

    def setUp(self) -> None:
        self.open("alice", "bob", "carol")

    def open(self, *names: str, **options: Any) -> None:
        """A server with `names`."""
        self.server: Chat = self.chat(*names, **options)
        self.scripts = {
            name: Visitor(self.server, token=self.server.tokens[name]) for name in names
        }

    def call(self, name: str, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """What the script of `name` gets."""
        return self.scripts[name].api(method, path, body, **options)

    def ok(self, name: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The result of a call that works."""
        answer = self.call(name, method, path, body)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json if answer.body else None

    def error(self, name: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The error of a call that does not, with its status."""
        answer = self.call(name, method, path, body)
        self.assertGreaterEqual(answer.status, 400, answer.body)
        return {"status": answer.status, **answer.json["error"]}
