"""
How much of something one key may ask for: token buckets on the given clock.

Way of a message: sockets and http -> [limits] -> domain; who asks too much is
told when to come back.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Hashable

from imtwisted.boundaries import Clock
from imtwisted.refusals import RateLimited

_IPV6_NETWORK = 64


class Buckets:
    """
    One bucket a key: `tokens` flow into each every `seconds`, `burst` fit in.

    Without `tokens` there is no limit. At most `keys` are remembered: the one
    that was quiet for longest is forgotten first, which can only be to its
    advantage.
    """

    def __init__(
        self,
        clock: Clock,
        tokens: int,
        seconds: float,
        *,
        burst: int | None = None,
        keys: int = 10_000,
    ) -> None:
        self._clock = clock
        self._per_second = tokens / seconds
        self._burst = float(tokens if burst is None else burst)
        self._keys = keys
        # (tokens, as of when), the one used last at the end; debts are negative.
        self._levels: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable, tokens: int = 1) -> None:
        """Take `tokens`, or raise `RateLimited` and take none."""
        wait = self.wait(key, tokens)
        if wait:
            raise RateLimited(reason="too_many_tries", retry_after=wait)
        self.owe(key, tokens)

    def wait(self, key: Hashable, tokens: int = 1) -> int:
        """How many milliseconds until `tokens` are there; 0 when they are."""
        if not self._per_second:
            return 0
        missing = min(tokens, self._burst) - self._level(key)
        # The last bits of a float are no reason to come again.
        return max(0, int(missing / self._per_second * 1000 + 0.999)) if missing > 1e-9 else 0

    def owe(self, key: Hashable, tokens: int = 1) -> None:
        """Take `tokens` whether they are there or not; a debt is paid by waiting."""
        if self._per_second:
            self._put(key, max(self._level(key) - tokens, -self._burst))

    def give_back(self, key: Hashable, tokens: int = 1) -> None:
        """Put back what turned out not to count."""
        if self._per_second:
            self._put(key, min(self._level(key) + tokens, self._burst))

    def __len__(self) -> int:
        return len(self._levels)

    def _level(self, key: Hashable) -> float:
        tokens, since = self._levels.get(key, (self._burst, 0.0))
        flowed = (self._clock.seconds() - since) * self._per_second
        return min(tokens + flowed, self._burst)

    def _put(self, key: Hashable, level: float) -> None:
        self._levels.pop(key, None)
        # A full bucket says no more than a missing one.
        if level < self._burst:
            self._levels[key] = (level, self._clock.seconds())
        while len(self._levels) > self._keys:
            del self._levels[next(iter(self._levels))]


def network(address: str) -> str:
    """
    What counts as one caller: an IPv4 address, or an IPv6 /64.

    Whoever has one IPv6 address usually has the 2^64 beside it too.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), _IPV6_NETWORK), strict=False))
