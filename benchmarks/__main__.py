"""
``python -m benchmarks``: the one command.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from benchmarks.environment import Environment
from benchmarks.machine import CannotMeasure, description, raise_open_files, two_cores
from benchmarks.options import Options, parse
from benchmarks.places import ROOT
from benchmarks.runner import Row, Runner
from benchmarks.scenarios import runs
from benchmarks.servers import Peer
from benchmarks.servers.databases import Database, Maria, SQLite
from benchmarks.servers.ejabberd import Ejabberd
from benchmarks.servers.imtwisted import Imtwisted
from benchmarks.servers.relays import Relay
from benchmarks.table import document, tables

OPEN_FILES = 12_000


def main() -> int:
    """Measure what was asked; 1 when something could not be measured."""
    options = parse(None)
    # As an exception, so that every server that was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        core, server_core = two_cores()
        raise_open_files(OPEN_FILES)
        environment = Environment(options.cache)
        runner = Runner(environment.python(), core, server_core, options.others)
        with _peers(options, environment, server_core) as peers:
            versions = _versions(peers)
            rows = list(_rows(options, runner, peers))
    except CannotMeasure as reason:
        sys.stderr.write(f"benchmarks: {reason}\n")
        return 1
    about = _about(options, versions)
    told = [*about["machine"].items(), *versions.items(), ("commit", about["commit"])]
    sys.stdout.write(f"{tables(rows)}\n\n")
    sys.stdout.writelines(f"{name}: {said}\n" for name, said in told)
    if options.json is not None:
        options.json.write_text(json.dumps(document(rows, about), indent=1) + "\n")
    return int(any(row.failed for row in rows))


@contextmanager
def _peers(options: Options, environment: Environment, core: int) -> Iterator[list[Peer]]:
    maria = Maria(core)
    databases: dict[str, Database] = {"mariadb": maria, "sqlite": SQLite()}
    peers: list[Peer] = []
    for name in options.peers:
        if name == "imtwisted":
            peers += [Imtwisted(databases[each], core) for each in options.databases]
        elif name == "ejabberd":
            peers.append(Ejabberd(maria, core))
        else:
            peers.append(Relay(name, environment, core))
    try:
        yield peers
    finally:
        maria.stop()


def _rows(options: Options, runner: Runner, peers: list[Peer]) -> Iterator[Row]:
    for scenario in options.scenarios:
        for run in runs(scenario, options.sizes_of(scenario), options.seconds):
            for peer in peers:
                if not peer.takes(run):
                    continue
                for _ in range(options.repeat):
                    row = runner.run(peer, run)
                    _say(row)
                    yield row


def _say(row: Row) -> None:
    what = f"{row.scenario} {row.parameters} {row.peer} {row.storage}"
    sys.stderr.write(f"{what}: {row.failed or 'measured'}\n")


def _versions(peers: list[Peer]) -> dict[str, str]:
    """What each peer is; one that is not here says so, and its rows will too."""
    versions = {}
    for peer in peers:
        try:
            versions[f"{peer.name} {peer.storage}"] = peer.version()
        except CannotMeasure as reason:
            versions[f"{peer.name} {peer.storage}"] = f"{peer.name}: {reason}"
    return versions


def _about(options: Options, versions: dict[str, str]) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD")
        + ("+" if _git("status", "--porcelain", "-uno") else ""),
        "machine": description(),
        "versions": versions,
        "seconds": options.seconds,
        "repeat": options.repeat,
    }


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if not done.returncode else "unknown"


if __name__ == "__main__":
    sys.exit(main())
