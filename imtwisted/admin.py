"""
``imchat-admin``: what an operator does beside a running server.

Way of a message: beside it; it speaks to the same database.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from twisted.internet.defer import Deferred
from twisted.internet.task import react
from twisted.python.usage import UsageError

from imtwisted.domain.newcomers import add_account, check_newcomer
from imtwisted.domain.passwords import Passwords, password_hasher
from imtwisted.domain.resets import allow_reset
from imtwisted.options import (
    DEFAULT_DATA,
    checked_public_url,
    database_url,
    secret,
    settings_of,
)
from imtwisted.refusals import ChatError, NotFound
from imtwisted.rules import name_key
from imtwisted.store.conversations import StoredConversations
from imtwisted.store.deletions import StoredDeletions
from imtwisted.store.faults import SchemaError
from imtwisted.store.messages import StoredTimelines
from imtwisted.store.people import StoredPeople
from imtwisted.store.pool import PooledDatabase, open_database
from imtwisted.store.resets import StoredResets

Entropy = Callable[[int], bytes]
T = TypeVar("T")


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
    add = user.add_parser(
        "add",
        parents=[where],
        help="make an account, whoever may register; its password is asked for twice, "
        "or is the first line of what comes by a pipe",
    )
    add.add_argument("name", help="the new user name")
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


class _HereAndNow:
    """`SlowWork` for a program that does one thing."""

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        return work(*args)


def new_password() -> str:
    """
    The password for a new account, never seen on a command line or a screen.

    Raises `UsageError` when the second one is another.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise UsageError("the two passwords differ")
    return password


async def run(
    database: PooledDatabase,
    asked: argparse.Namespace,
    now: int,
    entropy: Entropy,
    password: str = "",
) -> str:
    """Do what was asked; what to print. `password` is of an account that is made."""
    await database.prepare(entropy(8).hex())
    if asked.command == "new-epoch":
        epoch = entropy(8).hex()
        await StoredTimelines(database).rename_epoch(epoch)
        return f"The epoch is now {epoch}: clients start anew when they next connect."
    if asked.deed == "add":
        people, passwords = StoredPeople(database), Passwords(password_hasher(), _HereAndNow())
        lobby = await StoredConversations(database).find_lobby()
        made = await add_account(people, passwords, lobby, asked.name, password, now)
        return f"{made.username} can sign in now."
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
    return f"{asked.public_url}/reset?{urlencode({'token': token})}"


def main(arguments: Sequence[str] | None = None) -> None:
    """The program; ends with status 1 and a sentence when it could not."""
    asked = parser().parse_args(arguments)
    try:
        url = existing_database(asked.config, asked.database, asked.data)
        key = secret("IMCHAT_DATABASE_PASSWORD")
        password = _password_for(asked)
        if "public_url" in asked:
            asked.public_url = checked_public_url(asked.public_url)
    except (UsageError, ValueError) as reason:
        sys.exit(f"imchat-admin: {reason}")
    except ChatError as refusal:
        sys.exit(f"imchat-admin: {refusal.message}")
    react(lambda reactor: Deferred.fromCoroutine(_main(reactor, asked, url, key, password)))


def _password_for(asked: argparse.Namespace) -> str:
    """Asked for before anything is done; raises `BadRequest` for what cannot be registered."""
    if asked.command != "user" or asked.deed != "add":
        return ""
    password = new_password()
    check_newcomer(asked.name, password)
    return password


async def _main(reactor: Any, asked: argparse.Namespace, url: str, key: str, password: str) -> None:
    database = open_database(url, key, reactor=reactor)
    try:
        told = await run(database, asked, int(reactor.seconds() * 1000), os.urandom, password)
        sys.stdout.write(f"{told}\n")
    except NotFound:
        sys.exit(f"imchat-admin: there is nobody named {asked.name}")
    except SchemaError as reason:
        sys.exit(f"imchat-admin: {reason}")
    except ChatError as refusal:
        sys.exit(f"imchat-admin: {refusal.__cause__ or refusal.message}")
    finally:
        database.close()
