"""
Who is asking: cookies, bearer tokens, and the marks that forged requests lack.

Way of a message: browser -> site -> [door] -> accounts; then api, pages or sockets.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable

from twisted.web.server import Request

from imtwisted.domain.accounts import Accounts, SignedIn, Visitor
from imtwisted.http.headers import header_of
from imtwisted.http.language import COOKIE as COOKIE_OF_LANGUAGE
from imtwisted.http.language import language_of, preferred_by
from imtwisted.http.origins import Origins
from imtwisted.model import Session
from imtwisted.profile import BROWSERS
from imtwisted.refusals import Denied, NotFound, Unauthorized

SAFE = (b"GET", b"HEAD", b"OPTIONS")
COOKIE = "imchat"
# Of who has not signed in: what a form must repeat.
FORM_COOKIE = "imchat-form"
LANGUAGE_AGE = 365 * 24 * 3600
_FORM_TOKEN_BYTES = 24


class Door:
    """Lets sessions in, and sets and takes back the cookies they live in."""

    def __init__(
        self,
        accounts: Accounts,
        origins: Origins,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._accounts = accounts
        self._origins = origins
        self._entropy = entropy
        self._max_age = accounts.life.longest // 1000

    # --- who

    def visitor(self, request: Request) -> Visitor:
        """From where a request comes, whoever it is."""
        agent = header_of(request, b"user-agent") or ""
        return Visitor(self._origins.address_of(request), agent)

    async def session_of(self, request: Request) -> Session:
        """
        The session of an API call, by bearer token or else by cookie.

        Raises `Unauthorized`, or `Denied` for what another site made a browser
        send: an unsafe call needs an allowed Origin and, with the cookie, the
        session's CSRF token.
        """
        self.check_origin(request)
        bearer = _bearer(request)
        if bearer is not None:
            return await self._accounts.session_of(bearer)
        session = await self._accounts.session_of(self._cookie(request, COOKIE))
        if request.method not in SAFE:
            check_csrf(session, header_of(request, b"x-csrf-token") or "")
        return session

    async def socket_session(self, request: Request) -> Session:
        """
        The session of an upgrade to a socket.

        A cookie comes with any page's upgrade, so there the Origin decides; who
        has neither cookie nor token is not told of it.
        """
        bearer = _bearer(request)
        if bearer is not None:
            return await self._accounts.session_of(bearer)
        token = self._cookie(request, COOKIE)
        self._origins.check(request, required=bool(token))
        return await self._accounts.session_of(token)

    async def page_session(self, request: Request) -> Session | None:
        """The session of a page's cookie, if there is one."""
        token = self._cookie(request, COOKIE)
        if not token:
            return None
        try:
            return await self._accounts.session_of(token)
        except Unauthorized:
            return None

    def check_origin(self, request: Request) -> None:
        """Raise `Denied` when an unsafe request comes from another site."""
        if request.method not in SAFE:
            self._origins.check(request)

    def home(self, request: Request) -> str:
        """The address of our pages, as the caller of `request` can use it."""
        return self._origins.home(request)

    # --- coming and going

    async def let_in(self, request: Request, signed_in: SignedIn) -> None:
        """Give the browser its new session, and end the one it had."""
        before = await self.page_session(request)
        self._set(request, COOKIE, signed_in.token, self._max_age)
        if before is not None:
            await self.end(before)

    async def let_out(self, request: Request, session: Session) -> None:
        """End `session`, and take the browser's cookie back."""
        await self.end(session)
        self._set(request, COOKIE, "", 0)

    async def end(self, session: Session) -> None:
        """End `session`, unless another request was faster."""
        try:
            await self._accounts.sign_out(session.person.id, session.id)
        except NotFound:
            return

    # --- forms before signing in

    def form_token(self, request: Request) -> str:
        """What the form of this browser must carry; the same in each of its tabs."""
        token = self._cookie(request, FORM_COOKIE)
        if not token:
            token = base64.urlsafe_b64encode(self._entropy(_FORM_TOKEN_BYTES)).decode()
            self._set(request, FORM_COOKIE, token, None)
        return token

    def form_is_ours(self, request: Request, token: str) -> bool:
        """Whether a form carries the token of its browser's cookie."""
        cookie = self._cookie(request, FORM_COOKIE)
        return bool(cookie) and _equal(cookie, token)

    def speak(self, request: Request, language: str) -> str:
        """The language of an answer to whose account has this one; the browser keeps it."""
        wanted = "" if language == BROWSERS else language
        kept = (request.getCookie(COOKIE_OF_LANGUAGE) or b"").decode("ascii", "replace")
        if language and kept != wanted:
            self.remember_language(request, wanted)
        return language_of(request) if not language else wanted or preferred_by(request)

    def remember_language(self, request: Request, language: str) -> None:
        """Keep the chosen language for a year, it is no secret; empty: forget it."""
        request.addCookie(
            "lang",
            language,
            path="/",
            max_age=str(LANGUAGE_AGE if language else 0),
            sameSite="lax",
            secure=self._origins.is_secure(request),
        )

    # --- cookies

    def _name(self, request: Request, name: str) -> str:
        # With this prefix a browser takes it only over TLS and from this very host.
        return f"__Host-{name}" if self._origins.is_secure(request) else name

    def _cookie(self, request: Request, name: str) -> str:
        value = request.getCookie(self._name(request, name).encode())
        return (value or b"").decode("ascii", "replace")

    def _set(self, request: Request, name: str, value: str, max_age: int | None) -> None:
        request.addCookie(
            self._name(request, name),
            value,
            path="/",
            max_age=None if max_age is None else str(max_age),
            httpOnly=True,
            sameSite="lax",
            secure=self._origins.is_secure(request),
        )


def check_csrf(session: Session, token: str) -> None:
    """Raise `Denied` unless `token` is the one only the session's own pages know."""
    if not _equal(session.csrf, token):
        raise Denied(reason="form_expired")


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass"))


def _bearer(request: Request) -> str | None:
    """The token of the Authorization header; None without one, empty for another scheme."""
    header = header_of(request, b"authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
