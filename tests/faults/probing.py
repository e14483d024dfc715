"""The process that measures, as its parent sees it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults.probe import Heard

_PATIENCE = 120.0
_LONGEST = 1 << 24  # bytes of a line


class Probing:
    """``async with Probing(port, people) as probing: …``, then `probing.heard`."""

    def __init__(self, port: int, people: list[tuple[str, int, int]]) -> None:
        """`people` are token, conversation and a number of their own each."""
        self.heard: list[Heard] = []
        self._told = json.dumps({"port": port, "people": people}).encode() + b"\n"

    async def __aenter__(self) -> Self:
        root = str(Path(__file__).parents[2])
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.probe"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": root},
            limit=_LONGEST,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(self._told)
        try:
            assert await self._line() == b"ready\n", "the process that measures has ended"
        except BaseException:
            await self._kill()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                assert self._process.stdin is not None
                self._process.stdin.close()
                self.heard = [Heard(**one) for one in json.loads(await self._line())]
        finally:
            await self._kill()

    async def _line(self) -> bytes:
        assert self._process.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            return await self._process.stdout.readline()

    async def _kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
