"""Whose browser leaves while an upload is being kept."""

from __future__ import annotations

from pathlib import Path

from twisted.internet.defer import Deferred

from imtwisted.files import Sight
from imtwisted.model import UserId
from tests.uploading import TYPE, Sighted, UploadCase, form, png


class LeftTests(UploadCase):
    """What had come whole is kept."""

    def test_left_while_it_is_looked_at(self) -> None:
        """Who leaves then takes nothing out of the hands of whoever keeps it."""
        seen: Deferred[None] = Deferred()

        class Slow(Sighted):
            async def look(
                self, owner: UserId, picture: Path, bare: Path, thumbnail: Path
            ) -> Sight | None:
                await seen
                return await super().look(owner, picture, bare, thumbnail)

        self.open("alice", files=self.folder, pictures=Slow())
        line = self.scripts["alice"].begin(
            "POST", "/api/v1/files", raw=form(png(4, 4)), headers={"Content-Type": TYPE}
        )
        self.server.turn()
        line.leaves()
        seen.callback(None)
        self.server.turn()
        self.assertEqual(len(self.lying()), 1)
