"""How clients of the faults open a socket: with a token, uncompressed, and without pings of their own."""

from __future__ import annotations

from typing import Any

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol


def opening(port: int, token: str | None, patience: float, **how: Any) -> connect:
    """A socket of the port's server, before its hello, within `patience` seconds; `how` as for `connect`."""
    return connect(
        f"ws://localhost:{port}/ws",
        subprotocols=[Subprotocol("imchat.v1")],
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
        proxy=None,
        open_timeout=patience,
        ping_interval=None,
        **how,
    )
