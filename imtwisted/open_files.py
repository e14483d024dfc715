"""
How many connections the machine lets the process hold: each is an open file.

Way of a message: before the first, when the server is put together.
"""

from __future__ import annotations

import resource

from twisted.logger import Logger

# Of a house of some hundred people who have three connections each, and its files.
ENOUGH = 4_096

_log = Logger()


def take_open_files() -> int:
    """
    Take as many open files as the process may, and say how many these are.

    The usual soft limit of 1,024 is there for programs that wait with select(2),
    which can watch no more (see systemd.exec(5), LimitNOFILE); Twisted waits with epoll.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < ENOUGH:
        _log.warn(
            "Only {hard} files may be open, and each connection is one: raise the limit "
            "(`ulimit -Hn`, or LimitNOFILE of the service).",
            hard=hard,
        )
    return hard
