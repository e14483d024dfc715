"""
What a device knows of the others, and tells them of itself: receipts, presence, typing.

As the page does it: what has arrived is told a moment later, for all conversations
at once, and again after each `ready` and where it did not fit in.
"""

from __future__ import annotations

from typing import Any, Protocol

from tests.client import Client, Frame
from tests.simulation.rooms import Rooms

TOLD_AFTER = 0.3  # seconds in which more may arrive
AGAIN = 2.0
AT_ONCE = 500


class Device(Protocol):
    """The device whose company this is."""

    @property
    def live(self) -> bool: ...

    def later(self, seconds: float, run: Any, *args: Any) -> None: ...

    def tell(self, kind: str, **fields: Any) -> None: ...

    def tell_reads(self) -> None: ...


class Company:
    """Of each connection anew; what the last one knew of others is in the heads."""

    def __init__(self, device: Device, client: Client, rooms: Rooms) -> None:
        self.positions: dict[tuple[int, int], tuple[int, int]] = {}
        self.present: set[int] = set()
        self.missed = False  # whether presence may have been among what was skipped
        self.told: dict[int, int] = {}
        self._device = device
        self._client = client
        self._rooms = rooms
        self._is_about_to_tell = False
        self._is_about_to_repeat = False
        self._patience = AGAIN

    @property
    def quiet(self) -> bool:
        """Whether all that has arrived is told."""
        return not self._is_about_to_tell

    def heard(self, frame: Frame) -> None:
        """Any frame of the server."""
        match frame["type"]:
            case "ready":
                self._begin()
            case "cursor":
                self._moved(frame)
            case "presence" if frame["online"]:
                self.present.add(frame["user"])
            case "presence":
                self.present.discard(frame["user"])
            case "update":
                self._update(frame)
            case "lag":
                self.missed = True
            case "error" if "id" not in frame and frame["code"] == "busy":
                self._repeat_later()
        if not self._is_about_to_tell:
            self._is_about_to_tell = True
            self._device.later(TOLD_AFTER, self._tell)

    def peer(self, head: Frame) -> tuple[int, int] | None:
        """How far the other one of a direct conversation is, as this device knows it."""
        peer = head["peer"]
        live = self.positions.get((head["conversation"], peer["id"]))
        if "read" not in peer:
            return live
        read, received = live or (0, 0)
        return max(peer["read"], read), max(peer["received"], received)

    def _begin(self) -> None:
        self.positions.clear()
        self.present.clear()
        self.told.clear()
        self.missed = False
        self._patience = AGAIN

    def _update(self, update: Frame) -> None:
        """Who is no friend is not shown, and who hides sees nobody."""
        if update["kind"] == "contacts" and update["contact"]["state"] != "friend":
            self.present.discard(update["contact"]["user"]["id"])
        if update["kind"] == "settings" and not update["settings"]["presence"]:
            self.present.clear()

    def _moved(self, cursor: Frame) -> None:
        key = cursor["conversation"], cursor["user"]
        read, received = self.positions.get(key, (0, 0))
        self.positions[key] = max(read, cursor["read"]), max(received, cursor["received"])

    def _repeat_later(self) -> None:
        """Once, however often the server said that it is busy, and then less often."""
        if not self._is_about_to_repeat:
            self._is_about_to_repeat = True
            self._device.later(self._patience, self._repeat)
            self._patience *= 2

    def _repeat(self) -> None:
        self._is_about_to_repeat = False
        self.told.clear()
        self._device.tell_reads()
        self._tell()

    def _tell(self) -> None:
        """Up to where nothing is missing, all has arrived."""
        self._is_about_to_tell = False
        if not self._device.live:
            return
        cursors = []
        for id, head in self._rooms.heads.items():
            place = self._client.place(id)
            seq = max([head["last_seq"], *place.messages])
            if (place.own or 0) >= place.heard and seq > self.told.get(id, 0):
                self.told[id] = seq
                cursors.append([id, seq])
        if cursors:
            self._device.tell("received", cursors=cursors[:AT_ONCE])
