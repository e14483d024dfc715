"""
What this machine tells of itself: cores, processor time, memory, open files.

Linux only: everything is read from ``/proc``, in the units of proc(5).
"""

from __future__ import annotations

import os
import platform
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class CannotMeasure(Exception):
    """Something that a figure needs is not so; the words are for the one who asked."""


def two_cores() -> tuple[int, int]:
    """One core for the generator and one for the server; raises `CannotMeasure`."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise CannotMeasure("two cores are needed, one for the generator and one for the server")
    return cores[0], cores[1]


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Run this thread, and what it starts meanwhile, on `core`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def raise_open_files(wanted: int) -> None:
    """Allow this process and its children `wanted` open files; raises `CannotMeasure`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (ValueError, OSError):
        raise CannotMeasure(f"{wanted} open files are needed, {hard} are allowed") from None


def processor_seconds(pid: int) -> float:
    """Processor time that the process, all its threads together, has used."""
    # The name, in brackets, may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def core_seconds(core: int) -> float:
    """
    Time that processes, or other machines on the same hardware, have used of `core`.

    Interrupts are left out: those of a benchmark are counted nowhere else.
    """
    for line in Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _wait, _irq, _softirq, steal = map(int, ticks[:8])
            return (user + nice + system + steal) / _TICKS
    raise CannotMeasure(f"there is no core {core}")


def resident_bytes(pid: int) -> int:
    """Memory of the process that is in RAM."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def description() -> dict[str, str]:
    """The machine, as a reader of figures wants to know it."""
    return {
        "processor": _field("/proc/cpuinfo", "model name"),
        "cores": str(os.cpu_count()),
        "memory": _field("/proc/meminfo", "MemTotal"),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _field(file: str, name: str) -> str:
    for line in Path(file).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"
