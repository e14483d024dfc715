"""
Every version of every message, noted by the database itself as it is committed.

Triggers write them down in the transaction that makes them, so what is rolled
back was never there. Nothing of the server's code is asked, and the server does
not see it: the tables are temporary ones of its connection.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from tests.client import Frame

_COLUMNS = "conversation_id, rev, seq, sender_id, client_id, at, kind, text, reply_to, edited_at"
_VERSIONS = f"""
    CREATE TEMP TABLE versions (
        place INTEGER PRIMARY KEY, {_COLUMNS}, recalled_at, reactions, members);
    CREATE INDEX versions_by_rev ON versions (conversation_id, rev)
"""
_NOTE = """
    INSERT INTO versions
    SELECT NULL, {new}, NEW.recalled_at,
           (SELECT json_group_array(json_array(emoji, user_id)) FROM reactions
             WHERE conversation_id = NEW.conversation_id AND seq = NEW.seq),
           (SELECT json_group_object(user_id, role) FROM members
             WHERE conversation_id = NEW.conversation_id AND state = 'active')
""".format(new=", ".join(f"NEW.{column}" for column in _COLUMNS.split(", ")))
_BEFORE = f"""
    INSERT INTO versions SELECT NULL, {_COLUMNS}, recalled_at, '[]', '{{}}' FROM messages
  ORDER BY conversation_id, rev
"""
_READ = f"SELECT {_COLUMNS}, recalled_at, reactions, members FROM versions"


@dataclass(frozen=True, slots=True)
class Version:
    """One message as it was from one rev to the next."""

    conversation: int
    rev: int
    seq: int
    sender: int
    client_id: str
    at: int
    kind: str
    text: str
    reply_to: int | None
    edited_at: int | None
    recalled_at: int | None
    reactions: frozenset[tuple[str, int]]  # (emoji, user)
    members: dict[int, str]  # the roles of those who were some then

    def counts(self) -> dict[str, int]:
        """How many there are of each emoji."""
        counts: dict[str, int] = {}
        for emoji, _ in self.reactions:
            counts[emoji] = counts.get(emoji, 0) + 1
        return counts

    def differs(self, frame: Frame, viewer: int) -> str | None:
        """What of a message that was told to `viewer` is not as it is here."""
        told = frame.get("reactions", [])
        mine = [[emoji, own] for emoji, _, own in (each for each in told if len(each) == 3)]
        for what, here, there in (
            ("place", (self.conversation, self.seq), (frame["conversation"], frame["seq"])),
            ("rev", self.rev, frame["rev"]),
            ("sender", self.sender, frame["sender"]["id"]),
            ("client_id", self.client_id, frame["client_id"]),
            ("at", self.at, frame["at"]),
            ("kind", self.kind, frame["kind"]),
            ("text", self.text, frame["text"] if self.kind != "system" else self.text),
            ("reply_to", self.reply_to, frame.get("reply_to")),
            ("edited_at", self.edited_at, frame.get("edited_at")),
            ("recalled", self.recalled_at is not None, frame.get("recalled", False)),
            ("reactions", self.counts(), {emoji: count for emoji, count, *_ in told}),
            ("mine", [[e, (e, viewer) in self.reactions] for e, _ in mine], mine),
        ):
            if here != there:
                return f"{what} {there!r} of {here!r}"
        return None

    def differs_from_change(self, change: Frame) -> str | None:
        """What a live change says that is not so."""
        if change["seq"] != self.seq:
            return f"seq {change['seq']} of {self.seq}"
        so: dict[str, Any] = {}
        match change["op"]:
            case "edit":
                so = {"text": self.text, "edited_at": self.edited_at}
            case "recall":
                so = {"at": self.recalled_at}
            case "react":
                reacted = (change["emoji"], change["by"]) in self.reactions
                so = {"count": self.counts().get(change["emoji"], 0), "on": reacted}
        wrong = {key: (change[key], value) for key, value in so.items() if change[key] != value}
        return str(wrong) if wrong or not so else None


class Chronicle:
    """All versions so far, in the order in which they were made."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[int, int], Version] = {}
        connection.executescript(_VERSIONS)
        connection.execute(_BEFORE)
        for name, event in (("said", "INSERT"), ("altered", "UPDATE")):
            connection.execute(
                f"CREATE TEMP TRIGGER {name} AFTER {event} ON main.messages BEGIN {_NOTE}; END"
            )

    def version(self, conversation: int, rev: int) -> Version | None:
        """What took `rev`; None when nothing that was committed did."""
        key = (conversation, rev)
        if key not in self._known:
            sql = f"{_READ} WHERE conversation_id = ? AND rev = ? ORDER BY place DESC LIMIT 1"
            row = self._connection.execute(sql, key).fetchone()
            if row is None:
                return None
            self._known[key] = _version(row)
        return self._known[key]

    def hides(self, user: int) -> bool:
        """Whether `user` shows nobody how far they are, as of now."""
        sql = "SELECT share_receipts FROM users WHERE id = ?"
        return not self._connection.execute(sql, (user,)).fetchone()[0]

    def all(self) -> list[Version]:
        """Each of them, conversation by conversation."""
        rows = self._connection.execute(f"{_READ} ORDER BY conversation_id, place")
        return [_version(row) for row in rows]


def _version(row: Any) -> Version:
    conversation, rev, seq, sender, client_id, *others, recalled_at, reactions, members = row
    # A recall empties the message first, and takes its reactions away then.
    under = json.loads(reactions) if recalled_at is None else ()
    told: tuple[Any, ...] = (
        *(conversation, rev, seq, sender, bytes(client_id).hex(), *others, recalled_at),
        frozenset((emoji, user) for emoji, user in under),
        {int(user): role for user, role in json.loads(members).items()},
    )
    return Version(*told)
