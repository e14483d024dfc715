"""
The judge of a run: plain Python over what devices were told, and raw SQL.

Nothing of the server's code is asked, for it may have the same things wrong.
"""

from __future__ import annotations

import hashlib
import sqlite3
from itertools import pairwise
from typing import Any

from tests.simulation.absences import Absences
from tests.simulation.broken import Broken
from tests.simulation.chronicle import Chronicle
from tests.simulation.devices import Device
from tests.simulation.links import check_links
from tests.simulation.observer import Acked, Observer
from tests.simulation.orders import Orders
from tests.simulation.revisions import Revisions

Row = tuple[Any, ...]
MANY = 100  # the highest unread count that is told


class Oracle:
    """Knows the database as it is, and compares."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        chronicle: Chronicle,
        observer: Observer,
        recall_seconds: int,
    ) -> None:
        self._connection = connection
        self._chronicle = chronicle
        self._recall_seconds = recall_seconds
        self._observer = observer
        self._orders = Orders(connection, chronicle)
        self._cursors: dict[tuple[int, int], tuple[int, int]] = {}

    def _all(self, sql: str, *args: object) -> list[Row]:
        return self._connection.execute(sql, args).fetchall()

    def count_messages(self) -> int:
        """How many messages there are."""
        return int(self._all("SELECT COUNT(*) FROM messages")[0][0])

    # --- at any time ----------------------------------------------------------------------

    def check_cursors(self) -> None:
        """Read positions never go back, and never pass the end."""
        for conversation, user, read, received, last in self._all(
            "SELECT m.conversation_id, m.user_id, m.read_seq, m.received_seq, c.last_seq"
            "  FROM members m JOIN conversations c ON c.id = m.conversation_id"
        ):
            before = self._cursors.get((conversation, user), (0, 0))
            if not (before[0] <= read <= received <= last and before[1] <= received):
                raise Broken(
                    f"cursor of {user} in {conversation}: {before} -> {read, received} of {last}"
                )
            self._cursors[conversation, user] = read, received

    # --- what was acknowledged --------------------------------------------------------------

    def check_promises(self, devices: list[Device]) -> None:
        """P1 to P4, as far as the database alone can tell."""
        self.check_cursors()
        self._check_timelines()
        rows = self._rows()
        self._check_acks(rows)
        self._check_refusals(rows)
        self._check_order_of_sends()
        revisions = Revisions(
            self._connection, self._chronicle, self._observer, self._recall_seconds
        )
        revisions.check(devices)
        self._check_authors(rows, devices, revisions)
        absences = Absences(self._connection)
        absences.check_who_saw(self._observer.seen)
        absences.check_who_spoke()
        self._orders.check(self._observer.refused)
        check_links(self._connection)

    def _rows(self) -> dict[tuple[int, str], Row]:
        """(conversation, seq, at, kind) of each message, by sender and client id."""
        found: dict[tuple[int, str], Row] = {}
        for sender, client_id, *rest in self._all(
            "SELECT sender_id, client_id, conversation_id, seq, at, kind FROM messages"
        ):
            key = (sender, bytes(client_id).hex())
            if key in found:
                raise Broken(f"P2: {key} is stored at {found[key]} and {rest}")
            found[key] = tuple(rest)
        return found

    def _check_timelines(self) -> None:
        """P3: seq is 1, 2, 3, …, and time does not run back; of rev the versions tell."""
        last: dict[int, tuple[int, int]] = {}
        for conversation, seq, at in self._all(
            "SELECT conversation_id, seq, at FROM messages ORDER BY conversation_id, seq"
        ):
            before, before_at = last.get(conversation, (0, 0))
            if seq != before + 1 or at < before_at:
                raise Broken(f"P3: in {conversation} {seq, at} follows {before, before_at}")
            last[conversation] = seq, at
        for id, *told in self._all("SELECT id, last_seq, last_at FROM conversations"):
            seq, at = last.get(id, (0, told[1]))
            if told != [seq, at]:
                raise Broken(f"P3: {id} counts {told}, has {seq, at}")

    def _check_acks(self, rows: dict[tuple[int, str], Row]) -> None:
        """P1, P2: what was acknowledged is stored, once, where it was said to be."""
        for ack in self._observer.acked:
            row = rows.get((ack.user, ack.client_id))
            if row is None:
                raise Broken(f"P1: {ack} is not stored")
            if row[:3] != (ack.conversation, ack.seq, ack.at):
                raise Broken(f"P2: {ack} is stored as {row}")

    def _check_refusals(self, rows: dict[tuple[int, str], Row]) -> None:
        """P2: what was given up after its only try was not stored."""
        for refused in self._observer.refused:
            row = rows.get((refused.user, refused.entry.client_id))
            if row is not None and refused.entry.tries == 1:
                raise Broken(f"P2: {refused} is stored as {row}")

    def _check_order_of_sends(self) -> None:
        """P3: what one connection sent to one conversation keeps its order."""
        lines: dict[tuple[str, int], list[Acked]] = {}
        for ack in self._observer.acked:
            if not ack.duplicate:
                lines.setdefault((ack.connection, ack.conversation), []).append(ack)
        for acks in lines.values():
            acks.sort(key=lambda ack: ack.request)
            for one, next in pairwise(acks):
                if one.request < next.request and one.seq >= next.seq:
                    raise Broken(f"P3: {one} was sent before {next}")

    def _check_authors(
        self, rows: dict[tuple[int, str], Row], devices: list[Device], revisions: Revisions
    ) -> None:
        """Every stored message was said, in its first words, by who is told to have said it."""
        said = {
            (int(device.user.id), client_id): entry
            for device in devices
            for client_id, entry in device.saying.said.items()
        }
        listed = {
            (user, _listed(client_id, conversation)): entry
            for (user, client_id), entry in said.items()
            if isinstance(entry.fields.get("to"), list)
            for conversation in self._directs()
        }
        for key, (conversation, seq, _, kind) in rows.items():
            if kind != "system":
                text = revisions.first_text(conversation, seq)
                entry = said.get(key) or listed.get(key)
                if entry is None or entry.fields["text"] != text:
                    raise Broken(f"{conversation}/{seq} was never said: {key} {text!r}")

    def _directs(self) -> list[int]:
        return [row[0] for row in self._all("SELECT id FROM conversations WHERE kind = 'direct'")]

    # --- what devices show ----------------------------------------------------------------------

    def check_screen(self, device: Device) -> None:
        """P4, P5: a settled device shows what is stored, once, in order, and its own messages once."""
        mine = {
            row[0]: row[1:]
            for row in self._all(
                "SELECT m.conversation_id, m.hidden_seq, c.last_seq, c.last_rev FROM members m"
                "  JOIN conversations c ON c.id = m.conversation_id WHERE m.user_id = ?"
                "   AND m.state = 'active' AND (c.kind = 'group' OR c.last_seq > 0)",
                device.user.id,
            )
        }
        if sorted(mine) != sorted(device.rooms.heads):
            raise Broken(f"P4: {device.name} lists {sorted(device.rooms.heads)} of {sorted(mine)}")
        for conversation, (hidden, last_seq, last_rev) in mine.items():
            self._check_timeline(device, conversation, hidden, last_seq, last_rev)
            self._check_appearances(device, conversation)
        if device.saying.pending:
            raise Broken(f"P5: {device.name} still has {device.saying.pending}")

    def _check_timeline(
        self, device: Device, conversation: int, hidden: int, last_seq: int, last_rev: int
    ) -> None:
        place, loaded = device.rooms.place(conversation), device.rooms.loaded[conversation]
        if place.own != last_rev:
            raise Broken(f"P4: {device.name} is at {place.own} of {last_rev} in {conversation}")
        if loaded.start is None:
            raise Broken(f"P4: {device.name} has nothing of {conversation}")
        first = max(loaded.start, hidden + 1)
        shown = [message["seq"] for message in device.rooms.shown(conversation)]
        shown = [seq for seq in shown if seq > hidden]
        if shown != list(range(first, last_seq + 1)):
            raise Broken(
                f"P4: {device.name} shows {shown} of {first}..{last_seq} in {conversation}"
            )
        if not loaded.older and first > hidden + 1:
            raise Broken(f"P4: {device.name} thinks that {conversation} begins at {first}")
        self._check_messages(device, conversation, hidden)
        ids = [message["client_id"] for message in device.rooms.shown(conversation)]
        if len(set(ids)) != len(ids):
            raise Broken(f"P5: {device.name} shows a message twice in {conversation}")

    def _check_appearances(self, device: Device, conversation: int) -> None:
        """P5: no message was ever shown as it had been before."""
        newest: dict[int, int] = {}
        for seq, rev in device.rooms.place(conversation).shown:
            if rev <= newest.get(seq, 0):
                raise Broken(f"P5: {device.name} showed {rev} of {seq} after {newest[seq]}")
            newest[seq] = rev

    def _check_messages(self, device: Device, conversation: int, hidden: int) -> None:
        """P4: each message is shown as it is now."""
        mentions: dict[int, set[int]] = {}
        for seq, user in self._all(
            "SELECT seq, user_id FROM mentions WHERE conversation_id = ?", conversation
        ):
            mentions.setdefault(seq, set()).add(user)
        sql = "SELECT seq, rev FROM messages WHERE conversation_id = ?"
        revs: dict[int, int] = dict(self._all(sql, conversation))
        for message in device.rooms.shown(conversation):
            version = self._chronicle.version(conversation, revs[message["seq"]])
            wrong = version.differs(message, device.user.id) if version else "not there"
            if set(message.get("mentions", ())) != mentions.get(message["seq"], set()):
                wrong = wrong or f"mentions of {mentions}"
            wrong = wrong or self._observer.custody.differs(message)
            if wrong and message["seq"] > hidden:
                raise Broken(f"P4: {device.name} shows {message}: {wrong}")

    def check_heads(self, user: int, heads: list[dict[str, Any]], *, room: bool) -> None:
        """
        Unread counts and positions of a quiet server equal a recount.

        Without `room` for everyone's positions at once some are stored after the
        heads were read: then the counts are those of the position that is told.
        """
        for head in heads:
            read, hidden, last_seq, last_rev = self._all(
                "SELECT m.read_seq, m.hidden_seq, c.last_seq, c.last_rev FROM members m"
                "  JOIN conversations c ON c.id = m.conversation_id"
                " WHERE m.conversation_id = ? AND m.user_id = ?",
                head["conversation"],
                user,
            )[0]
            read = read if room else min(read, head["read_seq"])
            floor = max(read, hidden)
            keys = ("read_seq", "last_seq", "last_rev", "unread", "mentions")
            told = tuple(head[key] for key in keys)
            unread, mentions = self._recount(head["conversation"], user, floor)
            if told != (read, last_seq, last_rev, unread, mentions):
                raise Broken(
                    f"unread: {user} is told {told} of {head['conversation']},"
                    f" it is {read, last_seq, last_rev, unread, mentions}"
                )

    def _recount(self, conversation: int, user: int, floor: int) -> tuple[int, int]:
        new = {
            seq
            for seq, sender, kind in self._all(
                "SELECT seq, sender_id, kind FROM messages"
                " WHERE conversation_id = ? AND recalled_at IS NULL",
                conversation,
            )
            if seq > floor and sender != user and kind != "system"
        }
        mentioned = {
            row[0]
            for row in self._all(
                "SELECT seq FROM mentions WHERE conversation_id = ? AND user_id = ?",
                conversation,
                user,
            )
        }
        return min(MANY, len(new)), min(MANY, len(new & mentioned))

    def check_reads(self, device: Device) -> None:
        """What a live device has told to be read is read."""
        for conversation, seq in device.reads.items():
            for read, last, state in self._all(
                "SELECT m.read_seq, c.last_seq, m.state FROM members m"
                "  JOIN conversations c ON c.id = m.conversation_id"
                " WHERE m.conversation_id = ? AND m.user_id = ?",
                conversation,
                device.user.id,
            ):
                if state == "active" and read < min(seq, last):
                    raise Broken(f"{device.name} read {conversation} to {seq}, stored is {read}")


def _listed(client_id: str, conversation: int) -> str:
    """The id of one message of a list, as section 4 of the protocol has it."""
    octets = bytes.fromhex(client_id) + conversation.to_bytes(8, "big")
    return hashlib.sha256(octets).hexdigest()[:32]
