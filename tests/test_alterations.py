"""Edits, recalls and reactions: the whole way, from a socket to the others' screens."""

from __future__ import annotations

from typing import Any

from imtwisted.settings import Limits
from imtwisted.store.faults import Again, CommitUnknown
from tests.client import Frame
from tests.kit import Browser, ChatCase
from tests.visitor import ApiCase
from tests.wiring import masked

THUMB, HEART = "\N{THUMBS UP SIGN}", "\N{HEAVY BLACK HEART}\ufe0f"


class AlterationCase(ChatCase):
    """Alice and Bob in the lobby; Alice has said "helo"."""

    def setUp(self) -> None:
        self.server = self.chat("alice", "bob", limits=self.limits())
        self.alice, self.bob = self.server.browser("alice"), self.server.browser("bob")
        self.lobby = int(self.server.lobby)
        self.said = self.alice.send("helo")
        self.bob.heard()

    def limits(self) -> Limits:
        """Everything as usual."""
        return Limits(sends_per_10s=0)

    def edit(self, who: Browser, text: str, seq: int = 1, client_id: str = "") -> Frame:
        """`who` gives the message another text; the reply."""
        id = client_id or who.new_client_id()
        return who.asks(type="edit", client_id=id, conversation=self.lobby, seq=seq, text=text)

    def recall(self, who: Browser, seq: int = 1) -> Frame:
        """`who` takes the message back; the reply."""
        return who.asks(type="recall", conversation=self.lobby, seq=seq)

    def react(self, who: Browser, emoji: str = THUMB, *, on: bool = True, seq: int = 1) -> Frame:
        """`who` puts an emoji under the message, or takes it away; the reply."""
        return who.asks(type="react", conversation=self.lobby, seq=seq, emoji=emoji, on=on)

    def page(self, who: Browser) -> list[Frame]:
        """The newest messages, as `who` finds them."""
        reply = who.asks(type="history", conversation=self.lobby)
        return list(reply["items"])

    def both(self) -> list[Any]:
        """What Alice's and Bob's devices show of the first message."""
        shown = []
        for browser in (self.alice, self.bob):
            browser.settles()
            shown.append(browser.client.place(self.lobby).messages[1])
        self.assertEqual({key: shown[0][key] for key in shown[0]}, shown[1])
        return shown


class EditTests(AlterationCase):
    """Another text for one's own message."""

    def test_an_edit(self) -> None:
        """Everyone who has the message gets the change; the ack has its new rev."""
        ack = self.edit(self.alice, "hello")
        self.assertEqual((ack["type"], ack["seq"], ack["rev"]), ("ack", 1, 2))
        (change,) = self.bob.only("change")
        self.assertEqual((change["op"], change["text"], change["rev"]), ("edit", "hello", 2))
        self.assertEqual(change["by"], self.server.people["alice"].id)
        self.assertEqual([each["text"] for each in self.both()], ["hello", "hello"])
        (message,) = self.page(self.bob)
        self.assertEqual((message["text"], message["rev"]), ("hello", 2))
        self.assertEqual(message["edited_at"], change["edited_at"])

    def test_the_times(self) -> None:
        """An ack says when the message was said; the change says when it was changed."""
        self.server.wait(5)
        for number, ask in enumerate(
            (self.react, lambda who: self.edit(who, "hello"), self.recall)
        ):
            with self.subTest(number):
                ack = ask(self.alice)
                self.assertEqual((ack["at"], ack["rev"]), (self.said["at"], 2 + number))
                (change,) = self.bob.only("change")
                self.assertEqual(change["at"], self.said["at"] + 5000)

    def test_a_retry(self) -> None:
        """The same edit again is known; another text under its id is refused."""
        first = self.edit(self.alice, "hello", client_id="e" * 32)
        self.bob.heard()
        again = self.edit(self.alice, "hello", client_id="e" * 32)
        self.assertEqual((again["duplicate"], again["rev"]), (True, first["rev"]))
        self.assertEqual(self.edit(self.alice, "other", client_id="e" * 32)["code"], "conflict")
        self.assertEqual(self.bob.heard(), [])

    def test_a_message_and_an_edit_may_share_an_id(self) -> None:
        """They are told apart."""
        client_id = self.said["client_id"]
        ack = self.edit(self.alice, "hello", client_id=client_id)
        self.assertNotIn("duplicate", ack)
        again = self.alice.send("helo", client_id=client_id)
        self.assertEqual((again["duplicate"], again["seq"], again["rev"]), (True, 1, 2))

    def test_refusals(self) -> None:
        """Somebody else's message, none at all, a system's, no text, not a member."""
        self.assertEqual(self.edit(self.bob, "ha")["reason"], "not_yours")
        self.assertEqual(self.edit(self.alice, "x", seq=7)["code"], "not_found")
        self.assertEqual(self.edit(self.alice, " ")["reason"], "text_empty")
        self.server.befriend("alice", "bob")
        team = self.server.group("alice", title="Team")
        mine = self.alice.asks(
            type="edit", client_id="f" * 32, conversation=team, seq=1, text="founded"
        )
        self.assertEqual(mine["reason"], "not_yours")
        self.assertEqual(
            self.bob.asks(type="recall", conversation=team, seq=1)["code"], "not_member"
        )
        self.assertEqual(self.page(self.bob)[0]["text"], "helo")

    def test_whom_it_mentions(self) -> None:
        """Says so where it differs, counts for who has not read it, and stays when it is not said."""
        alice, bob = (self.server.people[name].id for name in ("alice", "bob"))
        place = {"type": "edit", "conversation": self.lobby, "seq": 1}

        def edit(text: str, **fields: Any) -> tuple[Any, Any, int]:
            id = self.alice.new_client_id()
            self.alice.asks(**place, client_id=id, text=text, **fields)
            (change,) = self.bob.only("change")
            (message,) = self.page(self.bob)
            (head,) = self.server.browser("bob").frames[0]["conversations"]
            return change.get("mentions"), message.get("mentions"), head["mentions"]

        stranger = 2**40
        self.assertEqual(edit("@bob", mentions=[bob, stranger, bob]), ([bob], [bob], 1))
        self.assertEqual(edit("@bob!"), (None, [bob], 1))
        self.assertEqual(edit("@bob!!", mentions=[bob]), (None, [bob], 1))
        self.assertEqual(edit("me", mentions=[alice]), ([alice], [alice], 0))
        self.assertEqual(edit("nobody", mentions=[]), ([], None, 0))
        self.assertEqual([each["mentions"] for each in self.both()], [[], []])

    def test_an_edit_is_the_same_with_its_mentions(self) -> None:
        """In any order; with others it is another one."""
        alice, bob = (self.server.people[name].id for name in ("alice", "bob"))
        edit = {"type": "edit", "conversation": self.lobby, "seq": 1, "client_id": "e" * 32}
        ack = self.alice.asks(**edit, text="x", mentions=[alice, bob])
        again = self.alice.asks(**edit, text="x", mentions=[bob, alice, bob])
        self.assertEqual((again["rev"], again["duplicate"]), (ack["rev"], True))
        others: list[Frame] = [{}, {"mentions": [bob]}, {"mentions": []}]
        for fields in others:
            self.assertEqual(self.alice.asks(**edit, text="x", **fields)["code"], "conflict")
        most = {"text": "x", "mentions": [bob] * 51}
        self.assertEqual(self.alice.asks(**edit, **most)["code"], "bad_request")

    def test_said_and_altered_at_once(self) -> None:
        """All of it in one commit, in the order in which it was asked."""
        send = self.alice.client.say("1" * 32, "one", conversation=self.lobby)
        edit = {"type": "edit", "client_id": "2" * 32, "text": "two", "seq": 2}
        react = {"type": "react", "emoji": THUMB, "on": True, "seq": 2}
        recall = {"type": "recall", "seq": 1}
        frames = [send] + [
            {**each, "id": 90 + place, "conversation": self.lobby}
            for place, each in enumerate((edit, react, recall))
        ]
        self.alice.sends(b"".join(masked(frame) for frame in frames))
        revs = [frame["rev"] for frame in self.alice.only("ack")]
        self.assertEqual(revs, [2, 3, 4, 5])
        self.assertEqual(self.bob.texts(), ["", "two"])
        self.assertEqual(self.server.house.journal.settled()[0], 2)


class RecallTests(AlterationCase):
    """A message is taken back."""

    def limits(self) -> Limits:
        return Limits(sends_per_10s=0, recall_seconds=120)

    def test_a_recall(self) -> None:
        """Its text, mentions and reactions are gone everywhere; its place stays."""
        self.alice.send("psst @bob", mentions=[self.server.people["bob"].id])
        self.react(self.bob, seq=2)
        self.edit(self.alice, "psst!", seq=2)
        ack = self.recall(self.alice, seq=2)
        self.assertEqual((ack["seq"], ack["rev"]), (2, 5))
        self.assertEqual(self.bob.only("change")[-1]["op"], "recall")
        message = self.page(self.bob)[1]
        self.assertEqual((message["text"], message["recalled"]), ("", True))
        self.assertNotIn("mentions", message)
        self.assertNotIn("reactions", message)
        ready = self.server.browser("bob").frames[0]
        (head,) = ready["conversations"]
        self.assertEqual((head["unread"], head["mentions"]), (1, 0))
        self.assertEqual((head["preview"]["text"], head["preview"]["recalled"]), ("", True))
        everywhere = self.server.database._connection.iterdump()
        self.assertEqual([line for line in everywhere if "psst" in line], [])

    def test_twice(self) -> None:
        """The second time it is so already."""
        self.recall(self.alice)
        again = self.recall(self.alice)
        self.assertEqual((again["duplicate"], again["rev"]), (True, 2))

    def test_nothing_more_happens_to_it(self) -> None:
        """No edit and no reaction."""
        self.recall(self.alice)
        self.assertEqual(self.edit(self.alice, "x")["code"], "conflict")
        self.assertEqual(self.react(self.bob)["code"], "conflict")

    def test_who_may(self) -> None:
        """Its sender for a while, a moderator always."""
        self.assertEqual(self.recall(self.bob)["reason"], "not_yours")
        self.server.befriend("alice", "bob")
        team = self.server.group("alice", "bob", title="Team")
        self.bob.send("rude", conversation=team)
        self.server.wait(121)
        self.alice = self.server.browser("alice")  # the others were silent for too long
        self.assertEqual(self.recall(self.alice)["reason"], "too_late")
        self.assertEqual(self.alice.asks(type="recall", conversation=team, seq=2)["type"], "ack")

    def test_of_who_blocks_me(self) -> None:
        """One cannot write to them any more, and still take one's words back."""
        self.server.befriend("alice", "bob")
        place = self.alice.send("oops", to="bob")["conversation"]
        self.server.now(self.server.house.contacts.block(self.server.people["bob"], "alice"))
        edit = {"type": "edit", "client_id": "d" * 32, "seq": 1, "text": "sorry"}
        self.assertEqual(self.alice.asks(**edit, conversation=place)["code"], "not_friend")
        ack = self.alice.asks(type="recall", seq=1, conversation=place)
        self.assertEqual((ack["type"], ack["rev"]), ("ack", 2))


class ReactionTests(AlterationCase):
    """Emoji under a message."""

    def test_reactions(self) -> None:
        """They are counted, and each knows which are theirs."""
        for who, emoji in ((self.bob, THUMB), (self.alice, THUMB), (self.alice, HEART)):
            self.assertEqual(self.react(who, emoji)["type"], "ack")
            self.server.wait(1)
        counts = [(c["emoji"], c["count"], c["on"]) for c in self.bob.only("change")]
        self.assertEqual(counts, [(THUMB, 2, True), (HEART, 1, True)])
        (seen_by_bob,) = self.page(self.bob)
        self.assertEqual(seen_by_bob["reactions"], [[THUMB, 2, True], [HEART, 1, False]])
        self.react(self.bob, on=False)
        self.react(self.alice, HEART, on=False)
        (seen_by_alice,) = self.page(self.alice)
        self.assertEqual(seen_by_alice["reactions"], [[THUMB, 1, True]])
        self.assertEqual([each["reactions"] for each in self.both()], [[[THUMB, 1]]] * 2)

    def test_already_so(self) -> None:
        """The same again, or taken away where there is none, changes nothing."""
        first = self.react(self.bob)
        again, off = self.react(self.bob), self.react(self.alice, on=False)
        self.assertEqual([again["duplicate"], again["rev"]], [True, first["rev"]])
        self.assertEqual([off["duplicate"], off["rev"]], [True, first["rev"]])

    def test_only_emoji(self) -> None:
        """Words, blanks, several, halves of one and invisible characters are none."""
        flag, keycap = "\U0001f1e8\U0001f1f3", "1\ufe0f\u20e3"
        family = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
        england = "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbeng\x7f")
        for emoji in (flag, keycap, family, england, HEART, THUMB + "\U0001f3fd"):
            self.assertEqual(self.react(self.bob, emoji)["type"], "ack", emoji)
        wrong = ["", "a", "好", " ", "1", "+", "\u202e", "\u200d", THUMB * 9, THUMB + "x"]
        wrong += [
            THUMB * 2,
            HEART + "\ufe0f",
            flag * 2,
            flag[0],
            "\U0001f3fd",
            THUMB + "\u200d",
            flag + THUMB,
        ]
        for emoji in wrong:
            self.assertEqual(self.react(self.bob, emoji)["code"], "bad_request", repr(emoji))

    def test_too_many_kinds(self) -> None:
        """Twenty different ones; the same one more often is no other."""
        for number in range(20):
            self.assertEqual(self.react(self.bob, chr(0x1F600 + number))["type"], "ack")
        self.assertEqual(self.react(self.bob, THUMB)["reason"], "too_many_reactions")
        self.assertEqual(self.react(self.alice, chr(0x1F600))["type"], "ack")


class DoubtTests(AlterationCase):
    """What nobody knows whether it was committed is told once it is known."""

    def doubt(self, fault: type[Exception], **asked: Any) -> Frame:
        """Ask when the answer to the first COMMIT is lost; the reply."""
        faults = iter([True])

        def at(stage: str) -> None:
            if stage == ("committed" if fault is CommitUnknown else "commit") and next(
                faults, False
            ):
                raise ConnectionError

        self.server.database.fault = at
        self.alice.says({"id": 77, "conversation": self.lobby, "seq": 1, **asked})
        self.server.wait(5)
        return next(frame for frame in self.alice.heard() if frame.get("id") == 77)

    def test_stored_all_the_same(self) -> None:
        """The others hear of it, and the asker gets one ack."""
        asked: list[Any] = [
            {"type": "edit", "client_id": "a" * 32, "text": "hello"},
            {"type": "react", "emoji": THUMB, "on": True},
            {"type": "recall"},
        ]
        for fault in (CommitUnknown, Again):
            self.setUp()
            for each in asked:
                self.assertEqual(self.doubt(fault, **each)["type"], "ack")
                shown = self.both()[0]
            self.assertEqual((shown["text"], shown["recalled"]), ("", True))
            self.assertEqual(shown["rev"], 4)


class CallTests(ApiCase):
    """The same over HTTP."""

    def test_by_script(self) -> None:
        """Edit, react, take away, recall; each answers with the ack."""
        lobby = int(self.server.lobby)
        self.ok("alice", "POST", f"/conversations/{lobby}/messages", {"text": "helo"}, 201)
        path = f"/conversations/{lobby}/messages/1"
        edited = self.ok("alice", "PATCH", path, {"text": "hello", "client_id": "a" * 32})
        self.assertEqual((edited["client_id"], edited["seq"], edited["rev"]), ("a" * 32, 1, 2))
        self.assertNotIn("id", edited)
        thumb = f"{path}/reactions/%F0%9F%91%8D"
        self.assertEqual(self.ok("bob", "PUT", thumb)["rev"], 3)
        (message,) = self.ok("bob", "GET", f"/conversations/{lobby}/messages")["items"]
        self.assertEqual(message["reactions"], [[THUMB, 1, True]])
        self.assertEqual(self.ok("bob", "DELETE", thumb)["rev"], 4)
        self.assertEqual(self.error("bob", "DELETE", path)["reason"], "not_yours")
        self.assertEqual(self.ok("alice", "DELETE", path)["rev"], 5)
        self.assertEqual(self.error("alice", "PATCH", path, {"text": "x"})["code"], "conflict")
        self.assertEqual(self.error("bob", "PUT", f"{path}/reactions/x")["code"], "bad_request")
