"""
The backplane of a single node: a function call.

Way of a message: journal -> (commit) -> [local] -> registry -> outbox -> browser.
"""

from __future__ import annotations

from collections.abc import Callable

from imtwisted.events import CircleEvent, Event, MembershipEvent
from imtwisted.model import UserId
from imtwisted.registry import Registry


class LocalBackplane:
    """`boundaries.Backplane` for one node."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.welcome: Callable[[MembershipEvent], None] = lambda event: None
        self.look_around: Callable[[UserId], None] = lambda user: None

    def announce(self, event: Event) -> None:
        """Tell whom it concerns here, at once."""
        self._registry.tell(event)
        if isinstance(event, MembershipEvent) and event.is_member:
            self.welcome(event)
        elif isinstance(event, CircleEvent):
            self.look_around(event.user)
