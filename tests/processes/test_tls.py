"""https and wss, with a certificate of the test's own."""

from __future__ import annotations

import signal
import socket
import ssl
import tempfile
import time
import urllib.request
from pathlib import Path

import trustme
from twisted.trial.unittest import SynchronousTestCase

from tests.person import PASSWORD, Person
from tests.process import DidNotStart, Process


class Certificates:
    """An authority, and what it issued to ``localhost``, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.folder = folder
        self.trust = ssl.create_default_context()
        self._authority.configure_trust(self.trust)
        self.renew()

    @property
    def key(self) -> Path:
        """The private key's file."""
        return self.folder / "key.pem"

    @property
    def chain(self) -> Path:
        """The certificate's file."""
        return self.folder / "chain.pem"

    def renew(self) -> bytes:
        """Issue the certificate again, into the same files."""
        issued = self._authority.issue_cert("localhost")
        issued.private_key_pem.write_to_path(self.key)
        self.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        return ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())

    def shown_by(self, server: Process) -> bytes | None:
        """The certificate that a new connection to `server` is shown; None when it is cut."""
        try:
            with (
                socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw,
                self.trust.wrap_socket(raw, server_hostname="localhost") as secured,
            ):
                return secured.getpeercert(binary_form=True)
        except ConnectionError:
            # Who knocks in the very moment the port is opened anew knocks again.
            return None


class TLSTests(SynchronousTestCase):
    """The whole chat, secured."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="imchat-tls-")
        self.addCleanup(folder.cleanup)
        self.certificates = Certificates(Path(folder.name))
        self.ssl = (
            "ssl:{port}:interface=127.0.0.1"
            f":privateKey={self.certificates.key}:certKey={self.certificates.chain}"
        )

    def test_what_is_no_certificate(self) -> None:
        """The server ends with a sentence, and without a traceback."""
        (self.certificates.folder / "other.pem").write_bytes(
            trustme.CA().issue_cert("localhost").private_key_pem.bytes()
        )
        for wrong, words in (
            (self.ssl.replace("key.pem", "other.pem"), "do not match"),
            (self.ssl.replace("chain.pem", "key.pem"), "cannot be read"),
        ):
            server = self.serving(wrong)
            self.addCleanup(server.remove)
            with self.assertRaises(DidNotStart) as why:
                server.start()
            self.assertIn(words, str(why.exception))
            self.assertNotIn("Traceback", str(why.exception))

    def test_a_folder_without_certificates(self) -> None:
        """A server that could serve nobody does not start, and says why."""
        empty, nameless = (self.certificates.folder / name for name in ("empty", "nameless"))
        empty.mkdir()
        nameless.mkdir()
        (nameless / "key.pem").write_bytes(self.certificates.key.read_bytes())
        for folder in (self.certificates.folder / "missing", empty, nameless):
            server = self.serving(f"tls:{folder}:port={{port}}:interface=127.0.0.1")
            self.addCleanup(server.remove)
            with self.assertRaises(DidNotStart) as why:
                server.start()
            self.assertIn(f"--listen tls:{folder}:", str(why.exception))
            self.assertIn("holds a certificate", str(why.exception))
            self.assertNotIn("Traceback", str(why.exception))

    def test_a_folder_that_has_become_empty(self) -> None:
        """SIGHUP logs it in one line, and what was served is served on."""
        folder = self.certificates.folder / "by-name"
        folder.mkdir()
        file = folder / "localhost.pem"
        file.write_bytes(self.certificates.key.read_bytes() + self.certificates.chain.read_bytes())
        with self.serving(f"tls:{folder}:port={{port}}:interface=127.0.0.1") as server:
            before = self.certificates.shown_by(server)
            logged = len(server.log)
            file.unlink()
            server.signal(signal.SIGHUP)
            deadline = time.monotonic() + 15
            while "keeps its old certificate" not in server.log[logged:]:
                self.assertLess(time.monotonic(), deadline, "nothing was logged")
                time.sleep(0.1)
            self.assertNotIn("Traceback", server.log)
            self.assertIsNotNone(before)
            self.assertEqual(self.certificates.shown_by(server), before)
            self.chat(server)

    def serving(self, listen: str) -> Process:
        """A server on the endpoint `listen`."""
        return Process(listen=listen, trust=self.certificates.trust)

    def chat(self, server: Process) -> None:
        """Register, connect and say something to the lobby."""
        person = Person(server, "zhang").registers()
        with person.connects() as zhang:
            lobby = zhang.asks("hello")["conversations"][0]["conversation"]
            ack = zhang.asks("send", client_id="ef" * 16, conversation=lobby, text="hi")
            self.assertEqual((ack["type"], ack["seq"]), ("ack", 1))

    def test_a_certificate_in_two_files(self) -> None:
        """``ssl:`` serves https and wss."""
        with self.serving(self.ssl) as server:
            self.chat(server)
            self.assertIn(f"Open {server.url}/ in a browser.", server.log)
            self.assertTrue(server.url.startswith("https:"))

    def test_a_folder_of_certificates(self) -> None:
        """``tls:`` serves https and wss by the name asked for."""
        folder = self.certificates.folder / "by-name"
        folder.mkdir()
        both = self.certificates.key.read_bytes() + self.certificates.chain.read_bytes()
        (folder / "localhost.pem").write_bytes(both)
        with self.serving(f"tls:{folder}:port={{port}}:interface=127.0.0.1") as server:
            self.chat(server)
            self.assertIn(f"Open {server.url}/ in a browser.", server.log)

    def test_cookies_and_headers_of_a_secured_site(self) -> None:
        """The session's cookie never leaves TLS, and the browser is told to stay on it."""
        with self.serving(self.ssl) as server:
            request = urllib.request.Request(
                f"{server.url}/api/v1/users",
                data=f'{{"username": "zhang", "password": "{PASSWORD}"}}'.encode(),
                headers={"Content-Type": "application/json", "Origin": server.url},
            )
            opened = urllib.request.urlopen(request, context=self.certificates.trust, timeout=15)
            with opened as answer:
                cookie = answer.headers["Set-Cookie"]
                self.assertTrue(cookie.startswith("__Host-imchat="), cookie)
                for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
                    self.assertIn(attribute.casefold(), cookie.casefold())
                self.assertIn("max-age", answer.headers["Strict-Transport-Security"])

    def test_a_renewed_certificate(self) -> None:
        """SIGHUP takes it up for new connections; the open ones go on."""
        with self.serving(self.ssl) as server:
            person = Person(server, "zhang").registers()
            with person.connects() as zhang:
                zhang.asks("hello")
                renewed = self.certificates.renew()
                server.signal(signal.SIGHUP)
                deadline = time.monotonic() + 15
                while self.certificates.shown_by(server) != renewed:
                    self.assertLess(time.monotonic(), deadline, "the old certificate is shown")
                    time.sleep(0.1)
                zhang.says("ping")
                zhang.hears("pong")

    def test_a_broken_certificate(self) -> None:
        """SIGHUP with a file that cannot be read is logged, and the old one goes on."""
        with self.serving(self.ssl) as server:
            before = self.certificates.shown_by(server)
            logged = len(server.log)
            self.certificates.chain.write_text("no certificate")
            server.signal(signal.SIGHUP)
            deadline = time.monotonic() + 15
            while len(server.log) == logged:
                self.assertLess(time.monotonic(), deadline, "nothing was logged")
                time.sleep(0.1)
            self.assertIsNotNone(before)
            self.assertEqual(self.certificates.shown_by(server), before)
