"""
``imchat-admin``: what an operator does beside a running server.

Way of a message: beside it; it speaks to the same database.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from twisted.internet.defer import Deferred
from twisted.internet.task import react
from twisted.python.usage import UsageError

from imtwisted.domain.resets import allow_reset
from imtwisted.options import DEFAULT_DATA, database_url, secret, settings_of
from imtwisted.refusals import ChatError, NotFound
from imtwisted.rules import name_key
from imtwisted.store.deletions import StoredDeletions
from imtwisted.store.messages import StoredTimelines
from imtwisted.store.people import StoredPeople
from imtwisted.store.pool import PooledDatabase, open_database
from imtwisted.store.resets import StoredResets

Entropy = Callable[[int], bytes]


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    commands = argparse.ArgumentParser(
        prog="imchat-admin", description="Look after an imtwisted server."
    )
    where = argparse.ArgumentParser(add_help=False)
    for option in ("--config", "--database", "--data"):
        where.add_argument(option, help="as for twistd imchat")
    kinds = commands.add_subparsers(dest="command", required=True)
    user = kinds.add_parser("user", help="someone's account").add_subparsers(
        dest="deed", required=True
    )
    reset = user.add_parser(
        "reset", parents=[where], help="print a link that sets a new password, once, within a day"
    )
    reset.add_argument("name", help="whose password was lost")
    reset.add_argument(
        "--public-url", default="http://localhost:8080", help="the address people type"
    )
    delete = user.add_parser(
        "delete", parents=[where], help="delete someone's account, for ever; the server does it"
    )
    delete.add_argument("name", help="whose account")
    kinds.add_parser(
        "new-epoch",
        parents=[where],
        help="after restoring a backup: make every client drop what it remembers",
    )
    return commands


def existing_database(config: str | None, database: str | None, data: str | None) -> str:
    """
    The URL of the server's database; raises `UsageError`.

    A file that is not there is a mistake in the name, not a database to make.
    """
    said = settings_of(config)
    folder = data or said.get("data") or DEFAULT_DATA
    url = database_url(database or said.get("database"), folder)
    if url.startswith("sqlite:") and not Path(url.removeprefix("sqlite:")).is_file():
        raise UsageError(f"there is no database at {url}; see --database, --data and --config")
    return url


async def run(
    database: PooledDatabase, asked: argparse.Namespace, now: int, entropy: Entropy
) -> str:
    """Do what was asked; what to print."""
    await database.prepare(entropy(8).hex())
    if asked.command == "new-epoch":
        epoch = entropy(8).hex()
        await StoredTimelines(database).rename_epoch(epoch)
        return f"The epoch is now {epoch}: clients start anew when they next connect."
    if asked.deed == "delete":
        person = await StoredPeople(database).person(name_key(asked.name))
        if person is None:
            raise NotFound
        await StoredDeletions(database).order(person.id, now)
        return (
            f"The account {person.username} goes: within seconds where the server runs, "
            "else when it next starts."
        )
    token = await allow_reset(
        StoredPeople(database), StoredResets(database), asked.name, now, entropy
    )
    return f"{asked.public_url.rstrip('/')}/reset?{urlencode({'token': token})}"


def main(arguments: Sequence[str] | None = None) -> None:
    """The program; ends with status 1 and a sentence when it could not."""
    asked = parser().parse_args(arguments)
    try:
        url = existing_database(asked.config, asked.database, asked.data)
        password = secret("IMCHAT_DATABASE_PASSWORD")
    except (UsageError, ValueError) as reason:
        sys.exit(f"imchat-admin: {reason}")
    react(lambda reactor: Deferred.fromCoroutine(_main(reactor, asked, url, password)))


async def _main(reactor: Any, asked: argparse.Namespace, url: str, password: str) -> None:
    database = open_database(url, password, reactor=reactor)
    try:
        told = await run(database, asked, int(reactor.seconds() * 1000), os.urandom)
        sys.stdout.write(f"{told}\n")
    except NotFound:
        sys.exit(f"imchat-admin: there is nobody named {asked.name}")
    except ChatError as refusal:
        sys.exit(f"imchat-admin: {refusal.__cause__ or refusal.message}")
    finally:
        database.close()
