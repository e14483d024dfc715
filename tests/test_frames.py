"""Tests for `imtwisted.frames`: whatever a client sends, what the server says."""

from __future__ import annotations

import contextlib
import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from imtwisted import frames
from imtwisted.model import ConversationId, Message, Person, SystemText, UserId
from imtwisted.reasons import SENTENCES
from imtwisted.refusals import RateLimited

ID = "0123456789abcdef0123456789abcdef"
ALICE = Person(UserId(1), "alice", "Alice")


def send(**fields: object) -> bytes:
    return json.dumps({"type": "send", "id": 1, "client_id": ID, "text": "hi", **fields}).encode()


class ParsingTests(SynchronousTestCase):
    """A frame becomes a request, or is refused with a code and the id it had."""

    def refusal(self, payload: bytes) -> tuple[str, int | None]:
        with self.assertRaises(frames.Unreadable) as caught:
            frames.parse(payload)
        return caught.exception.refusal.code, caught.exception.id

    def test_any_order_and_unknown_fields(self) -> None:
        """Keys come in any order; what we do not know is ignored."""
        read = frames.parse(b'{"seq":3,"x":{"y":[1]},"conversation":2,"type":"read"}')
        self.assertEqual(read, frames.Read(conversation=2, seq=3))

    def test_one_addressee_or_several(self) -> None:
        """`to` is a name or a list of up to fifty."""
        one, two = frames.parse(send(to="bob")), frames.parse(send(to=["bob", "carol"]))
        assert isinstance(one, frames.Send) and isinstance(two, frames.Send)
        self.assertEqual([one.to, two.to], ["bob", ["bob", "carol"]])
        self.assertEqual(self.refusal(send(to=["x"] * 51)), ("bad_request", 1))
        self.assertEqual(self.refusal(send(to=[])), ("bad_request", 1))

    def test_later_requests_are_unsupported(self) -> None:
        """What this server does not know is answered as such, to its id."""
        for kind in ("presence", "cursor", "nonsense"):
            payload = json.dumps({"type": kind, "id": 7}).encode()
            self.assertEqual(self.refusal(payload), ("unsupported", 7))

    def test_why(self) -> None:
        """A reason that the page translates, and the field that is meant."""
        for payload, reason, field in (
            (b"nope", "unreadable", None),
            (b"[]", "unreadable", None),
            (b"\xff", "unreadable", None),
            (b'{"a":' * 5000, "unreadable", None),
            (b"{}", "missing", "type"),
            (b'{"type":7}', "wrong_kind", "type"),
            (b'{"type":"nonsense","id":1}', "unknown_type", None),
            (b'{"type":"hello"}', "missing", "id"),
            (b'{"type":"hello","id":"1"}', "wrong_kind", "id"),
            (b'{"type":"hello","id":1,"epoch":5}', "wrong_kind", "epoch"),
            (b'{"type":"hello","id":1,"cursors":[[1]]}', "wrong_kind", "cursors"),
            (b'{"type":"read","conversation":-1,"seq":1}', "out_of_range", "conversation"),
            (b'{"type":"read","conversation":1,"seq":1e400}', "out_of_range", "seq"),
            (b'{"type":"read","conversation":1,"seq":true}', "wrong_kind", "seq"),
            (b'{"type":"read","conversation":1,"seq":null}', "wrong_kind", "seq"),
            (send(text=7), "wrong_kind", "text"),
            (send(text=None), "wrong_kind", "text"),
            (send(client_id="x"), "wrong_kind", "client_id"),
            (send(to=[]), "missing", "to"),
            (send(to=["x"] * 51), "too_many", "to"),
            (send(to="x" * 65), "too_long", "to"),
            (send(files={"id": 1}), "wrong_kind", "files"),
            (send(mentions=[2**60]), "out_of_range", "mentions"),
        ):
            with self.assertRaises(frames.Unreadable) as caught:
                frames.parse(payload)
            refusal = caught.exception.refusal
            self.assertEqual((refusal.reason, refusal.field), (reason, field), payload[:60])
            self.assertEqual(refusal.message, SENTENCES[reason])

    def test_malformed_frames(self) -> None:
        """Not JSON, not an object, wrong types, missing fields: `bad_request`."""
        for payload, id in (
            (b"", None),
            (b"nope", None),
            (b"[]", None),
            (b"5", None),
            (b'{"type":"ping"', None),
            (b'{"type":"ping"}{}', None),
            (b"[" * 100_000, None),
            (b'{"type":"ping","x":' + b"[" * 50_000 + b"]" * 50_000 + b"}", None),
            (b'{"id":4}', 4),
            (b'{"type":5,"id":4}', 4),
            (b'{"type":"hello","id":"4"}', None),
            (b'{"type":"hello","id":true}', None),
            (b'{"type":"hello","id":-1}', None),
            (b'{"type":"hello","id":9007199254740992}', None),
            (b'{"type":"hello","id":1e400}', None),
            (b'{"type":"hello","id":4,"cursors":[[1]]}', 4),
            (b'{"type":"read","conversation":1}', None),
        ):
            self.assertEqual(self.refusal(payload), ("bad_request", id), payload[:60])

    def test_invalid_utf8_anywhere(self) -> None:
        """Also in what is skipped."""
        for payload in (b'{"type":"ping","x":"\xff"}', b'{"\xff":1,"type":"ping"}', b"\xff"):
            self.assertEqual(self.refusal(payload)[0], "bad_request")

    def test_client_ids_are_32_hex_digits(self) -> None:
        """Nothing shorter, longer, or with a line break behind it."""
        for client_id in (ID[:-1], ID + "0", ID + "\n", "g" * 32, 5, None, "０" * 32):
            self.assertEqual(self.refusal(send(client_id=client_id)), ("bad_request", 1))
        self.assertIsInstance(frames.parse(send(client_id=ID.upper())), frames.Send)

    def test_at_most_500_cursors(self) -> None:
        """One more is refused."""
        hello = {"type": "hello", "id": 1, "cursors": [[n, 0] for n in range(500)]}
        self.assertIsInstance(frames.parse(json.dumps(hello).encode()), frames.Hello)
        hello["cursors"] = [[n, 0] for n in range(501)]
        self.assertEqual(self.refusal(json.dumps(hello).encode()), ("bad_request", 1))

    @given(st.binary(max_size=200))
    def test_any_bytes(self, payload: bytes) -> None:
        """Whatever comes, it is a request or `Unreadable`."""
        with contextlib.suppress(frames.Unreadable):
            frames.parse(payload)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
        st.sampled_from(["hello", "send", "read", "history", "changes", "ping", "edit"]),
        st.sampled_from(["id", "conversation", "cursors", "to", "text", "client_id", "limit"]),
    )
    def test_any_field(self, value: object, kind: str, field: str) -> None:
        """Whatever stands in a field, it is a request or `Unreadable`."""
        frame = {"type": kind, "id": 1, "conversation": 1, "client_id": ID, "seq": 1, field: value}
        with contextlib.suppress(frames.Unreadable):
            frames.parse(json.dumps(frame).encode())


class SayingTests(SynchronousTestCase):
    """What the server says is one finished frame, its type first."""

    def payload(self, frame: bytes) -> dict[str, object]:
        self.assertEqual(frame[0], 0x81)
        start = {126: 4, 127: 10}.get(frame[1], 2)
        decoded = json.loads(frame[start:])
        self.assertEqual(next(iter(decoded)), "type")
        return dict(decoded)

    def test_lengths(self) -> None:
        """The header tells the payload's length at each of its three sizes."""
        for size in (0, 80, 200, 65_000, 70_000):
            error = frames.Error(code="x", message="é" * (size // 2), temporary=False)
            frame = frames.encode(error)
            self.assertEqual(self.payload(frame)["message"], error.message)

    def test_a_message(self) -> None:
        """What is not there is not written."""
        message = Message(ConversationId(2), 3, 4, b"\x01" * 16, ALICE, 5, "text", "你好")
        frame = frames.encode(frames.message_of(message))
        self.assertIn("你好".encode(), frame)
        self.assertEqual(
            self.payload(frame),
            {
                "type": "message",
                "conversation": 2,
                "seq": 3,
                "rev": 4,
                "client_id": "01" * 16,
                "sender": {"id": 1, "username": "alice", "display_name": "Alice"},
                "at": 5,
                "kind": "text",
                "text": "你好",
            },
        )

    def test_a_system_message(self) -> None:
        """Pages word it themselves, from what happened to whom."""
        message = Message(
            ConversationId(2), 3, 4, b"", ALICE, 5, "system", "-", system=SystemText("added", ALICE)
        )
        written = self.payload(frames.encode(frames.message_of(message)))
        self.assertEqual(
            written["system"],
            {"what": "added", "user": {"id": 1, "username": "alice", "display_name": "Alice"}},
        )

    def test_an_error(self) -> None:
        """Temporary ones say so, and when to try again."""
        written = self.payload(frames.encode(frames.error_of(RateLimited(retry_after=5), 9)))
        self.assertEqual(
            {key: written[key] for key in ("id", "code", "temporary", "retry_after")},
            {"id": 9, "code": "rate_limited", "temporary": True, "retry_after": 5},
        )

    def test_a_delta_says_from(self) -> None:
        """`from` is no name in Python, and is one on the wire."""
        delta = frames.DeltaOut(conversation=1, after=3, to=4, items=[], more=False)
        self.assertEqual(msgspec.json.decode(frames.json_of(delta))["from"], 3)
