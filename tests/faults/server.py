"""The server under attack: a `Process` that tells its memory, and waiting for what must come."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.process import Process

# Everything here is said by few people from one address.
UNLIMITED = tuple(
    part
    for name in ("registrations_per_hour", "sign_ins_per_minute", "sends_per_10s", "deeds_per_10s")
    for part in ("--limit", f"{name}=0")
)
PATIENCE = 120.0


class Server(Process):
    """A real ``twistd imchat`` whose process can be looked into."""

    def memory(self) -> int:
        """The bytes of physical memory it holds now (RSS)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"/proc/{self.pid}/status has no VmRSS")

    def readiness(self) -> int:
        """The status that ``/readyz`` answers; 0 for no answer."""
        try:
            with urllib.request.urlopen(f"{self.operations_url}/readyz", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0


async def until(
    true: Callable[[], bool], what: str, seconds: float = PATIENCE, step: float = 0.01
) -> None:
    """Come back when `true`; raises `TimeoutError` that says `what` did not come."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        await asyncio.sleep(step)
