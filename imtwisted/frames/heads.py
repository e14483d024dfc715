"""
From the nouns to the wire: a conversation as one member's list has it.

Way of a message: journal -> [heads] -> events -> backplane.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from imtwisted.frames.builders import file_of, person_of, system_of
from imtwisted.frames.events import (
    HeadOut,
    MembershipUpdate,
    PeerOut,
    PreviewOut,
    SilenceOut,
    encode,
)
from imtwisted.model import FOREVER, ConversationId, Head, Peer, Preview


def head_of(head: Head) -> HeadOut:
    """One conversation of a member's list."""
    return HeadOut(
        conversation=head.conversation.id,
        kind=head.conversation.kind,
        title=head.title,
        peer=UNSET if head.peer is None else peer_of(head.peer),
        last_rev=head.conversation.last_rev,
        last_seq=head.conversation.last_seq,
        read_seq=head.read_seq,
        hidden_seq=head.hidden_seq or UNSET,
        unread=head.unread,
        mentions=head.mentions,
        preview=preview_of(head.preview) if head.preview else UNSET,
        muted=head.muted,
        members=head.conversation.member_count,
        role=head.role,
        public=head.conversation.public,
        description=head.conversation.description or UNSET,
        announcement_only=head.conversation.announcement_only or UNSET,
        silenced=silence_of(head.silenced_until),
        picture=UNSET if head.conversation.picture is None else head.conversation.picture,
    )


def peer_of(peer: Peer) -> PeerOut:
    """The other one of a direct conversation."""
    person = person_of(peer.person)
    return PeerOut(
        person.id,
        person.username,
        person.display_name,
        person.deleted,
        person.picture,
        read=UNSET if peer.read is None else peer.read,
        received=UNSET if peer.received is None else peer.received,
    )


def preview_of(preview: Preview) -> PreviewOut:
    """The last message, for a list."""
    return PreviewOut(
        seq=preview.seq,
        at=preview.at,
        sender=person_of(preview.sender),
        kind=preview.kind,
        text=preview.text,
        system=system_of(preview.system) if preview.system else UNSET,
        recalled=True if preview.recalled else UNSET,
        files=[file_of(file) for file in preview.files] or UNSET,
    )


def silence_of(until: int) -> SilenceOut | UnsetType:
    """A silence, which may be over by now; what has no end says none."""
    if not until:
        return UNSET
    return SilenceOut(UNSET if until == FOREVER else until)


def membership_update(version: int, conversation: ConversationId, head: Head | None) -> bytes:
    """The finished frame that tells one person of a conversation, gone when no `head`."""
    return encode(
        MembershipUpdate(
            version=version,
            conversation=conversation,
            member=head is not None,
            head=UNSET if head is None else head_of(head),
        )
    )
