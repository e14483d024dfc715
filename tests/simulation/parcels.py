"""
A device's files on their way: uploaded, copied, fetched, given back.

As the page does it: a file that did not arrive is uploaded once more, and what was
uploaded before goes unsent. They live as long as the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from tests.client import Frame
from tests.simulation.custody import Custody
from tests.simulation.errands import Answer, Errand, request
from tests.simulation.server import Server
from tests.simulation.timekeeping import World
from tests.uploading import TYPE, form

TRIES = 5
AGAIN = 1.0  # seconds
TEMPORARY = (401, 429, 503)  # who is signed out signs in again

Done = Callable[[Frame | None], None]


class Device(Protocol):
    """The device whose files these are."""

    name: str

    @property
    def is_on(self) -> bool: ...

    @property
    def user(self) -> Any: ...

    @property
    def token(self) -> str: ...

    def later(self, seconds: float, run: Any, *args: Any) -> None: ...

    def note(self, what: str, *details: Any) -> None: ...


class Parcels:
    """Every request about files that a device waits for."""

    def __init__(self, world: World, server: Server, device: Device, custody: Custody) -> None:
        self._world = world
        self._server = server
        self._device = device
        self._custody = custody
        self._chance = world.chance(f"{device.name} carries")
        self._open: dict[int, Errand | None] = {}  # None between two tries
        self._last = 0

    @property
    def quiet(self) -> bool:
        """Whether nothing is on its way."""
        return not self._open

    def close(self) -> None:
        """The page is closed: what is on its way is lost with it."""
        errands, self._open = list(self._open.values()), {}
        for errand in errands:
            if errand is not None:
                errand.give_up()

    # --- what is asked ----------------------------------------------------------------

    def upload(self, content: bytes, name: str, done: Done) -> None:
        """Bring a file; `done` with it, or with None once it is given up."""
        user = int(self._device.user.id)
        self._custody.brings(user, content)
        since = self._world.clock.seconds()

        def answered(answer: Answer) -> Frame | None:
            if answer.status == 201:
                file: Frame = answer.told["file"]
                self._custody.brought(user, file, content, name)
                self._world.files.append(file["id"])
                return file
            self._custody.refused(user, answer.refusal, len(content), since)
            return None

        self._run("POST", "/files", answered, done, form(content, name), TYPE)

    def copy(self, file: int, done: Done) -> None:
        """A file that one sees once more, as an upload of one's own."""
        user, since = int(self._device.user.id), self._world.clock.seconds()

        def answered(answer: Answer) -> Frame | None:
            if answer.status == 201:
                copied: Frame = answer.told["file"]
                self._custody.copied(user, file, copied, since)
                return copied
            if answer.status == 404:
                self._custody.missed(user, file, since)
            return None

        self._run("POST", f"/files/{file}/copy", answered, done)

    def fetch(self, file: int) -> None:
        """The bytes of a file, which one may not be allowed to see."""
        user, since = int(self._device.user.id), self._world.clock.seconds()

        def answered(answer: Answer) -> None:
            if answer.status == 200:
                self._custody.fetched(user, file, answer.body, since)
            elif answer.status == 404:
                self._custody.missed(user, file, since)

        self._run("GET", f"/files/{file}", answered, lambda _: None)

    def give_back(self, file: int) -> None:
        """Delete an upload that is not sent after all."""
        self._run("DELETE", f"/files/{file}", lambda _: None, lambda _: None)

    # --- on the way -------------------------------------------------------------------

    def _run(
        self,
        method: str,
        path: str,
        answered: Callable[[Answer], Frame | None],
        done: Done,
        *body: Any,
    ) -> None:
        """Ask until there is an answer that is not temporary, at most so many times."""
        if not self._device.is_on:
            return
        self._last += 1
        number = self._last

        def attempt(left: int) -> None:
            if number not in self._open:
                return
            octets = request(method, path, self._device.token, *body)
            name = f"{self._device.name} {method} {number}.{left}"
            errand = Errand(self._world, name, self._chance, lambda answer: heard(answer, left))
            self._open[number] = errand
            errand.go(self._server, octets, self._mishap())

        def heard(answer: Answer | None, left: int) -> None:
            if number not in self._open:
                return
            self._device.note(f"{method} file", path, answer.status if answer else "no answer")
            if (answer is None or answer.status in TEMPORARY) and left:
                self._open[number] = None
                self._device.later(AGAIN, attempt, left - 1)
                return
            del self._open[number]
            done(answered(answer) if answer is not None else None)

        self._open[number] = None
        attempt(TRIES)

    def _mishap(self) -> float | None:
        """In one of ten the line is cut, somewhere on the way there or back."""
        return self._chance.random() * 0.3 if self._chance.random() < 0.1 else None
