"""
What became of messages after they were said: edits, recalls and reactions.

Compared are what devices asked, what they were answered, the versions that
were committed, and the tables as they are in the end.
"""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from typing import Any

from tests.simulation.broken import Broken
from tests.simulation.chronicle import Chronicle, Version
from tests.simulation.devices import Device
from tests.simulation.observer import Observer
from tests.simulation.saying import Entry

_GUESSABLE = """
    SELECT 1 FROM messages WHERE recalled_at IS NOT NULL AND content_hash <> zeroblob(32)
     UNION ALL
    SELECT 1 FROM message_edits AS e JOIN messages USING (conversation_id, seq)
     WHERE recalled_at IS NOT NULL AND e.content_hash <> zeroblob(32)
"""

Place = tuple[int, int]  # conversation, seq
Asked = tuple[int, Entry]  # whose device


class Revisions:
    """Every version of every message, and who may have made it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        chronicle: Chronicle,
        observer: Observer,
        recall_seconds: int,
    ) -> None:
        self._connection = connection
        self._observer = observer
        self._within = recall_seconds * 1000
        self._versions = chronicle.all()
        self.timelines: dict[Place, list[Version]] = {}
        for version in self._versions:
            key = (version.conversation, version.seq)
            self.timelines.setdefault(key, []).append(version)

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def check(self, devices: list[Device]) -> None:
        """P1 to P3, for what happens to messages."""
        self._check_revs()
        self._check_tables()
        asked = self._asked(devices)
        for (conversation, seq), versions in self.timelines.items():
            for before, after in pairwise(versions):
                self._check_step(asked.get((conversation, seq), []), before, after)
        self._check_once(asked)
        self._check_mentions(asked)
        self._check_nothing_left()

    def first_text(self, conversation: int, seq: int) -> str:
        """What the message said before anything happened to it."""
        return self.timelines[conversation, seq][0].text

    def _asked(self, devices: list[Device]) -> dict[Place, list[Asked]]:
        asked: dict[Place, list[Asked]] = {}
        for device in devices:
            for entry in device.saying.altered:
                place = (entry.fields["conversation"], entry.fields["seq"])
                asked.setdefault(place, []).append((int(device.user.id), entry))
        return asked

    # --- P3 -----------------------------------------------------------------------------

    def _check_revs(self) -> None:
        """Revs are taken one by one, each by one message or one change."""
        last: dict[int, int] = {}
        for version in self._versions:
            before = last.get(version.conversation, 0)
            if version.rev != before + 1:
                raise Broken(f"P3: rev {version.rev} follows {before}: {version}")
            last[version.conversation] = version.rev
        for conversation, last_rev in self._all("SELECT id, last_rev FROM conversations"):
            if last.get(conversation, 0) != last_rev:
                raise Broken(f"P3: {conversation} counts to {last_rev} of {last[conversation]}")

    # --- P1 -----------------------------------------------------------------------------

    def _check_tables(self) -> None:
        """The tables have the last version of everything, and count what they have."""
        reactions: dict[Place, set[tuple[str, int]]] = {}
        for conversation, seq, emoji, user in self._all(
            "SELECT conversation_id, seq, emoji, user_id FROM reactions"
        ):
            reactions.setdefault((conversation, seq), set()).add((emoji, user))
        for conversation, seq, rev, text, edited_at, recalled_at, reacted in self._all(
            "SELECT conversation_id, seq, rev, text, edited_at, recalled_at, reacted FROM messages"
        ):
            versions = self.timelines.get((conversation, seq))
            now = versions[-1] if versions else None
            under = reactions.get((conversation, seq), set())
            row = (rev, text, edited_at, recalled_at, frozenset(under))
            if now is None or row != (
                *(now.rev, now.text, now.edited_at, now.recalled_at),
                now.reactions,
            ):
                raise Broken(f"P1: {conversation}/{seq} is {row}, was committed as {now}")
            if reacted != len(under):
                raise Broken(f"{conversation}/{seq} counts {reacted} of {under}")

    # --- who, and once --------------------------------------------------------------------

    def _check_step(self, asked: list[Asked], before: Version, after: Version) -> None:
        """Exactly one thing happened, and somebody who may do so had asked for it."""
        if before.recalled_at is not None:
            raise Broken(f"{before} was taken back, and then {after}")
        if after.recalled_at is not None:
            right = self._may_recall(asked, after)
        elif before.text != after.text or before.edited_at != after.edited_at:
            right = before.reactions == after.reactions and self._may_edit(asked, after)
        else:
            right = self._may_react(asked, before, after)
        if not right:
            raise Broken(f"P2: nobody could ask for what made {after} of {before}")

    def _may_recall(self, asked: list[Asked], after: Version) -> bool:
        in_time = not self._within or (after.recalled_at or 0) - after.at <= self._within
        return after.text == "" and any(
            entry.fields["type"] == "recall"
            and (
                (user == after.sender and in_time) or after.members.get(user, "member") != "member"
            )
            for user, entry in asked
        )

    def _may_edit(self, asked: list[Asked], after: Version) -> bool:
        return any(
            user == after.sender and user in after.members and entry.fields["text"] == after.text
            for user, entry in asked
            if entry.fields["type"] == "edit"
        )

    def _may_react(self, asked: list[Asked], before: Version, after: Version) -> bool:
        changed = before.reactions ^ after.reactions
        if len(changed) != 1:
            return False
        ((emoji, who),) = changed
        on = (emoji, who) in after.reactions
        return who in after.members and any(
            user == who and (entry.fields["emoji"], entry.fields["on"]) == (emoji, on)
            for user, entry in asked
            if entry.fields["type"] == "react"
        )

    def _check_once(self, asked: dict[Place, list[Asked]]) -> None:
        """P2: an edit is done once if it was acknowledged, never if it was refused at once."""
        acked = {altered.entry.client_id for altered in self._observer.altered}
        refused = {each.entry.client_id for each in self._observer.refused}
        for place, entries in asked.items():
            versions = self.timelines[place]
            for _, entry in entries:
                if entry.fields["type"] != "edit":
                    continue
                # No two edits bring the same words, so a version that has them is its.
                texts = [version.text for version in versions]
                times = sum(
                    text == entry.fields["text"] != before
                    for before, text in zip(["", *texts], texts, strict=False)
                )
                if times > 1 or (entry.client_id in acked and not times):
                    raise Broken(f"P2: {entry} was done {times} times")
                if times and entry.client_id in refused and entry.tries == 1:
                    raise Broken(f"P2: {entry} was refused, and done")

    # --- who is mentioned ---------------------------------------------------------------------

    def _check_mentions(self, asked: dict[Place, list[Asked]]) -> None:
        """Of a message whose edit said whom it mentions: those of them who were members then."""
        there: dict[Place, set[int]] = {}
        for conversation, seq, user in self._all(
            "SELECT conversation_id, seq, user_id FROM mentions"
        ):
            there.setdefault((conversation, seq), set()).add(user)
        for place, entries in asked.items():
            versions = self.timelines[place]
            said = self._said_by_edits(entries, versions)
            if said is None or versions[-1].recalled_at is not None:
                continue
            if there.get(place, set()) != said:
                raise Broken(f"{place} mentions {there.get(place)}, was edited to {said}")

    def _said_by_edits(self, entries: list[Asked], versions: list[Version]) -> set[int] | None:
        """Whom the last edit wanted mentioned that said so; None if no edit did."""
        wanted = {
            entry.fields["text"]: entry.fields["mentions"]
            for _, entry in entries
            if entry.fields["type"] == "edit" and "mentions" in entry.fields
        }
        for before, version in reversed(list(pairwise(versions))):
            if version.text != before.text and version.text in wanted:
                return {user for user in wanted[version.text] if user in version.members}
        return None

    # --- what was taken back ----------------------------------------------------------------

    def _check_nothing_left(self) -> None:
        """A text that was taken back is in no table."""
        now = {versions[-1].text for versions in self.timelines.values()}
        gone = {
            version.text
            for versions in self.timelines.values()
            if versions[-1].recalled_at is not None
            for version in versions
        } - now
        if not gone:
            return
        everything = "\n".join(self._connection.iterdump())
        for text in gone:
            if text in everything:
                raise Broken(f"{text!r} was taken back, and is still there")
        if self._all(
            "SELECT 1 FROM mentions JOIN messages USING (conversation_id, seq)"
            " WHERE recalled_at IS NOT NULL"
        ):
            raise Broken("what was taken back still mentions somebody")
        if self._all(_GUESSABLE):
            raise Broken("what was taken back can be guessed by its hash")
