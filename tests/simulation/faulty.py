"""How a deliberate fault is put into a real class or function, for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Put = Callable[..., Any]  # takes what was there, and then what that took
# Where it is put, and how many seeds it may take at most to be found.
Bite = tuple[Any, str, Put, int]


@contextmanager
def instead(place: Any, name: str, fault: Put) -> Iterator[None]:
    """Within, `place.name` is `fault`, which is given what was there before."""
    before = place.__dict__[name]

    def put(*args: Any, **keywords: Any) -> Any:
        return fault(before, *args, **keywords)

    setattr(place, name, put)
    try:
        yield
    finally:
        setattr(place, name, before)


def nothing(before: Put, *args: Any, **keywords: Any) -> None:
    """Leave it out."""


def now_and_then(often: int, fault: Put) -> Put:
    """`fault` at every so many calls, else what was there."""
    calls = 0

    def put(before: Put, *args: Any, **keywords: Any) -> Any:
        nonlocal calls
        calls += 1
        return (before if calls % often else fault.__get__(before))(*args, **keywords)

    return put
