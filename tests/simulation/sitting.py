"""Who sits before a device of the simulation, and what they choose among."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from tests.simulation.bonds import Bonds
from tests.simulation.devices import Device
from tests.simulation.mercies import Mercies
from tests.simulation.second_thoughts import SecondThoughts
from tests.simulation.timekeeping import World

LOBBY = 1  # of the town: the group of all


class Sitter(ABC):
    """Someone who acts now and then, until they are tired; what they may do is another's matter."""

    def __init__(
        self,
        world: World,
        device: Device,
        bonds: Bonds,
        mercies: Mercies,
        others: list[str],
        pause: float,
    ) -> None:
        self.device = device
        self.tired = False
        self._world = world
        self._bonds = bonds
        self._mercies = mercies
        self._others = [name for name in others if name != device.user.username]
        self._chance: random.Random = world.chance(f"{device.name} acts")
        self._pause = pause
        self._said = 0
        self._thoughts = SecondThoughts(device, world.chance(f"{device.name} thinks again"))
        self._think()

    def _think(self) -> None:
        self._world.clock.callLater(self._chance.expovariate(1 / self._pause), self._act)

    def _act(self) -> None:
        if self.tired:
            return
        self._do_something()
        self._think()

    @abstractmethod
    def _do_something(self) -> None:
        """One thing that such people do."""

    # --- choosing ---------------------------------------------------------------------

    def _conversation(self, kind: str | None = None) -> int | None:
        known = [id for id, head in self.device.rooms.heads.items() if kind in (None, head["kind"])]
        return self._chance.choice(known) if known else None

    def _once_known(self) -> int | None:
        """A conversation that one may have left meanwhile: the rights decide."""
        if self._chance.random() < 0.9:
            return self._conversation()
        return self._chance.choice(self.device.rooms.ever) if self.device.rooms.ever else None

    def _group(self) -> int | None:
        """Not the lobby: whoever leaves it leaves no message in it."""
        groups = [
            id
            for id, head in self.device.rooms.heads.items()
            if head["kind"] == "group" and id != LOBBY
        ]
        return self._chance.choice(groups) if groups else None

    def _someone(self) -> str:
        return self._chance.choice(self._others)

    def _text(self) -> str:
        self._said += 1
        length = self._chance.choice((0, 0, 0, 20, 300, 2000))
        return f"{self.device.name} says {self._said} 你好" + "." * length

    def _do(self, work: Callable[[Any], Any]) -> None:
        self.device.ask(work, lambda answer: self.device.note("is told", type(answer).__name__))
