"""What people do to a group besides talking in it: its roles, who may write there, who may come in."""

from __future__ import annotations

from typing import Any

from tests.simulation.sitting import LOBBY, Sitter
from tests.simulation.standings import LEADERS


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
        user, group, other = self.device.user, self._led(), self._someone()
        seconds = self._chance.choice((1, 20, 20, None))
        if group is None:
            return
        if self._chance.random() < 0.3:
            self._do(lambda house: house.order.unsilence(user, group, other))
        else:
            self._do(lambda house: house.order.silence(user, group, other, seconds))

    def restrict(self) -> None:
        """Let only leaders write, or everyone again."""
        user, group, on = self.device.user, self._led(), self._chance.random() < 0.4
        if group is not None:
            self._do(lambda house: house.order.settle(user, group, announcement_only=on))

    def ban(self) -> None:
        """Keep someone out."""
        user, group, other = self.device.user, self._led(), self._someone()
        if group is None:
            return

        def answered(answer: Any, ban: tuple[int, str] = (group, other)) -> None:
            if answer is None:
                self._world.bans.append(ban)
                if self._chance.random() < 0.5:
                    self.device.later(self._chance.random() * 15, self._pardon, *ban)

        self.device.ask(lambda house: house.conversations.ban(user, group, other), answered)

    def _led(self) -> int | None:
        """A group that one leads, if there is one; now and then any."""
        heads = self.device.rooms.heads
        led = [id for id, head in heads.items() if head.get("role") in LEADERS and id != LOBBY]
        return self._chance.choice(led) if led and self._chance.random() < 0.8 else self._group()

    def pardon(self) -> None:
        """Let someone come back who is kept out, or try to; where nobody is, keep someone out."""
        if self._world.bans:
            self._pardon(*self._chance.choice(self._world.bans))
        else:
            self.ban()

    def _pardon(self, group: int, other: str) -> None:
        user = self.device.user
        asked = self._mercies.asks(
            self._mercies.pardons, int(user.id), group, self._bonds.id_of(other)
        )
        self.device.ask(
            lambda house: house.conversations.pardon(user, group, other),
            lambda answer: self._mercies.answered(asked, answer),
        )

    def invite(self) -> None:
        """Make a link."""
        user, group = self.device.user, self._led()
        expires_in, uses = self._chance.choice((60, None)), self._chance.choice((None, 1, 2))

        def made(answer: Any) -> None:
            self.device.note("is told", type(answer).__name__)
            if hasattr(answer, "code") and not isinstance(answer, Exception):
                self._world.links.append(answer.code)
                self._world.invites.append((answer.conversation, answer.id))
                if self._chance.random() < 0.3:
                    wait = self._chance.random() * 20
                    self.device.later(wait, self._revoke, answer.conversation, answer.id)

        if group is not None:
            self.device.ask(
                lambda house: house.invitations.make(user, group, expires_in, uses), made
            )

    def revoke(self) -> None:
        """Make a link good for nothing, or try to; where there is none, make one."""
        if self._world.invites:
            self._revoke(*self._chance.choice(self._world.invites))
        else:
            self.invite()

    def _revoke(self, group: int, link: int) -> None:
        user = self.device.user
        asked = self._mercies.asks(self._mercies.revocations, int(user.id), group, link)
        self.device.ask(
            lambda house: house.invitations.revoke(user, group, link),
            lambda answer: self._mercies.answered(asked, answer),
        )

    def follow(self) -> None:
        """Come in by a link."""
        user, links = self.device.user, self._world.links
        if links:
            code = self._chance.choice(links)
            self._do(lambda house: house.invitations.join(user, code))
