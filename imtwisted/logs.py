"""
How the log is written: as Twisted does, or as one JSON object a line.

Way of a message: beside it; no message's text ever comes here.
"""

from __future__ import annotations

import sys

import msgspec
from twisted.logger import FileLogObserver, LogEvent, formatEvent


def as_json(event: LogEvent) -> str:
    """`event` on one line: time (s since the epoch), level, namespace, text, and a traceback."""
    line = {
        "time": round(event.get("log_time", 0.0), 6),
        "level": getattr(event.get("log_level"), "name", "info"),
        "namespace": event.get("log_namespace", ""),
        "text": formatEvent(event),
    }
    failure = event.get("log_failure")
    if failure is not None:
        line["traceback"] = failure.getTraceback()
    return msgspec.json.encode(line).decode() + "\n"


def json_observer() -> FileLogObserver:
    """What `twistd` logs through when it is to write JSON: to standard output."""
    return FileLogObserver(sys.stdout, as_json)
