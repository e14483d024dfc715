"""The session that ``docs/protocol.md`` shows is what a real server says."""

from __future__ import annotations

import json
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.person import Connection, Person
from tests.process import Process

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
# Different in each run: the clock's, and chance's.
VOLATILE = {"at", "edited_at", "now", "epoch"}
LEFT_OUT = "…"


def session_of(page: str) -> list[str]:
    """The lines of the block under "A whole session"."""
    block = page.partition("## A whole session")[2].split("```")[1]
    return [line for line in block.splitlines()[1:] if line and not line.startswith("#")]


def as_shown(heard: object, shown: object) -> object:
    """`heard`, with what differs in each run, or is left out as "…", as the page shows it."""
    if isinstance(heard, list) and isinstance(shown, list) and len(heard) == len(shown):
        return [as_shown(*both) for both in zip(heard, shown, strict=True)]
    if not isinstance(heard, dict) or not isinstance(shown, dict):
        return heard
    seen = {
        key: shown[key]
        if key in VOLATILE and type(value) is type(shown.get(key))
        else as_shown(value, shown.get(key))
        for key, value in heard.items()
        if key in shown or LEFT_OUT not in shown
    }
    return seen | {key: shown[key] for key in shown if key == LEFT_OUT}


class ProtocolPageTests(SynchronousTestCase):
    """A reader of the page can trust every key and number in it."""

    def test_the_session(self) -> None:
        """Each line sent brings the lines that the page says, and none between them."""
        connections: dict[str, Connection] = {}
        epoch = ""
        with Process() as server:
            people = {name: Person(server, name).registers() for name in ("zhang", "li")}
            for line in session_of(PAGE.read_text("utf-8")):
                who, what, frame = line.split(maxsplit=2)
                if what == "opens":
                    connections[who] = self.enterContext(people[who].connects())
                elif what == "loses":
                    connections[who].socket.close()
                elif what == "→":
                    said = json.loads(frame)
                    if "epoch" in said:
                        said["epoch"] = epoch
                    connections[who].socket.send(json.dumps(said))
                else:
                    self.assertEqual(what, "←")
                    heard = json.loads(connections[who].socket.recv(timeout=15))
                    epoch = heard.get("epoch", epoch)
                    shown = json.loads(frame)
                    self.assertEqual(as_shown(heard, shown), shown, line)
