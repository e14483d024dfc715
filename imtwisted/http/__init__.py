"""The door: pages, the JSON API and the way to the socket, over HTTP."""

from __future__ import annotations

from imtwisted.http.building import build_site

__all__ = ["build_site"]
