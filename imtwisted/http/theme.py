"""
How the pages look in this browser: as its system does, light, or dark.

Way of a message: beside it. Kept in a cookie that the page writes, and written
into the page that is served, so that nothing flashes while it loads.
"""

from __future__ import annotations

from twisted.web.server import Request

THEMES = ("light", "dark")
COOKIE = b"theme"


def theme_of(request: Request) -> str:
    """The theme that was chosen, empty for the system's."""
    chosen = (request.getCookie(COOKIE) or b"").decode("ascii", "replace")
    return chosen if chosen in THEMES else ""
