"""Tests for `imtwisted.ports`: a port is open, or the start fails."""

from __future__ import annotations

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.ports import BACKLOG, Port


class Taken(MemoryReactorClock):
    """A machine on which somebody else has every port."""

    def listenTCP(self, port: int, *args: object, **kwargs: object) -> None:
        raise CannotListenError("127.0.0.1", port, OSError("taken"))


class PortTests(SynchronousTestCase):
    """Opened once, with its real address; closed without leftovers."""

    def test_it_opens_and_closes(self) -> None:
        """Before privileges are dropped, and once."""
        reactor = MemoryReactorClock()
        opened: list[object] = []
        port = Port(reactor, "tcp:8080", Factory(), opened.append)
        port.privilegedStartService()
        port.startService()
        self.assertEqual(
            [(server[0], server[2]) for server in reactor.tcpServers], [(8080, BACKLOG)]
        )
        self.assertEqual(len(opened), 1)
        self.successResultOf(port.stopService())

    def test_a_taken_port_ends_the_start(self) -> None:
        """Instead of a server that nobody can reach."""
        for option in ("--listen", "--operations"):
            port = Port(Taken(), "tcp:8080", Factory(), option=option)
            with self.assertRaises(SystemExit) as caught:
                port.privilegedStartService()
            self.assertIn(f"{option} tcp:8080: ", str(caught.exception))

    def test_nonsense(self) -> None:
        """A description that is none is refused before anything starts."""
        self.assertRaises(ValueError, Port, MemoryReactorClock(), "nonsense:1", Factory())

    def test_only_certificates_are_renewed(self) -> None:
        """A port without one stays as it is."""
        reactor = MemoryReactorClock()
        port = Port(reactor, "tcp:8080", Factory())
        port.startService()
        self.successResultOf(port.renew())
        self.assertEqual(len(reactor.tcpServers), 1)
