"""
Checking passwords away from the reactor, as many at once as the machine bears.

Not on the way of a message: it stands behind the sign-in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool

from imtwisted.refusals import Busy

T = TypeVar("T")


class Hasher(Protocol):
    """Turns passwords into what may be stored; `argon2.PasswordHasher` is one."""

    def hash(self, password: str) -> str: ...

    def verify(self, hash: str, password: str) -> bool:
        """True, or raises `argon2.exceptions.VerificationError`."""

    def check_needs_rehash(self, hash: str) -> bool: ...


def password_hasher() -> Hasher:
    """The one whose hashes are stored."""
    # RFC 9106's choice for little memory; OWASP's second one.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class SlowWork(Protocol):
    """Where slow work is done; raises `Busy` when too much waits already."""

    async def run(self, work: Callable[..., T], *args: Any) -> T: ...


class Passwords:
    """Hashes and checks; a name nobody has takes as long as one somebody has."""

    def __init__(self, hasher: Hasher, workers: SlowWork) -> None:
        self._hasher = hasher
        self._workers = workers
        self._nobodys = hasher.hash("")

    async def hash(self, password: str) -> str:
        """What to store of `password`."""
        return await self._workers.run(self._hasher.hash, _composed(password))

    async def check(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the stored one; never for nobody, None."""
        against = self._nobodys if stored is None else stored
        matches = await self._workers.run(self._verify, against, _composed(password))
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other costs than are used now."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


class Workers:
    """`SlowWork` in a few threads of its own, with a queue that ends."""

    def __init__(self, reactor: IReactorFromThreads, threads: int = 2, waiting: int = 64) -> None:
        self._reactor = reactor
        self._pool = ThreadPool(0, threads, "passwords")
        self._room = threads + waiting

    def start(self) -> None:
        """Take work from now on."""
        self._pool.start()

    def stop(self) -> None:
        """Finish what runs, forget what waits for its turn."""
        self._pool.stop()

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """What `work` returned or raised; who leaves meanwhile keeps the place until then."""
        if not self._room:
            raise Busy
        self._room -= 1
        answer: Deferred[Any] = Deferred()

        def settle(result: T | Failure) -> None:
            self._room += 1
            # A Deferred takes a Failure as the error it is.
            answer.callback(result)

        def done(success: bool, result: T | Failure) -> None:
            self._reactor.callFromThread(settle, result)

        self._pool.callInThreadWithCallback(done, work, *args)
        result: T = await answer
        return result


def _composed(password: str) -> str:
    """The same password from another keyboard is the same (RFC 8265, section 4.2)."""
    return unicodedata.normalize("NFC", password)
