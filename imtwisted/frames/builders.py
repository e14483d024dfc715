"""
From the nouns to the wire: what each stored thing looks like in a frame.

Way of a message: journal -> [builders] -> events -> backplane.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from imtwisted.files import File
from imtwisted.frames.events import (
    Ack,
    ChangeOut,
    ContactOut,
    ContactsUpdate,
    CursorOut,
    DeltaOut,
    Error,
    FileOut,
    HistoryOut,
    MessageOut,
    PersonOut,
    PresenceOut,
    ProfileUpdate,
    ReactionOut,
    SettingsUpdate,
    SharesOut,
    SightingOut,
    SystemOut,
    encode,
)
from imtwisted.model import (
    Change,
    Contact,
    Delta,
    Message,
    Page,
    Person,
    Reaction,
    SystemText,
    UserId,
)
from imtwisted.refusals import ChatError
from imtwisted.sharing import CursorMoved, Shares, Sighting


def person_of(person: Person) -> PersonOut:
    """A person as everyone sees them."""
    deleted: bool | UnsetType = True if person.deleted else UNSET
    picture = UNSET if person.picture is None else person.picture
    return PersonOut(person.id, person.username, person.display_name, deleted, picture)


def system_of(system: SystemText) -> SystemOut:
    """What a system message tells."""
    user = person_of(system.user) if system.user else None
    link_of = person_of(system.link_of) if system.link_of else None
    return SystemOut(
        system.what,
        user,
        system.title,
        system.description,
        system.until,
        link_of,
        system.picture,
        system.members,
    )


def file_of(file: File) -> FileOut:
    """Something uploaded, as everyone who may have it sees it."""
    return FileOut(
        id=file.id,
        name=file.name,
        size=file.size,
        type=file.type,
        width=UNSET if file.width is None else file.width,
        height=UNSET if file.height is None else file.height,
        thumbnail=True if file.thumbnail else UNSET,
    )


def message_of(message: Message) -> MessageOut:
    """A message as it is now."""
    return MessageOut(
        conversation=message.conversation,
        seq=message.seq,
        rev=message.rev,
        client_id=message.client_id.hex(),
        sender=person_of(message.sender),
        at=message.at,
        kind=message.kind,
        text=message.text,
        reply_to=UNSET if message.reply_to is None else message.reply_to,
        mentions=list(message.mentions) or UNSET,
        system=system_of(message.system) if message.system else UNSET,
        edited_at=UNSET if message.edited_at is None else message.edited_at,
        recalled=True if message.recalled else UNSET,
        reactions=[_reaction(reaction) for reaction in message.reactions] or UNSET,
        files=[file_of(file) for file in message.files] or UNSET,
    )


def _reaction(reaction: Reaction) -> ReactionOut:
    if reaction.mine is None:
        return reaction.emoji, reaction.count
    return reaction.emoji, reaction.count, reaction.mine


def change_of(message: Message, change: Change) -> ChangeOut:
    """What was done to a message, for everyone who has it."""
    reaction = change.reaction
    return ChangeOut(
        conversation=message.conversation,
        rev=message.rev,
        seq=message.seq,
        op=change.op,
        by=change.by,
        at=change.at,
        text=UNSET if change.text is None else change.text,
        edited_at=UNSET if change.edited_at is None else change.edited_at,
        mentions=UNSET if change.mentions is None else list(change.mentions),
        emoji=reaction.emoji if reaction else UNSET,
        on=change.on if reaction else UNSET,
        count=reaction.count if reaction else UNSET,
    )


def page_of(page: Page, id: int | UnsetType = UNSET) -> HistoryOut:
    """A page of the timeline."""
    return HistoryOut(
        id=id,
        conversation=page.conversation,
        items=[message_of(message) for message in page.items],
        more=page.more,
    )


def delta_of(delta: Delta, id: int | UnsetType = UNSET) -> DeltaOut:
    """A page of changes; `id` when it was asked for."""
    return DeltaOut(
        id=id,
        conversation=delta.conversation,
        after=delta.after,
        to=delta.to,
        items=[message_of(message) for message in delta.items],
        more=delta.more,
    )


def ack_of(
    message: Message,
    duplicate: bool,
    id: int | UnsetType = UNSET,
    *,
    client_id: bytes | None = None,
) -> Ack:
    """That what was asked under `client_id`, if any, is stored, and where."""
    return Ack(
        id=id,
        client_id=UNSET if client_id is None else client_id.hex(),
        conversation=message.conversation,
        seq=message.seq,
        rev=message.rev,
        at=message.at,
        duplicate=True if duplicate else UNSET,
    )


def error_of(refusal: ChatError, id: int | None = None) -> Error:
    """A refusal by its code, and one sentence for a person."""
    return Error(
        id=UNSET if id is None else id,
        code=refusal.code,
        message=refusal.message,
        temporary=refusal.temporary,
        retry_after=UNSET if refusal.retry_after is None else refusal.retry_after,
        reason=UNSET if refusal.reason is None else refusal.reason,
        field=UNSET if refusal.field is None else refusal.field,
        until=UNSET if refusal.until is None else refusal.until,
    )


def contact_of(contact: Contact) -> ContactOut:
    """How someone stands to the one who asks."""
    return ContactOut(
        user=person_of(contact.person),
        state=contact.relation,
        note=contact.note or UNSET,
        at=contact.at,
    )


def contacts_update(version: int, contact: Contact) -> bytes:
    """The finished frame that tells one person of a changed contact."""
    return encode(ContactsUpdate(version=version, contact=contact_of(contact)))


def profile_update(version: int, person: Person) -> bytes:
    """The finished frame that tells what somebody is called now."""
    return encode(ProfileUpdate(version=version, user=person_of(person)))


def cursor_of(moved: CursorMoved, *, own: bool) -> CursorOut:
    """How far someone has come; counts only for themselves."""
    return CursorOut(
        conversation=moved.conversation,
        user=moved.user,
        read=moved.read,
        received=moved.received,
        unread=moved.unread if own else UNSET,
        mentions=moved.mentions if own else UNSET,
        last_seq=moved.last_seq if own else UNSET,
    )


def shares_of(shares: Shares) -> SharesOut:
    """What a person lets others see, as they are told themselves."""
    return SharesOut(shares.receipts, shares.presence, shares.typing)


def settings_update(version: int, shares: Shares) -> bytes:
    """The finished frame that tells one person's devices what they share now."""
    return encode(SettingsUpdate(version=version, settings=shares_of(shares)))


def sighting_of(sighting: Sighting) -> SightingOut:
    """Whether someone is there, beside their name in a list."""
    last_seen = UNSET if sighting.last_seen is None else sighting.last_seen
    return SightingOut(sighting.online, last_seen)


def presence_of(user: UserId, sighting: Sighting) -> PresenceOut:
    """That someone came or went."""
    last_seen = UNSET if sighting.last_seen is None else sighting.last_seen
    return PresenceOut(user, sighting.online, last_seen)
