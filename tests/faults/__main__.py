"""`python -m tests.faults --kills N --seed S --database sqlite|mariadb`: a storm as long as one likes."""

# ruff: noqa: T201 - this is a command line: it prints

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys

from tests.faults.storm import Storm


def main() -> int:
    """0 when every promise was kept; whatever else happens is told, and ends with another status."""
    options = _options()
    # As an exception, so that the server, the database and their folders go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    print(f"{options.database}, {options.kills} kills, seed {options.seed}", flush=True)
    print(asyncio.run(Storm(options.database, options.kills, options.seed).blow()))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument(
        "--kills", type=_positive, default=50, help="of the server and the database"
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--database", choices=("sqlite", "mariadb"), default="sqlite")
    return parser.parse_args()


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
