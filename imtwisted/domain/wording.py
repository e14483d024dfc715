"""
What a frame asks, as an entry of the journal: checked as far as no conversation need be known.

Way of a message: sockets -> timeline -> [wording] -> journal.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import UNSET

from imtwisted import frames, rules
from imtwisted.entries import Alteration, Edit, React, Recall
from imtwisted.model import ConversationId, Person, UserId


def alteration_of(sender: Person, asked: frames.Alteration, characters: int) -> Alteration:
    """The entry that `asked` is; raises the refusal of what no message would take."""
    conversation = ConversationId(asked.conversation)
    match asked:
        case frames.Edit():
            # It may be a caption: under the lock it is known whether there are files.
            text = rules.checked_caption(asked.text, characters)
            mentions = None if asked.mentions is UNSET else users_of(asked.mentions)
            client_id = bytes.fromhex(asked.client_id)
            return Edit(conversation, sender, client_id, asked.seq, text, mentions)
        case frames.Recall():
            return Recall(conversation, sender, asked.seq)
        case frames.React():
            emoji = rules.checked_emoji(asked.emoji)
            return React(conversation, sender, asked.seq, emoji, asked.on)
    raise TypeError(asked)


def users_of(ids: Iterable[int]) -> tuple[UserId, ...]:
    """Each once, in one order: what is asked again is the same."""
    return tuple(sorted({UserId(id) for id in ids}))
