"""
Someone who talks and listens all the time, over one connection after another.

The seven rules of a client are those of `tests.client`; this adds the socket,
backoff, and messages that stay pending until they are acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from tests.client import Client, Frame
from tests.faults.lanes import Lane
from tests.faults.ledger import Broken, Ledger, Said
from tests.faults.opening import opening
from tests.faults.second_thoughts import SecondThoughts, Thought
from tests.faults.wire import Wire
from tests.person import Person

_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.05, 1.0
_PATIENCE = 30.0
_PAGE = 200


class Talker:
    """One client of one person; `run` it in a task, `hush` it, and compare what it holds."""

    def __init__(self, person: Person, wire: Wire, ledger: Ledger, chance: random.Random) -> None:
        self.name = person.username
        self.client = Client()
        self.starts: dict[int, tuple[int, int]] = {}  # the seq and rev where it began to listen
        self.connections = 0
        self.talks = True
        self.said = 0
        self.pause = (0.005, 0.05)  # seconds between two messages, from and to
        self.padding = ""  # what makes its messages longer
        self.thoughts: SecondThoughts | None = None  # for who alters messages, too
        self._thought: Thought | None = None  # not yet answered
        self._person = person
        self._wire = wire
        self._ledger = ledger
        self._chance = chance
        self._lanes: list[Lane] = []
        self._asked: dict[int, tuple[Lane, Said] | int | Thought] = {}  # by request id
        self._out: asyncio.Queue[Frame] = asyncio.Queue()
        self._live = False
        self._tries = 0
        self._told: asyncio.Queue[Frame] = asyncio.Queue()

    def talks_in(self, at_once: int, **where: Any) -> None:
        """Say things there: ``conversation=3`` or ``to="wang"``, `at_once` before an answer."""
        self._lanes.append(Lane(where, at_once))

    def another_device(self) -> Talker:
        """The same person, silent, with nothing loaded yet."""
        device = Talker(self._person, self._wire, self._ledger, self._chance)
        device.talks = False
        return device

    @property
    def is_settled(self) -> bool:
        """Connected, nothing pending, and nothing heard of that is not there."""
        places = self.client.places.values()
        done = self._thought is None and not any(lane.waiting for lane in self._lanes)
        return self._live and done and all(p.own == p.heard and not p.asking for p in places)

    @property
    def in_flight(self) -> int:
        """How many of its messages are on their way."""
        return sum(lane.outstanding for lane in self._lanes)

    def has(self, conversation: int, last_rev: int) -> bool:
        """Whether it has come as far as `last_rev` there."""
        place = self.client.places.get(conversation)
        return place is not None and (place.own or 0) >= last_rev

    async def run(self) -> None:
        """Talk and listen until cancelled; raises `Broken` when told what may not be."""
        talking = asyncio.create_task(self._talk())
        try:
            while True:
                await self._connect()
                longest = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2**self._tries)
                self._tries = min(self._tries + 1, 10)
                await asyncio.sleep(self._chance.random() * longest)
        finally:
            talking.cancel()

    async def load_older(self) -> None:
        """Page every conversation back from its end; altered old messages came as islands."""
        for place in self.client.places.values():
            before: int | None = None
            while before != 1:
                where = {} if before is None else {"before": before}
                page = await self._history(place.conversation, **where)
                before = page["items"][0]["seq"] if page["items"] else 1
                if not page["more"]:
                    break

    async def _history(self, conversation: int, **where: int) -> Frame:
        ask = {"type": "history", "conversation": conversation, "limit": _PAGE, **where}
        self._out.put_nowait({**ask, "id": self.client.next_id()})
        async with asyncio.timeout(_PATIENCE):
            page = await self._told.get()
        if page["type"] != "ok":
            raise Broken(f"P4: {self.name} asked {ask} and got {page}")
        return page

    # --- the connection -----------------------------------------------------------------

    async def _connect(self) -> None:
        try:
            how = {"close_timeout": 1, "max_size": None}
            async with opening(self._wire.port, self._person.token, _PATIENCE, **how) as socket:
                self._begin()
                await self._converse(socket)
        except InvalidStatus as refused:
            if refused.response.status_code < 500:
                raise Broken(f"{self.name} was refused by the door: {refused}") from refused
        except (OSError, EOFError, WebSocketException):
            pass  # cut, killed, or not there yet
        finally:
            self._live = False

    def _begin(self) -> None:
        """Forget what was asked on the last connection."""
        self._out = asyncio.Queue()
        self._asked.clear()
        for lane in self._lanes:
            lane.lost()
        self._out.put_nowait(self.client.hello())

    async def _converse(self, socket: ClientConnection) -> None:
        writing = asyncio.create_task(self._write(socket, self._out))
        try:
            async for text in socket:
                if not self._hear(json.loads(text)):
                    return
        finally:
            writing.cancel()

    async def _write(self, socket: ClientConnection, out: asyncio.Queue[Frame]) -> None:
        try:
            while True:
                await socket.send(json.dumps(await out.get()))
        except WebSocketException:
            pass  # who reads will find out as well

    # --- talking ------------------------------------------------------------------------

    async def _talk(self) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(*self.pause))
            lanes = [lane for lane in self._lanes if lane.room]
            if self.talks and lanes:
                lane = self._chance.choice(lanes)
                for _ in range(self._chance.randint(1, lane.room)):
                    self._say(lane)
            if self.talks and self.thoughts and self._thought is None:
                places = self.client.places.values()
                self._thought = self.thoughts.think(self.name, places, self._chance)
                self._alter(self._out)

    def _alter(self, out: asyncio.Queue[Frame]) -> None:
        if self._thought is not None and self._live and out is self._out:
            id = self.client.next_id()
            self._asked[id] = self._thought
            out.put_nowait({**self._thought.asked, "id": id})

    def _say(self, lane: Lane) -> None:
        self.said += 1
        text = f"{self.name} {self.said} {self.padding}".strip()
        said = Said(self._chance.randbytes(16).hex(), self.name, lane.name, text)
        self._ledger.says(said)
        lane.waiting.append(said)
        self._work(lane)

    def _work(self, lane: Lane) -> None:
        def send(said: Said) -> None:
            id = self.client.next_id()
            self._asked[id] = (lane, said)
            self._out.put_nowait(lane.frame(said, id))

        if self._live:
            lane.work(send)

    # --- listening ----------------------------------------------------------------------

    def _hear(self, frame: Frame) -> bool:
        """Take in one frame; False when the connection is of no more use."""
        kind = frame["type"]
        if kind == "error":
            return self._refused(frame)
        if kind == "reset":
            raise Broken(f"P4: {self.name} was told {frame}")
        if kind in ("message", "change", "delta"):
            # The first one hears of a new conversation is a message in it.
            self._start(frame["conversation"], 0, 0)
        self.client.hear(frame)
        if kind == "ready":
            self._ready(frame)
        elif kind == "ack":
            self._acknowledged(frame)
        elif kind == "message":
            self._settle(frame["client_id"])
        elif kind == "delta":
            for item in frame["items"]:
                self._settle(item["client_id"])
        elif kind == "ok":
            self._told.put_nowait(frame)
        self._ask_what_is_missing()
        return True

    def _ask_what_is_missing(self) -> None:
        for ask in self.client.wants():
            self._asked[ask["id"]] = ask["conversation"]
            self._out.put_nowait(ask)

    def _acknowledged(self, ack: Frame) -> None:
        asked = self._asked.get(ack["id"])
        if isinstance(asked, Thought):
            asked.answered(ack)
            self._thought = None
            return
        self._ledger.acknowledged(ack)
        self._settle(ack["client_id"])

    def _start(self, conversation: int, seq: int, rev: int) -> None:
        place = self.client.place(conversation)
        if place.own is None:
            place.own = rev
        self.starts.setdefault(conversation, (seq, place.own))

    def _ready(self, ready: Frame) -> None:
        for head in ready["conversations"]:
            self._start(head["conversation"], head["last_seq"], head["last_rev"])
        self.connections += 1
        self._live, self._tries = True, 0
        for lane in self._lanes:
            self._work(lane)
        self._alter(self._out)

    def _settle(self, client_id: str) -> None:
        for lane in self._lanes:
            if any(said.client_id == client_id for said in lane.waiting):
                lane.settled(client_id)
                self._go_on(lane)

    def _refused(self, error: Frame) -> bool:
        """Only refusals for now are right here; they are tried again later."""
        asked = self._asked.get(error.get("id", 0))
        if isinstance(asked, Thought) and error["code"] == "conflict":
            asked.state, self._thought = "refused", None  # somebody took it back
            return True
        if not error["temporary"]:
            # What is asked for has been told to be there.
            raise Broken(f"P1: {self.name} was refused: {error}")
        wait = error.get("retry_after", 100) / 1000
        loop = asyncio.get_running_loop()
        if asked is None:
            return False  # it was the hello
        if isinstance(asked, int):
            loop.call_later(wait, self._ask_again, self._out, asked)
        elif isinstance(asked, Thought):
            loop.call_later(wait, self._alter, self._out)
        else:
            lane, said = asked
            self._ledger.refused(said, error["code"])
            lane.refused(said.client_id)
            loop.call_later(wait, self._resume, self._out, lane)
        return True

    def _ask_again(self, out: asyncio.Queue[Frame], conversation: int) -> None:
        self.client.place(conversation).asking = False
        if out is self._out:
            self._ask_what_is_missing()

    def _resume(self, out: asyncio.Queue[Frame], lane: Lane) -> None:
        if out is self._out:
            lane.paused = False
            self._go_on(lane)

    def _go_on(self, lane: Lane) -> None:
        """After a refusal nothing is sent before the answers still to come are there."""
        if not lane.outstanding or not lane.paused:
            self._work(lane)
