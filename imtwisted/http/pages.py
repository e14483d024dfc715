"""
The pages: signing in, registering, the chat; and the way to the socket.

Way of a message: browser -> site -> [pages] -> sockets. The forms work without
JavaScript; what is wrong is said beside the field.
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import quote

from klein import Klein
from twisted.python.failure import Failure
from twisted.web.resource import IResource
from twisted.web.server import Request

from imtwisted import frames
from imtwisted.domain.accounts import Accounts, SignedIn
from imtwisted.domain.profiles import Profiles
from imtwisted.domain.resets import Resets
from imtwisted.http.api import Api
from imtwisted.http.assets import Assets
from imtwisted.http.bodies import form_of, next_of, query_text
from imtwisted.http.door import Door, check_csrf
from imtwisted.http.errors import Errors
from imtwisted.http.headers import headers_of
from imtwisted.http.joining import JoinPages, code_in
from imtwisted.http.language import LANGUAGES, language_of
from imtwisted.http.shield import finished
from imtwisted.http.templates import Templates
from imtwisted.http.theme import theme_of
from imtwisted.model import Session
from imtwisted.refusals import BadRequest, ChatError, Denied

HOME = "/chat"
# What a form keeps of what was typed; never a password.
_KEPT = ("username", "display_name", "token")


class Sockets(Protocol):
    """Makes the resource that upgrades a request of a session."""

    def resource_for(self, session: Session) -> IResource: ...


class Pages:
    """Every URL that a browser may ask for."""

    app = Klein()

    def __init__(
        self,
        accounts: Accounts,
        resets: Resets,
        profiles: Profiles,
        door: Door,
        api: Api,
        joining: JoinPages,
        sockets: Sockets,
        assets: Assets,
        templates: Templates,
        errors: Errors,
    ) -> None:
        self._accounts = accounts
        self._resets = resets
        self._profiles = profiles
        self._door = door
        self._api = api
        self._joining = joining
        self._sockets = sockets
        self._assets = assets
        self._templates = templates
        self._errors = errors

    # --- what is served by others

    @app.route("/api/v1/", branch=True)
    def api(self, request: Request) -> IResource:
        """The JSON API."""
        return self._api.resource()

    @app.route("/join/", branch=True)
    def join(self, request: Request) -> IResource:
        """The pages behind links into groups."""
        return self._joining.app.resource()

    @app.route("/static/<path:path>", methods=["GET"])
    def asset(self, request: Request, path: str) -> bytes:
        """A file of the pages."""
        return self._assets.serve(request, path)

    @app.route("/ws", methods=["GET"])
    async def socket(self, request: Request) -> bytes | IResource:
        """
        Upgrade a signed-in client to its chat socket.

        Asked here and not in Autobahn's `onConnect`, the socket is born knowing
        whose it is, and a browser that leaves meanwhile merely cancels us.
        """
        session = await self._door.socket_session(request)
        if not _speaks_with_us(request):
            raise BadRequest(f"This server speaks {frames.SUBPROTOCOL}.")
        return self._sockets.resource_for(session)

    # --- the chat

    @app.route("/", methods=["GET"])
    async def home(self, request: Request) -> bytes:
        """To the chat, or to where it begins."""
        session = await self._door.page_session(request)
        return _go(request, HOME if session else "/login")

    @app.route("/chat", methods=["GET"])
    async def chat(self, request: Request) -> bytes:
        """The chat itself."""
        return await self._own_page(request, "chat.html")

    @app.route("/settings", methods=["GET"])
    async def settings(self, request: Request) -> bytes:
        """What one is called, how the pages look, one's devices, and the end of an account."""
        return await self._own_page(request, "settings.html")

    async def _own_page(self, request: Request, template: str) -> bytes:
        """A page for who is signed in, in the language of their account."""
        session = await self._door.page_session(request)
        if session is None:
            asked = request.uri.decode("ascii", "replace")
            return _go(request, "/login" if asked == HOME else f"/login?next={quote(asked)}")
        profile = await self._profiles.of(session.person.id)
        language = self._door.speak(request, profile.language)
        user = frames.person_of(session.person)
        return self._page(request, template, language, csrf=session.csrf, user=user)

    @app.route("/language", methods=["GET"])
    def language(self, request: Request) -> bytes:
        """Choose a language, and go back."""
        chosen = query_text(request, "to")
        if chosen in LANGUAGES:
            self._door.remember_language(request, chosen)
        return _go(request, next_of(query_text(request, "next")) or "/")

    # --- coming in

    @app.route("/login", methods=["GET"])
    async def login(self, request: Request) -> bytes:
        """The form to sign in."""
        return await self._form(request, "login.html")

    @app.route("/register", methods=["GET"])
    async def register(self, request: Request) -> bytes:
        """The form to make an account."""
        return await self._form(request, "register.html")

    async def _form(self, request: Request, template: str) -> bytes:
        if await self._door.page_session(request) is not None:
            return _go(request, HOME)
        return self._filled(request, template, {"next": query_text(request, "next")})

    @app.route("/login", methods=["POST"])
    async def sign_in(self, request: Request) -> bytes:
        """Begin a session, or say what is wrong with the form."""
        form = self._own_form(request)
        try:
            self._check_form(request, form)
            signed_in = await finished(
                self._accounts.sign_in(
                    self._door.visitor(request), form.get("username", ""), form.get("password", "")
                )
            )
        except ChatError as refusal:
            return self._again(request, "login.html", form, refusal)
        return await self._come_in(request, form, signed_in)

    @app.route("/register", methods=["POST"])
    async def make_account(self, request: Request) -> bytes:
        """Make an account and sign it in, or say what is wrong beside the field."""
        form = self._own_form(request)
        try:
            self._check_form(request, form)
            signed_in = await finished(
                self._accounts.register(
                    self._door.visitor(request),
                    form.get("username", ""),
                    form.get("password", ""),
                    form.get("display_name", ""),
                    self._invite_of(form),
                )
            )
        except ChatError as refusal:
            return self._again(request, "register.html", form, refusal)
        return await self._come_in(request, form, signed_in)

    def _invite_of(self, form: dict[str, str]) -> str:
        """The code of the link that led here, where it is asked for."""
        needed = self._accounts.registration == "invite"
        return code_in(form.get("next", "")) if needed else ""

    # --- a lost password

    @app.route("/reset", methods=["GET"])
    async def reset(self, request: Request) -> bytes:
        """The form behind a link that the operator has made."""
        token = query_text(request, "token")
        await self._resets.check(token)
        return self._filled(request, "reset.html", {"token": token})

    @app.route("/reset", methods=["POST"])
    async def set_password(self, request: Request) -> bytes:
        """Set the password, or say what is wrong with it."""
        form = self._own_form(request)
        try:
            self._check_form(request, form)
            await finished(
                self._resets.set_password(form.get("token", ""), form.get("password", ""))
            )
        except ChatError as refusal:
            return self._again(request, "reset.html", form, refusal)
        return _go(request, "/login")

    @app.route("/logout", methods=["POST"])
    async def logout(self, request: Request) -> bytes:
        """End this browser's session."""
        form = self._own_form(request)
        session = await self._door.page_session(request)
        if session is not None:
            check_csrf(session, form.get("csrf", ""))
            await finished(self._door.let_out(request, session))
        return _go(request, "/login")

    def _own_form(self, request: Request) -> dict[str, str]:
        """The form's fields; raises `Denied` when it was sent from another site."""
        self._door.check_origin(request)
        return form_of(request)

    def _check_form(self, request: Request, form: dict[str, str]) -> None:
        if not self._door.form_is_ours(request, form.get("csrf", "")):
            raise Denied(reason="form_expired")

    async def _come_in(self, request: Request, form: dict[str, str], who: SignedIn) -> bytes:
        await finished(self._door.let_in(request, who))
        self._door.speak(request, (await self._profiles.of(who.session.person.id)).language)
        return _go(request, next_of(form.get("next", "")) or HOME)

    # --- answering

    def _again(
        self, request: Request, template: str, form: dict[str, str], refusal: ChatError
    ) -> bytes:
        """The form once more, with what was typed and what was wrong."""
        self._errors.mark(request, refusal)
        field = refusal.field or ""
        word = refusal.reason or refusal.code
        return self._filled(request, template, form, {field: word})

    def _filled(
        self,
        request: Request,
        template: str,
        form: dict[str, str],
        errors: dict[str, str] | None = None,
    ) -> bytes:
        values = {name: form[name] for name in _KEPT if name in form}
        return self._page(
            request,
            template,
            csrf=self._door.form_token(request),
            values=values,
            errors=errors or {},
            next=next_of(form.get("next", "")),
            farewell=query_text(request, "deleted") == "1",
            ended=query_text(request, "ended") == "1",
        )

    def _page(self, request: Request, template: str, language: str = "", **values: object) -> bytes:
        request.setHeader(b"Content-Type", b"text/html; charset=utf-8")
        values["theme"] = theme_of(request)
        return self._templates.render(language or language_of(request), template, values)

    @app.handle_errors(Exception)  # type: ignore[arg-type]  # Klein says IRequest where a Request comes
    def failed(self, request: Request, failure: Failure) -> bytes:
        """Whatever went wrong, answered."""
        return self._errors.unhandled(request, failure)


def _go(request: Request, place: str) -> bytes:
    """See Other: what follows is asked for with GET."""
    request.setResponseCode(303)
    request.setHeader(b"Location", place.encode())
    return b""


def _speaks_with_us(request: Request) -> bool:
    """Whether the client speaks our protocol, or leaves it to us."""
    asked = headers_of(request, b"sec-websocket-protocol")
    names = [name.strip() for value in asked for name in value.split(",") if name.strip()]
    return not names or frames.SUBPROTOCOL in names
