"""`python -m tests.simulation --seeds N`: run as many seeds as one likes."""

# ruff: noqa: T201 - this is a command line: it prints

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import count

from tests.simulation.run import SECONDS, Report, play


def main() -> int:
    """1 when a promise was broken; the trace tells how it came to that."""
    options = _options()
    began, runs, totals = time.monotonic(), 0, Counter[str]()
    for seed in _seeds(options):
        if options.minutes and time.monotonic() - began > options.minutes * 60:
            break
        report = play(seed, options.seconds, traced=options.trace)
        runs += 1
        totals.update(report.counts)
        totals["messages stored"] += report.messages
        totals["steps"] += report.steps
        if report.broken is not None:
            _tell(report, options.lines)
            if not options.go_on:
                return 1
        elif options.trace:
            print("\n".join(report.trace))
        elif options.verbose:
            print(f"seed {seed}: {report.messages} messages, {report.counts}")
    spent = time.monotonic() - began
    print(f"{runs} runs in {spent:.1f} s; {dict(sorted(totals.items()))}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds to run")
    parser.add_argument("--seed", type=int, default=None, help="run this one, with its trace")
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so many minutes")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="virtual seconds of talking")
    parser.add_argument("--lines", type=int, default=200, help="of the trace of a failure; 0: all")
    parser.add_argument("--go-on", action="store_true", help="after a failure, with the next seed")
    parser.add_argument("--trace", action="store_true", help="of runs that went well, too")
    parser.add_argument("--verbose", action="store_true", help="a line for each run")
    return parser.parse_args()


def _seeds(options: argparse.Namespace) -> list[int] | count[int]:
    if options.seed is not None:
        return [options.seed]
    if options.minutes:
        return count(options.first)
    return list(range(options.first, options.first + options.seeds))


def _tell(report: Report, lines: int) -> None:
    print(f"\n=== seed {report.seed}: {report.broken}")
    print("\n".join(report.trace[-lines:]))
    print(f"=== seed {report.seed}: {report.broken}")
    print(f"=== again: python -m tests.simulation --seed {report.seed}\n")


if __name__ == "__main__":
    sys.exit(main())
