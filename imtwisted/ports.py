"""
The ports: opened before privileges are dropped, renewed at SIGHUP.

Way of a message: browser -> [ports] -> site -> pages, api or sockets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IListeningPort, IProtocolFactory, IStreamServerEndpoint
from twisted.logger import Logger
from twisted.python.failure import Failure

from imtwisted.certificates import MISTAKES, check_folder, words_of

BACKLOG = 4096  # connections that may wait to be accepted


class Port(Service):
    """
    One endpoint that serves `factory`.

    A port that cannot be opened ends the process with that error, instead of
    leaving a server behind that nobody can reach.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        description: str,
        factory: IProtocolFactory,
        opened: Callable[[Any], None] = lambda address: None,
        option: str = "--listen",
    ) -> None:
        """`opened` hears the real address; raises one of `MISTAKES` for a bad description."""
        self._reactor = reactor
        self._description = description
        self._factory = factory
        self._opened = opened
        self._option = option
        self._endpoint = self._described()
        self._port: IListeningPort | None = None

    def privilegedStartService(self) -> None:
        """Open the port; ends the process when it is taken."""
        super().privilegedStartService()
        self._listen()

    def startService(self) -> None:
        """Open the port, unless it is already."""
        super().startService()
        if self._port is None:
            self._listen()

    def stopService(self) -> Deferred[None]:
        """Take no more connections; those that are open stay."""
        super().stopService()
        return Deferred.fromCoroutine(self._shut())

    async def _shut(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            await maybeDeferred(port.stopListening)

    async def renew(self) -> None:
        """
        Read certificates again: new connections get the new one, open ones go on.

        A context that has served cannot be changed, so the port is opened anew;
        with a broken file the old one stays.
        """
        if not self._description.startswith(("ssl:", "tls:")) or self._port is None:
            return
        try:
            self._endpoint = self._described()
        except MISTAKES as mistake:
            words = words_of(mistake)
            self._log.error(
                "{kind} keeps its old certificate: {words}", kind=self._kind(), words=words
            )
            return
        await self._shut()
        self._listen()
        self._log.info("{endpoint} has read its certificate again", endpoint=self._kind())

    def _described(self) -> IStreamServerEndpoint:
        # Twisted's default lets 50 wait: after a restart everyone comes at once.
        more = f":backlog={BACKLOG}" if self._kind() in ("tcp", "ssl") else ""
        said = "backlog=" in self._description
        endpoint: IStreamServerEndpoint = serverFromString(
            self._reactor, self._description + ("" if said else more)
        )
        if self._kind() == "tls":
            check_folder(endpoint)
        return endpoint

    def _kind(self) -> str:
        return self._description.partition(":")[0]

    def _listen(self) -> None:
        failures: list[Failure] = []
        self._endpoint.listen(self._factory).addCallbacks(self._is_open, failures.append)
        if failures:
            # Twistd shows a traceback for everything but this.
            said = f"{self._option} {self._description}: {failures[0].value}"
            sys.exit(f"twistd imchat: {said}")

    def _is_open(self, port: IListeningPort) -> None:
        self._port = port
        self._opened(port.getHost())
