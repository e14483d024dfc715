"""Who only listens in the benchmark: whole reads are compared, in memory."""

from __future__ import annotations

from unittest import TestCase

from benchmarks.generator.listening import Listening, frames_of
from benchmarks.generator.spoken import Spoken
from benchmarks.generator.talk import Talk, Tally


def of_server(*payloads: bytes) -> bytes:
    """Text frames as a server writes them."""
    return b"".join(bytes((0x81, len(payload))) + payload for payload in payloads)


class ListeningTests(TestCase):
    """Who only listens is checked by whole reads, and as strictly as frame by frame."""

    def setUp(self) -> None:
        self.tally = Tally()
        self.said: list[Spoken] = []
        self.unknown: list[bytes] = []
        self.answers: list[bytes] = []
        self.talk = Talk(7, 1, 4, 3, self.tally, lambda: 0.5, echo=True, confirmed=False)
        self.talk.mouths[0] = self.said.append
        self.talk.start()
        speaker, *ears = self.talk.ears
        for place, spoken in enumerate(self.said[:3], start=1):
            self.talk.hears_first(speaker, b"%d" % place, spoken.id, place)
        self.ends = [
            Listening(self.talk, ear, self.unknown.append, self.answers.append, lambda: None)
            for ear in ears
        ]

    def counts(self) -> list[int]:
        return [ear.count for ear in self.talk.ears[1:]]

    def test_the_same_read(self) -> None:
        """What one was brought is known when it comes to the next, and every message is done."""
        for end in self.ends:
            end.data_received(of_server(b"1", b"2", b"3"))
        self.assertEqual(self.counts(), [3, 3, 3])
        self.assertEqual(self.tally.done, 3)
        self.assertEqual(len(self.tally.deliveries), 9)

    def test_other_cuts(self) -> None:
        """However the bytes are cut."""
        data = of_server(b"1", b"2", b"3")
        for end, size in zip(self.ends, (1, 4, 9), strict=True):
            for at in range(0, len(data), size):
                end.data_received(data[at : at + size])
        self.assertEqual(self.counts(), [3, 3, 3])
        self.assertEqual(self.tally.done, 3)
        self.assertEqual(self.unknown, [])

    def test_twice(self) -> None:
        """The same bytes again are not due, though they were the last to be remembered."""
        for end in self.ends[:2]:
            end.data_received(of_server(b"1"))
        self.ends[0].data_received(of_server(b"1"))
        self.assertEqual((self.counts(), self.unknown), ([1, 1, 0], [b"1"]))

    def test_out_of_order(self) -> None:
        """What is due later is not taken."""
        self.ends[0].data_received(of_server(b"2", b"1"))
        self.assertEqual((self.counts(), self.unknown), ([1, 0, 0], [b"2"]))

    def test_something_else_among_them(self) -> None:
        """A read with more than messages in it is not taken for the messages alone."""
        self.ends[0].data_received(of_server(b"1", b"{}"))
        self.ends[1].data_received(of_server(b"1", b"{}"))
        self.assertEqual((self.counts(), self.unknown), ([1, 1, 0], [b"{}", b"{}"]))

    def test_a_ping(self) -> None:
        """It is answered, or the server would hang up."""
        self.ends[0].data_received(b"\x89\x01x" + of_server(b"1"))
        self.assertEqual(self.counts(), [1, 0, 0])
        self.assertEqual(len(self.answers), 1)

    def test_lengths(self) -> None:
        """Short, two bytes, eight bytes; what is not whole stays."""
        for size in (0, 125, 126, 65_535, 65_536):
            head = (
                bytes((0x81, size))
                if size < 126
                else b"\x81\x7e" + size.to_bytes(2, "big")
                if size < 65_536
                else b"\x81\x7f" + size.to_bytes(8, "big")
            )
            frame = head + b"x" * size
            self.assertEqual(frames_of(frame), ([(0x81, b"x" * size)], len(frame)))
            self.assertEqual(frames_of(frame[:-1]), ([], 0))
