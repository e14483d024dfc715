"""
A relay on gevent-websocket, as its tutorials show: what is said goes to the others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gevent import monkey

monkey.patch_all()

from gevent.pywsgi import WSGIServer  # noqa: E402 - after the monkey patch
from geventwebsocket.exceptions import WebSocketError  # noqa: E402
from geventwebsocket.handler import WebSocketHandler  # noqa: E402

rooms: dict[str, set[Any]] = {}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Pass on what one connection says."""
    socket = environ["wsgi.websocket"]
    room = rooms.setdefault(environ["PATH_INFO"], set())
    room.add(socket)
    try:
        while (message := socket.receive()) is not None:
            for other in list(room):
                if other is not socket:
                    other.send(message)
    except WebSocketError:
        pass
    finally:
        room.discard(socket)
    return []


server = WSGIServer(
    ("127.0.0.1", int(sys.argv[1])), application, handler_class=WebSocketHandler, log=None
)
server.serve_forever()
