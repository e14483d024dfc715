"""Whatever goes wrong, nothing is lost, nothing comes twice, and everyone sees the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import tests
from tests.simulation.run import play

# About two minutes of one core; `python -m tests.simulation` runs as many as one likes.
SEEDS = 300
TOLD = 60  # lines of a trace


class PromiseTests(SynchronousTestCase):
    """Runs of a minute each: people talk while lines, server and database fail."""

    def test_the_promises_are_kept(self) -> None:
        """In every one of many runs; a failure tells its seed, which replays it."""
        for seed in range(SEEDS):
            report = play(seed)
            if report.broken is not None:
                last = "\n".join(report.trace[-TOLD:])
                self.fail(
                    f"{last}\nseed {seed}: {report.broken}\n"
                    f"again: python -m tests.simulation --seed {seed}"
                )

    def test_enough_goes_wrong(self) -> None:
        """A simulation in which nothing happens would prove nothing."""
        counts: dict[str, int] = {}
        for seed in range(30):
            report = play(seed)
            for name, count in [*report.counts.items(), ("messages", report.messages)]:
                counts[name] = counts.get(name, 0) + count
        least = {"messages": 2000, "ack": 2000, "message": 5000, "delta": 200, "lag": 10}
        least |= {"reset": 10, "cursor": 100, "deaths": 15, "cut": 15, "void": 5, "slow": 5}
        least |= {"database": 100, "doubts": 5, "drain": 5, "slow database": 5, "error": 100}
        least |= {"change": 700, "react acknowledged": 150, "edit acknowledged": 80}
        least |= {"recall acknowledged": 25, "again": 20, "presence": 300, "typing": 100}
        least |= {"refused silenced": 1, "refused announcement_only": 5}
        least |= {
            "pardoned": 3,
            "revoked": 3,
            "file uploaded": 80,
            "file copied": 20,
            "file fetched": 20,
            "file refused": 20,
        }
        self.assertEqual({k: n for k, n in least.items() if counts.get(k, 0) < n}, {})


class ReplayTests(SynchronousTestCase):
    """The same seed is the same run."""

    def test_twice_in_one_process(self) -> None:
        """Nothing is left of the runs before it."""
        for seed in (1, 2, 3):
            first = play(seed, traced=True).trace
            play(seed + 10)
            self.assertEqual(play(seed, traced=True).trace, first)
            self.assertGreater(len(first), 100)

    def test_in_processes_that_hash_differently(self) -> None:
        """No order of a set or a dictionary decides anything."""
        first, second = (self.trace_with(hash_seed) for hash_seed in ("1", "2"))
        self.assertEqual(first, second)
        self.assertGreater(len(first), 100)

    def trace_with(self, hash_seed: str) -> list[str]:
        root = str(Path(next(iter(tests.__path__))).parent)
        path = os.pathsep.join([root, *filter(None, sys.path)])
        printed = subprocess.run(
            [sys.executable, "-m", "tests.simulation", "--seed", "4", "--trace"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        return printed.stdout.splitlines()[:-1]  # but how long it took
