"""People who talk, written straight into the tables: the journal has tests of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from imtwisted.boundaries import Cursor, Database
from imtwisted.model import ConversationId, Person, SystemText, UserId
from imtwisted.store.people import StoredPeople
from imtwisted.store.system_text import stored

_GROUP = """
    INSERT INTO conversations (kind, title, public, created_at, last_at, member_count)
    VALUES ('group', %s, %s, 1, %s, %s)
"""
_MEMBER = """
    INSERT INTO members (conversation_id, user_id, role, state, joined_at)
    VALUES (%s, %s, %s, 'active', %s)
"""
_NEXT = """
    UPDATE conversations SET last_seq = last_seq + 1, last_rev = last_rev + 1, last_at = %s
     WHERE id = %s
"""
_LAST = "SELECT last_seq, last_rev FROM conversations WHERE id = %s"
_SAY = """
    INSERT INTO messages (conversation_id, seq, rev, sender_id, client_id, content_hash, at,
                          kind, text, reply_to, mentioned)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_MENTION = "INSERT INTO mentions (user_id, conversation_id, seq) VALUES (%s, %s, %s)"
_EDIT = "UPDATE messages SET text = %s, rev = %s WHERE conversation_id = %s AND seq = %s"
_RECALL = "UPDATE messages SET recalled_at = 1, text = '' WHERE conversation_id = %s AND seq = %s"
_LEAVE = "UPDATE members SET state = 'left' WHERE conversation_id = %s AND user_id = %s"

_SILENCE = "UPDATE members SET silenced_until = %s WHERE conversation_id = %s AND user_id = %s"
_RESTRICT = "UPDATE conversations SET announcement_only = 1 WHERE id = %s"


class World:
    """Makes people, groups and messages; each message a second after the last."""

    def __init__(self, database: Database, people: StoredPeople) -> None:
        self._database = database
        self._people = people
        self._numbers = count(1)

    async def person(self, name: str) -> Person:
        """Someone called `name`."""
        registered = self._people.register(name, name.casefold(), f"{name} B.", "hash", 1, None)
        return (await registered)[0]

    async def people(self, *names: str) -> list[Person]:
        """Someone for each of `names`."""
        return [await self.person(name) for name in names]

    async def group(
        self, *members: Person, title: str = "Group", public: bool = False
    ) -> ConversationId:
        """A group of `members`, the first of them its owner."""
        return await self._database.write(
            _group, title, public, self._now(), [member.id for member in members]
        )

    async def say(
        self,
        sender: Person,
        conversation: ConversationId,
        text: str,
        *,
        reply_to: int | None = None,
        mentions: Sequence[Person] = (),
    ) -> int:
        """Add a message; its seq."""
        users = [person.id for person in mentions]
        return await self._database.write(
            _say, sender.id, conversation, self._now(), "text", text, reply_to, users
        )

    async def tell(self, sender: Person, conversation: ConversationId, system: SystemText) -> int:
        """Add a system message; its seq."""
        return await self._database.write(
            _say, sender.id, conversation, self._now(), "system", stored(system), None, []
        )

    async def edit(self, conversation: ConversationId, seq: int, text: str) -> None:
        """Change a message, under the next rev."""
        await self._database.write(_edit, conversation, seq, text)

    async def recall(self, conversation: ConversationId, seq: int) -> None:
        """Take a message back."""
        await self._database.write(_run, _RECALL, conversation, seq)

    async def leave(self, conversation: ConversationId, person: Person) -> None:
        """End a membership."""
        await self._database.write(_run, _LEAVE, conversation, person.id)

    async def silence(self, conversation: ConversationId, person: Person, until: int) -> None:
        """Let a member write no more until then."""
        await self._database.write(_run, _SILENCE, until, conversation, person.id)

    async def restrict(self, conversation: ConversationId) -> None:
        """Let only its leaders write in a group."""
        await self._database.write(_run, _RESTRICT, conversation)

    async def row(self, sql: str, *args: object) -> Any:
        """The first row of a query."""
        return await self._database.read(lambda cursor: cursor.one(sql, args))

    def _now(self) -> int:
        return next(self._numbers) * 1000


def _run(cursor: Cursor, sql: str, *args: object) -> None:
    cursor.execute(sql, args)


def _group(
    cursor: Cursor, title: str, public: bool, at: int, users: Sequence[UserId]
) -> ConversationId:
    cursor.execute(_GROUP, (title, int(public), at, len(users)))
    id = ConversationId(cursor.lastrowid)
    roles = ["owner"] + ["member"] * (len(users) - 1)
    cursor.insert_rows(
        _MEMBER, [(id, user, role, at) for user, role in zip(users, roles, strict=True)]
    )
    return id


def _say(
    cursor: Cursor,
    sender: UserId,
    conversation: ConversationId,
    at: int,
    kind: str,
    text: str,
    reply_to: int | None,
    mentions: Sequence[UserId],
) -> int:
    cursor.execute(_NEXT, (at, conversation))
    seq, rev = cursor.one(_LAST, (conversation,)) or (0, 0)
    client_id = conversation.to_bytes(8, "big") + int(seq).to_bytes(8, "big")
    identity = (conversation, seq, rev, sender, client_id, bytes(32))
    cursor.execute(_SAY, (*identity, at, kind, text, reply_to, len(mentions)))
    cursor.insert_rows(_MENTION, [(user, conversation, seq) for user in mentions])
    return int(seq)


def _edit(cursor: Cursor, conversation: ConversationId, seq: int, text: str) -> None:
    cursor.execute(
        "UPDATE conversations SET last_rev = last_rev + 1 WHERE id = %s", (conversation,)
    )
    _, rev = cursor.one(_LAST, (conversation,)) or (0, 0)
    cursor.execute(_EDIT, (text, rev, conversation, seq))
