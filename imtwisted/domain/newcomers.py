"""
An account that the operator makes: the first one of a server that wants invitations.

Beside the way of a message; whoever gets it signs in as everybody does.
"""

from __future__ import annotations

from imtwisted import rules
from imtwisted.boundaries import PeopleStore
from imtwisted.domain.passwords import Passwords
from imtwisted.model import ConversationId, Person


def check_newcomer(username: str, password: str) -> None:
    """Raise `BadRequest` for what nobody could register with."""
    rules.checked_username(username)
    rules.checked_password(password)


async def add_account(
    people: PeopleStore,
    passwords: Passwords,
    lobby: ConversationId | None,
    username: str,
    password: str,
    now: int,
) -> Person:
    """Make an account, whoever may register otherwise; raises `BadRequest`, `Conflict`."""
    check_newcomer(username, password)
    name = rules.checked_username(username)
    hashed = await passwords.hash(password)
    person, _ = await people.register(name, rules.name_key(name), name, hashed, now, lobby)
    return person
