"""
Polite people who say one thing after another, and how long each ack takes.

``python -m tests.faults.probe`` is a process of its own: whoever floods a server
is too busy to measure. It is told by a line of JSON whom to play, answers
``ready``, and tells what it measured when its input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import count

from websockets.asyncio.client import ClientConnection, connect

from tests.client import Frame
from tests.faults.opening import opening
from tests.faults.server import PATIENCE

_PAUSE = 0.02
_AGAIN = 100  # ms


@dataclass
class Heard:
    """What one of them was answered."""

    conversation: int
    waits: list[tuple[float, float]] = field(default_factory=list)  # when, seconds until its ack
    totals: list[float] = field(default_factory=list)  # the same from the first try on
    codes: dict[str, int] = field(default_factory=dict)
    acks: dict[str, int] = field(default_factory=dict)  # client_id → seq


class Probe:
    """One person with one connection at a time."""

    def __init__(self, port: int, token: str, conversation: int, number: int) -> None:
        self.heard = Heard(conversation)
        self._port = port
        self._token = token
        self._ids = count(1)
        self._number = number
        self._codes: Counter[str] = Counter()

    def connect(self) -> connect:
        """A socket, before its hello."""
        return opening(self._port, self._token, PATIENCE)

    async def greet(self, socket: ClientConnection) -> None:
        """Say hello and hear `ready`."""
        reply = await self._asks(socket, {"type": "hello"})
        assert reply["type"] == "ready", reply

    async def talk(self, socket: ClientConnection) -> None:
        """Say things until cancelled."""
        while True:
            await self.say(socket)
            await asyncio.sleep(_PAUSE)

    async def say(self, socket: ClientConnection) -> None:
        """One message, again under its id for as long as the server is busy."""
        client_id = f"{self._number:08x}{next(self._ids):024x}"
        send = {"type": "send", "client_id": client_id, "text": "are you there?"}
        first = time.monotonic()
        while True:
            began = time.monotonic()
            reply = await self._asks(socket, {**send, "conversation": self.heard.conversation})
            if reply["type"] == "ack":
                now = time.monotonic()
                self.heard.waits.append((began, now - began))
                self.heard.totals.append(now - first)
                self.heard.acks[client_id] = reply["seq"]
                return
            assert reply["temporary"], reply
            self._codes[reply["code"]] += 1
            self.heard.codes = dict(self._codes)
            await asyncio.sleep(reply.get("retry_after", _AGAIN) / 1000)

    async def _asks(self, socket: ClientConnection, frame: Frame) -> Frame:
        id = next(self._ids)
        await socket.send(json.dumps({**frame, "id": id}))
        # Not `wait_for`: before Python 3.12 it may swallow being cancelled.
        async with asyncio.timeout(PATIENCE):
            while True:
                heard: Frame = json.loads(await socket.recv())
                if heard.get("id") == id:
                    return heard


async def _play(port: int, people: list[tuple[str, int, int]]) -> list[Heard]:
    """Everyone connects, then talks until the input ends."""
    probes = [Probe(port, *person) for person in people]
    sockets = [await probe.connect() for probe in probes]
    for probe, socket in zip(probes, sockets, strict=True):
        await probe.greet(socket)
    _tell("ready")
    async with asyncio.TaskGroup() as tasks:
        both = zip(probes, sockets, strict=True)
        talking = [tasks.create_task(probe.talk(socket)) for probe, socket in both]
        await asyncio.to_thread(sys.stdin.readline)
        for task in talking:
            task.cancel()
    for socket in sockets:
        socket.transport.abort()
    return [probe.heard for probe in probes]


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Play whom the first line of the input names; tell what each was answered."""
    told = json.loads(sys.stdin.readline())
    heard = asyncio.run(_play(told["port"], told["people"]))
    _tell(json.dumps([asdict(one) for one in heard]))


if __name__ == "__main__":
    main()
