"""
Who is writing something just now: told to the others in a small conversation.

Way of a message: before it, while it is being thought. Never stored, and nobody
who misses it is told again.
"""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted import frames, rules
from imtwisted.boundaries import Backplane, Clock, SharingStore
from imtwisted.domain.circles import Circles
from imtwisted.entries import Committed
from imtwisted.events import ConversationEvent
from imtwisted.limits import Buckets
from imtwisted.model import ConversationId, Membership, UserId
from imtwisted.refusals import ChatError
from imtwisted.sharing import Audience, Circle

EVERY = 3.0  # seconds between two of one person in one conversation; more are ignored
FRESH = 60.0  # seconds for which it is taken as known who hears in a conversation
_REMEMBERED = 10_000  # conversations


class Typists:
    """Passes on that someone types, to those who share that themselves."""

    _log = Logger()

    def __init__(
        self,
        circles: Circles,
        store: SharingStore,
        backplane: Backplane,
        clock: Clock,
        *,
        anyone_may_write: bool,
    ) -> None:
        self._circles = circles
        self._store = store
        self._backplane = backplane
        self._clock = clock
        self._anyone_may_write = anyone_may_write
        # Two at once: a network that held one back delivers it with the next.
        self._rates = Buckets(clock, 1, EVERY, burst=2)
        self._audiences: dict[ConversationId, tuple[Audience, float]] = {}
        self._asking: set[ConversationId] = set()
        self._stale: set[ConversationId] = set()  # of those being asked for: changed since

    def typed(self, user: UserId, conversation: ConversationId) -> None:
        """`user`, a member, writes something there."""
        circle, key = self._circles.of(user), (user, conversation)
        if circle is None or not circle.shares.typing or self._rates.wait(key):
            return
        self._rates.owe(key)
        audience, since = self._audiences.get(conversation, (None, 0.0))
        if audience is not None and self._clock.seconds() - since < FRESH:
            self._tell(user, circle, conversation, audience)
        elif conversation not in self._asking:
            self._asking.add(conversation)
            Deferred.fromCoroutine(self._look(user, circle, conversation)).addErrback(
                lambda failure: self._log.failure("Telling of a typist failed", failure)
            )

    def forget(self, batch: Sequence[Committed]) -> None:
        """Of what changed in these, nothing old is known: a silence holds at once."""
        for committed in batch:
            if committed.changes or (committed.message and committed.message.kind == "system"):
                self._audiences.pop(committed.conversation, None)
                if committed.conversation in self._asking:
                    self._stale.add(committed.conversation)

    async def _look(self, user: UserId, circle: Circle, conversation: ConversationId) -> None:
        """Ask who hears it; whoever types meanwhile will do so again."""
        try:
            audience = await self._store.audience(conversation)
            if conversation in self._stale:
                return
        except ChatError:
            return
        finally:
            self._asking.discard(conversation)
            self._stale.discard(conversation)
        self._audiences.pop(conversation, None)
        self._audiences[conversation] = audience, self._clock.seconds()
        if len(self._audiences) > _REMEMBERED:
            del self._audiences[next(iter(self._audiences))]
        self._tell(user, circle, conversation, audience)

    def _tell(
        self, user: UserId, circle: Circle, conversation: ConversationId, audience: Audience
    ) -> None:
        if audience.members > rules.SHARED_UP_TO or not self._may_write(user, circle, audience):
            return
        frame = frames.encode(frames.TypingOut(conversation, user))
        self._backplane.announce(
            ConversationEvent(conversation, 0, 0, frame, without=user, topic="typing")
        )

    def _may_write(self, user: UserId, circle: Circle, audience: Audience) -> bool:
        """Who could not send it to someone does not let them know of it either."""
        if not audience.pair:
            return self._may_speak(user, audience)
        others = audience.pair - {user}
        if others <= circle.friends:
            return True
        return self._anyone_may_write and not others & circle.estranged

    def _may_speak(self, user: UserId, audience: Audience) -> bool:
        membership = audience.special.get(user, Membership(user, "member"))
        only, now = audience.announcement_only, int(self._clock.seconds() * 1000)
        try:
            rules.may_speak(membership, announcement_only=only, now=now)
        except ChatError:
            return False
        return True
