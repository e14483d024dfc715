"""How a server comes and goes: SIGTERM, a taken port, a wrong option."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

from twisted.trial.unittest import SynchronousTestCase
from websockets.exceptions import ConnectionClosed

from tests.person import Person
from tests.process import DidNotStart, Process


class EndingTests(SynchronousTestCase):
    """SIGTERM ends the server in order."""

    def test_everyone_is_told(self) -> None:
        """Each client hears when to come back, and what was sent before is acknowledged."""
        with Process() as server, Person(server, "zhang").registers().connects() as zhang:
            lobby = zhang.asks("hello")["conversations"][0]["conversation"]
            zhang.says("send", client_id="01" * 16, conversation=lobby, text="last words")
            zhang.hears("ack")
            started = time.monotonic()
            server.terminate()
            bye = zhang.hears("bye")
            self.assertEqual(bye["code"], 4001)
            soonest, latest = bye["retry_after"]
            self.assertLessEqual(0, soonest)
            self.assertLess(soonest, latest)
            with self.assertRaises(ConnectionClosed) as closed:
                zhang.hears("nothing more")
            self.assertEqual(closed.exception.rcvd and closed.exception.rcvd.code, 4001)
            server.wait()
            self.assertLess(time.monotonic() - started, 15)
            self.assertNotIn("Traceback", server.log)

    def test_a_client_that_does_not_close(self) -> None:
        """One that ignores the farewell does not keep the server from ending."""
        with Process() as server, Person(server, "zhang").registers().connects() as zhang:
            zhang.asks("hello")
            server.stop()
            self.assertFalse(server.is_running)


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

    def test_the_database_has_a_server(self) -> None:
        """Two on one file would serve people who cannot hear each other."""
        with Process() as first:
            path = first.folder / "imchat-data" / "imchat.sqlite3"
            second = Process("--database", f"sqlite:{path}")
            self.addCleanup(second.remove)
            second.spawn()
            second.wait()
            self.assertIn("another server uses", second.log)
            first.kill()
            first.start()

    def test_a_wrong_option(self) -> None:
        """The words name the option."""
        for options, word in [
            (("--database", "oracle:x"), "--database"),
            (("--registration", "perhaps"), "--registration"),
            (("--limit", "patience=3"), "--limit"),
            (("--limit", "text_characters=30000"), "frame_bytes must be at least 121536"),
            (("--direct-messages", "nobody"), "--direct-messages"),
        ]:
            server = Process(*options)
            self.addCleanup(server.remove)
            with self.assertRaises(DidNotStart) as why:
                server.start()
            self.assertIn(word, str(why.exception))
            self.assertNotIn("Traceback", str(why.exception))
