"""
From rows to a table for people, and to JSON for programs. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from benchmarks.runner import Row
from benchmarks.scenarios import COLUMNS, MEANING

NOTES = (
    "Everything runs on this machine over the loopback: the generator on one core, the server on "
    "the other, a database on the server's core.",
    "In each run every receiver was checked to have got each message once and in order.",
    "Users are made through the store, with tokens: no password is hashed. Limits of rate and of "
    "connections are lifted by option.",
    "s/M: processor seconds of the process for a million deliveries, messages or connections.",
    "ws, websockets and gevent are relays: they know nobody and store nothing.",
)


def tables(rows: Sequence[Row]) -> str:
    """One table a scenario, a line for each peer and size, the median where runs repeat."""
    parts = []
    for scenario in dict.fromkeys(row.scenario for row in rows):
        chosen = [row for row in rows if row.scenario == scenario]
        parts.append(f"{scenario}: {MEANING[scenario]}\n{_table(scenario, chosen)}")
    return "\n\n".join([*parts, "\n".join(NOTES)])


def _table(scenario: str, rows: list[Row]) -> str:
    columns = [name for name in COLUMNS[scenario] if any(name in row.figures for row in rows)]
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        said = ", ".join(f"{value} {name}" for name, value in row.parameters.items())
        groups.setdefault((said, row.peer, row.storage), []).append(row)
    lines = [["", "server", "storage", *columns]]
    lines += [[*key, *_cells(columns, group)] for key, group in groups.items()]
    widths = [max(len(line[i]) for line in lines if i < len(line)) for i in range(len(lines[0]))]
    return "\n".join(_line(line, widths) for line in lines)


def _cells(columns: list[str], rows: list[Row]) -> list[str]:
    """The medians, or what failed: one failed run of several is one too many."""
    for row in rows:
        if row.failed is not None:
            return [f"FAILED: {' '.join(row.failed.split())}"[:200]]
    return [
        shown(median(row.figures[name] for row in rows)) if name in rows[0].figures else "-"
        for name in columns
    ]


def shown(value: float) -> str:
    """Three digits that matter."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _line(cells: list[str], widths: list[int]) -> str:
    told = [cell.ljust(width) for cell, width in zip(cells[:3], widths, strict=False)]
    if len(cells) > 3 and cells[3].startswith("FAILED"):
        return "  ".join([*told, cells[3]])
    told += [cell.rjust(width) for cell, width in zip(cells[3:], widths[3:], strict=False)]
    return "  ".join(told).rstrip()


def document(rows: Sequence[Row], about: dict[str, Any]) -> dict[str, Any]:
    """Everything, for a file."""
    return {**about, "notes": list(NOTES), "rows": [asdict(row) for row in rows]}
