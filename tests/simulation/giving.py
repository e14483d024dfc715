"""What people do with files: send them, pass them on, look at them, and try those of others."""

from __future__ import annotations

from typing import Any

from tests.client import Frame
from tests.simulation.leading import Leader

MANY = 20  # an id that a file may have or not


class Giver(Leader):
    """Brings files, and does with them what one may and what one may not."""

    _files = 0

    def attach(self) -> None:
        """A message with some files, once all of them have arrived."""
        conversation = self._once_known()
        where: dict[str, Any] = {"conversation": conversation}
        if conversation is None or self._chance.random() < 0.15:
            where = {"to": self._someone()}
        self._collect(self._chance.choice((1, 1, 2, 3)), [], where)

    def _collect(self, missing: int, files: list[int], where: dict[str, Any]) -> None:
        if missing == 0:
            self._hand_over(files, where)
            return

        def done(file: Frame | None) -> None:
            if file is not None:
                self._collect(missing - 1, [*files, file["id"]], where)

        self.device.parcels.upload(*self._new_file(), done)

    def _new_file(self) -> tuple[bytes, str]:
        """No two files have the same bytes."""
        self._files += 1
        words = f"{self.device.name} brings {self._files} 你好".encode()
        start = self._chance.choice((b"", b"", b"\x89PNG\r\n\x1a\n"))
        content = start + words + b"." * self._chance.choice((0, 100, 3_000))
        return content, f"{self._files} 你好.txt"

    def _hand_over(self, files: list[int], where: dict[str, Any]) -> None:
        """Send what has arrived; or think again; or try to have more of it."""
        odds = self._chance.random()
        if odds < 0.12:
            for file in files if odds < 0.06 else ():
                self.device.parcels.give_back(file)
            return
        if odds < 0.2:
            files = [*files[1:], self._chance.choice(self._world.files)]
        text = self._text() if self._chance.random() < 0.7 else ""
        self.device.saying.say(text, files=files, **where)
        if odds > 0.92:
            self.device.saying.say(self._text(), files=files, **where)
        elif odds > 0.85:
            other = self._once_known()
            if other is not None:
                self.device.saying.say(self._text(), files=files, conversation=other)

    def forward(self) -> None:
        """The files of a message once more, somewhere else."""
        message, target = self._with_files(), self._once_known()
        if message is None or target is None:
            return
        asked = [file["id"] for file in message["files"]]
        self._copy(asked, [], message["text"], target)

    def _copy(self, asked: list[int], files: list[int], text: str, target: int) -> None:
        if not asked:
            self.device.saying.say(text, files=files, conversation=target)
            return

        def done(file: Frame | None) -> None:
            if file is not None:
                self._copy(asked[1:], [*files, file["id"]], text, target)

        self.device.parcels.copy(asked[0], done)

    def open(self) -> None:
        """Look at a file that is on the screen, or at any other."""
        message = self._with_files() if self._chance.random() < 0.5 else None
        if message is not None:
            self.device.parcels.fetch(self._chance.choice(message["files"])["id"])
        else:
            self.device.parcels.fetch(self._chance.choice([MANY, *self._world.files]))

    def _with_files(self) -> Frame | None:
        rooms = self.device.rooms
        shown = [message for conversation in rooms.heads for message in rooms.shown(conversation)]
        found = [message for message in shown if message.get("files")]
        return self._chance.choice(found) if found else None
