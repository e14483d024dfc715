"""
What the command asks of the load generator, and what it hears back.

Both sides read and write these as JSON; nothing else passes between them.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

Protocol = Literal["imchat", "relay", "xmpp"]


class Member(Struct, frozen=True):
    """One person: by what name and secret they are let in."""

    name: str
    secret: str = ""


class Conversation(Struct, frozen=True):
    """Some members, given by their index, in one place; the first `speakers` speak."""

    place: str
    members: list[int]
    speakers: int = 1


class Talking(Struct, frozen=True, tag="talking"):
    """Each speaker keeps `outstanding` messages on their way, for `seconds`."""

    conversations: list[Conversation]
    outstanding: int
    seconds: float
    warm_up: float = 2.0


class Idling(Struct, frozen=True, tag="idling"):
    """Every member signs in, `at_once` of them at a time, and stays."""

    at_once: int


class Returning(Struct, frozen=True, tag="returning"):
    """Each member in turn comes back to `places` where `waiting` messages wait in each."""

    places: list[str]
    waiting: int


class Storming(Struct, frozen=True, tag="storming"):
    """
    All but the last conversations' members are cut off and come back at once.

    `behind` messages wait for each in its conversation, of `said` in all; the
    pairs of `others` talk meanwhile.
    """

    conversations: list[Conversation]
    said: int
    behind: int
    others: list[Conversation]


Work = Talking | Idling | Returning | Storming


class Task(Struct, frozen=True):
    """One run of the generator."""

    protocol: Protocol
    url: str
    members: list[Member]
    work: Work
    core: int
    server_core: int
    # By what they are called in the table: "server", "database".
    processes: dict[str, int] = field(default_factory=dict)
    # The share of a core that strangers may take before the run is worth nothing.
    others: float = 0.1


class Report(Struct, frozen=True):
    """What was measured, or why nothing was."""

    figures: dict[str, float] = field(default_factory=dict)
    conditions: dict[str, float] = field(default_factory=dict)
    failed: str | None = None
