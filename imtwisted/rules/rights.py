"""
Who may do what: pure functions of rows, that return or raise the refusal.

Way of a message: domain -> [rights] -> journal -> [rights] again, under the lock.
"""

from __future__ import annotations

from typing import Protocol

from imtwisted.model import FOREVER, Bond, Kind, Membership, MessageKind, Person, UserId
from imtwisted.refusals import (
    BadRequest,
    Blocked,
    Conflict,
    Denied,
    NotAFriend,
    NotAMember,
    NotFound,
)

REACTIONS = 20  # different ones under one message
SHARED_UP_TO = 100  # members; in larger conversations positions are one's own, and nobody types


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

    @property
    def announcement_only(self) -> bool: ...


def may_post(
    conversation: Gathering,
    membership: Membership | None,
    bond: Bond,
    *,
    anyone_may_write: bool,
    now: int,
) -> None:
    """Raise the refusal unless this member may write here `now`."""
    may_take_part(conversation, membership, bond, anyone_may_write=anyone_may_write)
    assert membership is not None, "nobody else takes part"
    if conversation.kind == "group":
        may_speak(membership, announcement_only=conversation.announcement_only, now=now)


def may_speak(membership: Membership, *, announcement_only: bool, now: int) -> None:
    """Raise `Denied` unless a group's order lets this member say something `now`."""
    if membership.role != "member":
        return
    if announcement_only:
        raise Denied(reason="announcement_only")
    if membership.silenced_until > now:
        until = membership.silenced_until
        raise Denied(reason="silenced", until=None if until == FOREVER else until)


def may_take_part(
    conversation: Gathering,
    membership: Membership | None,
    bond: Bond,
    *,
    anyone_may_write: bool,
) -> None:
    """
    Raise the refusal unless this member may do here what all may, such as to react.

    Someone who is blocked is told no more than a stranger would be.
    """
    if membership is None:
        raise NotAMember
    if conversation.kind == "direct":
        may_write_to(bond, anyone_may_write=anyone_may_write)


def may_write_to(bond: Bond, *, anyone_may_write: bool) -> None:
    """Raise the refusal unless the writer may send the other a direct message."""
    if bond.gone:
        raise Denied(reason="user_deleted")
    if bond.blocks:
        raise Blocked(reason="blocked")
    if bond.blocked and anyone_may_write:
        raise Denied(reason="not_allowed")
    if bond.blocked or not (bond.friends or anyone_may_write):
        raise NotAFriend(reason="not_friend")


def may_refer_to(conversation: Gathering, reply_to: int | None) -> None:
    """Raise `BadRequest` unless `reply_to` is a message of this conversation."""
    if reply_to is not None and not 1 <= reply_to <= conversation.last_seq:
        raise BadRequest(reason="no_such_message", field="reply_to")


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
    if message.sender.id != editor or message.kind == "system":
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
    invited: bool = False,
    bond: Bond,
    anyone_may_write: bool,
    was: str | None,
    limit: int | None,
) -> None:
    """
    Raise the refusal unless the user may become a member.

    By their own wish: the group is public, or they are `invited` by a link that
    is good. Added by another: that one is a member, and a friend of theirs where
    writing needs friendship. `was` is the state of an earlier membership; `limit`
    None means no limit.
    """
    if conversation.kind != "group":
        raise Denied(reason="not_allowed")
    if by_own_wish and not (conversation.public or invited):
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


def may_appoint(
    conversation: Gathering, actor: Membership | None, target: Membership | None
) -> None:
    """Raise the refusal unless `actor` may give `target`, another member, a role."""
    if actor is None:
        raise NotAMember
    if conversation.kind != "group" or actor.role != "owner":
        raise Denied(reason="not_allowed")
    if target is None:
        raise NotFound(reason="no_such_user")
    if target.user == actor.user:
        raise Denied(reason="not_yourself")


def may_ban(
    conversation: Gathering, actor: Membership | None, target: Membership | None, who: UserId
) -> None:
    """Raise the refusal unless `actor` may keep `who` out, whose membership is `target`."""
    if actor is None:
        raise NotAMember
    if conversation.kind != "group" or actor.role == "member":
        raise Denied(reason="not_allowed")
    if who == actor.user:
        raise Denied(reason="not_yourself")
    may_remove(conversation, actor, target, by_own_wish=False)


def may_silence(
    conversation: Gathering, actor: Membership | None, target: Membership | None, who: UserId
) -> None:
    """Raise the refusal unless `actor` may silence `who`, an ordinary member."""
    may_ban(conversation, actor, target, who)
    if target is None:
        raise NotFound(reason="no_such_user")
    if target.role != "member":
        # Leaders can be demoted; what they write is theirs to answer for.
        raise Denied(reason="not_allowed")


def may_settle(conversation: Gathering, actor: Membership | None) -> None:
    """Raise the refusal unless `actor` keeps the group in order: its title, its doors, its links."""
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
