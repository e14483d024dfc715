"""
The client's end of a connection, whatever is spoken on it.

A `Dialect` opens lines; one module each for `imchat.v1`, the relays and XMPP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

from benchmarks.generator.spoken import Ear
from benchmarks.generator.talk import Talk
from benchmarks.task import Member, Returning, Task

AT_ONCE = 50  # connections that are being opened at a time, where nothing else is asked
T = TypeVar("T")


class Line(Protocol):
    """One open connection."""

    is_open: bool

    def close(self) -> None:
        """End it without a word."""


class Dialect(Protocol):
    """How to be a client of one kind of server."""

    confirmed: bool  # the server says when a message is stored

    def echoes(self, place: str) -> bool:
        """Whether who speaks there hears it too."""

    async def idle(self, member: Member) -> Line:
        """Sign in and stay; raises `ConnectionError`."""

    async def join(self, member: Member, talk: Talk, ear: Ear, place: str) -> Line:
        """Sign in, take part in `place`, and speak if the ear is a speaker's."""

    async def prepare(self, task: Task, work: Returning) -> None:
        """Let messages wait where the server could not be given them before it started."""

    async def come_back(
        self, member: Member, places: list[str], first: int, last: int
    ) -> tuple[Line, float]:
        """
        Sign in where the messages `first` to `last` of each place wait.

        The open line, and the seconds from its first word to the last message.
        Raises `WrongDelivery` and `ConnectionError`.
        """


async def gather(
    work: Callable[[T], Awaitable[object]], items: Iterable[T], at_once: int = AT_ONCE
) -> None:
    """Do `work` to each item, `at_once` at a time; raises what the first failed one raised."""
    left = iter(items)

    async def worker() -> None:
        for item in left:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())
