"""
The command line.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.places import cache
from benchmarks.scenarios import QUICK_SIZES, SCENARIOS, SIZES

PEERS = ("imtwisted", "ws", "websockets", "gevent", "ejabberd")
DATABASES = ("mariadb", "sqlite")


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure and where to write it."""

    scenarios: tuple[str, ...]
    peers: tuple[str, ...]
    databases: tuple[str, ...]
    sizes: tuple[int, ...]  # empty: those of each scenario
    seconds: float
    repeat: int
    others: float
    quick: bool
    json: Path | None
    cache: Path

    def sizes_of(self, scenario: str) -> tuple[int, ...]:
        """How large `scenario` is to be."""
        return self.sizes or (QUICK_SIZES if self.quick else SIZES)[scenario]


def parse(arguments: Sequence[str] | None) -> Options:
    """Read the command line; ends the program when it makes no sense."""
    asked = _parser().parse_args(arguments)
    return Options(
        scenarios=tuple(asked.scenario or SCENARIOS),
        peers=tuple(asked.peer or PEERS),
        databases=tuple(asked.database or DATABASES),
        sizes=tuple(asked.size or ()),
        seconds=asked.seconds or (2.0 if asked.quick else 10.0),
        repeat=asked.repeat,
        others=asked.others / 100,
        quick=asked.quick,
        json=asked.json,
        cache=asked.cache,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure imtwisted beside what people would use instead. "
        "Ends with status 1 when a run could not do what it says.",
    )
    add = parser.add_argument
    add("--scenario", nargs="+", choices=SCENARIOS, help="which to try; all without it")
    add("--peer", nargs="+", choices=PEERS, help="which servers to compare; all without it")
    add(
        "--database", nargs="+", choices=DATABASES, help="what imtwisted stores in; both without it"
    )
    add(
        "--size", nargs="+", type=_positive, help="members, pairs, connections, messages or clients"
    )
    add("--seconds", type=_seconds, help="how long each run of talking is measured (10; quick: 2)")
    add("--repeat", type=_positive, default=1, help="runs of each; the table shows the median")
    add(
        "--others",
        type=float,
        default=10.0,
        metavar="PERCENT",
        help="what others may use of either core before a run counts as failed (10)",
    )
    add("--quick", action="store_true", help="small sizes and short runs, to see that all works")
    add("--json", type=_new_file, metavar="FILE", help="write everything there, too")
    add("--cache", type=Path, default=cache(), help="where the environments are kept (%(default)s)")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return seconds


def _new_file(text: str) -> Path:
    if not Path(text).absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {Path(text).parent}")
    return Path(text)
