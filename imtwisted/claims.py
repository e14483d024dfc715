"""
One server at a time for a file or a folder: a lock that dies with the process.

Not on the way of a message; `tap` claims what it builds upon.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

# As long as a server may take to end: who starts it again need not wait themselves.
PATIENCE = 15.0  # seconds
_STEP = 0.1


def claim(
    lock: Path, refusal: str, sleep: Callable[[float], None], say: Callable[[str], object]
) -> None:
    """
    Hold `lock` from now on; whoever has it gets `PATIENCE` seconds to end, which is said.

    Raises `ValueError` with `refusal` when they do not. However the process
    ends, its lock goes with it; so nobody ever closes it.
    """
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    for already in range(round(PATIENCE / _STEP)):
        if _is_ours(held):
            return
        if not already:
            say("Another server is there; it may be ending.")
        sleep(_STEP)
    os.close(held)
    raise ValueError(refusal)


def _is_ours(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
