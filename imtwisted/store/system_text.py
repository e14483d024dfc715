"""
How a system message is stored, and how it reads to a client that knows no better.

Way of a message: journal -> [system_text] -> commit; and back on every read.
"""

from __future__ import annotations

import msgspec

from imtwisted.entries import Enter, Restrict, Silence
from imtwisted.model import FOREVER, Person, Role, SystemText
from imtwisted.model import Deed as SystemDeed

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(SystemText)

_SENTENCES = {
    "created": "{sender} created the group “{title}”.",
    "joined": "{sender} joined.",
    "left": "{sender} left.",
    "added": "{sender} added {user}.",
    "removed": "{sender} removed {user}.",
    "renamed": "{sender} renamed the group to “{title}”.",
    "promoted": "{sender} made {user} a moderator.",
    "demoted": "{user} is no moderator any more.",
    "handed_over": "{sender} handed the group over to {user}.",
    "banned": "{sender} banned {user}.",
    "described": "{sender} changed the description.",
    "announcements": "{sender} lets only those write who lead the group.",
    "discussion": "{sender} lets everyone write again.",
    "silenced": "{sender} silenced {user}.",
    "unsilenced": "{sender} lets {user} write again.",
    "pictured": "{sender} changed the group’s picture.",
    "unpictured": "{sender} removed the group’s picture.",
    "dissolved": "{sender} dissolved the group.",
}


def stored(system: SystemText) -> str:
    """What goes into the `text` column."""
    return _encoder.encode(system).decode()


def restored(text: str) -> SystemText:
    """What `stored` has written."""
    return _decoder.decode(text)


def sentence(sender: Person, system: SystemText) -> str:
    """One English sentence, for clients that do not word it themselves."""
    if system.link_of:
        return f"{sender.display_name} joined by a link of {system.link_of.display_name}."
    return _SENTENCES[system.what].format(
        sender=sender.display_name,
        user=system.user.display_name if system.user else "",
        title=system.title or "",
    )


def told_of(role: Role) -> SystemDeed:
    """What a system message calls it when somebody is given `role`."""
    if role == "owner":
        return "handed_over"
    return "promoted" if role == "moderator" else "demoted"


def entrance_told(deed: Enter) -> SystemText:
    """What a system message says of who became a member."""
    if deed.user.id != deed.sender.id:
        return SystemText("added", deed.user)
    return SystemText("joined", link_of=deed.invite.by if deed.invite else None)


def restriction_told(deed: Restrict) -> SystemText:
    """What a system message says of who may write from now on."""
    return SystemText("announcements" if deed.announcement_only else "discussion")


def silence_told(deed: Silence) -> SystemText:
    """What a system message says of a silence."""
    return SystemText("silenced", deed.user, until=None if deed.until == FOREVER else deed.until)
