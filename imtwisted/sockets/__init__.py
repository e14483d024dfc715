"""
The chat sockets: where Autobahn and the chat meet, and nowhere else.

Way of a message: browser -> [sockets] -> inbox -> domain; outbox -> [sockets] -> browser.
"""

from __future__ import annotations

from imtwisted.sockets.factory import ChatFactory
from imtwisted.sockets.socket import HEARTBEAT, PROTOCOL_ERROR, SILENT, TOO_MANY, ChatSocket

__all__ = ["HEARTBEAT", "PROTOCOL_ERROR", "SILENT", "TOO_MANY", "ChatFactory", "ChatSocket"]
