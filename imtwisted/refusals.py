"""
Every way the chat says no.

A `ChatError` is answered to the one who asked, by its `code`, which is part of
the wire contract for ever; `reason` is a stable word that pages translate.
"""

from __future__ import annotations

from typing import ClassVar

from imtwisted.reasons import SENTENCES


class ChatError(Exception):
    """A request that the chat refuses; the connection stays."""

    code: ClassVar[str] = "bad_request"
    temporary: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        reason: str | None = None,
        field: str | None = None,
        retry_after: int | None = None,
        until: int | None = None,
    ) -> None:
        """Without a `message` the reason's sentence, and else this kind's own, is the message."""
        said = message or SENTENCES.get(reason or "") or type(self).__doc__ or ""
        super().__init__(said.strip())
        self.reason = reason
        self.field = field
        self.retry_after = retry_after
        self.until = until  # when it ends by itself, in ms since the epoch

    @property
    def message(self) -> str:
        """One English sentence for a person, without any of our insides."""
        return str(self.args[0])


class BadRequest(ChatError):
    """That is not a request we understand."""

    code = "bad_request"


class Unauthorized(ChatError):
    """Sign in first."""

    code = "unauthorized"


class Denied(ChatError):
    """You may not do that."""

    code = "denied"


class NotAMember(ChatError):
    """You are not a member of that conversation."""

    code = "not_member"


class NotAFriend(ChatError):
    """You are not friends."""

    code = "not_friend"


class Blocked(ChatError):
    """You have blocked this person."""

    code = "blocked"


class NotFound(ChatError):
    """There is no such thing."""

    code = "not_found"


class Conflict(ChatError):
    """That contradicts what is already stored."""

    code = "conflict"


class TooLarge(ChatError):
    """That is too large."""

    code = "too_large"


class RateLimited(ChatError):
    """Too much at once; try again shortly."""

    code = "rate_limited"
    temporary = True


class Busy(ChatError):
    """The server is busy; try again shortly."""

    code = "busy"
    temporary = True


class Unavailable(ChatError):
    """The server cannot do that right now; try again shortly."""

    code = "unavailable"
    temporary = True


class Unsupported(ChatError):
    """This server does not know that request."""

    code = "unsupported"
