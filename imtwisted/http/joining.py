"""
The page behind a link into a group, for who is signed in and who is not yet.

Way of a message: before any; browser -> site -> [joining] -> domain.invitations.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from klein import Klein
from twisted.python.failure import Failure
from twisted.web.server import Request

from imtwisted.domain.invitations import Invitations
from imtwisted.http.bodies import form_of
from imtwisted.http.door import Door, check_csrf
from imtwisted.http.errors import Errors
from imtwisted.http.language import language_of
from imtwisted.http.shield import finished
from imtwisted.http.templates import Templates
from imtwisted.http.theme import theme_of
from imtwisted.model import ConversationId
from imtwisted.refusals import ChatError, Unauthorized

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class JoinPages:
    """`/join/<code>`: what the group is, and a button; it works without JavaScript."""

    app = Klein()

    def __init__(
        self, invitations: Invitations, door: Door, templates: Templates, errors: Errors
    ) -> None:
        self._invitations = invitations
        self._door = door
        self._templates = templates
        self._errors = errors

    @app.route("/<code>", methods=["GET"])
    async def show(self, request: Request, code: str) -> bytes:
        """The group, or at once the chat for who is in it already."""
        session = await self._door.page_session(request)
        if session is not None:
            here = await self._invitations.place_of(session.person.id, code)
            if here is not None:
                return _go(request, here)
        return await self._page(request, code, session.csrf if session else "")

    @app.route("/<code>", methods=["POST"])
    async def join(self, request: Request, code: str) -> bytes:
        """Become a member, and go to the chat; or say why not."""
        self._door.check_origin(request)
        form = form_of(request)
        session = await self._door.page_session(request)
        if session is None:
            raise Unauthorized
        check_csrf(session, form.get("csrf", ""))
        try:
            head, _ = await finished(self._invitations.join(session.person, code))
        except ChatError as refusal:
            self._errors.mark(request, refusal)
            word = refusal.reason or refusal.code
            return await self._page(request, code, session.csrf, {"": word})
        return _go(request, ConversationId(head.conversation.id))

    async def _page(
        self, request: Request, code: str, csrf: str, errors: dict[str, str] | None = None
    ) -> bytes:
        """Without `csrf` for who has to sign in first; raises `NotFound` for a void link."""
        group = await self._invitations.look(code)
        request.setHeader(b"Content-Type", b"text/html; charset=utf-8")
        values = {
            "group": group,
            "initials": initials(group.title),
            "code": code,
            "csrf": csrf,
            "errors": errors or {},
            "here": quote(f"/join/{code}", safe=""),
            "theme": theme_of(request),
        }
        return self._templates.render(language_of(request), "join.html", values)

    @app.handle_errors(Exception)  # type: ignore[arg-type]  # Klein says IRequest where a Request comes
    def failed(self, request: Request, failure: Failure) -> bytes:
        """Whatever went wrong, answered."""
        return self._errors.unhandled(request, failure)


def code_in(place: str) -> str:
    """The code of the link that `place` is; empty when it is none."""
    return place.removeprefix("/join/") if place.startswith("/join/") else ""


def initials(title: str) -> str:
    """What stands for a group without a picture, as `views/avatar.js` makes it."""
    words = re.split(r"[\s_.-]+", title.strip(" \t_.-")) or [title]
    first, last = words[0][:1] or "?", words[-1][:1]
    both = len(words) > 1 and not _CJK.match(first) and not _CJK.match(last)
    return (first + last if both else first).upper()


def _go(request: Request, conversation: ConversationId) -> bytes:
    """See Other: the chat, open at the group."""
    request.setResponseCode(303)
    request.setHeader(b"Location", b"/chat#c%d" % conversation)
    return b""
