"""
How often someone may knock: registering and signing in, by address and account.

Not on the way of a message: it stands in front of the passwords.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from twisted.internet.defer import Deferred

from imtwisted.boundaries import Clock
from imtwisted.limits import Buckets, network
from imtwisted.refusals import Busy, Unavailable

# Nobody's way in is barred for longer, whoever else tries the same name.
LONGEST_DELAY = 30_000
_WAITING = 256


class Attempt:
    """One try at a password, which counts as a wrong one unless forgiven."""

    def __init__(self) -> None:
        self.counts = True

    def forgive(self) -> None:
        """The password was right: this try is not to count."""
        self.counts = False


class SignIns:
    """
    Slows down who guesses.

    By address, registrations and sign-ins are refused beyond their rates. By
    account, wrong passwords delay the tries after them, right or wrong, whether
    the account exists or not; they never lock it.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        registrations_per_hour: int = 20,
        sign_ins_per_minute: int = 20,
        account_sign_ins_per_minute: int = 5,
    ) -> None:
        self._clock = clock
        self._registrations = Buckets(clock, registrations_per_hour, 3600)
        self._addresses = Buckets(clock, sign_ins_per_minute, 60)
        self._accounts = Buckets(clock, account_sign_ins_per_minute, 60)
        self._waiting = 0

    def registering(self, address: str) -> None:
        """Count a registration; raises `RateLimited`."""
        self._registrations.take(network(address))

    @asynccontextmanager
    async def trying(self, address: str, name_key: str) -> AsyncIterator[Attempt]:
        """
        Wait for one's turn at the account, and count the try unless it is forgiven.

        Counted before the password is known to be wrong, so that many tries at
        once get no more than many in a row. Raises `RateLimited`, `Busy`.
        """
        self._addresses.take(network(address))
        delay = min(self._accounts.wait(name_key), LONGEST_DELAY)
        self._accounts.owe(name_key)
        attempt = Attempt()
        try:
            await self._pause(delay)
            yield attempt
        except (Busy, Unavailable):
            # Nobody has learnt anything about the password.
            attempt.forgive()
            raise
        finally:
            if not attempt.counts:
                self._accounts.give_back(name_key)

    async def _pause(self, delay: int) -> None:
        if not delay:
            return
        if self._waiting >= _WAITING:
            raise Busy
        self._waiting += 1
        turn: Deferred[None] = Deferred()
        call = self._clock.callLater(delay / 1000, turn.callback, None)
        try:
            await turn
        finally:
            self._waiting -= 1
            if call.active():
                call.cancel()
