"""One's own data, to take along: complete, one's own, and of any size."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from twisted.internet.defer import Deferred

from imtwisted.http import streams
from imtwisted.model import Person
from imtwisted.refusals import Unavailable
from imtwisted.settings import Limits
from imtwisted.store import exports
from tests.kit import HOST
from tests.visitor import ApiCase, Line, parsed

REQUEST = "GET /api/v1/me/data HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
ROOM = 150_000  # bytes that fit into a slow reader's connection


class ExportTests(ApiCase):
    """`GET /me/data`."""

    def data(self, name: str = "alice") -> Any:
        answer = self.call(name, "GET", "/me/data")
        self.assertEqual(answer.status, 200, answer.body)
        self.answer = answer
        return answer.json

    def say(self, who: str, text: str, **more: Any) -> int:
        path = f"/conversations/{self.server.lobby}/messages"
        return int(self.ok(who, "POST", path, {"text": text, **more}, 201)["seq"])

    def test_who_one_is(self) -> None:
        """The account, its devices and contacts, as a file to keep."""
        self.server.befriend("alice", "bob")
        self.ok("alice", "POST", "/contacts/requests", {"username": "carol", "note": "hello"}, 201)
        data = self.data()
        self.assertEqual(data["user"]["username"], "alice")
        self.assertEqual(len(data["sessions"]), 1)
        friends = [friend["user"]["username"] for friend in data["contacts"]["friends"]]
        self.assertEqual(friends, ["bob"])
        self.assertEqual(data["contacts"]["outgoing"][0]["note"], "hello")
        self.assertEqual(
            self.answer.header("content-disposition"),
            'attachment; filename="imtwisted-data.json"',
        )
        for secret in ("password", "argon2", self.server.tokens["alice"]):
            self.assertNotIn(secret, self.answer.text)

    def test_what_one_said(self) -> None:
        """One's own messages of every conversation one is in; nobody else's."""
        first = self.say("alice", "hello")
        self.say("bob", "a secret of mine", reply_to=first)
        self.say("alice", "answer", reply_to=2)
        path = f"/conversations/{self.server.lobby}/messages"
        self.ok("alice", "PATCH", f"{path}/1", {"text": "hello, all"})
        self.say("alice", "regretted")
        self.ok("alice", "DELETE", f"{path}/4")
        (lobby,) = self.data()["conversations"]
        self.assertEqual((lobby["title"], lobby["kind"]), ("Lobby", "group"))
        self.assertEqual([one["text"] for one in lobby["messages"]], ["hello, all", "answer"])
        self.assertIn("edited_at", lobby["messages"][0])
        self.assertEqual(lobby["messages"][1]["reply_to"], 2)
        for word in ("secret", "regretted"):
            self.assertNotIn(word, self.answer.text)

    def test_many_conversations(self) -> None:
        """More than one page of them, with and without something said."""
        self.open("alice", limits=Limits(deeds_per_10s=0))
        groups = {int(self.server.group("alice", title=f"Group {i}")) for i in range(105)}
        told = self.data()["conversations"]
        self.assertEqual({one["conversation"] for one in told}, groups | {self.server.lobby})
        self.assertTrue(all(one["messages"] == [] for one in told))

    def test_long_ones(self) -> None:
        """Each message once and in order, where they fill many pages and leave gaps."""
        self.patch(exports, "AT_ONCE", 7)
        self.open("alice", "bob", limits=Limits(sends_per_10s=0))
        said = []
        for number in range(40):
            if number % 20 < 10:
                said.append(f"{number}")
            self.say("alice" if number % 20 < 10 else "bob", f"{number}")
        (lobby,) = self.data()["conversations"]
        self.assertEqual([one["text"] for one in lobby["messages"]], said)

    def test_not_signed_in(self) -> None:
        """Nobody's data is for nobody."""
        self.scripts["alice"].token = "nonsense"
        self.assertEqual(self.error("alice", "GET", "/me/data")["status"], 401)


class ReaderTests(ApiCase):
    """Whoever reads slowly costs no more than one who reads fast."""

    def setUp(self) -> None:
        super().setUp()
        path = f"/conversations/{self.server.lobby}/messages"
        for _ in range(30):
            self.ok("alice", "POST", path, {"text": "x" * 15_000}, 201)

    def begin(self) -> Line:
        """A download over a connection that is full after a while."""
        line = Line(self.server.site)
        transport = line.transport
        take = transport.writeSequence

        def fill(parts: Any) -> None:
            take(parts)
            if len(transport.value()) > ROOM:
                transport.producer.pauseProducing()

        self.patch(transport, "writeSequence", fill)
        token = self.server.tokens["alice"]
        line.sends(REQUEST.format(host=HOST, token=token).encode())
        self.server.turn()
        return line

    def test_a_full_connection(self) -> None:
        """The rest waits until there is room, and then comes."""
        line = self.begin()
        before = len(line.transport.value())
        self.server.turn()
        self.assertEqual(len(line.transport.value()), before)
        self.assertLess(before, 2 * ROOM)
        while not line.transport.value().endswith(b"0\r\n\r\n"):
            line.transport.producer.resumeProducing()
            self.server.turn()
        data = json.loads(parsed(line.transport.value()).body)
        self.assertEqual(len(data["conversations"][0]["messages"]), 30)

    def test_one_at_a_time(self) -> None:
        """A second download is refused while one runs; who leaves, ends it."""
        line = self.begin()
        refused = self.error("alice", "GET", "/me/data")
        self.assertEqual(
            (refused["code"], refused["reason"]), ("rate_limited", "download_under_way")
        )
        line.leaves()
        self.server.turn()
        self.assertEqual(self.call("alice", "GET", "/me/data").status, 200)

    def test_whether_it_would_be_given(self) -> None:
        """Is asked with `HEAD`, which reads no further than that, and bars no download."""
        told: list[str] = []

        async def parts(person: Person) -> AsyncGenerator[bytes, None]:
            try:
                yield b"x" * streams.PART
                yield b"the rest"
                told.append("everything")
            finally:
                told.append("over")

        with self.subTest("nothing else is on its way"):
            answer = self.call("alice", "HEAD", "/me/data")
            self.assertEqual((answer.status, answer.body), (200, b""))
            self.assertEqual(self.call("alice", "HEAD", "/me/data").status, 200)
        line = self.begin()
        self.assertEqual(self.call("alice", "HEAD", "/me/data").status, 429)
        line.leaves()
        self.server.turn()
        self.patch(self.server.house.exports, "of", parts)
        self.assertEqual(self.call("alice", "HEAD", "/me/data").status, 200)
        self.assertEqual(told, ["over"])

    def test_a_database_that_thinks(self) -> None:
        """The answer begins when there is something to say, and goes on after each pause."""
        thinking = [Deferred[object](), Deferred[object]()]

        async def parts(person: Person) -> AsyncGenerator[bytes, None]:
            for number, each in enumerate(thinking):
                await each
                yield b"[%d]" % number

        self.patch(self.server.house.exports, "of", parts)
        line = self.begin()
        self.assertEqual(line.transport.value(), b"")
        for each in thinking:
            each.callback(("a", "row"))
            self.server.turn()
        self.assertEqual(parsed(line.transport.value()).body, b"[0][1]")

    def test_refused_before_it_began(self) -> None:
        """As any other request is: with a status and a reason."""

        async def parts(person: Person) -> AsyncGenerator[bytes, None]:
            raise Unavailable
            yield b""

        self.patch(self.server.house.exports, "of", parts)
        answer = self.call("alice", "GET", "/me/data")
        self.assertEqual((answer.status, answer.code), (503, "unavailable"))

    def test_cut_where_it_fails(self) -> None:
        """Half a file is not taken for a whole one."""
        self.patch(exports, "AT_ONCE", 5)
        line = self.begin()
        self.patch(exports, "_OWN", "SELECT nonsense")
        line.transport.producer.resumeProducing()
        self.server.turn()
        self.assertTrue(line.transport.aborted)
        self.flushLoggedErrors()
