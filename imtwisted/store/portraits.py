"""
Pictures of people and groups: an upload becomes one, the one before goes.

Beside the way of a message, for people; for groups journal -> batch -> deeds ->
[portraits] -> ledger -> commit.
"""

from __future__ import annotations

from dataclasses import replace

from imtwisted import rules
from imtwisted.boundaries import Cursor, Database
from imtwisted.entries import Committed, Portray
from imtwisted.files import FileId
from imtwisted.model import ConversationId, Person, SystemText, UserId
from imtwisted.profile import Noticed
from imtwisted.refusals import NotFound
from imtwisted.store.attachments import claimed
from imtwisted.store.groupwork import committed, member_of, opened_for
from imtwisted.store.ledger import Ledger
from imtwisted.store.profiles import groups_of, shown_to
from imtwisted.store.rows import PERSON, person
from imtwisted.store.versions import raise_versions, versions_of

_PERSON = f"SELECT {PERSON} FROM users AS u WHERE u.id = %s AND u.deleted_at IS NULL"
_OF_PERSON = "UPDATE users SET picture_id = %s WHERE id = %s"
_GROUP = "SELECT picture_id FROM conversations WHERE id = %s"
_OF_GROUP = "UPDATE conversations SET picture_id = %s WHERE id = %s"
_USE = "UPDATE files SET purpose = %s, conversation_id = %s WHERE id = %s"
_PLACE = "SELECT place FROM files WHERE id = %s"
_FORGET = "DELETE FROM files WHERE id = %s"

Gone = tuple[str, ...]


class StoredPortraits:
    """`boundaries.PortraitStore` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def portray(
        self, user: UserId, file: FileId | None
    ) -> tuple[Person, Noticed, Gone] | None:
        """Show them with this picture, or none; None when it is so already."""
        return await self._database.write(_portray, user, file)


def _portray(
    cursor: Cursor, user: UserId, file: FileId | None
) -> tuple[Person, Noticed, Gone] | None:
    row = cursor.one(_PERSON, (user,))
    if row is None:
        raise NotFound
    before = person(row)
    if before.picture == file:
        return None
    versions = raise_versions(cursor, {user} | shown_to(cursor, user))
    # Read again, now that the row is locked: two devices may choose at once.
    before = person(cursor.one(_PERSON, (user,)) or row)
    _claim(cursor, user, file, "person", None)
    cursor.execute(_OF_PERSON, (file, user))
    gone = _forget(cursor, before.picture)
    return replace(before, picture=file), Noticed(versions, groups_of(cursor, user)), gone


def portray(ledger: Ledger, deed: Portray) -> Committed:
    """Give a group a picture, or take it away."""
    opened = opened_for(ledger, deed.conversation)
    rules.may_settle(opened, member_of(ledger, opened, deed.sender.id))
    cursor = ledger.cursor
    before = (cursor.one(_GROUP, (opened.id,)) or (None,))[0]
    if before == deed.picture:
        versions = versions_of(cursor, [deed.sender.id])
        return committed(opened, None, versions, is_member=True)
    _claim(cursor, deed.sender.id, deed.picture, "group", opened.id)
    versions = raise_versions(cursor, [deed.sender.id])
    cursor.execute(_OF_GROUP, (deed.picture, opened.id))
    gone = _forget(cursor, before)
    message = ledger.tell(opened, deed, told_of(deed))
    return replace(committed(opened, message, versions, is_member=True), gone=gone)


def told_of(deed: Portray) -> SystemText:
    """What the members read of it."""
    if deed.picture is None:
        return SystemText("unpictured")
    return SystemText("pictured", picture=deed.picture)


def _claim(
    cursor: Cursor,
    owner: UserId,
    file: FileId | None,
    purpose: str,
    conversation: ConversationId | None,
) -> None:
    if file is not None:
        (picture,) = claimed(cursor, owner, [file])
        rules.check_picture(picture)
        cursor.execute(_USE, (purpose, conversation, file))


def _forget(cursor: Cursor, file: FileId | None) -> Gone:
    """Where the picture lay that nobody shows any more."""
    if file is None:
        return ()
    places = tuple(row[0] for row in cursor.all(_PLACE, (file,)))
    cursor.execute(_FORGET, (file,))
    return places
