"""
The judge of files: who brought which, with which message it went, who saw it.

The database itself notes as it is committed what becomes of each file and of each
membership, and when; triggers write it down, and nothing of the server's code is
asked. What devices were answered is compared with that at once, the rest at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.client import Frame
from tests.simulation.broken import Broken
from tests.simulation.standings import Standings

Place = tuple[int, int]  # conversation, seq
BETWEEN = 3.0  # seconds from a commit to what follows it, at most

_NOTES = """
    CREATE TEMP TABLE file_notes (
        number INTEGER PRIMARY KEY, what, id, owner, place, name, size, conversation, seq,
        position, at);
    CREATE INDEX file_notes_by_id ON file_notes (id);
    CREATE INDEX file_notes_by_place ON file_notes (conversation, seq);
"""
_NOTE_FILE = """
    CREATE TEMP TRIGGER file_{what} AFTER {event} ON main.files {when} BEGIN
        INSERT INTO file_notes SELECT NULL, '{what}', {row}.id, {row}.owner_id, {row}.place,
            {row}.name, {row}.size, {row}.conversation_id, {row}.seq, {row}.position, run_now();
    END
"""


class Custody:
    """All that was noted of files, and all that was told of them."""

    def __init__(self, connection: sqlite3.Connection, standings: Standings, most: int) -> None:
        self.counts: dict[str, int] = {}
        self._connection = connection
        self._standings = standings
        self._most = most  # bytes of one person
        self._brought: dict[int, set[bytes]] = {}  # by whom, whatever became of it
        self._contents: dict[int, bytes] = {}  # of each file that was answered with its id
        connection.executescript(_NOTES)
        for what, event, row, when in (
            ("kept", "INSERT", "NEW", ""),
            ("sent", "UPDATE OF purpose", "NEW", "WHEN NEW.purpose = 'message'"),
            ("gone", "DELETE", "OLD", ""),
        ):
            connection.execute(_NOTE_FILE.format(what=what, event=event, row=row, when=when))

    def _all(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, args).fetchall()

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # --- what devices were answered ---------------------------------------------------

    def brings(self, user: int, content: bytes) -> None:
        """From now on it may be there, perhaps more than once."""
        self._brought.setdefault(user, set()).add(content)

    def brought(self, user: int, file: Frame, content: bytes, name: str) -> None:
        """An upload was acknowledged: it is kept, as it was brought."""
        self._count("file uploaded")
        told = (user, file["name"], file["size"])
        if told != (user, name, len(content)) or self._kept(file["id"]) != told:
            raise Broken(f"P1: {user} brought {name}, was told {file}: {self._kept(file['id'])}")
        self._contents[file["id"]] = content

    def copied(self, user: int, file: int, copy: Frame, since: float) -> None:
        """A copy was acknowledged: of something that one may see, and with the same bytes."""
        self._count("file copied")
        self._check_sight(user, file, since)
        told = (user, copy["name"], copy["size"])
        if self._kept(copy["id"]) != told or self._kept(file)[1:] != told[1:]:
            raise Broken(f"P1: {user} was told {copy}, kept is {self._kept(copy['id'])}")
        content = self._contents.get(file)
        if content is not None:
            self._contents[copy["id"]] = content

    def fetched(self, user: int, file: int, body: bytes, since: float) -> None:
        """The bytes of a file were handed out: to somebody who might see them."""
        self._count("file fetched")
        self._check_sight(user, file, since)
        if not self._is_of(file, body):
            raise Broken(f"{user} was given {body!r} for {file}")

    def missed(self, user: int, file: int, since: float) -> None:
        """It was said that there is no such file: for the whole time nobody may say so wrongly."""
        self._count("file refused")
        if all(may for may, _ in self._sights(user, file, since)):
            raise Broken(f"{user} was told since {since} that {file} is not there")

    def refused(self, user: int, refusal: Frame, size: int, since: float) -> None:
        """An upload was not taken: for want of room only when there was none."""
        self._count(f"upload {refusal.get('reason')}")
        if refusal.get("reason") == "quota" and self._highest_use(user, since) + size <= self._most:
            raise Broken(f"{user} was refused {size} bytes, but had room")

    def _check_sight(self, user: int, file: int, since: float) -> None:
        if not any(may for may, _ in self._sights(user, file, since)):
            raise Broken(f"{user} was shown {file}, which they might not see since {since}")

    def _kept(self, file: int) -> tuple[int, str, int]:
        """Its owner, name and size, as they were noted."""
        sql = "SELECT owner, name, size FROM file_notes WHERE id = ? AND what = 'kept'"
        rows = self._all(sql, file)
        return rows[0] if rows else (0, "", 0)

    def _is_of(self, file: int, body: bytes) -> bool:
        content = self._contents.get(file)
        known = {each for all_of_one in self._brought.values() for each in all_of_one}
        return body == content if content is not None else body in known

    # --- who might see what, when -----------------------------------------------------

    def _sights(self, user: int, file: int, since: float) -> list[tuple[bool, float]]:
        """Whether `user` might see `file`: then, and after each change until now."""
        notes = self._all(
            "SELECT what, owner, conversation, seq, at FROM file_notes WHERE id = ?"
            " ORDER BY number",
            file,
        )
        changes = {at for *_, at in notes if at > since}
        for conversation in {note[2] for note in notes if note[2] is not None}:
            known = self._standings.of(conversation, user)
            changes |= {standing.at for standing in known if standing.at > since}
        return [(self._may_see(user, notes, at), at) for at in sorted({since, *changes})]

    def _may_see(self, user: int, notes: list[tuple[Any, ...]], at: float) -> bool:
        then = [note for note in notes if note[-1] <= at]
        if not then or then[-1][0] == "gone":
            return False
        _, owner, conversation, seq, _ = then[-1]
        if owner == user:
            return True
        known = [each for each in self._standings.of(conversation or 0, user) if each.at <= at]
        return bool(known) and known[-1].state == "active" and known[-1].hidden < seq

    def _highest_use(self, user: int, since: float) -> int:
        """The most bytes that `user` had at any time from then on."""
        used = highest = 0
        for what, size, at in self._all(
            "SELECT what, size, at FROM file_notes WHERE owner = ? AND what <> 'sent'"
            " ORDER BY number",
            user,
        ):
            if at > since:
                highest = max(highest, used)
            used += size if what == "kept" else -size
        return max(highest, used)

    # --- with which message -----------------------------------------------------------

    def sent(self) -> dict[Place, list[int]]:
        """The files that went with each message, in their order, also of those taken back."""
        sent: dict[Place, list[int]] = {}
        for id, *place in self._all(
            "SELECT id, conversation, seq FROM file_notes WHERE what = 'sent'"
            " ORDER BY conversation, seq, position"
        ):
            sent.setdefault((place[0], place[1]), []).append(id)
        return sent

    def differs(self, message: Frame) -> str | None:
        """What of its files was told other than it is."""
        told = [(file["id"], file["name"], file["size"]) for file in message.get("files", ())]
        so: list[tuple[Any, ...]] = []
        if not message.get("recalled"):
            so = self._all(
                "SELECT id, name, size FROM file_notes WHERE what = 'sent'"
                " AND conversation = ? AND seq = ? ORDER BY position",
                *(message["conversation"], message["seq"]),
            )
        return None if told == so else f"files {told} of {so}"

    # --- in the end -------------------------------------------------------------------

    def check(self, said: dict[tuple[int, str], list[int]]) -> None:
        """A message has the files it was sent with and no others, all of its sender, each once."""
        sent = self.sent()
        places = {id: place for place, ids in sent.items() for id in ids}
        if sum(map(len, sent.values())) != len(places):
            raise Broken(f"a file went with two messages: {sent}")
        for conversation, seq, sender, client_id, kind in self._all(
            "SELECT conversation_id, seq, sender_id, client_id, kind FROM messages"
            " WHERE kind <> 'system'"
        ):
            ids = sent.get((conversation, seq), [])
            wanted = said.get((sender, bytes(client_id).hex()), [])
            if ids != wanted or (kind == "file") != bool(ids):
                raise Broken(f"{conversation}/{seq} has {ids}, was sent with {wanted}")
            if any(self._kept(id)[0] != sender for id in ids):
                raise Broken(f"{conversation}/{seq} of {sender} has files of others: {ids}")

    def check_vault(self, path_of: Callable[[str], Path]) -> None:
        """Whatever is in the table lies on the disk, byte by byte."""
        for id, place in self._all("SELECT id, place FROM files"):
            path = path_of(place)
            if not path.exists() or not self._is_of(id, path.read_bytes()):
                raise Broken(f"P1: file {id} is not on the disk as it was brought")

    def check_recalled(self, path_of: Callable[[str], Path], deaths: list[float]) -> None:
        """
        Of what was taken back nothing is left, in the table or on the disk.

        Who dies between the two leaves the disk to the next sweep.
        """
        for id, place, recalled_at in self._all(
            "SELECT n.id, n.place, m.recalled_at FROM file_notes AS n JOIN messages AS m"
            "    ON m.conversation_id = n.conversation AND m.seq = n.seq"
            " WHERE n.what = 'sent' AND m.recalled_at IS NOT NULL"
        ):
            at = recalled_at / 1000
            excused = any(at - BETWEEN < death < at + BETWEEN for death in deaths)
            lies = path_of(place).exists() and not excused
            if lies or self._all("SELECT 1 FROM files WHERE id = ?", id):
                raise Broken(f"file {id} was taken back with its message, and is still there")

    def check_swept(self, lying: list[str], used: dict[int, int]) -> None:
        """After a sweep there is what messages carry, and nothing else; and it adds up."""
        rows = self._all("SELECT place, owner_id, size, purpose FROM files")
        if sorted(row[0] for row in rows) != sorted(lying):
            raise Broken(f"{sorted(lying)} lie on the disk, known are {rows}")
        if any(row[3] == "upload" for row in rows):
            raise Broken(f"unsent files outlive the sweep: {rows}")
        for user, bytes_ in used.items():
            sizes = [size for _, owner, size, _ in rows if owner == user]
            if bytes_ != sum(sizes) or bytes_ > self._most:
                raise Broken(f"{user} is said to use {bytes_} of {self._most}, has {sizes}")
