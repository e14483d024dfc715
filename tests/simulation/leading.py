"""What people do to a group besides talking in it: its roles, who may write there, who may come in."""

from __future__ import annotations

from typing import Any

from tests.simulation.sitting import Sitter


class Leader(Sitter):
    """Keeps groups in order, or tries to: the rules decide who leads."""

    def appoint(self) -> None:
        """Give someone another role."""
        user, group, other = self.device.user, self._group(), self._someone()
        role = self._chance.choice(("moderator", "moderator", "member", "owner"))
        if group is not None:
            self._do(lambda house: house.conversations.appoint(user, group, other, role))

    def silence(self) -> None:
        """Let someone be quiet for a while, or write again."""
        user, group, other = self.device.user, self._group(), self._someone()
        seconds = self._chance.choice((1, 5, 20, None))
        if group is None:
            return
        if self._chance.random() < 0.3:
            self._do(lambda house: house.order.unsilence(user, group, other))
        else:
            self._do(lambda house: house.order.silence(user, group, other, seconds))

    def restrict(self) -> None:
        """Let only leaders write, or everyone again."""
        user, group, on = self.device.user, self._group(), self._chance.random() < 0.4
        if group is not None:
            self._do(lambda house: house.order.settle(user, group, announcement_only=on))

    def ban(self) -> None:
        """Keep someone out, for ever: here nobody is pardoned."""
        user, group, other = self.device.user, self._group(), self._someone()
        if group is not None:
            self._do(lambda house: house.conversations.ban(user, group, other))

    def invite(self) -> None:
        """Make a link."""
        user, group = self.device.user, self._group()
        expires_in, uses = self._chance.choice((60, None)), self._chance.choice((None, 1, 2))

        def made(answer: Any) -> None:
            self.device.note("is told", type(answer).__name__)
            if hasattr(answer, "code") and not isinstance(answer, Exception):
                self._world.links.append(answer.code)

        if group is not None:
            self.device.ask(
                lambda house: house.invitations.make(user, group, expires_in, uses), made
            )

    def follow(self) -> None:
        """Come in by a link."""
        user, links = self.device.user, self._world.links
        if links:
            code = self._chance.choice(links)
            self._do(lambda house: house.invitations.join(user, code))
