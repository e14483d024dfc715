"""
Who may do what, and what a name or a text must be: pure functions of rows.

Way of a message: domain -> [rules] -> journal -> [rules] again, under the lock.
The domain asks early, to refuse cheaply; the journal's answer is the one that counts.
"""

from __future__ import annotations

import unicodedata
from typing import Protocol

from imtwisted.model import Bond, Kind, Membership, MessageKind, Person, UserId
from imtwisted.refusals import (
    BadRequest,
    Blocked,
    Conflict,
    Denied,
    NotAFriend,
    NotAMember,
    TooLarge,
)

NAME_LENGTH = range(2, 33)
NAME_MARKS = "_-."
PASSWORD_LENGTH = range(8, 1025)
DISPLAY_NAME_LENGTH = 64
TITLE_LENGTH = 80
NOTE_LENGTH = 200
PREVIEW_LENGTH = 200
EMOJI_BYTES = 32
REACTIONS = 20  # different ones under one message


# --- names and texts -----------------------------------------------------------


def name_key(username: str) -> str:
    """What makes two user names the same: width, case and blanks around them do not."""
    username = username.strip()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def checked_username(username: str) -> str:
    """`username` in NFC; raises `BadRequest` with the reason beside the field."""
    name = unicodedata.normalize("NFC", username.strip())
    key = name_key(name)
    if min(len(name), len(key)) < NAME_LENGTH.start:
        raise BadRequest(reason="name_too_short", field="username")
    if max(len(name), len(key)) >= NAME_LENGTH.stop:
        raise BadRequest(reason="name_too_long", field="username")
    # A name of dots alone is a place in a path, and no name.
    if not all(_belongs_in_a_name(character) for character in name + key) or not key.strip("."):
        raise BadRequest(reason="name_characters", field="username")
    return name


def _belongs_in_a_name(character: str) -> bool:
    """Letters of any script with their marks, decimal digits, and `_ - .`."""
    return character in NAME_MARKS or unicodedata.category(character) in (
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "Mn",
        "Mc",
        "Nd",
    )


def checked_password(password: str, field: str = "password") -> str:
    """`password` as it is; raises `BadRequest` when too short or too long."""
    if len(password) < PASSWORD_LENGTH.start:
        raise BadRequest(reason="password_too_short", field=field)
    if len(password) >= PASSWORD_LENGTH.stop:
        raise BadRequest(reason="password_too_long", field=field)
    return password


def checked_display_name(display_name: str) -> str:
    """`display_name` without the blanks around it and without control characters."""
    name = one_line(display_name)
    if len(name) > DISPLAY_NAME_LENGTH:
        raise BadRequest(reason="display_name_too_long", field="display_name")
    return name


def checked_title(title: str) -> str:
    """A group's `title` on one line; raises `BadRequest` when empty or too long."""
    line = one_line(title)
    if not line:
        raise BadRequest(reason="title_empty", field="title")
    if len(line) > TITLE_LENGTH:
        raise BadRequest(reason="title_too_long", field="title")
    return line


def checked_note(note: str) -> str:
    """The words with a friend request, on one line."""
    line = one_line(note)
    if len(line) > NOTE_LENGTH:
        raise BadRequest(reason="note_too_long", field="note")
    return line


def one_line(text: str) -> str:
    """`text` trimmed, in NFC, with every run of blanks or control characters one space."""
    printable = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", printable).split())


def checked_text(text: str, limit: int) -> str:
    """A message's `text` as it is; raises when blank or over `limit` code points."""
    if len(text) > limit:
        raise TooLarge(reason="text_too_long", field="text")
    if "\0" in text:
        raise BadRequest("A text may not contain NUL.", field="text")
    if not text or text.isspace():
        raise BadRequest(reason="text_empty", field="text")
    return text


def checked_emoji(emoji: str) -> str:
    """One emoji, of whatever parts; raises `BadRequest` for anything one could read as text."""
    fits = 0 < len(emoji.encode("utf-8", "surrogatepass")) <= EMOJI_BYTES
    if not fits or not all(_belongs_in_an_emoji(character) for character in emoji):
        raise BadRequest("A reaction is one emoji.", reason="emoji", field="emoji")
    if not any(unicodedata.category(character) in ("So", "Me", "Sm") for character in emoji):
        raise BadRequest("A reaction is one emoji.", reason="emoji", field="emoji")
    return emoji


def _belongs_in_an_emoji(character: str) -> bool:
    """Symbols, their joiners and selectors, tags of flags, and what a keycap stands on."""
    if character in "0123456789#*\u200d\ufe0f" or "\U000e0020" <= character <= "\U000e007f":
        return True
    return unicodedata.category(character) in ("So", "Sk", "Sm", "Me")


# --- rights --------------------------------------------------------------------


class Gathering(Protocol):
    """What the rules ask of a conversation."""

    @property
    def kind(self) -> Kind: ...

    @property
    def public(self) -> bool: ...

    @property
    def last_seq(self) -> int: ...

    @property
    def member_count(self) -> int: ...


def may_post(
    conversation: Gathering,
    membership: Membership | None,
    bond: Bond,
    *,
    anyone_may_write: bool,
) -> None:
    """
    Raise the refusal unless this member may write here now.

    Someone who is blocked is told no more than a stranger would be.
    """
    if membership is None:
        raise NotAMember
    if conversation.kind == "direct":
        may_write_to(bond, anyone_may_write=anyone_may_write)


def may_write_to(bond: Bond, *, anyone_may_write: bool) -> None:
    """Raise the refusal unless the writer may send the other a direct message."""
    if bond.blocks:
        raise Blocked(reason="blocked")
    if bond.blocked and anyone_may_write:
        raise Denied(reason="not_allowed")
    if bond.blocked or not (bond.friends or anyone_may_write):
        raise NotAFriend(reason="not_friend")


def may_refer_to(conversation: Gathering, reply_to: int | None) -> None:
    """Raise `BadRequest` unless `reply_to` is a message of this conversation."""
    if reply_to is not None and not 1 <= reply_to <= conversation.last_seq:
        raise BadRequest("There is no such message to reply to.", field="reply_to")


class Subject(Protocol):
    """What the rules ask of a message that is to be altered."""

    @property
    def sender(self) -> Person: ...

    @property
    def kind(self) -> MessageKind: ...

    @property
    def at(self) -> int: ...

    @property
    def recalled(self) -> bool: ...


def may_edit(message: Subject, editor: UserId) -> None:
    """Raise the refusal unless `editor` may give the message another text."""
    if message.sender.id != editor or message.kind != "text":
        raise Denied(reason="not_yours")
    if message.recalled:
        raise Conflict(reason="recalled")


def may_recall(
    message: Subject,
    conversation: Gathering,
    actor: Membership,
    *,
    now: int,
    within: int,
) -> None:
    """
    Raise the refusal unless `actor` may take the message back.

    Its sender within so many ms (0: always), who keeps a group in order always.
    """
    if message.kind == "system":
        raise Denied(reason="not_allowed")
    if conversation.kind == "group" and actor.role != "member":
        return
    if message.sender.id != actor.user:
        raise Denied(reason="not_yours")
    if within and now - message.at > within:
        raise Denied(reason="too_late")


def may_react(message: Subject) -> None:
    """Raise the refusal unless the message takes reactions."""
    if message.kind == "system":
        raise Denied(reason="not_allowed")
    if message.recalled:
        raise Conflict(reason="recalled")


def may_enter(
    conversation: Gathering,
    *,
    actor: Membership | None,
    by_own_wish: bool,
    bond: Bond,
    anyone_may_write: bool,
    was: str | None,
    limit: int | None,
) -> None:
    """
    Raise the refusal unless the user may become a member.

    By their own wish: the group is public. Added by another: that one is a
    member, and a friend of theirs where writing needs friendship. `was` is the
    state of an earlier membership; `limit` None means no limit.
    """
    if conversation.kind != "group":
        raise Denied(reason="not_allowed")
    if by_own_wish and not conversation.public:
        raise Denied(reason="not_allowed")
    if not by_own_wish:
        if actor is None:
            raise NotAMember
        may_write_to(bond, anyone_may_write=anyone_may_write)
    if was == "banned":
        raise Denied(reason="not_allowed")
    if limit is not None and conversation.member_count >= limit:
        raise Conflict(reason="group_full")


def may_found(members: int, limit: int) -> None:
    """Raise the refusal unless a group may begin with so many members."""
    if members > limit:
        raise Conflict(reason="group_full")


def may_remove(
    conversation: Gathering,
    actor: Membership | None,
    target: Membership | None,
    *,
    by_own_wish: bool,
) -> None:
    """Raise the refusal unless `actor` may end the membership of `target`."""
    if actor is None:
        raise NotAMember
    if conversation.kind != "group":
        raise Denied(reason="not_allowed")
    if target is None or by_own_wish:
        return
    if actor.role == "member" or target.role == "owner":
        raise Denied(reason="not_allowed")
    if actor.role == "moderator" and target.role == "moderator":
        raise Denied(reason="not_allowed")


def may_settle(conversation: Gathering, actor: Membership | None) -> None:
    """Raise the refusal unless `actor` may change the group's title and door."""
    if actor is None:
        raise NotAMember
    if conversation.kind != "group" or actor.role == "member":
        raise Denied(reason="not_allowed")


def may_dissolve(conversation: Gathering, actor: Membership | None) -> None:
    """Raise the refusal unless `actor` owns the group."""
    if actor is None:
        raise NotAMember
    if conversation.kind != "group" or actor.role != "owner":
        raise Denied(reason="not_allowed")
