"""
What was begun is finished, though the browser has left.

Way of a message: browser -> site -> [shield] -> api -> domain. Klein cancels a
handler when its connection is lost; between a COMMIT and its announcement that
would keep others from hearing of what is stored.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from imtwisted.refusals import ChatError

T = TypeVar("T")

_log = Logger()


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`; cancelling ends the waiting, not the work."""
    waiting: Deferred[T] = Deferred()

    def settle(result: T | Failure) -> None:
        if not waiting.called:
            waiting.callback(result)
        elif isinstance(result, Failure) and not result.check(ChatError):
            _log.failure("A request failed whose client has left", result)

    Deferred.fromCoroutine(work).addBoth(settle)
    return await waiting
