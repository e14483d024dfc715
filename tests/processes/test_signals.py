"""How a server comes and goes: SIGTERM, a taken port, a wrong option."""

from __future__ import annotations

import os
import resource
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from twisted.trial.unittest import SynchronousTestCase
from websockets.exceptions import ConnectionClosed

from tests.mariadb import private_mariadb
from tests.person import Frame, Person
from tests.process import DidNotStart, Process

PROMISED = 15.0  # seconds from SIGTERM to the end, in docs/operating.md
IDS = [f"{n:032x}" for n in range(1, 201)]


@contextmanager
def deaf(server: Process, person: Person) -> Iterator[None]:
    """A socket of theirs that was opened and is never read from, not even its farewell."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as line:
        line.sendall(
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
            b"Sec-WebSocket-Protocol: imchat.v1\r\n"
            b"Authorization: Bearer %s\r\n\r\n" % str(person.token).encode()
        )
        answer = line.recv(12)
        assert answer == b"HTTP/1.1 101", answer
        yield


class BeginningTests(SynchronousTestCase):
    """What a server takes from the machine."""

    def test_open_files(self) -> None:
        """As many as it may have: a soft limit that is low keeps nobody out."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with Process() as server:
            taken = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        self.assertEqual(taken, (hard, hard))


class EndingTests(SynchronousTestCase):
    """SIGTERM ends the server in order."""

    def test_everyone_is_told(self) -> None:
        """Each client hears when to come back, and what was sent before is acknowledged."""
        with (
            Process("--limit", "sends_per_10s=0", "--limit", "unanswered_requests=1000") as server,
            Person(server, "zhang").registers().connects() as zhang,
        ):
            lobby = zhang.asks("hello")["conversations"][0]["conversation"]
            for one in IDS:
                zhang.says("send", client_id=one, conversation=lobby, text=one)
            first = zhang.hears("ack")
            server.terminate()
            bye = zhang.hears("bye")
            acks = [first, *zhang.unheard("ack")]
            acknowledged = {ack["client_id"]: ack["seq"] for ack in acks}
            self.assertEqual(bye["code"], 4001)
            soonest, latest = bye["retry_after"]
            self.assertLessEqual(0, soonest)
            self.assertLess(soonest, latest)
            with self.assertRaises(ConnectionClosed) as closed:
                zhang.hears("nothing more")
            self.assertEqual(closed.exception.rcvd and closed.exception.rcvd.code, 4001)
            server.wait(PROMISED)
            self.assertNotIn("Traceback", server.log)
            server.start()
            there = self.stored(Person(server, "li").registers(), lobby)
            self.assertEqual(acknowledged.items() - there.items(), set())
            self.assertEqual(there, {one: seq for seq, one in enumerate(IDS[: len(there)], 1)})
            # What was taken is answered, so nothing is there that was not acknowledged.
            self.assertEqual(there.keys(), acknowledged.keys())

    def stored(self, reader: Person, conversation: int) -> dict[str, int]:
        """Which text stands where."""
        path = f"/conversations/{conversation}/messages?limit=100"
        found: list[Frame] = []
        page = reader.asks("GET", f"{path}&after=0")
        while page["items"]:
            found += page["items"]
            page = reader.asks("GET", f"{path}&after={found[-1]['seq']}")
        return {item["text"]: item["seq"] for item in found if item["kind"] == "text"}

    def test_a_client_that_does_not_close(self) -> None:
        """One that never reads, and answers nothing, does not keep the server from ending."""
        with Process() as server, deaf(server, Person(server, "zhang").registers()):
            server.terminate()
            server.wait(PROMISED)
            self.assertNotIn("Traceback", server.log)

    def test_a_database_that_is_silent(self) -> None:
        """Neither closed nor answering, with something to store: the server ends all the same."""
        with private_mariadb() as database:
            url = database.url(database.fresh_database())
            with (
                Process("--database", url) as server,
                Person(server, "zhang").registers().connects() as zhang,
            ):
                lobby = zhang.asks("hello")["conversations"][0]["conversation"]
                database.freeze()
                zhang.says("send", client_id=IDS[0], conversation=lobby, text="too late")
                server.terminate()
                server.wait(PROMISED)
                self.assertIn("went on without waiting", server.log)


class OperationsTests(SynchronousTestCase):
    """What a machine asks a running server."""

    def get(self, url: str) -> tuple[int, str]:
        """The status and the words at `url`."""
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def test_health_readiness_and_metrics(self) -> None:
        """They are on the operations port, and nowhere else."""
        with Process() as server:
            self.assertEqual(self.get(f"{server.operations_url}/healthz")[0], 200)
            self.assertEqual(self.get(f"{server.operations_url}/readyz")[0], 200)
            status, metrics = self.get(f"{server.operations_url}/metrics")
            self.assertEqual(status, 200)
            self.assertIn("imchat", metrics)
            self.assertEqual(self.get(f"{server.url}/metrics")[0], 404)


class StartingTests(SynchronousTestCase):
    """What one who starts it is told."""

    def test_the_address(self) -> None:
        """As it is typed into a browser on the same machine."""
        with Process() as server:
            self.assertIn(f"Open http://localhost:{server.port}/ in a browser.", server.log)
            with urllib.request.urlopen(f"{server.url}/", timeout=10) as page:
                self.assertEqual(page.status, 200)


class NotStartingTests(SynchronousTestCase):
    """A server that cannot do what it was told ends and says why."""

    def test_the_port_is_taken(self) -> None:
        """It does not live on with nothing listening."""
        with Process() as first:
            second = Process(listen=f"tcp:{first.port}:interface=127.0.0.1")
            self.addCleanup(second.remove)
            second.spawn()
            second.wait()
            self.assertIn("already in use", second.log)

    def test_data_that_is_none(self) -> None:
        """A folder where the database should be is the fault of who named its folder."""
        server = Process("--data", "kept")
        self.addCleanup(server.remove)
        (server.folder / "kept" / "imchat.sqlite3").mkdir(parents=True)
        with self.assertRaises(DidNotStart) as why:
            server.start()
        self.assertIn("imchat: --data kept: ", str(why.exception))

    def test_a_password_that_is_none(self) -> None:
        """Neither is the file of a password the database's fault."""
        server = Process(environment={"IMCHAT_DATABASE_PASSWORD_FILE": "/nowhere"})
        self.addCleanup(server.remove)
        with self.assertRaises(DidNotStart) as why:
            server.start()
        self.assertIn("IMCHAT_DATABASE_PASSWORD_FILE: ", str(why.exception))
        self.assertNotIn("--data", str(why.exception))

    def test_a_wrong_option(self) -> None:
        """The words name the option."""
        for options, word in [
            (("--database", "oracle:x"), "--database"),
            (("--registration", "perhaps"), "--registration"),
            (("--limit", "patience=3"), "--limit"),
            (("--limit", "text_characters=30000"), "frame_bytes must be at least 121536"),
            (("--direct-messages", "nobody"), "--direct-messages"),
            (("--data", os.devnull), f"imchat: --data {os.devnull}: "),
            (("--data", f"{os.devnull}/data"), f"imchat: --data {os.devnull}/data: "),
            (("--database", f"sqlite:{os.devnull}/data"), "imchat: --database: "),
            (("--public-url", "chat.example"), "--public-url must be scheme"),
            (("--trust-proxy", "chat.example"), "imchat: --trust-proxy: "),
            (("--listen", "tcp:x"), "imchat: --listen tcp:x: "),
            (("--operations", "tcp:x"), "imchat: --operations tcp:x: "),
        ]:
            server = Process(*options)
            self.addCleanup(server.remove)
            with self.assertRaises(DidNotStart) as why:
                server.start()
            self.assertIn(word, str(why.exception))
            self.assertNotIn("Traceback", str(why.exception))
