"""Who is in a storm: six who talk in groups and in pairs, and one at a browser."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack

from tests.faults.comparing import check_talker, timelines
from tests.faults.ledger import Broken, Ledger, Row, check_page
from tests.faults.second_thoughts import SecondThoughts
from tests.faults.server import Server
from tests.faults.tab import Tab, a_tab
from tests.faults.talker import Talker
from tests.faults.wire import Wire
from tests.person import Person

_NAMES = ("zhang", "li", "王五", "zhao", "sun", "zhou")
_READER = "reader"
_PARLOUR = "Parlour"
# Every other one waits for each answer, as a page does; the others send ahead, as scripts do.
_AT_ONCE = (1, 8)
_PAUSE = (0.01, 0.1)


class Cast:
    """The people of one run, their network, and what they note."""

    def __init__(
        self,
        wire: Wire,
        ledger: Ledger,
        thoughts: SecondThoughts,
        talkers: list[Talker],
        tab: Tab,
        parlour: int,
    ) -> None:
        self.wire = wire
        self.ledger = ledger
        self.thoughts = thoughts
        self.talkers = talkers
        self.tab = tab
        self._parlour = parlour

    @classmethod
    async def gather(cls, stack: AsyncExitStack, server: Server, chance: random.Random) -> Cast:
        """Register everyone, make the group, open the tab; nobody talks yet."""
        people = [Person(server, name).registers() for name in _NAMES]
        reader = Person(server, _READER).registers()
        group = {"title": _PARLOUR, "members": [], "public": True}
        made = reader.asks("POST", "/conversations", group)
        parlour = int(made["conversation"]["conversation"])
        lobby = _lobby(reader)
        for person in people[:3]:
            person.asks("POST", f"/conversations/{parlour}/join", {})
        wire = await stack.enter_async_context(Wire(lambda: server.port, chance))
        thoughts = SecondThoughts()
        thoughts.spared.add(parlour)  # where the tab looks on
        ledger = Ledger(thoughts)
        talkers = [Talker(person, wire, ledger, chance) for person in people]
        for number, talker in enumerate(talkers):
            at_once = _AT_ONCE[number % 2]
            talker.pause = _PAUSE
            talker.thoughts = thoughts
            talker.talks_in(at_once, conversation=lobby)
            talker.talks_in(at_once, to=_NAMES[number - 1])
            if number < 3:
                talker.talks_in(at_once, conversation=parlour)
        tab = await stack.enter_async_context(a_tab(reader))
        await tab.arrives(wire.url, _PARLOUR)
        return cls(wire, ledger, thoughts, talkers, tab, parlour)

    async def types(self, number: int) -> None:
        """The one at the browser says something, whatever the connection is like."""
        text = f"typed {number}"
        self.ledger.typed[text] = _READER
        await self.tab.says(text)

    def hush(self) -> None:
        """Nobody says anything new."""
        for talker in self.talkers:
            talker.talks = False

    def is_settled(self) -> bool:
        """Everyone is connected, and nothing is on its way."""
        return all(talker.is_settled for talker in self.talkers)

    @property
    def in_flight(self) -> int:
        """How many messages are on their way to the server, or their answers back."""
        return sum(talker.in_flight for talker in self.talkers)

    # --- comparing ------------------------------------------------------------------------

    async def tab_is_settled(self) -> None:
        """The page has come back, and what was typed there is acknowledged and told to all."""
        await self.tab.has_sent()

    async def check(self, rows: list[Row]) -> None:
        """What each of them holds is what is stored."""
        for talker in self.talkers:
            await check_talker(talker, rows)
        await self._check_newcomer(rows)
        parlour = timelines(rows)[self._parlour]
        check_page(await self.tab.lines(parlour[-1].seq), parlour)
        if self.tab.faults:
            raise Broken(f"the page complains: {self.tab.faults[:3]}")

    async def _check_newcomer(self, rows: list[Row]) -> None:
        """A device without cursors pages through the past and finds the same."""
        talker = self.talkers[0].another_device()
        running = asyncio.create_task(talker.run())
        try:
            await check_talker(talker, rows)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def _lobby(person: Person) -> int:
    [lobby] = [
        head["conversation"]
        for head in person.asks("GET", "/conversations")["conversations"]
        if head["title"] == "Lobby"
    ]
    return int(lobby)
