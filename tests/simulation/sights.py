"""
The judge of what people see of each other: plain Python over raw SQL and devices.

Receipts are durable, so every device has to end where the database is. Presence
is best effort: it is compared where nothing can have been skipped.
"""

from __future__ import annotations

import sqlite3

from tests.simulation.broken import Broken
from tests.simulation.devices import Device

_DIRECTS = """
    SELECT m.conversation_id, m.user_id, m.read_seq, m.received_seq,
           u.share_receipts AND v.share_receipts AND NOT EXISTS (
               SELECT 1 FROM blocks
                WHERE (blocker_id = u.id AND blocked_id = v.id)
                   OR (blocker_id = v.id AND blocked_id = u.id)
           ),
           u.share_receipts
      FROM members AS m
      JOIN conversations AS c ON c.id = m.conversation_id AND c.kind = 'direct'
      JOIN members AS n ON n.conversation_id = c.id AND n.user_id <> m.user_id
      JOIN users AS u ON u.id = m.user_id
      JOIN users AS v ON v.id = n.user_id
"""
_RECEIVED = """
    SELECT received_seq FROM members
     WHERE conversation_id = ? AND user_id = ? AND state = 'active'
"""
_FRIENDS = """
    SELECT low_id, high_id, u.share_presence AND v.share_presence FROM friendships AS f
      JOIN users AS u ON u.id = f.low_id
      JOIN users AS v ON v.id = f.high_id
     WHERE f.friends_at IS NOT NULL
"""


class Sights:
    """Compares what devices know of others with what is so."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def check_positions(self, devices: list[Device], hiders: set[int]) -> None:
        """
        Each device knows how far the other one of a direct conversation is.

        Without those of `hiders`: what they did while they hid was told to nobody.
        """
        rows = {(row[0], row[1]): row[2:] for row in self._connection.execute(_DIRECTS)}
        for device in devices:
            for id, head in device.rooms.heads.items():
                if head["kind"] != "direct" or {device.user.id, head["peer"]["id"]} & hiders:
                    continue
                read, received, both_show, shares = rows[id, head["peer"]["id"]]
                known = device.company.peer(head)
                if both_show and known != (read, received):
                    raise Broken(f"{device.name} sees the other at {known} of {read, received}")
                if not shares and known is not None:
                    raise Broken(f"{device.name} sees one who hides at {known} in {id}")

    def check_received(self, devices: list[Device]) -> None:
        """What a live device has told to have arrived is stored."""
        for device in devices:
            for conversation, told in device.company.told.items():
                for (received,) in self._connection.execute(
                    _RECEIVED, (conversation, int(device.user.id))
                ):
                    if received < told:
                        raise Broken(
                            f"{device.name} has {conversation} to {told}, stored is {received}"
                        )

    def check_presence(self, devices: list[Device]) -> None:
        """Everyone who is there is seen by friends, and nobody else."""
        there = {int(device.user.id) for device in devices if device.live}
        rows = self._connection.execute(_FRIENDS).fetchall()
        for device in devices:
            me = int(device.user.id)
            shown = {one for *pair, both in rows if both and me in pair for one in pair} - {me}
            if not device.company.missed and device.company.present != shown & there:
                raise Broken(f"{device.name} sees {device.company.present}, not {shown & there}")
