"""
One conversation under load: its speakers never rest, its receivers are checked.

Pure but for the clock it is given. A message is done when everyone who must
hear it has heard it and, where the server confirms, it is confirmed; then its
speaker says the next one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

from benchmarks.generator.spoken import Ear, Spoken, WrongDelivery


class Tally:
    """What all conversations of a run have come to; times in seconds."""

    __slots__ = ("confirmations", "deliveries", "done", "ended", "failure")

    def __init__(self) -> None:
        self.deliveries = array("d")  # from saying to hearing, one's own echo left out
        self.confirmations = array("d")  # from saying to the server's word
        self.done = 0
        self.ended = False
        self.failure: Callable[[Exception], None] = _raise


def _raise(reason: Exception) -> None:
    raise reason


class Talk:
    """The messages of one conversation; `echo`: who speaks hears it too."""

    __slots__ = (
        "_brought",
        "_clock",
        "_confirmed",
        "_echo",
        "_missing",
        "_number",
        "_outstanding",
        "ears",
        "first",
        "known",
        "mouths",
        "order",
        "said",
        "tally",
        "waiting",
    )

    def __init__(
        self,
        number: int,
        speakers: int,
        receivers: int,
        outstanding: int,
        tally: Tally,
        clock: Callable[[], float],
        *,
        echo: bool,
        confirmed: bool,
    ) -> None:
        self.tally = tally
        self.waiting: dict[str, Spoken] = {}
        self.known: dict[bytes, Spoken] = {}  # by what is received, where it is known before
        self.order: list[Spoken] = []  # as they were first heard, where the server numbers them
        self.first = Ear(speakers)  # who hears each message first, whoever that is
        self.said = [0] * speakers
        self.mouths: dict[int, Callable[[Spoken], None]] = {}
        self.ears = [Ear(speakers, i if i < speakers else -1) for i in range(receivers)]
        self._brought: tuple[int, bytes, list[Spoken]] = (-1, b"", [])
        self._number = number
        self._outstanding = outstanding
        self._clock = clock
        self._echo = echo
        self._confirmed = confirmed
        self._missing = receivers - (not echo) + confirmed

    def start(self) -> None:
        """Let every speaker begin."""
        for speaker in range(len(self.said)):
            for _ in range(self._outstanding):
                self._speak(speaker)

    def _speak(self, speaker: int) -> None:
        number = self.said[speaker]
        self.said[speaker] = number + 1
        id = f"{self._number:08x}{speaker:08x}{number:016x}"
        spoken = Spoken(id, speaker, number, self._clock(), self._missing)
        self.waiting[id] = spoken
        self.mouths[speaker](spoken)

    def heard(self, ear: Ear, spoken: Spoken) -> None:
        """One receiver has it; raises `WrongDelivery`."""
        ear.hear(spoken)
        if ear.own != spoken.speaker:
            self.tally.deliveries.append(self._clock() - spoken.at)
        spoken.missing -= 1
        if not spoken.missing:
            self._finish(spoken)

    def hears(self, ear: Ear, payload: bytes) -> bool:
        """
        Whether these bytes are what is due to `ear`; it has heard them then.

        Where all receive the same bytes in one order, comparing them with the
        next of that order is the whole check.
        """
        count = ear.count
        if count == len(self.order):
            return False
        spoken = self.order[count]
        if spoken.payload != payload:
            return False
        ear.count = count + 1
        if ear.own != spoken.speaker:
            self.tally.deliveries.append(self._clock() - spoken.at)
        spoken.missing -= 1
        if not spoken.missing:
            self._finish(spoken)
        return True

    def remember(self, first: int, count: int, data: bytes) -> None:
        """`data` brought a receiver the messages from `first` up to `count`, and no more."""
        self._brought = first, data, self.order[first:count]

    def hears_again(self, ear: Ear, data: bytes) -> bool:
        """Whether `data` is what another receiver at the same place was brought last."""
        first, brought, spoken = self._brought
        if ear.count != first or brought != data:
            return False
        ear.count = first + len(spoken)
        now, deliveries = self._clock(), self.tally.deliveries
        for each in spoken:
            deliveries.append(now - each.at)
            each.missing -= 1
            if not each.missing:
                self._finish(each)
        return True

    def hears_first(self, ear: Ear, payload: bytes, id: str, place: int) -> None:
        """`ear` is the first to hear what the server numbered `place`; raises `WrongDelivery`."""
        spoken = self.find(id)
        if spoken.place or ear.count != len(self.order):
            raise WrongDelivery(f"message {id} came to a receiver to whom another was due")
        spoken.place = place
        spoken.payload = payload
        self.first.hear(spoken)
        self.order.append(spoken)
        self.hears(ear, payload)

    def confirmed(self, id: str) -> None:
        """The server has said that it is stored; raises `WrongDelivery`."""
        spoken = self.find(id)
        self.tally.confirmations.append(self._clock() - spoken.at)
        spoken.missing -= 1
        if not spoken.missing:
            self._finish(spoken)

    def find(self, id: str) -> Spoken:
        """The message on its way with that id; raises `WrongDelivery`."""
        spoken = self.waiting.get(id)
        if spoken is None:
            raise WrongDelivery(f"message {id} came once too often, or was never said")
        return spoken

    def _finish(self, spoken: Spoken) -> None:
        del self.waiting[spoken.id]
        self.known.pop(spoken.payload, None)
        spoken.payload = b""
        self.tally.done += 1
        if not self.tally.ended:
            self._speak(spoken.speaker)

    def check(self) -> None:
        """Raise `WrongDelivery` unless everyone has heard everything."""
        if self.order:
            self.first.check(self.said, echo=True)
            if lacking := sum(ear.count < len(self.order) for ear in self.ears):
                raise WrongDelivery(f"{lacking} receivers lack the last messages")
            return
        for ear in self.ears:
            ear.check(self.said, echo=self._echo)
