"""
Who takes part in a run: asked of every server alike, made by each in its own way.
"""

from __future__ import annotations

from msgspec import Struct


class Group(Struct, frozen=True):
    """A group of some users, by index, in which `said` messages were said."""

    members: list[int]
    said: int = 1


class Cast(Struct, frozen=True):
    """Users, groups, and friends with a direct conversation each; where: a database's URL."""

    users: int
    groups: list[Group] = []
    friends: list[tuple[int, int]] = []
    database: str = ""


class Made(Struct, frozen=True):
    """Who exists now: names and tokens by index, conversations in the order they were asked."""

    names: list[str]
    tokens: list[str]
    groups: list[int]
    direct: list[int]
