"""Tests for `imtwisted.outbox`: bounded, in order, honest about what it skipped."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.events import ConversationEvent, UserEvent, together
from imtwisted.model import ConversationId, SessionId, UserId
from imtwisted.outbox import SLICE, Bounds, Outbox
from imtwisted.turns import Turn

ALICE = UserId(1)
LOBBY, TEAM = ConversationId(1), ConversationId(2)


class Paper:
    """A `Wire` that remembers; with `room`, it says "pause" after so many bytes."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.pressed: list[bool] = []
        self.ended: list[int] = []
        self.room: int | None = None
        self.holds = 1000
        self.outbox: Outbox | None = None

    def write(self, frames: bytes) -> None:
        self.written.append(frames)
        if self.room is not None:
            self.room -= len(frames)
            if self.room <= 0 and self.outbox is not None:
                self.outbox.pause()

    def backlog(self) -> int:
        return self.holds

    def press(self, pressed: bool) -> None:
        self.pressed.append(pressed)

    def lag(self, revs: dict[ConversationId, int], version: int) -> bytes:
        return f"lag {sorted(revs.items())} {version}.".encode()

    def end(self, code: int, why: str) -> None:
        self.ended.append(code)


class OutboxCase(SynchronousTestCase):
    """An outbox over paper, with room for ten events or a thousand bytes."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.paper = Paper()
        self.outbox = Outbox(
            ALICE,
            SessionId(1),
            "c1",
            self.paper,
            Turn(self.clock),
            self.clock,
            Bounds(bytes=1000, events=10),
        )
        self.paper.outbox = self.outbox

    def say(self, rev: int, conversation: ConversationId = LOBBY, text: str = "") -> None:
        frame = f"{conversation}:{rev}{text}.".encode()
        self.outbox.deliver(ConversationEvent(conversation, 0, rev, frame))

    def read(self) -> str:
        """What was written since last asked, at the end of this turn."""
        self.clock.advance(0)
        text = b"".join(self.paper.written).decode()
        self.paper.written.clear()
        return text


class HintTests(OutboxCase):
    """What nobody misses is told while there is room, and never costs a lag."""

    def hint(self) -> None:
        self.outbox.hint(ConversationEvent(LOBBY, 0, 0, b"types.", topic="typing"))

    def test_a_reader_with_time(self) -> None:
        """It hears it in its turn."""
        self.say(1)
        self.hint()
        self.clock.advance(0)
        self.assertEqual(self.paper.written, [b"1:1.types."])

    def test_a_slow_reader(self) -> None:
        """It is spared any number of them, and nothing was lost."""
        self.outbox.pause()
        self.say(1)
        for _ in range(100):
            self.hint()
        self.outbox.resume()
        self.assertEqual(self.paper.written, [b"1:1."])

    def test_behind_a_page(self) -> None:
        """Held like any other event of its conversation."""
        self.outbox.hold(LOBBY)
        self.hint()
        self.outbox.reply(b"page.")
        self.outbox.release(LOBBY, 5)
        self.clock.advance(0)
        self.assertEqual(self.paper.written, [b"page.types."])


class WritingTests(OutboxCase):
    """What one turn brings is written once, in order."""

    def test_one_turn_is_one_write(self) -> None:
        """Three events and an answer announced together leave together, in order."""
        self.say(1)
        self.outbox.reply(b"ack.")
        self.say(2)
        self.assertEqual(self.paper.written, [])
        self.clock.advance(0)
        self.assertEqual(self.paper.written, [b"1:1.ack.1:2."])

    def test_writes_in_slices(self) -> None:
        """A transport that is full after a slice is not given the rest."""
        self.outbox = Outbox(
            ALICE, SessionId(1), "c1", self.paper, Turn(self.clock), self.clock, Bounds()
        )
        self.paper.outbox, self.paper.room = self.outbox, 1
        for _ in range(3):
            self.outbox.reply(b"x" * SLICE)
        self.clock.advance(0)
        self.assertEqual([len(each) for each in self.paper.written], [SLICE])
        self.paper.room = None
        self.outbox.resume()
        self.assertEqual(len(self.paper.written), 3)

    def test_nothing_is_kept_after_it_is_dropped(self) -> None:
        """Not what waited, nor a page that was asked for before and comes now."""
        self.paper.room = 0
        self.outbox.pause()
        self.say(1)
        self.outbox.drop()
        self.outbox.hold(LOBBY)
        self.say(2)
        kept = self.outbox._bytes, self.outbox._count, self.outbox._queue
        self.assertEqual((*kept, list(self.outbox._holding)), (0, 0, [], []))
        self.assertFalse(self.outbox._holding)

    def test_nothing_is_written_after_it_is_dropped(self) -> None:
        """A connection that is gone takes nothing, and nobody waits for its room."""
        self.say(1)
        self.outbox.drop()
        self.say(2)
        self.outbox.reply(b"late")
        self.assertEqual(self.read(), "")
        self.successResultOf(self.outbox.room())


class HoldingTests(OutboxCase):
    """Live events wait behind the answer that precedes them."""

    def test_an_overflow_while_releasing_forgets_no_bound(self) -> None:
        """The page filled it, so what it held back is skipped; the next hold is bounded as ever."""
        self.outbox.pause()
        self.outbox.hold(LOBBY)
        for rev in range(1, 9):
            self.say(rev, text="x" * 50)
        self.outbox.reply(b"y" * 600)
        self.outbox.release(LOBBY, 0)
        self.outbox.resume()
        self.assertIn("lag [(1, 8)]", self.read())
        self.outbox.hold(LOBBY)
        for rev in range(9, 26):
            self.say(rev, text="x" * 50)
        self.outbox.release(LOBBY, 0)
        self.assertIn("lag [(1, 19)]", self.read())

    def test_held_events_follow_the_page(self) -> None:
        """What the page told already is forgotten, what is newer follows it."""
        self.outbox.hold(LOBBY)
        self.say(4)
        self.say(5)
        self.say(1, TEAM)
        self.outbox.reply(b"delta to 4.")
        self.outbox.release(LOBBY, 4)
        self.assertEqual(self.read(), "2:1.delta to 4.1:5.")

    def test_before_ready_everything_waits(self) -> None:
        """No event overtakes `ready`; each conversation goes live where it was told."""
        self.outbox.hold_all()
        self.say(7)
        self.say(8)
        self.say(3, TEAM)
        self.outbox.deliver(UserEvent(ALICE, 5, b"update 5."))
        self.outbox.deliver(UserEvent(ALICE, 6, b"update 6."))
        self.assertEqual(self.read(), "")
        self.outbox.reply(b"ready.")
        self.outbox.hold(TEAM)
        self.outbox.go_live(5, {LOBBY: 7})
        self.assertEqual(self.read(), "ready.1:8.update 6.")
        self.outbox.release(TEAM, 2)
        self.assertEqual(self.read(), "2:3.")

    def test_what_takes_no_rev_is_not_forgotten(self) -> None:
        """A cursor that was held is told after the page."""
        self.outbox.hold(LOBBY)
        self.say(0, text=" cursor")
        self.outbox.release(LOBBY, 9)
        self.assertEqual(self.read(), "1:0 cursor.")


class TogetherTests(OutboxCase):
    """What was committed together is one event, and still several."""

    def committed(self, *revs: int) -> ConversationEvent:
        return together([ConversationEvent(LOBBY, 0, rev, f"1:{rev}.".encode()) for rev in revs])

    def test_they_are_written_as_one(self) -> None:
        """In their order, as if each had been told by itself."""
        self.outbox.deliver(self.committed(1, 2, 3))
        self.outbox.deliver(self.committed(4))
        self.assertEqual(self.read(), "1:1.1:2.1:3.1:4.")

    def test_some_were_told_by_a_page(self) -> None:
        """Only those past it follow."""
        self.outbox.hold(LOBBY)
        self.outbox.deliver(self.committed(4, 5, 6))
        self.outbox.release(LOBBY, 5)
        self.assertEqual(self.read(), "1:6.")

    def test_they_count_as_many(self) -> None:
        """Eleven do not fit where ten do."""
        self.outbox.pause()
        self.outbox.deliver(self.committed(*range(1, 12)))
        self.outbox.resume()
        self.assertEqual(self.read(), "lag [(1, 11)] 0.")
