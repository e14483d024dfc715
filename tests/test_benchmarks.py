"""The parts of the benchmark that decide what counts, in memory."""

from __future__ import annotations

import json
from unittest import TestCase

from benchmarks.generator import wording
from benchmarks.generator.conditions import Conditions, Reading, judge
from benchmarks.generator.figures import latencies, per_million, percentile
from benchmarks.generator.spoken import Ear, Sequence, Spoken, WrongDelivery
from benchmarks.generator.talk import Talk, Tally
from tests.wiring import masked


class PercentileTests(TestCase):
    """A percentile is one of the values that were measured."""

    def test_nearest_rank(self) -> None:
        """Half of ten values do not exceed the fifth, and 99 of a hundred not the 99th."""
        self.assertEqual(percentile([9, 1, 8, 2, 7, 3, 6, 4, 5, 10], 0.5), 5)
        self.assertEqual(percentile(list(range(1, 101)), 0.99), 99)
        self.assertEqual(percentile([3.0], 0.99), 3.0)
        self.assertEqual(percentile([1, 2], 1), 2)

    def test_nothing_was_measured(self) -> None:
        """Of no values there is no percentile, and no figure."""
        with self.assertRaises(ValueError):
            percentile([], 0.5)
        self.assertEqual(latencies("ack", []), {})

    def test_units(self) -> None:
        """Seconds become milliseconds, and processor time is told for a million."""
        self.assertEqual(latencies("ack", [0.002]), {"ack p50 ms": 2.0, "ack p99 ms": 2.0})
        self.assertEqual(
            per_million({"server": 2.0}, "message", 500_000), {"server/message s/M": 4}
        )


class EarTests(TestCase):
    """A receiver notices what is lost, comes twice or comes out of order."""

    def heard(self, *numbers: int, places: tuple[int, ...] = ()) -> Ear:
        ear = Ear(1)
        for number, place in zip(numbers, places or (0,) * len(numbers), strict=True):
            spoken = Spoken("", 0, number, 0.0, 1)
            spoken.place = place
            ear.hear(spoken)
        return ear

    def test_each_once_and_in_order(self) -> None:
        """Everything that was said is there."""
        self.heard(0, 1, 2, places=(1, 2, 3)).check([3], echo=True)

    def test_twice(self) -> None:
        """The same message again is noticed."""
        with self.assertRaises(WrongDelivery):
            self.heard(0, 1, 1)

    def test_out_of_order(self) -> None:
        """A later message of the same speaker may not overtake."""
        with self.assertRaises(WrongDelivery):
            self.heard(0, 2)

    def test_by_the_servers_numbers(self) -> None:
        """Two speakers' messages come in the order that the server gave them."""
        with self.assertRaises(WrongDelivery):
            self.heard(0, 1, places=(2, 1))
        with self.assertRaises(WrongDelivery):
            self.heard(0, 1, places=(1, 3))

    def test_lost_at_the_end(self) -> None:
        """What never came is missed when all is counted."""
        with self.assertRaises(WrongDelivery):
            self.heard(0, 1).check([3], echo=True)

    def test_ones_own(self) -> None:
        """Where a speaker hears no echo, its own messages are not missed, but others' are."""
        ear = Ear(2, own=0)
        ear.hear(Spoken("", 1, 0, 0.0, 1))
        ear.check([5, 1], echo=False)
        with self.assertRaises(WrongDelivery):
            ear.check([5, 1], echo=True)


class SequenceTests(TestCase):
    """The numbers that wait for someone come once each, in order, and end."""

    def test_complete(self) -> None:
        """Complete with the last number, not before, and nothing may follow."""
        sequence = Sequence(11, 12)
        sequence.hear(11)
        self.assertFalse(sequence.is_complete)
        sequence.hear(12)
        self.assertTrue(sequence.is_complete)
        with self.assertRaises(WrongDelivery):
            sequence.hear(13)

    def test_hole(self) -> None:
        """A hole is noticed."""
        with self.assertRaises(WrongDelivery):
            Sequence(1, 9).hear(2)


class TalkTests(TestCase):
    """A conversation under load keeps what it promised on its way, and counts."""

    def setUp(self) -> None:
        self.now = 0.0
        self.tally = Tally()
        self.said: list[Spoken] = []

    def talk(self, outstanding: int = 1) -> Talk:
        talk = Talk(7, 1, 3, outstanding, self.tally, lambda: self.now, echo=True, confirmed=True)
        talk.mouths[0] = self.said.append
        talk.start()
        return talk

    def test_the_next_follows_when_all_have_it(self) -> None:
        """One outstanding: the next is said when everyone has heard it and it is confirmed."""
        talk = self.talk()
        self.now = 0.5
        [first] = self.said
        talk.confirmed(first.id)
        for ear in talk.ears[:2]:
            talk.heard(ear, first)
        self.assertEqual(len(self.said), 1)
        talk.heard(talk.ears[2], first)
        self.assertEqual([spoken.number for spoken in self.said], [0, 1])
        self.assertEqual(self.tally.done, 1)
        self.assertEqual(list(self.tally.deliveries), [0.5, 0.5])  # the echo is no delivery
        self.assertEqual(list(self.tally.confirmations), [0.5])

    def test_outstanding(self) -> None:
        """As many as asked are on their way from the start, under ids of their own."""
        self.talk(4)
        self.assertEqual(len({spoken.id for spoken in self.said}), 4)
        self.assertEqual({len(spoken.id) for spoken in self.said}, {32})

    def test_no_more_at_the_end(self) -> None:
        """Once the time is up nothing new is said, and nobody may have missed anything."""
        talk = self.talk()
        self.tally.ended = True
        [first] = self.said
        talk.confirmed(first.id)
        for ear in talk.ears:
            talk.heard(ear, first)
        self.assertEqual(len(self.said), 1)
        self.assertEqual(talk.waiting, {})
        talk.check()

    def test_one_order_for_all(self) -> None:
        """What one has heard is due to the others, by its bytes and in that order."""
        talk = self.talk(2)
        one, other, _ = talk.ears
        for place, spoken in enumerate(self.said, start=1):
            self.assertFalse(talk.hears(one, b"%d" % place))
            talk.hears_first(one, b"%d" % place, spoken.id, place)
        self.assertFalse(talk.hears(other, b"2"))
        with self.assertRaises(WrongDelivery):
            talk.hears_first(other, b"2", self.said[1].id, 2)
        self.assertTrue(talk.hears(other, b"1"))
        self.assertFalse(talk.hears(other, b"1"))
        self.assertTrue(talk.hears(other, b"2"))
        with self.assertRaises(WrongDelivery):
            talk.check()

    def test_the_servers_numbers(self) -> None:
        """The first to hear a message is not told a number twice, nor one too high."""
        talk = self.talk(2)
        talk.hears_first(talk.ears[0], b"1", self.said[0].id, 1)
        for wrong in (1, 3):
            with self.assertRaises(WrongDelivery):
                self.setUp()
                talk = self.talk(2)
                talk.hears_first(talk.ears[0], b"1", self.said[0].id, 1)
                talk.hears_first(talk.ears[0], b"2", self.said[1].id, wrong)

    def test_once_too_often(self) -> None:
        """What everyone has heard and comes again belongs to nobody."""
        talk = self.talk()
        [first] = self.said
        talk.confirmed(first.id)
        talk.hears_first(talk.ears[0], b"1", first.id, 1)
        for ear in talk.ears[1:]:
            self.assertTrue(talk.hears(ear, b"1"))
        self.assertEqual(len(self.said), 2)
        with self.assertRaises(WrongDelivery):
            talk.hears_first(talk.ears[0], b"1", first.id, 1)


class JudgeTests(TestCase):
    """Figures stand only when the cores were ours and the generator had time to spare."""

    def conditions(self, own: float = 5.0, other: float = 0.0, server: float = 8.0) -> Conditions:
        first = Reading(100.0, 1.0, 50.0, 60.0, {"server": 10.0, "database": 3.0})
        last = Reading(
            110.0,
            1.0 + own,
            50.0 + own + other,
            60.0 + server + 1.0,
            {"server": 10.0 + server, "database": 4.0},
        )
        return Conditions.between(first, last)

    def test_fair(self) -> None:
        """Ten seconds, half of them spent by the generator: that counts."""
        conditions = self.conditions()
        self.assertIsNone(judge(conditions, 0.1))
        self.assertEqual(conditions.seconds, 10.0)
        self.assertEqual(conditions.spent, {"server": 8.0, "database": 1.0})
        self.assertAlmostEqual(conditions.generator, 0.5)
        self.assertAlmostEqual(conditions.others_at_server, 0.0)

    def test_saturated(self) -> None:
        """A generator that had no time to spare measured itself."""
        self.assertIn("saturated", str(judge(self.conditions(own=9.5), 0.1)))

    def test_both_at_their_limit(self) -> None:
        """Where the server had no time to spare either, its limit was measured."""
        self.assertIsNone(judge(self.conditions(own=9.5, server=9.0), 0.1))

    def test_not_alone(self) -> None:
        """Somebody else's work on a core makes the figures worthless."""
        self.assertIn("not free", str(judge(self.conditions(other=2.0), 0.1)))
        self.assertIsNone(judge(self.conditions(other=2.0), 0.3))


class WordingTests(TestCase):
    """What clients say is what the protocols want."""

    def test_frame(self) -> None:
        """At each length the head is as in the tests' own frames; a mask of zero changes nothing."""
        for size in (0, 125, 126, 65_535, 65_536):
            payload = b"x" * size
            theirs = masked(payload)
            head = theirs[: len(theirs) - size - 4]
            self.assertEqual(wording.text_frame(payload), head + b"\0\0\0\0" + payload)

    def test_json(self) -> None:
        """The hand-made JSON is JSON."""
        self.assertEqual(
            json.loads(wording.hello(3, [(1, 2), (5, 0)])),
            {"type": "hello", "id": 3, "cursors": [[1, 2], [5, 0]]},
        )
        self.assertEqual(
            json.loads(wording.send(4, "ab" * 16, "9")),
            {
                "type": "send",
                "id": 4,
                "client_id": "ab" * 16,
                "conversation": 9,
                "text": wording.TEXT,
            },
        )

    def test_stanza(self) -> None:
        """A body begins with its id."""
        stanza = wording.message("user1@localhost", "chat", "0" * 32)
        self.assertIn(b"<body>" + b"0" * 32 + b" ", stanza)
