"""
``twistd imchat``: reads the options, builds the server, names the reactor.

Way of a message: before the first; the only place that knows the global
`reactor`, the machine's clock, its chance and its environment.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from twisted.application.service import IService
from twisted.logger import Logger

from imtwisted.certificates import MISTAKES, words_of
from imtwisted.claims import claim
from imtwisted.domain.passwords import Passwords, Workers, password_hasher
from imtwisted.house import House, Plan
from imtwisted.http.building import build_site
from imtwisted.http.operations import QuietSite, operations
from imtwisted.http.origins import Origins, Proxies
from imtwisted.metrics import measure
from imtwisted.open_files import take_open_files
from imtwisted.options import Options, database_url, secret
from imtwisted.ports import Port
from imtwisted.server import Server
from imtwisted.store.pool import PooledDatabase, open_database
from imtwisted.vault.disk import FolderDisk
from imtwisted.vault.pictures import PictureProcess

__all__ = ["Options", "makeService"]

_log = Logger()

# SQLite has one writer anyway. Four lanes for MySQL were measured against one:
# their batches are smaller, and a message alone costs twice the processor.
LANES = {"sqlite": 1, "mysql": 1}
# Ten thousand connections are a million objects that live long. Python's own 700
# new ones between two looks at them cost a storm of sign-ins a tenth of its time.
_COLLECT_AFTER = (20_000, 20, 20)
# A flush that waits for its turn is cheaper than an upload that is refused.
_WAITING_FOR_DISK = 1024
# More than the server takes by itself (ENDED_WITHIN), less than the promised 15 seconds.
_LEAVES_AFTER = 13.0
_TAKEN = (
    "another server {} {}: stop that one first, or give this one a place of its own "
    "(imchat-admin works beside a server)"
)


def makeService(options: Options, reactor: Any = None) -> IService:
    """The whole server, wired; nothing runs until the service starts. Ends with what is wrong."""
    if reactor is None:
        from twisted.internet import reactor
    gc.set_threshold(*_COLLECT_AFTER)
    take_open_files()
    database = _database(options, reactor)
    workers, disk_workers = Workers(reactor), Workers(reactor, waiting=_WAITING_FOR_DISK)
    hasher = password_hasher()
    plan = Plan(
        limits=options["limits"],
        registration=options["registration"],
        direct_messages=options["direct-messages"],
        lobby=options["lobby"],
        lanes=LANES[database.kind],
    )
    with said_of(f"--data {options['data']}"):
        disk = _disk(Path(options["data"]) / "files", disk_workers)
    house = House(
        plan,
        reactor,
        database,
        Passwords(hasher, workers),
        os.urandom,
        disk,
        PictureProcess(reactor),
    )
    server = Server(
        reactor,
        house,
        database,
        [workers, disk_workers],
        epoch=lambda: os.urandom(8).hex(),
        give_up=lambda: _give_up(reactor),
    )
    with said_of("--trust-proxy"):
        proxies = Proxies(options["trust-proxy"])
    with said_of("--public-url"):
        origins = Origins(options["public-url"], proxies)
    site = build_site(house, reactor=reactor, entropy=os.urandom, origins=origins)
    for description in options["listen"]:
        with said_of(f"--listen {description}"):
            server.add_port(Port(reactor, description, site, _say_address(description)))
    if options["operations"]:
        metrics = CollectorRegistry()
        measure(metrics, house)
        root = operations(server.problems, server.warnings, metrics)
        with said_of(f"--operations {options['operations']}"):
            quiet = QuietSite(root, reactor=reactor)
            port = Port(reactor, options["operations"], quiet, option="--operations")
        server.add_operations(port)
    _renew_at_hangup(reactor, server)
    _leave_in_time(reactor)
    return server


@contextmanager
def said_of(option: str) -> Iterator[None]:
    """End with one sentence about `option`; twistd would show a traceback."""
    try:
        yield
    except MISTAKES as mistake:
        sys.exit(f"twistd imchat: {option}: {words_of(mistake)}")


def _database(options: Options, reactor: Any) -> PooledDatabase:
    limits = options["limits"]
    named = options["database"]
    with said_of("the database's password"):
        password = secret("IMCHAT_DATABASE_PASSWORD")
    # Without a name it lies in the folder that was named, or that nobody named.
    with said_of("--database" if named else f"--data {options['data']}"):
        url = database_url(named, options["data"])
        if url.startswith("sqlite:"):
            _claim(url.removeprefix("sqlite:"))
        return open_database(
            url,
            password,
            reactor=reactor,
            waiting_reads=limits.waiting_reads,
            waiting_writes=limits.waiting_writes,
        )


def _claim(path: str) -> None:
    """Let no second server use this SQLite file, by whatever name: its people would not hear each other."""
    lock = Path(path).resolve()
    claim(lock.with_name(f"{lock.name}.lock"), _TAKEN.format("uses", path), time.sleep, _say)


def _disk(folder: Path, workers: Workers) -> FolderDisk:
    claim(folder / "lock", _TAKEN.format("keeps its files in", folder), time.sleep, _say)
    disk = FolderDisk(folder, workers)
    disk.start_anew()
    return disk


def _say(words: str) -> None:
    """To who started us: the log begins only when everything is built."""
    sys.stderr.write(f"twistd imchat: {words}\n")
    sys.stderr.flush()


def _say_address(description: str) -> Any:
    scheme = "https" if description.startswith(("ssl:", "tls:")) else "http"

    def say(address: Any) -> None:
        host, port = getattr(address, "host", None), getattr(address, "port", None)
        if port is None:
            _log.info("Listening on {description}", description=description)
            return
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
        _log.info(
            "Open {scheme}://{host}:{port}/ in a browser.", scheme=scheme, host=shown, port=port
        )

    return say


def _give_up(reactor: Any) -> None:
    """Stop in good order, with status 1: twistd has no way to say so itself."""
    reactor.addSystemEventTrigger("after", "shutdown", os._exit, 1)
    reactor.stop()


def _leave_in_time(reactor: Any) -> None:
    """
    End the process also when a thread does not end, as one that waits for a silent database.

    Nothing is lost by that: what was acknowledged is stored.
    """

    def begin() -> None:
        timer = threading.Timer(_LEAVES_AFTER, leave)
        timer.daemon = True
        timer.start()

    def leave() -> None:
        _log.critical("Something does not end; the server ends without it.")
        os._exit(1)

    reactor.addSystemEventTrigger("before", "shutdown", begin)


def _renew_at_hangup(reactor: Any, server: Server) -> None:
    """SIGHUP would end the process; it reads the certificates again instead."""
    if hasattr(signal, "SIGHUP"):
        reactor.addSystemEventTrigger(
            "after",
            "startup",
            lambda: signal.signal(signal.SIGHUP, lambda *_: reactor.callFromThread(server.renew)),
        )
