"""
The quick way to write: to the socket itself, while nothing waits before it.

Way of a message: outbox -> [quick_write] -> browser. Twisted's own way, the
plain one, buffers, arms the reactor twice and writes a turn later; it is taken
whenever the transport holds something, is encrypted, or the socket is full.
"""

from __future__ import annotations

import fcntl
import sys
import termios
from typing import Any

from twisted.internet.interfaces import ITCPTransport
from twisted.internet.tcp import Connection


class QuickWriter:
    """Writes to one transport, in order, whichever way."""

    def __init__(self, transport: ITCPTransport) -> None:
        self._transport = transport
        self._bare = transport if isinstance(transport, Connection) and not transport.TLS else None
        self._send = self._bare.socket.send if self._bare is not None else None

    def write(self, data: bytes) -> None:
        """Write `data` behind everything written before."""
        bare = self._bare
        if (
            bare is None
            or self._send is None
            or not bare.connected
            or bare.disconnecting
            or bare._writeDisconnected
            or bare._tempDataBuffer
            or len(bare.dataBuffer) != bare.offset
        ):
            self._transport.write(data)
            return
        # What the socket would not take, and any error, is the transport's to deal with.
        try:
            sent = self._send(data)
        except OSError:
            bare.write(data)
        else:
            if sent < len(data):
                bare.write(data[sent:])

    def backlog(self) -> int:
        """How many bytes the transport, and what lies under it, still hold; the kernel's too."""
        held = 0
        layer: object = self._transport
        while layer is not None:
            held += _held_by(layer)
            layer = None if isinstance(layer, Connection) else getattr(layer, "transport", None)
        return held


def _held_by_kernel(socket: Any) -> int:
    """
    What the other side has not acknowledged yet; 0 where nobody can tell.

    The kernel takes megabytes: who reads slowly but steadily empties its queue
    for minutes before the first byte of ours moves (tcp(7), SIOCOUTQ).
    """
    try:
        told = fcntl.ioctl(socket.fileno(), termios.TIOCOUTQ, bytes(4))
    except (OSError, AttributeError, TypeError, ValueError):
        return 0
    return max(0, int.from_bytes(told, sys.byteorder, signed=True))


def _held_by(layer: object) -> int:
    """A socket's buffers; of TLS, what is not encrypted yet."""
    if isinstance(layer, Connection):
        own = len(layer.dataBuffer) - layer.offset + layer._tempDataLen
        return own + _held_by_kernel(layer.socket)
    return sum(map(len, getattr(layer, "_appSendBuffer", ())))
