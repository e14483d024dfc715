"""
One run: the server on its core, the generator on the other, and what came of it.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.machine import CannotMeasure, core_seconds
from benchmarks.places import ROOT
from benchmarks.plan import Open, Run
from benchmarks.servers import Peer
from benchmarks.task import Report, Task

FREE_WITHIN = 30.0  # seconds in which a core that is not free may become so
_LOOK = 1.0
_ENDS_WITHIN = 600.0


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one run: figures, or why there are none."""

    scenario: str
    peer: str
    storage: str
    parameters: dict[str, int]
    figures: dict[str, float]
    conditions: dict[str, float]
    failed: str | None


class Runner:
    """Runs on two cores, with a generator in the environment of `python`."""

    def __init__(self, python: Path, core: int, server_core: int, others: float) -> None:
        self._python = python
        self._core = core
        self._server_core = server_core
        self._others = others

    def run(self, peer: Peer, run: Run) -> Row:
        """Measure; what cannot be measured becomes a row that says so."""
        try:
            self._wait_until_free()
            with peer.open(run.cast) as server:
                report = self._generate(server, run)
        except CannotMeasure as reason:
            report = Report(failed=str(reason))
        return Row(
            run.scenario,
            peer.name,
            peer.storage,
            run.parameters,
            report.figures,
            report.conditions,
            report.failed,
        )

    def _wait_until_free(self) -> None:
        until = time.monotonic() + FREE_WITHIN
        while (used := self._used()) > self._others:
            if time.monotonic() > until:
                raise CannotMeasure(f"core not free: others use {used:.0%} of it")

    def _used(self) -> float:
        """The share of the busier core that is used while nothing of ours runs."""
        cores = (self._core, self._server_core)
        began = time.perf_counter()
        before = [core_seconds(core) for core in cores]
        time.sleep(_LOOK)
        spent = [core_seconds(core) - was for core, was in zip(cores, before, strict=True)]
        return max(spent) / (time.perf_counter() - began)

    def _generate(self, server: Open, run: Run) -> Report:
        task = Task(
            protocol=server.protocol,
            url=server.url,
            members=server.members,
            work=run.work(server),
            core=self._core,
            server_core=self._server_core,
            processes=server.processes,
            others=self._others,
        )
        try:
            done = subprocess.run(
                [str(self._python), "-m", "benchmarks.generator"],
                input=msgspec.json.encode(task),
                capture_output=True,
                cwd=ROOT,
                timeout=_ENDS_WITHIN,
            )
        except subprocess.TimeoutExpired:
            raise CannotMeasure(f"no end after {_ENDS_WITHIN:.0f} s") from None
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise CannotMeasure(f"the generator broke: {last}")
        return msgspec.json.decode(done.stdout, type=Report)
