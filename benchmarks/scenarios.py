"""
What is tried, at which sizes, and which of its figures the table shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cast import Cast, Group
from benchmarks.plan import Run
from benchmarks.task import Conversation, Idling, Returning, Storming, Talking

SCENARIOS = ("fan-out", "direct", "idle", "offline", "storm")
SIZES = {
    "fan-out": (50, 200, 1000),
    "direct": (100,),
    "idle": (1000, 5000, 10_000),
    "offline": (1000, 10_000),
    "storm": (5000,),
}
QUICK_SIZES = {
    "fan-out": (50,),
    "direct": (20,),
    "idle": (500,),
    "offline": (1000,),
    "storm": (500,),
}
_COST = ("server/delivery s/M", "database/delivery s/M")
COLUMNS = {
    "fan-out": ("deliveries/s", "messages/s", "delivery p50 ms", "delivery p99 ms", *_COST),
    "direct": (
        "messages/s",
        "delivery p50 ms",
        "delivery p99 ms",
        "ack p50 ms",
        "ack p99 ms",
        "server/message s/M",
        "database/message s/M",
    ),
    "idle": ("sign-ins/s", "KiB/connection", "server/sign-in s/M", "database/sign-in s/M"),
    "offline": ("seconds to the last", "messages/s", "server/message s/M", "database/message s/M"),
    "storm": (
        "seconds to resume all",
        "resume p99 ms",
        "tries refused",
        "ack p50 ms",
        "ack p99 ms",
        "longest ack ms",
        "server/resume s/M",
        "database/resume s/M",
    ),
}
MEANING = {
    "fan-out": "A group whose members are all connected; a delivery is a message heard by another.",
    "direct": "Pairs, one of each speaking; the messages of imtwisted and ejabberd are kept.",
    "idle": "Connections that signed in and say nothing, on a server that has just started.",
    "offline": "From hello (or presence) to the last of the messages that waited.",
    "storm": "Everyone is cut off and comes back at once, ten messages behind; others go on talking.",
}
AT_ONCE = 50  # sign-ins on their way at a time
GROUP = 50  # members of a storm's groups
BEHIND = 10
SAID = 20
OTHERS = 10  # pairs that talk during a storm
TIMES = 3  # how often someone comes back to what waits


def runs(scenario: str, sizes: tuple[int, ...], seconds: float) -> Iterator[Run]:
    """Every run of `scenario` at `sizes`."""
    for size in sizes:
        match scenario:
            case "fan-out":
                yield from (_fan_out(size, n, out, seconds) for n, out in ((1, 1), (4, 4)))
            case "direct":
                yield from (_direct(size, outstanding, seconds) for outstanding in (1, 8))
            case "idle":
                yield _idle(size)
            case "offline":
                yield from (_offline(size, places) for places in (1, 100))
            case "storm":
                yield _storm(size)


def _fan_out(members: int, speakers: int, outstanding: int, seconds: float) -> Run:
    everyone = list(range(members))
    return Run(
        "fan-out",
        {"members": members, "senders": speakers, "outstanding": outstanding},
        Cast(members, groups=[Group(everyone)]),
        lambda server: Talking(
            [Conversation(server.groups[0], everyone, speakers)], outstanding, seconds
        ),
    )


def _direct(pairs: int, outstanding: int, seconds: float) -> Run:
    friends = [(2 * pair, 2 * pair + 1) for pair in range(pairs)]
    return Run(
        "direct",
        {"pairs": pairs, "outstanding": outstanding},
        Cast(2 * pairs, friends=friends),
        lambda server: Talking(_talks(server.direct, friends), outstanding, seconds),
    )


def _talks(places: list[str], friends: list[tuple[int, int]]) -> list[Conversation]:
    return [Conversation(place, list(pair)) for place, pair in zip(places, friends, strict=True)]


def _idle(connections: int) -> Run:
    return Run(
        "idle", {"connections": connections}, Cast(connections), lambda server: Idling(AT_ONCE)
    )


def _offline(waiting: int, places: int) -> Run:
    # The last member says it all; each of the others comes back to it once.
    each = waiting // places
    members = list(range(TIMES + 1))[::-1]
    return Run(
        "offline",
        {"waiting": waiting, "conversations": places},
        Cast(TIMES + 1, groups=[Group(members, each)] * places),
        lambda server: Returning(server.groups, each),
    )


def _storm(clients: int) -> Run:
    groups = [list(range(first, min(first + GROUP, clients))) for first in range(0, clients, GROUP)]
    friends = [(clients + 2 * pair, clients + 2 * pair + 1) for pair in range(OTHERS)]
    return Run(
        "storm",
        {"clients": clients},
        Cast(
            clients + 2 * OTHERS,
            groups=[Group(members, SAID) for members in groups],
            friends=friends,
        ),
        lambda server: Storming(
            [
                Conversation(place, members, 0)
                for place, members in zip(server.groups, groups, strict=True)
            ],
            SAID,
            BEHIND,
            _talks(server.direct, friends),
        ),
    )
