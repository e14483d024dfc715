"""Over a real network, what is refused is also read."""

from __future__ import annotations

import socket

from twisted.trial.unittest import SynchronousTestCase

from tests.process import Process

_HEAD = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n"


class FarewellTests(SynchronousTestCase):
    """Who sends more than fits would lose the answer to a connection that is reset."""

    def answer(self, server: Process, sent: bytes) -> bytes:
        """All that comes back to who sends first and reads then, until the server hangs up."""
        with socket.create_connection(("127.0.0.1", server.port), timeout=15) as line:
            line.sendall(sent)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def test_too_much(self) -> None:
        """Of headers, of a path, of a body."""
        much = b"x" * 30_000_000
        with Process() as server:
            for status, sent in (
                (b"431 ", _HEAD + b"X-Long: " + much + b"\r\n\r\n"),
                (b"414 ", b"GET /" + much + b" HTTP/1.1\r\n\r\n"),
                (b"413 ", _HEAD + b"Content-Length: 30000000\r\n\r\n" + much),
                (b"400 ", b"hello\r\n\r\n" + much),
            ):
                answer = self.answer(server, sent)
                self.assertTrue(answer.startswith(b"HTTP/1.1 " + status), answer)
                self.assertEqual(answer.count(b"HTTP/1.1"), 1)
