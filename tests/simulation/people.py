"""What people do with their devices while everything goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.simulation.giving import Giver

OPEN = 3  # of the town: a public group

Act = Callable[["Persona"], None]


class Persona(Giver):
    """Who sits before one device, and what they may think of."""

    def _do_something(self) -> None:
        act = self._chance.choices(ACTS, WEIGHTS)[0]
        self.device.note("acts", act.__name__)
        act(self)

    # --- talking ----------------------------------------------------------------------

    def talk(self) -> None:
        """A few messages in one conversation."""
        conversation = self._once_known()
        if conversation is None:
            return
        for _ in range(self._chance.choice((1, 1, 2, 5))):
            fields: dict[str, Any] = {"conversation": conversation}
            last = self.device.rooms.heads.get(conversation, {}).get("last_seq", 0)
            if last and self._chance.random() < 0.2:
                fields["reply_to"] = self._chance.randint(1, last)
            if self._chance.random() < 0.2:
                fields["mentions"] = [self._chance.randint(1, 6)]
            self.device.saying.say(self._text(), **fields)

    def flood(self) -> None:
        """Many messages in the busiest conversation."""
        conversation = self._conversation("group")
        for _ in range(0 if conversation is None else 15):
            self.device.saying.say(self._text(), conversation=conversation)

    def whisper(self) -> None:
        """A direct message."""
        self.device.saying.say(self._text(), to=self._someone())

    def announce(self) -> None:
        """One message to several people."""
        to = [self._someone() for _ in range(self._chance.randint(1, 4))]
        self.device.saying.say(self._text(), to=to)

    def edit(self) -> None:
        """Other words for a message."""
        self._alter(self._thoughts.edit)

    def recall(self) -> None:
        """Take a message back."""
        self._alter(self._thoughts.recall)

    def react(self) -> None:
        """Put an emoji under a message, or take it away."""
        self._alter(self._thoughts.react)

    def _alter(self, think: Callable[[int], None]) -> None:
        conversation = self._conversation()
        if conversation is not None:
            think(conversation)

    # --- reading ------------------------------------------------------------------------

    def read(self) -> None:
        """Up to some message that is there."""
        conversation = self._conversation()
        if conversation is not None:
            last = self.device.rooms.place(conversation).own or 0
            self.device.read(conversation, self._chance.randint(0, last))
            if self._chance.random() < 0.1:
                self.device.tell_read(conversation, last + 5)

    def type(self) -> None:
        """Begin to write something, and think again."""
        conversation = self._once_known()
        if conversation is not None:
            self.device.tell("typing", conversation=conversation)

    def hide(self) -> None:
        """Show something no longer, or again."""
        user, what = self.device.user, self._chance.choice(("presence", "presence", "receipts"))
        if what == "receipts":
            self.device.hides()
        shown = self._chance.random() < 0.5
        self._do(lambda house: house.sharing.change(user.id, {what: shown}))

    def scroll(self) -> None:
        """Look at older messages."""
        conversation = self._conversation()
        if conversation is not None:
            self.device.rooms.older(conversation, self._chance.choice((1, 5, 50)))

    def clear(self) -> None:
        """Clear a conversation up to somewhere, for oneself."""
        conversation, user = self._conversation(), self.device.user
        if conversation is not None:
            last = self.device.rooms.place(conversation).own or 0
            seq = self._chance.randint(0, last)
            self._do(lambda house: house.conversations.hide(user, conversation, seq))

    # --- groups ---------------------------------------------------------------------------

    def found(self) -> None:
        """Make a group."""
        user, members = self.device.user, sorted({self._someone(), self._someone()})
        public = self._chance.random() < 0.5
        self._do(lambda house: house.conversations.found(user, "New", members, public))

    def join(self) -> None:
        """Enter a public group, known or guessed."""
        user, group = self.device.user, self._chance.randint(2, 8)
        self._do(lambda house: house.conversations.join(user, group))

    def leave(self) -> None:
        """Leave a group."""
        user, group = self.device.user, self._group()
        if group is not None:
            self._do(lambda house: house.conversations.leave(user, group))

    def add(self) -> None:
        """Bring someone into a group."""
        user, group, other = self.device.user, self._group(), self._someone()
        if group is not None:
            self._do(lambda house: house.conversations.add(user, group, other))

    def remove(self) -> None:
        """Take someone out of a group."""
        user, group, other = self.device.user, self._group(), self._someone()
        if group is not None:
            self._do(lambda house: house.conversations.remove(user, group, other))

    def settle(self) -> None:
        """Rename a group, or open or close it."""
        user, group = self.device.user, self._group()
        title = f"Group {self._chance.randint(1, 9)}"
        public = self._chance.choice((None, True, True, False))
        if group is not None:
            self._do(lambda house: house.order.settle(user, group, title=title, public=public))

    def dissolve(self) -> None:
        """End a group."""
        user, group = self.device.user, self._group()
        if group is not None:
            self._do(lambda house: house.conversations.dissolve(user, group))

    # --- people -----------------------------------------------------------------------------

    def befriend(self) -> None:
        """Ask for friendship, or accept it."""
        user, other = self.device.user, self._someone()
        self._bonds.asks(user.username, other)
        self._do(lambda house: house.contacts.ask(user, other, ""))

    def unfriend(self) -> None:
        """End a friendship."""
        user, other = self.device.user, self._someone()
        self._part(other, lambda house: house.contacts.remove(user, other))

    def block(self) -> None:
        """Block someone."""
        user, other = self.device.user, self._someone()
        self.device.hides()
        self._part(other, lambda house: house.contacts.block(user, other))

    def _part(self, other: str, work: Callable[[Any], Any]) -> None:
        """End what was between the two, and write all the same."""
        name = self.device.user.username

        def answered(answer: Any) -> None:
            if answer is None:
                self._bonds.parted(name, other)
            if not self.tired:
                self.device.saying.say(self._text(), to=other)

        self.device.ask(work, answered)

    def unblock(self) -> None:
        """Let someone write again."""
        user, other = self.device.user, self._someone()
        self.device.hides()
        self._do(lambda house: house.contacts.unblock(user, other))

    # --- devices ----------------------------------------------------------------------------

    def sign_out(self) -> None:
        """End the session of this device."""
        self.device.sign_out()

    def nap(self) -> None:
        """Close the page, and open it again later."""
        self.device.turn_off()
        self._world.clock.callLater(self._chance.random() * 8, self._wake)

    def _wake(self) -> None:
        if not self.tired:
            self.device.turn_on()

    def reappear(self) -> None:
        """Enter or leave the open group, and come back, at the same time."""
        user, rooms = self.device.user, self.device.rooms
        later = self._world.clock.callLater

        def change() -> None:
            if rooms.knows(OPEN):
                self._do(lambda house: house.conversations.leave(user, OPEN))
            else:
                self._do(lambda house: house.conversations.join(user, OPEN))

        self.device.turn_off()
        later(self._chance.random() * 0.1, change)
        later(self._chance.random() * 0.1, self._wake)


_HABITS: list[tuple[Act, float]] = [
    (Persona.talk, 40),
    (Persona.flood, 3),
    (Persona.whisper, 12),
    (Persona.announce, 4),
    (Persona.attach, 7),
    (Persona.forward, 5),
    (Persona.open, 8),
    (Persona.edit, 14),
    (Persona.recall, 9),
    (Persona.react, 20),
    (Persona.read, 12),
    (Persona.scroll, 5),
    (Persona.type, 8),
    (Persona.hide, 2),
    (Persona.clear, 1.5),
    (Persona.found, 1.5),
    (Persona.join, 4),
    (Persona.leave, 3),
    (Persona.add, 3),
    (Persona.remove, 2.5),
    (Persona.settle, 2),
    (Persona.dissolve, 0.4),
    (Persona.appoint, 1.5),
    (Persona.silence, 6),
    (Persona.restrict, 3),
    (Persona.ban, 1),
    (Persona.pardon, 2),
    (Persona.invite, 2),
    (Persona.revoke, 2),
    (Persona.follow, 3),
    (Persona.befriend, 3),
    (Persona.unfriend, 1.5),
    (Persona.block, 1),
    (Persona.unblock, 2),
    (Persona.sign_out, 1),
    (Persona.nap, 2),
    (Persona.reappear, 6),
]
ACTS = [act for act, _ in _HABITS]
WEIGHTS = [weight for _, weight in _HABITS]


@contextmanager
def eager(act: str | None, times: int = 6) -> Iterator[None]:
    """Within, people do this so many times as often as they would; None: as ever."""
    which = next((i for i, each in enumerate(ACTS) if each.__name__ == act), 0)
    before = WEIGHTS[which]
    WEIGHTS[which] = before * times if act else before
    try:
        yield
    finally:
        WEIGHTS[which] = before
