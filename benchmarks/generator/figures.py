"""
From what was counted to what is told. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], part: float) -> float:
    """
    The smallest of `values` that at least `part` of them do not exceed.

    The nearest-rank method: always a value that was measured. Raises `ValueError`
    when there is none.
    """
    if not values or not 0 < part <= 1:
        raise ValueError("a percentile needs values, and a part between 0 and 1")
    return sorted(values)[math.ceil(part * len(values)) - 1]


def latencies(name: str, seconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile in milliseconds; nothing where nothing was measured."""
    if not seconds:
        return {}
    ordered = sorted(seconds)
    return {
        f"{name} p50 ms": percentile(ordered, 0.50) * 1000,
        f"{name} p99 ms": percentile(ordered, 0.99) * 1000,
    }


def per_million(spent: dict[str, float], what: str, number: int) -> dict[str, float]:
    """Processor seconds of each process for a million of `what`."""
    return {f"{name}/{what} s/M": seconds / number * 1e6 for name, seconds in spent.items()}
