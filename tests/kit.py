"""
What the tests share: a whole server in memory, and browsers made of bytes.

The server is the real one, from `Site` to SQL, on SQLite in memory; time,
threads and chance are in the test's hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from argon2 import PasswordHasher
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.boundaries import Pictures
from imtwisted.domain.accounts import Visitor
from imtwisted.domain.passwords import Passwords
from imtwisted.files import Sight
from imtwisted.house import House, Plan
from imtwisted.http.building import build_site
from imtwisted.model import ConversationId, Person, UserId
from imtwisted.settings import Limits
from imtwisted.store.inline import InlineDatabase
from imtwisted.vault.disk import FolderDisk
from tests.client import Client, Frame
from tests.wiring import Wires, frames_in, masked

HOST = "chat.test"
ORIGIN = f"http://{HOST}"
START = 1_700_000_000

_UPGRADE = (
    "GET /ws HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
)


class Chance:
    """Bytes that look random and are the same in every run."""

    def __init__(self) -> None:
        self._drawn = 0

    def __call__(self, size: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_128(self._drawn.to_bytes(8, "big")).digest(size)


# Where tests keep files that upload none.
NOWHERE = Path("/nowhere")


class Blind:
    """The `Pictures` of a test without any."""

    async def look(self, owner: UserId, picture: Path, bare: Path, thumbnail: Path) -> Sight | None:
        return None


class HereAndNow:
    """The `Workers` of a test: no threads."""

    async def run(self, work: Callable[..., Any], *args: Any) -> Any:
        return work(*args)


CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Chat:
    """A whole server in memory, with its clock in the test's hand."""

    def __init__(
        self,
        *people: str,
        limits: Limits | None = None,
        database: InlineDatabase | None = None,
        clock: Clock | None = None,
        files: Path = NOWHERE,
        pictures: Pictures | None = None,
        **plan: Any,
    ) -> None:
        self.clock = clock or Clock()
        if clock is None:
            self.clock.advance(START)
        self.database = database or InlineDatabase()
        self.house = House(
            Plan(limits=limits or Limits(), **plan),
            self.clock,
            self.database,
            Passwords(CHEAP, HereAndNow()),
            Chance(),
            FolderDisk(files, HereAndNow()),
            pictures or Blind(),
        )
        # Autobahn takes a reactor but asks txaio's global one for its timers.
        self.house.sockets._batched_timer = SimpleNamespace(call_later=self.clock.callLater)
        self.site = build_site(self.house, reactor=self.clock, entropy=Chance())
        self.tokens: dict[str, str] = {}
        self.people: dict[str, Person] = {}
        for name in people:
            self.register(name)

    def now(self, work: Any) -> Any:
        """The result of `work`, which must be there by the time this turn ends."""
        done = work if isinstance(work, Deferred) else Deferred.fromCoroutine(work)
        self.turn()
        results: list[Any] = []
        done.addBoth(results.append)
        if not results:
            raise AssertionError("not answered in this turn")
        if isinstance(results[0], Failure):
            results[0].raiseException()
        return results[0]

    def turn(self, times: int = 12) -> None:
        """Let everything happen that needs no time."""
        for _ in range(times):
            self.clock.advance(0)

    def wait(self, seconds: int) -> None:
        """Let time pass, a second at a time."""
        for _ in range(seconds):
            self.clock.advance(1)
        self.turn()

    # --- people ---------------------------------------------------------------------

    def register(self, name: str) -> Person:
        """Make an account named `name`; its token is kept."""
        visitor = Visitor(f"10.0.{len(self.people) // 250}.{len(self.people) % 250}")
        signed_in = self.now(self.house.accounts.register(visitor, name, f"{name}-password"))
        self.tokens[name] = signed_in.token
        self.people[name] = signed_in.session.person
        return self.people[name]

    def befriend(self, one: str, other: str) -> None:
        """Make two people friends, as they would."""
        contacts = self.house.contacts
        self.now(contacts.ask(self.people[one], other, ""))
        self.now(contacts.ask(self.people[other], one, ""))

    def group(
        self, owner: str, *members: str, title: str = "Team", public: bool = False
    ) -> ConversationId:
        """A group of `owner` with `members`, who have to be friends; its id."""
        head, _ = self.now(
            self.house.conversations.found(self.people[owner], title, list(members), public)
        )
        return ConversationId(head.conversation.id)

    @property
    def lobby(self) -> ConversationId:
        """The id of the group that everyone is in."""
        return ConversationId(self.now(self.house.lobby()))

    def browser(self, name: str, client: Client | None = None, **hello: Any) -> Browser:
        """A connection of `name` that has said hello."""
        browser = Browser(self, name, client)
        browser.hello(**hello)
        return browser


class Browser:
    """One connection of a client: everything it says passes the real `Site`."""

    def __init__(
        self,
        chat: Chat,
        name: str,
        client: Client | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.chat = chat
        self.name = name
        self.client = client or Client()
        self.frames: list[Frame] = []
        self.closed: int | None = None
        self.transport = Wires()
        self._unread = b""
        self._says = 0
        # The upgrade puts the socket where the HTTP channel was.
        channel = chat.site.buildProtocol(self.transport.getPeer())
        self.transport.protocol = channel
        channel.makeConnection(self.transport)
        if headers is None:
            headers = {"Authorization": f"Bearer {chat.tokens.get(name, name)}"}
        lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        self.sends(_UPGRADE.format(host=HOST, headers=lines).encode())
        answer = self.transport.value()
        head, _, self._unread = answer.partition(b"\r\n\r\n")
        self.transport.clear()
        self.status = int(head.split(b" ")[1])
        self.head = head.decode("latin-1")

    # --- bytes ------------------------------------------------------------------------

    def sends(self, octets: bytes) -> None:
        """Put raw bytes on the wire."""
        self.transport.protocol.dataReceived(octets)
        self.chat.turn()

    def says(self, frame: Frame | str | bytes) -> None:
        """Send one text frame, masked as RFC 6455 wants from a client."""
        self.sends(masked(frame))

    def heard(self) -> list[Frame]:
        """The frames received since last asked; the client has taken them in."""
        self.chat.turn()
        received = self._unread + self.transport.value()
        self.transport.clear()
        new: list[Frame] = []
        for opcode, payload, rest in frames_in(received):
            received = rest
            if opcode == 8:
                self.closed = int.from_bytes(payload[:2], "big")
            elif opcode == 1:
                new.append(json.loads(payload))
        self._unread = received
        for frame in new:
            self.client.hear(frame)
        self.frames += new
        return new

    def only(self, kind: str) -> list[Frame]:
        """Of the frames received since last asked, those of one type."""
        return [frame for frame in self.heard() if frame["type"] == kind]

    def close_code(self) -> int | None:
        """The close code received, if the server has closed."""
        self.heard()
        return self.closed

    def leaves(self) -> None:
        """The connection is lost, without a word."""
        self.transport.protocol.connectionLost(Failure(ConnectionDone()))
        self.chat.turn()

    # --- the protocol -------------------------------------------------------------------

    def hello(self, **fields: Any) -> Frame:
        """Say hello with the client's cursors, or with `fields`; `ready`, or the error."""
        hello = {**self.client.hello(), **fields}
        self.says(hello)
        return next(frame for frame in self.heard() if frame["type"] in ("ready", "error"))

    def asks(self, **request: Any) -> Frame:
        """Send a request and return its reply."""
        request.setdefault("id", self.client.next_id())
        self.says(request)
        return next(frame for frame in self.heard() if frame.get("id") == request["id"])

    def send(self, text: str = "hi", client_id: str | None = None, **fields: Any) -> Frame:
        """Say something in the lobby, or where `fields` tell; the reply."""
        if "to" not in fields:
            fields.setdefault("conversation", self.chat.lobby)
        client_id = client_id or self.new_client_id()
        return self.asks(type="send", client_id=client_id, text=text, **fields)

    def new_client_id(self) -> str:
        """An id that no other message of this browser has."""
        self._says += 1
        return hashlib.sha256(f"{id(self)}{self.name}{self._says}".encode()).hexdigest()[:32]

    def settles(self) -> None:
        """Ask what the client's rules want asked, until they want nothing more."""
        self.heard()
        for _ in range(1000):
            wanted = list(self.client.wants())
            for frame in wanted:
                self.says(frame)
            if not self.heard() and not wanted:
                return
        raise AssertionError("the client never settles")

    def texts(self, conversation: int | None = None) -> list[str]:
        """What the client shows of a conversation, the lobby by default."""
        self.heard()
        return self.client.place(conversation or self.chat.lobby).texts()


class ChatCase(SynchronousTestCase):
    """A test with a whole server in memory."""

    def chat(self, *people: str, **options: Any) -> Chat:
        """A server that knows `people`."""
        return Chat(*people, **options)
