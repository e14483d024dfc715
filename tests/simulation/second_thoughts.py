"""What people do to messages that are there: edit them, take them back, react."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.client import Frame
from tests.simulation.devices import Device

EMOJI = ("\N{THUMBS UP SIGN}", "\N{HEAVY BLACK HEART}\ufe0f", "\N{PARTY POPPER}")
LATELY = 12  # messages from the end, of which one is chosen


class SecondThoughts:
    """Whoever sits before a device looks at what it shows, and thinks again."""

    def __init__(self, device: Device, chance: random.Random) -> None:
        self._device = device
        self._chance = chance
        self._edits = 0

    def edit(self, conversation: int) -> None:
        """Other words for a message; sometimes for one that is not one's own."""
        message = self._one(conversation, self._is_mine if self._chance.random() < 0.95 else None)
        if message is not None:
            for _ in range(self._chance.choice((1, 1, 1, 2))):
                self._edits += 1
                length = self._chance.choice((0, 0, 20, 300))
                text = f"{self._device.name} edits {self._edits} 你好" + "." * length
                fields: Frame = {"text": text}
                if self._chance.random() < 0.4:
                    some = self._chance.choice((0, 1, 1, 2))
                    fields["mentions"] = [self._chance.randint(1, 6) for _ in range(some)]
                self._device.saying.alter("edit", conversation, message["seq"], **fields)

    def recall(self, conversation: int) -> None:
        """Take a message back; sometimes anyone's, as who keeps a group in order may."""
        message = self._one(conversation, self._is_mine if self._chance.random() < 0.7 else None)
        if message is not None:
            self._device.saying.alter("recall", conversation, message["seq"])

    def react(self, conversation: int) -> None:
        """Put an emoji under a message or take it away; or both, with a nervous finger."""
        message = self._one(conversation)
        if message is not None:
            emoji, on = self._chance.choice(EMOJI), self._chance.random() < 0.7
            for _ in range(self._chance.choice((1, 1, 1, 1, 2, 3))):
                self._device.saying.alter("react", conversation, message["seq"], emoji=emoji, on=on)
                on = not on

    def _is_mine(self, message: Frame) -> bool:
        is_mine: bool = message["sender"]["id"] == self._device.user.id
        return is_mine and not message.get("recalled") and message["kind"] != "system"

    def _one(
        self, conversation: int, wanted: Callable[[Frame], bool] | None = None
    ) -> Frame | None:
        lately = self._device.rooms.shown(conversation)[-LATELY:]
        found = [message for message in lately if wanted is None or wanted(message)]
        return self._chance.choice(found) if found else None
