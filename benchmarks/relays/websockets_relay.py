"""
A relay on `websockets`: what is said in a room goes to the others in it.
"""

from __future__ import annotations

import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve

rooms: dict[str, set[ServerConnection]] = {}


async def handler(socket: ServerConnection) -> None:
    """Pass on what one connection says."""
    assert socket.request is not None
    room = rooms.setdefault(socket.request.path, set())
    room.add(socket)
    try:
        async for message in socket:
            broadcast(room - {socket}, message)
    finally:
        room.discard(socket)


async def main(port: int) -> None:
    """Serve for ever."""
    async with serve(handler, "127.0.0.1", port) as server:
        await server.serve_forever()


asyncio.run(main(int(sys.argv[1])))
