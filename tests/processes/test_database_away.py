"""A database that is away is said, borne and got over."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from subprocess import CalledProcessError

from twisted.trial.unittest import SynchronousTestCase

from tests.mariadb import private_mariadb
from tests.person import Person
from tests.process import Process
from tests.processes.test_operator import imchat_admin

_PATIENCE = 30.0


def readiness(server: Process) -> tuple[int, str]:
    """What ``/readyz`` answers: the status, and the words."""
    try:
        with urllib.request.urlopen(f"{server.operations_url}/readyz", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def wait_for_readiness(server: Process, status: int) -> None:
    """Come back when ``/readyz`` answers `status`."""
    deadline = time.monotonic() + _PATIENCE
    while readiness(server)[0] != status:
        if time.monotonic() > deadline:
            raise TimeoutError(f"/readyz still answers {readiness(server)}")
        time.sleep(0.1)


def wait_for_words(server: Process, words: str) -> None:
    """Come back when the log has them."""
    deadline = time.monotonic() + _PATIENCE
    while words not in server.log:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not in the log: {words}")
        time.sleep(0.1)


class DatabaseAwayTests(SynchronousTestCase):
    """The server outlives its database's absence."""

    def test_what_is_not_granted(self) -> None:
        """Said in words, by the server and by the operator's command; once granted, it serves."""
        with private_mariadb() as database:
            name = database.fresh_database()
            database.execute("CREATE USER reader@localhost")
            database.execute(f"GRANT SELECT ON {name}.* TO reader@localhost")
            url = database.url(name).replace("root@", "reader@")
            server = Process("--database", url)
            self.addCleanup(server.remove)
            server.spawn()
            wait_for_words(server, "command denied")
            with self.assertRaises(CalledProcessError) as ended:
                imchat_admin(server, "new-epoch", "--database", url)
            self.assertTrue(ended.exception.stderr.startswith("imchat-admin: "))
            for said in (server.log, readiness(server)[1], ended.exception.stderr):
                self.assertIn("CREATE command denied to user", said)
                self.assertNotIn("Traceback", said)
            database.execute(f"GRANT ALL ON {name}.* TO reader@localhost")
            wait_for_readiness(server, 200)

    def test_goes_away_and_comes_back(self) -> None:
        """Meanwhile a send is refused for now; afterwards the same send is kept."""
        with private_mariadb() as database:
            name = database.fresh_database()
            with Process("--database", database.url(name)) as server:
                wait_for_readiness(server, 200)
                person = Person(server, "zhang").registers()
                with person.connects() as zhang:
                    lobby = zhang.asks("hello")["conversations"][0]["conversation"]
                    said = {"client_id": "cd" * 16, "conversation": lobby, "text": "hi"}
                    database.kill()
                    error = zhang.asks("send", **said)
                    self.assertEqual((error["type"], error["code"]), ("error", "unavailable"))
                    self.assertIs(error["temporary"], True)
                    wait_for_readiness(server, 503)
                    for path in ("/login", "/chat", "/settings"):
                        self.is_told(server, path, str(person.token))
                    database.start()
                    wait_for_readiness(server, 200)
                    self.assertEqual(zhang.asks("send", **said)["type"], "ack")

    def is_told(self, server: Process, path: str, session: str) -> None:
        """Who is signed in is told on a page, in words and in their language, when to come again."""
        for language, word in (("en", "again"), ("zh", "请重试")):
            headers = {"Cookie": f"imchat={session}", "Accept-Language": language}
            request = urllib.request.Request(f"{server.url}{path}", headers=headers)
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=20)
            with refused.exception as answer:
                self.assertEqual(answer.code, 503)
                self.assertIn("text/html", answer.headers["Content-Type"])
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
                page = answer.read().decode()
            self.assertIn(f'lang="{language}', page)
            self.assertIn(word, page)
            self.assertNotIn("Traceback", page)

    def test_is_down_at_start(self) -> None:
        """The server starts all the same, says so, and works when the database is up."""
        with private_mariadb() as database:
            name = database.fresh_database()
            database.stop()
            with Process("--database", database.url(name), waits=False) as server:
                self.assertEqual(readiness(server)[0], 503)
                database.start()
                wait_for_readiness(server, 200)
                Person(server, "zhang").registers()
