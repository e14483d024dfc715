"""Answers over https: all of them to who reads, however many are asked for, and none for ever to who does not."""

from __future__ import annotations

import socket
import ssl
import tempfile
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.patience import NO_PROGRESS
from tests.process import Process
from tests.processes.test_tls import Certificates

_ASKED = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
_TIMES = 200
_WELL = b"HTTP/1.1 200 OK"


class SecuredReadingTests(SynchronousTestCase):
    """What TLS lies between holds bytes of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="imchat-tls-")
        self.addCleanup(folder.cleanup)
        self.certificates = Certificates(Path(folder.name))

    def opened(self, server: Process) -> ssl.SSLSocket:
        """A connection that keeps little for who does not read."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(20)
        line.connect(("127.0.0.1", server.port))
        secured = self.certificates.trust.wrap_socket(line, server_hostname="localhost")
        self.addCleanup(secured.close)
        return secured

    def test_read_and_unread(self) -> None:
        """Much asked for at once comes whole and in order; beside it, who reads nothing is cut off."""
        listen = (
            "ssl:{port}:interface=127.0.0.1"
            f":privateKey={self.certificates.key}:certKey={self.certificates.chain}"
        )
        with Process(listen=listen, trust=self.certificates.trust) as server:
            deaf, reader = self.opened(server), self.opened(server)
            begun = time.monotonic()
            for line in (deaf, reader):
                line.sendall(_ASKED * _TIMES)
            got, end = 0, b""
            while got < _TIMES:
                part = reader.recv(1 << 16)
                self.assertTrue(part, f"{got} answers of {_TIMES}")
                got += (end + part).count(_WELL)
                end = (end + part)[1 - len(_WELL) :]
            while deaf.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                self.assertLess(time.monotonic() - begun, 2 * NO_PROGRESS + 5)
                time.sleep(0.2)
            self.assertGreater(time.monotonic() - begun, NO_PROGRESS - 1)
