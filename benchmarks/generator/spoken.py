"""
Who must hear what: a message on its way, and one receiver's ear.

Pure. An ear takes each speaker's messages once and in their order, and where
the server numbers a conversation also in the order of the numbers.
"""

from __future__ import annotations


class WrongDelivery(Exception):
    """A message was lost, came twice, or came out of order."""


class Spoken:
    """A message that was said at `at` and that `missing` receivers have not heard."""

    __slots__ = ("at", "id", "missing", "number", "payload", "place", "speaker")

    def __init__(self, id: str, speaker: int, number: int, at: float, missing: int) -> None:
        self.id = id
        self.speaker = speaker
        self.number = number  # of the speaker's messages, from 0
        self.at = at
        self.missing = missing
        self.place = 0  # the server's number in the conversation; 0: it gives none
        self.payload = b""  # as it is received, when all receive the same bytes


class Ear:
    """One receiver; `own` is its index if it speaks too."""

    __slots__ = ("count", "heard", "own", "place")

    def __init__(self, speakers: int, own: int = -1) -> None:
        self.own = own
        self.place = 0  # the server's number of the last message heard
        self.count = 0  # messages heard, by everyone's order
        self.heard = [0] * speakers

    def hear(self, spoken: Spoken) -> None:
        """Take the next message; raises `WrongDelivery`."""
        speaker = spoken.speaker
        if spoken.number != self.heard[speaker]:
            raise WrongDelivery(
                f"message {spoken.number} of speaker {speaker} came "
                f"where {self.heard[speaker]} was due"
            )
        self.heard[speaker] = spoken.number + 1
        if spoken.place:
            if spoken.place != self.place + 1:
                raise WrongDelivery(f"number {spoken.place} came after {self.place}")
            self.place = spoken.place

    def check(self, said: list[int], *, echo: bool) -> None:
        """Raise `WrongDelivery` unless all that was said was heard, one's own only by `echo`."""
        for speaker, number in enumerate(said):
            due = number if echo or speaker != self.own else 0
            if self.heard[speaker] != due:
                raise WrongDelivery(
                    f"{self.heard[speaker]} of {due} messages of speaker {speaker} were heard"
                )


class Sequence:
    """The numbers 1, 2, 3, ... of one conversation, up to `last`, once each and in order."""

    __slots__ = ("last", "next")

    def __init__(self, first: int, last: int) -> None:
        self.next = first
        self.last = last

    def hear(self, number: int) -> None:
        """Take the next number; raises `WrongDelivery`."""
        if number != self.next or number > self.last:
            raise WrongDelivery(f"number {number} came where {self.next} was due")
        self.next += 1

    @property
    def is_complete(self) -> bool:
        """Whether the last one has come."""
        return self.next > self.last
