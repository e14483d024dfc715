"""
From where a request comes, and whether that place may ask.

Way of a message: browser -> site -> [origins] -> door -> domain.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from twisted.web.server import Request

from imtwisted.http.headers import header_of, headers_of
from imtwisted.refusals import Denied

# The name that a reverse proxy on a Unix socket has for `--trust-proxy`.
UNIX = "unix"
_PORTS = {"http": 80, "https": 443}


class Proxies:
    """The reverse proxies whose word about who is calling counts."""

    def __init__(self, addresses: Sequence[str] = ()) -> None:
        """Addresses, networks or "unix"; raises `ValueError`."""
        self._trusts_unix = UNIX in addresses
        self._networks = [
            ipaddress.ip_network(address, strict=False) for address in addresses if address != UNIX
        ]

    def trusts(self, address: str) -> bool:
        """Whether `address` is one of them."""
        if address == UNIX:
            return self._trusts_unix
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        # A port that listens on `::` sees IPv4 callers as ::ffff:127.0.0.1.
        plain = getattr(parsed, "ipv4_mapped", None) or parsed
        return any(parsed in network or plain in network for network in self._networks)

    def caller(self, peer: str, forwarded: str) -> str:
        """
        Who is calling through them: the last hop that is none of them.

        What stands further left in `X-Forwarded-For` anybody may have written.
        """
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        caller = peer
        while hops and self.trusts(caller):
            caller = hops.pop()
        return caller


class Origins:
    """
    The places that may ask: the public URLs, or without any the request's own.

    Compared here and exactly: Autobahn's patterns match a rebuilt URL and let
    a missing Origin pass.
    """

    def __init__(self, public_urls: Sequence[str] = (), proxies: Proxies | None = None) -> None:
        """Raises `ValueError` for what is no `http://` or `https://` URL."""
        self._allowed = [_origin(url) for url in public_urls]
        self._proxies = proxies or Proxies()

    def check(self, request: Request, *, required: bool = False) -> None:
        """Raise `Denied` when the request's Origin is another; `required`: also when missing."""
        claimed = headers_of(request, b"origin")
        if not claimed and not required:
            return
        if len(claimed) != 1 or claimed[0].lower() not in self._of(request):
            raise Denied("This request comes from another site.")

    def trusts(self, address: str) -> bool:
        """Whether that is one of our reverse proxies."""
        return self._proxies.trusts(address)

    def is_secure(self, request: Request) -> bool:
        """Whether the caller's way here is encrypted, as far as we can know."""
        if request.isSecure() or self._forwarded_proto(request) == "https":
            return True
        host = (header_of(request, b"host") or "").lower()
        schemes = [url.partition("://")[0] for url in self._allowed if url.endswith(f"://{host}")]
        return (schemes or [url.partition("://")[0] for url in self._allowed])[:1] == ["https"]

    def address_of(self, request: Request) -> str:
        """The caller's address; behind a trusted proxy, the one it names."""
        return self._proxies.caller(
            _peer(request), ",".join(headers_of(request, b"x-forwarded-for"))
        )

    def home(self, request: Request) -> str:
        """The public URL, or without any the place that was asked; empty when that is none."""
        return next(iter(self._of(request)), "")

    def _of(self, request: Request) -> list[str]:
        if self._allowed:
            return self._allowed
        scheme = "https" if self.is_secure(request) else "http"
        try:
            return [_origin(f"{scheme}://{header_of(request, b'host') or ''}")]
        except ValueError:
            return []

    def _forwarded_proto(self, request: Request) -> str:
        if not self._proxies.trusts(_peer(request)):
            return ""
        # The nearest proxy appends; it is the one we trust.
        return (header_of(request, b"x-forwarded-proto") or "").rpartition(",")[2].strip().lower()


def _origin(url: str) -> str:
    """What a browser sends as `Origin` from pages of `url`."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"{url!r} is not a URL such as https://chat.example")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.port is None or parts.port == _PORTS[parts.scheme]:
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{parts.port}"


def _peer(request: Request) -> str:
    peer = request.getClientAddress()
    return str(getattr(peer, "host", UNIX))
