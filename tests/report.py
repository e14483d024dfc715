"""Tell what a run of tox tested, part by part and in all; fails when a part ran nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

Counts = tuple[int, int]


def main(folder: Path) -> int:
    """Print the counts of each part's results in `folder`; 1 when one is bad or empty."""
    parts = {path.stem: counts(path) for path in sorted(folder.glob("*.xml"))}
    for name, (passed, failed) in parts.items():
        print(f"{name:>12}: {passed} passed, {failed} failed")
    passed = sum(part[0] for part in parts.values())
    failed = sum(part[1] for part in parts.values())
    print(f"{passed} passed, {failed} failed")
    return 0 if parts and not failed and all(part[0] for part in parts.values()) else 1


def counts(path: Path) -> Counts:
    """How many tests of one JUnit file passed, and how many did anything else."""
    suites = ElementTree.parse(path).getroot().iter("testsuite")
    passed = failed = 0
    for suite in suites:
        bad = sum(int(suite.get(what, 0)) for what in ("failures", "errors", "skipped"))
        passed += int(suite.get("tests", 0)) - bad
        failed += bad
    return passed, failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
