"""
What one connection asks: read, put in order, answered once each; knows no Autobahn.

Way of a message: browser -> sockets -> frames -> [inbox] -> domain -> journal.

What is said enters the journal in the order it was asked. Pages are read one
at a time, beside what is said. Everything with an `id` gets one reply.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted import frames
from imtwisted.boundaries import Clock, Connections, Outlet
from imtwisted.domain.catchup import CatchUp
from imtwisted.domain.signals import Signals
from imtwisted.domain.timeline import Answer, Timeline
from imtwisted.model import Person
from imtwisted.refusals import BadRequest, Busy, ChatError, RateLimited, Unavailable

DRAIN = 4001
FLOOD = 4009
FLOOD_ANSWERS = 100
FLOOD_SECONDS = 60.0
REST = 0.05  # seconds for which nothing is read after `busy`, doubled each time in a row
LONGEST_REST = 4.0


@dataclass(frozen=True, slots=True)
class Services:
    """The rooms of the domain that a connection may ask."""

    timeline: Timeline
    catchup: CatchUp
    signals: Signals
    connections: Connections


class Asker(Protocol):
    """The connection above an inbox."""

    def press(self, pressed: bool) -> None:
        """Stop, or go on, reading what the client asks."""


class Inbox:
    """The requests of one connection of one person."""

    _log = Logger()

    def __init__(
        self,
        person: Person,
        outlet: Outlet,
        services: Services,
        asker: Asker,
        clock: Clock,
        unanswered_requests: int,
    ) -> None:
        self.greeted = False
        self._born_as = person
        self._outlet = outlet
        self._services = services
        self._asker = asker
        self._clock = clock
        self._limit = unanswered_requests
        self._ready = False
        self._unanswered = 0
        self._pressed = False
        self._saying: list[frames.Send | frames.Alteration] = []
        self._is_saying = False
        self._pages: list[frames.History | frames.Changes] = []
        self._is_paging = False
        self._refusals = 0  # rate_limited ones since `_refusals_since`
        self._refusals_since = 0.0
        self._is_flooded = False
        self._is_resting = False
        self._rest = REST

    def take(self, payload: bytes | str) -> None:
        """Answer one frame, now or later; never raises."""
        if self._is_flooded:
            return
        try:
            asked = frames.parse(payload)
        except frames.Unreadable as reason:
            self._refuse(reason.id, reason.refusal)
            return
        try:
            self._dispatch(asked)
        except ChatError as refusal:
            self._refuse(None, refusal)

    def _dispatch(self, asked: frames.AnyRequest) -> None:
        if isinstance(asked, frames.Hello):
            self._greet(asked)
        elif not self._ready:
            id = getattr(asked, "id", None)
            self._refuse(id, BadRequest(reason="hello_first"))
        elif isinstance(asked, frames.Send | frames.Alteration):
            self._open()
            self._say(asked)
        elif isinstance(asked, frames.Signal):
            self._services.signals.take(self._person.id, self._outlet.connection, asked)
        elif isinstance(asked, frames.Ping):
            now = int(self._clock.seconds() * 1000)
            self._outlet.reply(frames.encode(frames.Pong(now=now)))
        else:
            self._open()
            self._pages.append(asked)
            if not self._is_paging:
                self._run(self._answer_pages(), None)

    @property
    def _person(self) -> Person:
        return self._services.connections.present(self._born_as)

    # --- hello --------------------------------------------------------------------

    def _greet(self, hello: frames.Hello) -> None:
        if self.greeted:
            self._refuse(hello.id, BadRequest(reason="hello_twice"))
            return
        self.greeted = True
        self._run(self._catch_up(hello), hello.id)

    async def _catch_up(self, hello: frames.Hello) -> None:
        # Its deltas are pages too, and the others wait for them.
        self._is_paging = True
        try:
            await self._services.catchup.hello(self._outlet, self._person, hello, self._is_ready)
        except ChatError as refusal:
            if self._ready:
                # Some delta is missing, and only a new hello can ask for it.
                self._outlet.end(DRAIN, refusal.message)
            else:
                self.greeted = False
                self._refuse(hello.id, refusal)
        await self._answer_pages()

    def _is_ready(self) -> None:
        self._ready = True

    # --- saying ---------------------------------------------------------------------

    def _say(self, asked: frames.Send | frames.Alteration) -> None:
        """At once, or behind what still looks for its addressees."""
        if self._is_saying or (isinstance(asked, frames.Send) and asked.to is not None):
            self._saying.append(asked)
            if not self._is_saying:
                self._run(self._say_in_turn(), None)
            return
        try:
            self._say_now(asked)
        except ChatError as refusal:
            self._close(asked.id, refusal)

    def _say_now(self, asked: frames.Send | frames.Alteration) -> None:
        timeline, answered = self._services.timeline, self._answerer(asked.id)
        if isinstance(asked, frames.Send):
            client_id = bytes.fromhex(asked.client_id)
            timeline.post(self._person, client_id, asked, answered, asked.id)
        else:
            timeline.alter(self._person, asked, answered)

    async def _say_in_turn(self) -> None:
        self._is_saying = True
        try:
            while self._saying and not self._outlet.gone:
                asked = self._saying.pop(0)
                try:
                    await self._enter(asked)
                except ChatError as refusal:
                    self._close(asked.id, refusal)
                except Exception:
                    self._log.failure("Saying failed")
                    self._close(asked.id, Unavailable())
        finally:
            self._is_saying = False

    async def _enter(self, asked: frames.Send | frames.Alteration) -> None:
        if isinstance(asked, frames.Send):
            client_id = bytes.fromhex(asked.client_id)
            answered = self._answerer(asked.id)
            await self._services.timeline.enter(self._person, client_id, asked, answered, asked.id)
        else:
            self._say_now(asked)

    def _answerer(self, id: int) -> Callable[[Answer | ChatError], None]:
        return lambda answer: self._close(id, answer)

    # --- reading ----------------------------------------------------------------------

    async def _answer_pages(self) -> None:
        """One page at a time, so that replies cannot pile up."""
        self._is_paging = True
        try:
            while self._pages and not self._outlet.gone:
                asked = self._pages.pop(0)
                try:
                    await self._answer_page(asked)
                    self._close(asked.id, None)
                except ChatError as refusal:
                    self._close(asked.id, refusal)
                except Exception:
                    self._log.failure("Reading a page failed")
                    self._close(asked.id, Unavailable())
        finally:
            self._is_paging = False

    async def _answer_page(self, asked: frames.History | frames.Changes) -> None:
        if isinstance(asked, frames.Changes):
            await self._services.catchup.answer_changes(self._outlet, asked)
        else:
            await self._services.catchup.answer_history(self._outlet, asked)

    # --- answering ----------------------------------------------------------------------

    def _open(self) -> None:
        """One more request waits for its answer; too many stop the reading."""
        self._unanswered += 1
        self._press()

    def _close(self, id: int, answer: Answer | ChatError | None) -> None:
        """Answer the request `id`; None when the page itself was the answer."""
        self._unanswered -= 1
        if isinstance(answer, Busy):
            self._take_a_rest()
        if isinstance(answer, ChatError):
            self._refuse(id, answer)
        elif answer is not None:
            self._rest = REST
            self._outlet.reply(frames.encode(answer))
        # Only now: it may bring the next request.
        self._press()
        self._end_flood()

    def _press(self) -> None:
        pressed = self._unanswered >= self._limit or self._is_resting
        if pressed != self._pressed and not self._outlet.gone:
            self._pressed = pressed
            self._asker.press(pressed)

    def _take_a_rest(self) -> None:
        """
        Read nothing for a while: what does not fit is cheaper unread than refused.

        Refusing is quick, and who is refused sends again: without this a
        flood would spend the server's time on saying `busy`.
        """
        if not self._is_resting:
            self._is_resting = True
            self._clock.callLater(self._rest, self._go_on)
            self._rest = min(self._rest * 2, LONGEST_REST)

    def _go_on(self) -> None:
        self._is_resting = False
        self._press()

    def _refuse(self, id: int | None, refusal: ChatError) -> None:
        self._outlet.reply(frames.encode(frames.error_of(refusal, id)))
        if isinstance(refusal, RateLimited):
            self._count_refusal()

    def _count_refusal(self) -> None:
        now = self._clock.seconds()
        if now - self._refusals_since > FLOOD_SECONDS:
            self._refusals, self._refusals_since = 0, now
        self._refusals += 1
        self._is_flooded |= self._refusals >= FLOOD_ANSWERS
        self._end_flood()

    def _end_flood(self) -> None:
        """Once what was accepted before the flood is answered."""
        if self._is_flooded and not self._unanswered:
            self._outlet.end(FLOOD, "flood")

    def _run(self, work: Coroutine[Any, Any, None], id: int | None) -> None:
        """Autobahn drops what is returned to it, so work's end is watched here."""
        Deferred.fromCoroutine(work).addErrback(self._failed, id)

    def _failed(self, failure: Any, id: int | None) -> None:
        self._log.failure("A request failed", failure)
        self._outlet.end(DRAIN, "a fault of the server")
