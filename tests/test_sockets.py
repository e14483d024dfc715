"""Tests for `imtwisted.sockets` and `imtwisted.inbox`: the whole way of a message, in memory."""

from __future__ import annotations

from imtwisted.reasons import SENTENCES
from imtwisted.settings import Limits
from imtwisted.store.faults import Away
from tests.client import Client, Frame
from tests.kit import Browser, ChatCase
from tests.wiring import masked


class TalkingTests(ChatCase):
    """One person's frame becomes every member's event."""

    def test_a_message_reaches_everyone_at_once(self) -> None:
        """The sender's other devices too; the asking one gets the ack and the event."""
        chat = self.chat("alice", "bob")
        desk, phone, bob = (chat.browser(name) for name in ("alice", "alice", "bob"))
        ack = desk.send("hello 你好")
        self.assertEqual((ack["type"], ack["seq"], ack["rev"]), ("ack", 1, 1))
        for browser in (desk, phone, bob):
            self.assertEqual(browser.texts(), ["hello 你好"])
        (message,) = [frame for frame in bob.frames if frame["type"] == "message"]
        self.assertEqual(message["sender"]["username"], "alice")
        self.assertEqual(message["at"], ack["at"])

    def test_pipelined_sends_share_a_commit_and_keep_their_order(self) -> None:
        """Ten sends in one packet: one transaction, ten acks, ten events, in order."""
        chat = self.chat("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        lobby = chat.lobby
        commits: list[str] = []
        chat.database.fault = lambda stage: commits.append(stage)
        alice.sends(
            b"".join(
                masked(alice.client.say(alice.new_client_id(), f"m{n}", conversation=lobby))
                for n in range(10)
            )
        )
        self.assertEqual(commits.count("commit"), 1)
        self.assertEqual([ack["seq"] for ack in alice.only("ack")], list(range(1, 11)))
        self.assertEqual(bob.texts(), [f"m{n}" for n in range(10)])
        self.assertEqual(alice.client.pending, {})

    def test_what_one_connection_asks_keeps_its_order(self) -> None:
        """Also when the first has to look for its addressee, and the others have not."""
        chat = self.chat("alice", "bob")
        chat.befriend("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        direct = alice.send("zero", to="bob")["conversation"]
        bob.heard()
        alice.sends(
            masked(alice.client.say(alice.new_client_id(), "one", to="bob"))
            + masked(alice.client.say(alice.new_client_id(), "two", conversation=direct))
            + masked(alice.client.say(alice.new_client_id(), "three", to="BOB"))
        )
        self.assertEqual(bob.texts(direct), ["zero", "one", "two", "three"])

    def test_an_ack_is_a_promise(self) -> None:
        """While the database will not commit, nobody hears anything and no ack leaves."""
        chat = self.chat("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        lobby = chat.lobby

        def away(stage: str) -> None:
            if stage == "commit":
                raise Away

        chat.database.fault = away
        alice.says(alice.client.say("a" * 32, "hi", conversation=lobby))
        self.assertEqual(alice.heard() + bob.heard(), [])
        chat.wait(5)
        (error,) = alice.heard()
        self.assertEqual((error["code"], error["temporary"]), ("unavailable", True))
        chat.database.fault = lambda stage: None
        (again,) = alice.client.again()
        alice.says(again)
        self.assertEqual([alice.texts(), bob.texts()], [["hi"], ["hi"]])
        self.assertEqual(alice.client.pending, {})

    def test_a_repeated_send_is_acknowledged_and_not_repeated(self) -> None:
        """On another connection too; another text under its id is a conflict."""
        chat = self.chat("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        first = alice.send("hi", "a" * 32)
        again = chat.browser("alice").send("hi", "A" * 32)
        self.assertEqual((again["seq"], again["duplicate"]), (first["seq"], True))
        self.assertEqual(again["client_id"], "a" * 32)
        self.assertEqual(alice.send("other", "a" * 32)["code"], "conflict")
        self.assertEqual(bob.texts(), ["hi"])

    def test_html_and_sql_are_text(self) -> None:
        """What looks like code comes back as it was written."""
        chat = self.chat("alice", "bob")
        alice, bob = chat.browser("alice"), chat.browser("bob")
        texts = [
            "<script>alert(1)</script>",
            "'; DROP TABLE messages; --",
            '%s ? {x} \\ " \u0001 \u202e 👩‍👩‍👧',
        ]
        for text in texts:
            alice.send(text)
        self.assertEqual(bob.texts(), texts)


class DirectTests(ChatCase):
    """To a friend, or to several friends at once."""

    def setUp(self) -> None:
        self.everyone = self.chat("alice", "bob", "carol", "dave")
        self.everyone.befriend("alice", "bob")
        self.everyone.befriend("alice", "carol")
        self.alice = self.everyone.browser("alice")

    def test_the_first_message_opens_the_conversation(self) -> None:
        """The friend learns of a conversation that nobody has seen before."""
        bob = self.everyone.browser("bob")
        ack = self.alice.send("psst", to="bob")
        (update,) = [f for f in bob.heard() if f["type"] == "update" and f["kind"] == "membership"]
        self.assertEqual(update["head"]["peer"]["username"], "alice")
        self.assertEqual(bob.texts(ack["conversation"]), ["psst"])

    def test_only_the_two_hear_it(self) -> None:
        """And nobody else."""
        carol = self.everyone.browser("carol")
        self.alice.send("psst", to="bob")
        self.assertEqual(carol.only("message"), [])

    def test_to_several(self) -> None:
        """Each gets it as a direct message; what one target is refused spoils no other."""
        bob, carol = self.everyone.browser("bob"), self.everyone.browser("carol")
        ids = "b" * 32
        answer = self.alice.send("party!", ids, to=["bob", "dave", "carol", "nobody", "bob"])
        kinds = [result.get("code", "ack") for result in answer["results"]]
        self.assertEqual(kinds, ["ack", "not_friend", "ack", "not_found", "ack"])
        self.assertTrue(answer["results"][4]["duplicate"])
        for browser, place in ((bob, 0), (carol, 2)):
            conversation = answer["results"][place]["conversation"]
            self.assertEqual(browser.texts(conversation), ["party!"])
        again = self.alice.send("party!", ids, to=["carol", "bob"])
        self.assertEqual([result["duplicate"] for result in again["results"]], [True, True])
        self.assertEqual(
            again["results"][0]["seq"], answer["results"][2]["seq"], "answered target by target"
        )

    def test_strangers(self) -> None:
        """No friendship, no direct message; not to oneself, not to nobody."""
        self.assertEqual(self.alice.send(to="dave")["code"], "not_friend")
        self.assertEqual(self.alice.send(to="nobody")["code"], "not_found")
        self.assertEqual(self.alice.send(to="ALICE")["code"], "bad_request")

    def test_who_is_blocked_is_not_told(self) -> None:
        """They get what a stranger gets; who blocks is told so."""
        self.alice.send("hi", "c" * 32, to="bob")
        chat = self.everyone
        chat.now(chat.house.contacts.block(chat.people["bob"], "alice"))
        bob = chat.browser("bob")
        self.assertEqual(self.alice.send(to="bob")["code"], "not_friend")
        self.assertEqual(bob.send(to="alice")["code"], "blocked")
        self.assertTrue(self.alice.send("hi", "c" * 32, to="bob")["duplicate"])

    def test_anyone_may_write_when_the_operator_says_so(self) -> None:
        """Then only blocks count, and the blocked one is denied."""
        chat = self.chat("alice", "bob", direct_messages="anyone")
        alice = chat.browser("alice")
        self.assertEqual(alice.send(to="bob")["type"], "ack")
        chat.now(chat.house.contacts.block(chat.people["bob"], "alice"))
        self.assertEqual(alice.send(to="bob")["code"], "denied")


class RefusalTests(ChatCase):
    """Bad input gets its code; the connection and the data stay whole."""

    def setUp(self) -> None:
        self.server = self.chat("alice", "bob", limits=Limits(sends_burst=1000))
        self.alice = self.server.browser("alice")

    def still_works(self) -> None:
        self.assertEqual(
            self.alice.asks(type="history", conversation=self.server.lobby)["items"], []
        )
        self.assertEqual(self.alice.send("fine")["seq"], 1)

    def test_frames_that_are_none(self) -> None:
        """Malformed JSON and wrong types: `bad_request`."""
        for payload in ("{", "[]", '{"type":"read"}', '{"type":"send","id":3,"text":5}'):
            self.alice.says(payload)
            (error,) = self.alice.heard()
            self.assertEqual((error["type"], error["code"]), ("error", "bad_request"))
        self.still_works()

    def test_places_that_are_none(self) -> None:
        """Unknown conversations, and others' ones: `not_member`."""
        group = self.server.group("bob")
        for conversation in (999, group):
            self.assertEqual(self.alice.send(conversation=conversation)["code"], "not_member")
            for kind, more in (("history", {}), ("changes", {"after": 0})):
                answer = self.alice.asks(type=kind, conversation=conversation, **more)
                self.assertEqual(answer["code"], "not_member")
            self.alice.says({"type": "read", "conversation": conversation, "seq": 1})
            (error,) = self.alice.heard()
            self.assertEqual((error["code"], "id" in error), ("not_member", False))
        self.still_works()

    def test_texts_that_are_none(self) -> None:
        """Too long, empty, blank; neither or both of conversation and to; files."""
        for fields, code in (
            ({"text": "x" * 16_001}, "too_large text_too_long"),
            ({"text": ""}, "bad_request text_empty"),
            ({"text": " \n\u3000"}, "bad_request text_empty"),
            ({"text": "a\u0000b"}, "bad_request nul"),
            ({"files": [1]}, "not_found no_such_file"),
            ({"reply_to": 1}, "bad_request no_such_message"),
            ({"conversation": None, "to": "Alice"}, "bad_request not_yourself"),
            ({"conversation": None, "to": "nobody"}, "not_found no_such_user"),
        ):
            error = self.alice.send(**fields)
            self.assertEqual(f"{error['code']} {error['reason']}", code, fields)
            self.assertEqual(error["message"], SENTENCES[error["reason"]])
        self.assertEqual(self.alice.send(conversation=None)["code"], "bad_request")
        both = self.alice.asks(
            type="send", client_id="d" * 32, text="x", to="bob", conversation=self.server.lobby
        )
        self.assertEqual(both["code"], "bad_request")
        self.assertEqual(self.alice.send("x" * 16_000)["seq"], 1)

    def test_history_takes_one_place(self) -> None:
        """Two of before, after and around are refused."""
        answer = self.alice.asks(type="history", conversation=self.server.lobby, before=3, after=1)
        self.assertEqual(answer["code"], "bad_request")

    def test_before_hello(self) -> None:
        """Nothing but `hello` is answered, and only one."""
        early = Browser(self.server, "alice")
        for frame in (
            {"type": "send", "id": 5, "client_id": "a" * 32, "text": "x", "conversation": 1},
            {"type": "ping"},
        ):
            early.says(frame)
            (error,) = early.heard()
            self.assertEqual((error["code"], error.get("id")), ("bad_request", frame.get("id")))
            self.assertEqual(error["reason"], "hello_first")
        early.hello()
        second = early.hello()
        self.assertEqual((second["code"], second["reason"]), ("bad_request", "hello_twice"))
        self.assertEqual(early.send()["type"], "ack")

    def test_later_requests(self) -> None:
        """What only other servers may know is unsupported here."""
        for kind in ("presence", "nonsense"):
            self.alice.says({"type": kind, "id": 9, "conversation": 1})
            (error,) = self.alice.heard()
            self.assertEqual((error["code"], error["id"]), ("unsupported", 9))
            self.assertEqual(error["reason"], "unknown_type")

    def test_fields_that_do_not_go_together(self) -> None:
        """Nobody or twice somebody to write to; several places of a page."""
        page = {"type": "history", "conversation": 1, "before": 5, "after": 2}
        words = {"type": "send", "client_id": "ab" * 16, "text": "hi"}
        for frame, reason in (
            (page, "one_place"),
            (words, "one_addressee"),
            ({**words, "conversation": 1, "to": "bob"}, "one_addressee"),
        ):
            self.alice.says({**frame, "id": 9})
            (error,) = self.alice.heard()
            self.assertEqual((error["code"], error["reason"]), ("bad_request", reason))

    def test_a_wrong_field(self) -> None:
        """It is named, with a reason that the page has words for."""
        self.alice.says({"type": "edit", "id": 9, "conversation": "one"})
        (error,) = self.alice.heard()
        self.assertEqual((error["code"], error["id"]), ("bad_request", 9))
        self.assertEqual((error["reason"], error["field"]), ("wrong_kind", "conversation"))

    def test_too_much_at_once(self) -> None:
        """Beyond the rate: `rate_limited`, with the time to wait; a flood ends it."""
        chat = self.chat("alice")
        alice = chat.browser("alice")
        answers = [alice.send(f"{n}") for n in range(41)]
        self.assertEqual([answer["type"] for answer in answers], ["ack"] * 40 + ["error"])
        self.assertEqual((answers[-1]["code"], answers[-1]["temporary"]), ("rate_limited", True))
        self.assertLessEqual(answers[-1]["retry_after"], 1000)
        chat.wait(1)
        self.assertEqual(alice.send("later")["type"], "ack")
        for n in range(200):
            alice.says(alice.client.say(f"{n:032x}", "x", conversation=chat.lobby))
        self.assertEqual(alice.close_code(), 4009)

    def test_what_was_stored_before_a_flood_is_acknowledged(self) -> None:
        """All in one packet: forty are stored and said to be, then the connection ends."""
        chat = self.chat("alice")
        alice, lobby = chat.browser("alice"), chat.lobby
        alice.sends(
            b"".join(
                masked(alice.client.say(f"{n:032x}", "x", conversation=lobby)) for n in range(200)
            )
        )
        kinds = [frame["type"] for frame in alice.heard()]
        self.assertEqual((kinds.count("ack"), kinds[-1]), (40, "bye"))
        self.assertEqual(alice.closed, 4009)


class WithoutHelloTests(ChatCase):
    """The client of the tests keeps what it has over connections."""

    def test_pending_is_sent_again_once(self) -> None:
        """An ack lost with the connection: the retry is a duplicate, the text there once."""
        chat = self.chat("alice", "bob")
        client = Client()
        alice, bob = chat.browser("alice", client), chat.browser("bob")
        send: Frame = client.say("a" * 32, "once", conversation=chat.lobby)
        alice.transport.protocol.dataReceived(masked(send))
        alice.leaves()
        alice = chat.browser("alice", client)
        for frame in client.again():
            alice.says(frame)
        alice.settles()
        self.assertEqual(client.pending, {})
        self.assertEqual(alice.texts(), ["once"])
        self.assertEqual(bob.texts(), ["once"])
