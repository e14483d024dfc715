"""
What each of the seven rules of a client is for: leave it out, and something breaks.

The rules are in `tests.client`; the page has them once more, in one module.
"""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.client import HELD, Client, Frame


def message(rev: int, seq: int | None = None, text: str = "", **more: Any) -> Frame:
    """A message event of conversation 1."""
    return {
        "type": "message",
        "conversation": 1,
        "seq": rev if seq is None else seq,
        "rev": rev,
        "client_id": f"{rev:032x}",
        "sender": {"id": 2},
        "kind": "text",
        "text": text or f"m{rev}",
        **more,
    }


def edit(rev: int, seq: int, text: str) -> Frame:
    what = {"conversation": 1, "seq": seq, "rev": rev, "text": text, "edited_at": 9}
    return {"type": "change", "op": "edit", **what}


def delta(after: int, to: int, *items: Frame, more: bool = False, **rest: Any) -> Frame:
    return {
        "type": "delta",
        "conversation": 1,
        "from": after,
        "to": to,
        "items": list(items),
        "more": more,
        **rest,
    }


def ready(last_rev: int = 0, epoch: str = "e") -> Frame:
    head = {"conversation": 1, "last_rev": last_rev}
    return {
        "type": "ready",
        "user": {"id": 1},
        "epoch": epoch,
        "version": 0,
        "conversations": [head],
        "more": False,
    }


class RuleTests(SynchronousTestCase):
    """Each scenario is right with the rule, and wrong without it."""

    def client(self, *without: int, last_rev: int = 0) -> Client:
        client = Client(frozenset(without))
        client.hear(ready(last_rev))
        return client

    def test_1_starts_at_the_head(self) -> None:
        """Without a cursor nothing old is asked for, however long the conversation is."""
        self.assertEqual(list(self.client(last_rev=5_000).wants()), [])
        self.assertNotEqual(list(self.client(1, last_rev=5_000).wants()), [])

    def test_2_order(self) -> None:
        """Events out of order, and one twice, are shown once, in order."""
        stream = [message(2), message(1), message(2), message(3)]
        for without, shown in (((), [1, 2, 3]), ((2,), [2, 1, 2, 3])):
            client = self.client(*without)
            for event in stream:
                client.hear(event)
            self.assertEqual([seq for seq, _ in client.place(1).shown], shown)

    def test_2_holds_no_more_than_a_hundred(self) -> None:
        """What is further ahead is forgotten, but not that it was there."""
        client = self.client()
        for rev in range(2, HELD + 50):
            client.hear(message(rev))
        place = client.place(1)
        self.assertEqual((len(place.held), place.heard), (HELD, HELD + 49))

    def test_3_gaps_are_filled(self) -> None:
        """A lost event is asked for, by one question at a time."""
        for without, asked in (((), [0]), ((3,), [])):
            client = self.client(*without)
            client.hear(message(2))
            client.hear(message(3))
            wanted = list(client.wants()) + list(client.wants())
            self.assertEqual([each["after"] for each in wanted], asked)
        self.assertEqual(wanted, [])

    def test_3_goes_on_until_it_knows_all(self) -> None:
        """A page that says `more`, or a lag during the answer, is followed by the next question."""
        client = self.client()
        client.hear({"type": "lag", "conversations": [[1, 3]], "version": 0})
        (asked,) = client.wants()
        client.hear(delta(0, 2, message(1), message(2), more=True, id=asked["id"]))
        (asked,) = client.wants()
        self.assertEqual(asked["after"], 2)
        client.hear(delta(2, 3, message(3), id=asked["id"]))
        self.assertEqual(list(client.wants()), [])
        self.assertEqual(client.place(1).texts(), ["m1", "m2", "m3"])

    def test_4_newer_wins(self) -> None:
        """An older state of a message replaces no newer one."""
        for without, text in (((), "edited"), ((4,), "old")):
            client = self.client(*without)
            client.hear(message(1, text="old"))
            client.hear(edit(2, 1, "edited"))
            client.hear(delta(0, 2, message(1, text="old")))
            self.assertEqual(client.place(1).texts(), [text])

    def test_4_a_delta_that_starts_too_far_on_is_not_believed(self) -> None:
        """It would leave a hole behind."""
        client = self.client()
        client.hear(delta(3, 4, message(4)))
        self.assertEqual((client.place(1).own, client.place(1).texts()), (0, []))

    def test_4_held_events_wait_for_the_last_page(self) -> None:
        """And join on there."""
        client = self.client()
        client.hear(message(4))
        client.hear(delta(0, 2, message(1), message(2), more=True))
        self.assertEqual(client.place(1).texts(), ["m1", "m2"])
        client.hear(delta(2, 3, message(3)))
        self.assertEqual(client.place(1).texts(), ["m1", "m2", "m3", "m4"])

    def test_4_live_events_wait_between_pages(self) -> None:
        """One of them may change a message that only the next page brings."""
        for without, texts in (((), ["m2", "edited"]), ((4,), ["m2"])):
            client = self.client(*without, last_rev=0)
            client.hear({"type": "lag", "conversations": [[1, 2]], "version": 0})
            (asked,) = client.wants()
            # The message of seq 2 is older than the page's end, and was just edited.
            client.hear(delta(0, 2, message(2, 1), more=True, id=asked["id"]))
            client.hear(edit(3, 2, "edited"))
            for asked in client.wants():
                client.hear(delta(2, 3, message(3, 2, "edited"), id=asked["id"]))
            self.assertEqual(client.place(1).texts(), texts)

    def test_5_a_change_touches_only_what_is_older(self) -> None:
        """A page was read after the edit; the live edit that follows must not undo a later one."""
        for without, text in (((), "second"), ((5,), "first")):
            client = self.client(*without, last_rev=1)
            client.hear(
                {"type": "ok", "conversation": 1, "items": [message(3, 1, "second")], "more": False}
            )
            client.hear(edit(2, 1, "first"))
            self.assertEqual(client.place(1).texts(), [text])
            self.assertEqual(client.place(1).own, 2)

    def test_5_a_change_of_what_is_not_loaded_still_counts(self) -> None:
        """Nothing is shown, and nothing is asked for."""
        client = self.client(last_rev=7)
        client.hear(edit(8, 2, "x"))
        self.assertEqual((client.place(1).own, client.place(1).texts()), (8, []))
        self.assertEqual(list(client.wants()), [])

    def test_6_an_ack_does_not_move(self) -> None:
        """Another's message between two of one's own is not lost when the ack comes first."""
        for without, shown in (((), ["m1", "m2"]), ((6,), [])):
            client = self.client(*without)
            client.say("c" * 32, "m2", conversation=1)
            client.hear(
                {
                    "type": "ack",
                    "id": 1,
                    "client_id": "c" * 32,
                    "conversation": 1,
                    "seq": 2,
                    "rev": 2,
                }
            )
            client.hear(message(1))
            client.hear(message(2, sender={"id": 1}))
            self.assertEqual(client.place(1).texts(), shown)
            self.assertEqual(client.pending, {})

    def test_6_the_event_settles_it_too(self) -> None:
        """A message whose ack was lost with the connection is not sent for ever."""
        client = self.client()
        client.say("c" * 32, "hi", conversation=1)
        client.hear(message(1, sender={"id": 1}, client_id="c" * 32))
        self.assertEqual(client.again(), [])

    def test_7_a_reset_forgets(self) -> None:
        """After a restored backup the old messages are not shown among the new."""
        for without, texts in (((), []), ((7,), ["m1"])):
            client = self.client(*without)
            client.hear(message(1))
            client.say("c" * 32, "hi", conversation=1)
            client.hear({"type": "reset", "conversation": 1, "rev": 9, "why": "epoch"})
            self.assertEqual(client.place(1).texts(), texts)
            self.assertEqual(len(client.pending), 1)

    def test_7_gone_is_forgotten(self) -> None:
        """A conversation one is no longer in is not asked about again."""
        client = self.client()
        client.hear(message(1))
        client.hear({"type": "reset", "conversation": 1, "rev": 0, "why": "gone"})
        client.place(1).lag(5)
        self.assertEqual(list(client.wants()), [])
        self.assertEqual(client.hello()["cursors"], [])
