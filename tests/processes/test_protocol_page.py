"""The session that ``docs/protocol.md`` shows is what a real server says."""

from __future__ import annotations

import json
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.person import Connection, Person
from tests.process import Process

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
# Different in each run: the clock's, and chance's.
VOLATILE = {"at", "now", "epoch"}


def session_of(page: str) -> list[str]:
    """The lines of the block under "A whole session"."""
    block = page.partition("## A whole session")[2].split("```")[1]
    return [line for line in block.splitlines()[1:] if line and not line.startswith("#")]


def steady(value: object) -> object:
    """`value` with the parts that differ in each run replaced by their types."""
    if isinstance(value, dict):
        return {
            key: type(inner).__name__ if key in VOLATILE else steady(inner)
            for key, inner in value.items()
        }
    return [steady(inner) for inner in value] if isinstance(value, list) else value


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
                    connections[who] = people[who].connects()
                    self.addCleanup(connections[who].socket.close)
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
                    self.assertEqual(steady(heard), steady(json.loads(frame)), line)
