"""
What an operator may say: the command line, a TOML file, secrets from elsewhere.

Way of a message: before any; `tap` builds the house from what is read here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from twisted.python import usage

from imtwisted.logs import json_observer
from imtwisted.settings import Limits

DEFAULT_LISTEN = "tcp:8080:interface=127.0.0.1"
DEFAULT_DATA = "imchat-data"
DEFAULT_OPERATIONS = "tcp:8081:interface=127.0.0.1"

_CHOICES = {
    "registration": ("open", "invite", "closed"),
    "direct-messages": ("friends", "anyone"),
    "log-format": ("text", "json"),
}
_NO_ADDRESS = "--public-url must be scheme, host and port alone, such as https://chat.example"
_LISTS = ("listen", "public-url", "limit", "trust-proxy")
_SINGLE = {
    "database": None,
    "data": DEFAULT_DATA,
    "registration": "open",
    "direct-messages": "friends",
    "lobby": "Lobby",
    "operations": DEFAULT_OPERATIONS,
    "log-format": "text",
}


class Options(usage.Options):
    """The options of ``twistd imchat``; a file may say the same, the command line wins."""

    synopsis = "[options]"
    longdesc = (
        "A self-hosted chat server: pages, JSON API and WebSocket on one port. "
        "Secrets are never options: the database's password is read from the variable "
        "IMCHAT_DATABASE_PASSWORD, or from the file that IMCHAT_DATABASE_PASSWORD_FILE names."
    )

    optParameters = [
        ["config", None, None, "A TOML file with these same names as keys."],
        [
            "database",
            None,
            None,
            "sqlite:PATH, mysql://user@host:port/name or mysql://user@/name?unix_socket=PATH. "
            "Without it, SQLite in the data folder.",
        ],
        ["data", None, None, "The folder for what the server keeps. [default: imchat-data]"],
        [
            "registration",
            None,
            None,
            "Who may register: open, invite (by a link into a group) or closed; "
            "imchat-admin user add makes accounts in any case. [default: open]",
        ],
        [
            "direct-messages",
            None,
            None,
            "Who may write to whom directly: friends or anyone. [default: friends]",
        ],
        [
            "lobby",
            None,
            None,
            "What the group everyone joins is called, also one that is there; empty for none. "
            "[default: Lobby]",
        ],
        [
            "operations",
            None,
            None,
            "The endpoint of /healthz, /readyz and /metrics; empty for none. "
            f"[default: {DEFAULT_OPERATIONS}]",
        ],
        ["log-format", None, None, "text, or json with one object a line. [default: text]"],
    ]

    compData = usage.Completions(optActions={"config": usage.CompleteFiles("*.toml")})

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, list[str]] = {name: [] for name in _LISTS}

    def opt_listen(self, endpoint: str) -> None:
        """
        Where to serve, as a Twisted endpoint such as tcp:8080, ssl:8443:privateKey=key.pem:certKey=cert.pem
        or tls:FOLDER:port=8443; may be repeated. [default: tcp:8080:interface=127.0.0.1]
        """
        self.lists["listen"].append(endpoint)

    def opt_public_url(self, url: str) -> None:
        """An address people type, such as https://chat.example; only pages from there may ask; may be repeated."""
        self.lists["public-url"].append(url)

    def opt_limit(self, setting: str) -> None:
        """NAME=VALUE changes one limit; may be repeated. See docs/operating.md for the names."""
        self.lists["limit"].append(setting)

    def opt_trust_proxy(self, address: str) -> None:
        """A reverse proxy whose X-Forwarded-For and -Proto count: an address, a network or "unix"; may be repeated."""
        self.lists["trust-proxy"].append(address)

    def postOptions(self) -> None:
        """Complete what was said by the file and the defaults; raises `UsageError`."""
        file = settings_of(self["config"])
        for name, default in _SINGLE.items():
            if self[name] is None:
                self[name] = file.pop(name, default)
            file.pop(name, None)
        for name in _LISTS:
            said = file.pop(name, [])
            self[name] = self.lists[name] or ([said] if isinstance(said, str) else said)
        if file:
            raise usage.UsageError(f"{self['config']}: unknown: {', '.join(sorted(file))}")
        self._check()

    def _check(self) -> None:
        for name in _SINGLE:
            if not isinstance(self[name], str | None):
                raise usage.UsageError(f"{name} must be a string")
        for name in _LISTS:
            said = self[name]
            if not (isinstance(said, list) and all(isinstance(each, str) for each in said)):
                raise usage.UsageError(f"{name} must be a list of strings")
        for name, choices in _CHOICES.items():
            if self[name] not in choices:
                raise usage.UsageError(f"--{name} must be one of: {', '.join(choices)}")
        for url in self["public-url"]:
            checked_public_url(url)
        self["listen"] = self["listen"] or [DEFAULT_LISTEN]
        try:
            self["limits"] = self._limits()
        except ValueError as reason:
            raise usage.UsageError(f"--limit {reason}") from None
        self._choose_log()

    def _choose_log(self) -> None:
        """Twistd imports what its own option names, once ours are parsed."""
        if self["log-format"] != "json" or self.parent is None:
            return
        if self.parent.get("logfile"):
            raise usage.UsageError("--log-format json writes to standard output, not to --logfile")
        self.parent["logger"] = f"{json_observer.__module__}.{json_observer.__name__}"

    def _limits(self) -> Limits:
        limits = Limits()
        for setting in self["limit"]:
            limits = limits.with_one(setting)
        limits.check_together()
        return limits


def checked_public_url(url: str) -> str:
    """
    The address that people type, without a slash at its end; raises `UsageError`.

    A path, a question or a name would be in no `Origin`, and the server is at no path.
    """
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    # Compared with what was read: blanks and an empty question leave no trace in it.
    if not is_good or "@" in url or url.removesuffix("/").lower() != _address_of(url):
        raise usage.UsageError(_NO_ADDRESS)  # not repeated: it may hold a password
    return url.removesuffix("/")


def _address_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def settings_of(path: str | None) -> dict[str, Any]:
    """The settings of a TOML file, none without one; `[limits]` may be a table. Raises `UsageError`."""
    if path is None:
        return {}
    try:
        settings = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as reason:
        raise usage.UsageError(f"{path}: {reason}") from None
    table = settings.pop("limits", None)
    if isinstance(table, dict) and "limit" not in settings:
        settings["limit"] = [f"{name}={value}" for name, value in table.items()]
    return settings


def secret(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """
    The secret in the variable `name`, or in the file that `name`_FILE names.

    Raises `UsageError` when that file cannot be read.
    """
    path = environment.get(f"{name}_FILE")
    if path is None:
        return environment.get(name, "")
    try:
        return Path(path).read_text("utf-8").rstrip("\r\n")
    except (OSError, ValueError) as reason:
        raise usage.UsageError(f"{name}_FILE: {reason}") from None


def database_url(database: str | None, data: str) -> str:
    """The database that was named, or the SQLite file in the data folder."""
    return database or f"sqlite:{Path(data) / 'imchat.sqlite3'}"
