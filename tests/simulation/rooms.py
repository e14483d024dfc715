"""
A device's conversations and lists: what heads, updates and pages make of them.

The seven rules themselves are `tests.client`'s; here is what the page does
around them: which conversations there are, from where on they are loaded, and
the number its lists are current to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from msgspec import to_builtins

from imtwisted import frames
from imtwisted.house import House
from tests.client import Client, Frame, Place

AGAIN = 1.0  # seconds, after something was refused


class Device(Protocol):
    """The device whose rooms these are."""

    @property
    def live(self) -> bool: ...

    @property
    def user(self) -> Any: ...

    def request(self, kind: str, **fields: Any) -> None: ...

    def ask(self, work: Any, answered: Any) -> None: ...

    def later(self, seconds: float, run: Any, *args: Any) -> None: ...


@dataclass
class Loaded:
    """How much of a conversation's past is there."""

    start: int | None = None  # every message from here on; None before the first page
    older: bool = False
    paging: bool = False


class Rooms:
    """Which conversations a device knows, and how far back."""

    def __init__(self, device: Device, client: Client) -> None:
        self.heads: dict[int, Frame] = {}
        self.loaded: dict[int, Loaded] = {}
        self.ever: list[int] = []  # every conversation that was ever in the lists
        self.version = -1
        self.refreshing = False
        self._again = False
        self._wanted = -1
        self._waiting: list[Frame] = []
        self._meeting: dict[int, int] = {}  # the rev heard of a conversation without a head
        self._device = device
        self._client = client

    @property
    def quiet(self) -> bool:
        """Whether nothing is on its way here."""
        return not (
            self.refreshing
            or self._meeting
            or any(loaded.paging or loaded.start is None for loaded in self.loaded.values())
        )

    def knows(self, conversation: int) -> bool:
        return conversation in self.heads

    # --- heads ------------------------------------------------------------------------

    def told(self, head: Frame) -> None:
        """A head as the server tells it; the conversation may be new."""
        conversation = head["conversation"]
        known = self.heads.get(conversation)
        if conversation not in self.ever:
            self.ever.append(conversation)
        if known is None or known["last_rev"] <= head["last_rev"]:
            self.heads[conversation] = head
        place = self._client.place(conversation)
        place.head(head["last_rev"])
        place.lag(self._meeting.pop(conversation, 0))
        self.loaded.setdefault(conversation, Loaded())
        self.load(conversation)

    def drop(self, conversation: int) -> None:
        """One is a member no more."""
        self.heads.pop(conversation, None)
        self.loaded.pop(conversation, None)
        self._client.places.pop(conversation, None)

    def keep_only(self, heads: list[Frame], known: list[int]) -> None:
        """The list is complete: what it lacks of what was known is gone."""
        told = {head["conversation"] for head in heads}
        for conversation in known:
            if conversation not in told:
                self.drop(conversation)

    def ready(self, ready: Frame) -> None:
        """The lists as `hello` was answered."""
        known = list(self.heads)
        for head in ready["conversations"]:
            self.told(head)
        if not ready["more"]:
            self.keep_only(ready["conversations"], known)
        self._wanted = max(self._wanted, ready["version"])
        if ready["version"] != self.version:
            self.refresh()

    def lost(self) -> None:
        """What was on its way will not come."""
        self._meeting.clear()
        for loaded in self.loaded.values():
            loaded.paging = False

    def meet(self, conversation: int, rev: int) -> None:
        """An event told of a conversation that is in no list yet."""
        known = self._meeting.get(conversation)
        self._meeting[conversation] = max(known or 0, rev)
        if known is None:
            self._fetch_head(conversation)

    def _fetch_head(self, conversation: int) -> None:
        def answered(answer: Any) -> None:
            if conversation not in self._meeting:
                return
            if isinstance(answer, tuple):
                self.told(_plain(answer[0]))
            elif answer.temporary:
                self._device.later(AGAIN, self._meet_again, conversation)
            else:
                del self._meeting[conversation]

        user = self._device.user.id
        self._device.ask(lambda house: house.conversations.head(user, conversation), answered)

    def _meet_again(self, conversation: int) -> None:
        if conversation in self._meeting:
            self._fetch_head(conversation)

    # --- lists --------------------------------------------------------------------------

    def update(self, update: Frame) -> None:
        """Apply the next change of the lists; after a gap fetch them."""
        self._wanted = max(self._wanted, update["version"])
        if self.refreshing:
            self._waiting.append(update)
        elif update["version"] > self.version + 1:
            self.refresh()
        elif update["version"] > self.version:
            self.version = update["version"]
            self._apply(update)

    def _apply(self, update: Frame) -> None:
        if update["kind"] != "membership":
            return
        if update["member"]:
            self.told(update["head"])
        else:
            self.drop(update["conversation"])

    def refresh(self) -> None:
        """Fetch the lists; asked while they are on their way, once more after that."""
        if self.refreshing:
            self._again = True
            return
        self.refreshing, self._again = True, False
        known = list(self.heads)
        user = self._device.user.id

        async def fetch(house: House) -> Any:
            contacts, version = await house.contacts.of(user)
            del contacts
            return version, await house.conversations.heads(user, 500)

        self._device.ask(fetch, lambda answer: self._fetched(answer, known))

    def _fetched(self, answer: Any, known: list[int]) -> None:
        self.refreshing = False
        if isinstance(answer, tuple):
            contacts_version, heads = answer
            listed = [_plain(head) for head in heads.heads]
            for head in listed:
                self.told(head)
            self.keep_only(listed, known)
            self.version = min(contacts_version, heads.version)
        waiting, self._waiting = sorted(self._waiting, key=lambda u: u["version"]), []
        for update in waiting:
            self.update(update)
        if self._again or (isinstance(answer, tuple) and self.version >= self._wanted):
            if self._again:
                self.refresh()
        else:
            self.refreshing = True
            self._device.later(2 * AGAIN, self._refresh_again)

    def _refresh_again(self) -> None:
        self.refreshing = False
        if self._device.live:
            self.refresh()

    # --- history ------------------------------------------------------------------------

    def load(self, conversation: int, limit: int = 50) -> None:
        """Fetch the newest page, unless it is there or on its way."""
        loaded = self.loaded.get(conversation)
        if loaded and loaded.start is None and not loaded.paging and self._device.live:
            loaded.paging = True
            self._device.request("history", conversation=conversation, limit=limit)

    def older(self, conversation: int, limit: int = 20) -> None:
        """Fetch the page before what is there."""
        loaded = self.loaded.get(conversation)
        if loaded and loaded.start and loaded.older and not loaded.paging and self._device.live:
            loaded.paging = True
            self._device.request(
                "history", conversation=conversation, before=loaded.start, limit=limit
            )

    def page(self, asked: Frame, page: Frame) -> None:
        """A page of history came; after a `reset` meanwhile it belongs to nothing."""
        loaded = self.loaded.get(asked["conversation"])
        if loaded is None:
            return
        loaded.paging = False
        if page["type"] != "ok":
            self._device.later(AGAIN, self.load, asked["conversation"])
        elif loaded.start == asked.get("before"):
            self._client.place(asked["conversation"]).history(page)
            first = page["items"][0]["seq"] if page["items"] else loaded.start or 1
            loaded.start, loaded.older = first, page["more"]
        else:
            self.load(asked["conversation"])

    def forget(self, conversation: int) -> None:
        """After a `reset` the messages are to be fetched anew."""
        self.loaded[conversation] = Loaded(paging=self.loaded[conversation].paging)
        self.load(conversation)

    def shown(self, conversation: int) -> list[Frame]:
        """The timeline on the screen: from `start` on, by `seq`."""
        loaded, place = self.loaded[conversation], self.place(conversation)
        if loaded.start is None:
            return []
        return [place.messages[seq] for seq in sorted(place.messages) if seq >= loaded.start]

    def place(self, conversation: int) -> Place:
        """The conversation as the seven rules keep it."""
        return self._client.place(conversation)


def _plain(head: Any) -> Frame:
    plain: Frame = to_builtins(frames.head_of(head))
    return plain
