"""
How much is unread, by what is heard, in the page's own modules.

``protocol/heads.js`` counts, ``protocol/rooms.js`` says where that is in doubt, and
``protocol/recounts.js`` asks then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.windows import Windows, make_group
from tests.process import Process

_RUN = """
    async (steps) => {
        const { Rooms } = await import("/static/js/protocol/rooms.js");
        const { Store } = await import("/static/js/store.js");
        const store = new Store({ id: 1, username: "me", display_name: "Me" });
        let doubts = 0;
        const rooms = new Rooms(store, () => doubts += 1);
        const run = {
            head: (head) => rooms.told(head),
            cursor: (event) => rooms.cursor(event),
            page: (...items) => store.rooms.get(7).log.page(items, false),
            hears: (event) => rooms.follow(store.rooms.get(7), store.rooms.get(7).log.live(event)),
            delta: (delta) => rooms.follow(store.rooms.get(7), store.rooms.get(7).log.delta(delta)),
        };
        for (const [what, ...given] of steps) run[what](...given);
        const { head, turnover } = store.rooms.get(7);
        return { ...head, turnover, doubts };
    }
"""

# Answers come in this order, each with so many changes; says how often was asked, and what was told.
_ASK = """
    async ([known, answers, again]) => {
        const { Recounts } = await import("/static/js/protocol/recounts.js");
        const told = [];
        let asked = 0;
        const recounts = new Recounts({
            rooms: new Map([[7, { head: { last_rev: known } }]]),
            fetch: async () => {
                const rev = answers[asked++];
                if (asked === again) recounts.ask(7);
                if (rev === null) throw new Error("away");
                return rev === undefined ? null : { last_rev: rev };
            },
            told: (head) => told.push(head.last_rev),
            sleep: async () => {},
            random: () => 0,
        });
        await recounts.ask(7);
        return { asked, told };
    }
"""

_MEMBERS = """
    async (turnovers) => {
        const { KnownMembers } = await import("/static/js/views/known_members.js");
        const { Store } = await import("/static/js/store.js");
        const store = new Store({ id: 1, username: "me", display_name: "Me" });
        const room = { head: { conversation: 7, kind: "group", members: 2000 }, log: { id: 7 }, turnover: 0 };
        store.rooms.set(7, room);
        store.place = { conversation: 7 };
        const asked = [];
        const api = { members: async (id, how) => (asked.push(how.query), { members: [], more: false }) };
        const known = new KnownMembers(api, store);
        for (const turnover of turnovers) {
            room.turnover = turnover;
            await known.lookFor("bo");
        }
        return asked.length;
    }
"""

Frame = dict[str, Any]


def head(**fields: Any) -> Frame:
    """The head of a group with ten messages, of which the last four are unread."""
    known = {"conversation": 7, "kind": "group", "title": "Band", "members": 3, "role": "member"}
    counts = {"last_rev": 10, "last_seq": 10, "read_seq": 6, "unread": 4, "mentions": 1}
    return {**known, "public": False, "muted": False, **counts, **fields}


def message(seq: int, rev: int = 0, **fields: Any) -> Frame:
    """A message of somebody else's."""
    common = {"type": "message", "conversation": 7, "client_id": f"{seq:032x}", "at": seq}
    said = {"sender": {"id": 2, "username": "bob"}, "kind": "text", "text": f"m{seq}"}
    return {**common, "seq": seq, "rev": rev or seq, **said, **fields}


def note(seq: int, what: str, **fields: Any) -> Frame:
    """A system message."""
    return message(seq, kind="system", system={"what": what, **fields})


def recall(rev: int, seq: int, by: int = 2) -> Frame:
    """That a message was taken back."""
    change = {"type": "change", "conversation": 7, "op": "recall", "at": rev}
    return {**change, "rev": rev, "seq": seq, "by": by}


def cursor(read: int, unread: int, last_seq: int, mentions: int = 0) -> Frame:
    """How far one has read on another device."""
    place = {"type": "cursor", "conversation": 7, "user": 1, "read": read, "received": read}
    return {**place, "unread": unread, "mentions": mentions, "last_seq": last_seq}


class Counts:
    """A group as the list of the page has it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def after(self, *steps: tuple[Any, ...]) -> Frame:
        """Take these steps, and say what the head says."""
        found: Frame = self.page.evaluate(_RUN, [list(step) for step in steps])
        return found

    def counts(self, *steps: tuple[Any, ...]) -> tuple[int, int, int]:
        """What is unread, how many of that mention one, and how often that was in doubt."""
        found = self.after(*steps)
        return found["unread"], found["mentions"], found["doubts"]

    def asks(self, known: int, *answers: int | None, again: int = 0) -> Frame:
        """How often is asked, and what is told, when `known` changes were heard of."""
        found: Frame = self.page.evaluate(_ASK, [known, list(answers), again])
        return found


@pytest.fixture(scope="module")
def group(chromium: Browser, shared_server: Process) -> Iterator[Counts]:
    """The modules as the server serves them."""
    page = chromium.new_page()
    page.goto(f"{shared_server.url}/login")
    yield Counts(page)
    page.close()


LOADED = ("page", message(8), message(9, mentions=[1]), message(10, sender={"id": 1}))


def test_what_is_taken_back_is_not_unread(group: Counts) -> None:
    """Nor does it mention anybody; the others stay."""
    assert group.counts(("head", head()), LOADED, ("hears", recall(11, 9))) == (3, 0, 0)
    assert group.counts(("head", head()), LOADED, ("hears", recall(11, 8))) == (3, 1, 0)
    assert group.counts(("head", head()), LOADED, ("hears", recall(11, 10, by=2))) == (4, 1, 0)
    assert group.counts(("head", head()), ("hears", recall(11, 3))) == (4, 1, 0)


def test_what_is_not_loaded_is_in_doubt(group: Counts) -> None:
    """Who said it, and whether it mentioned one, is known to the server alone."""
    assert group.counts(("head", head()), ("hears", recall(11, 9))) == (4, 1, 1)
    assert group.counts(("head", head(unread=0, mentions=0)), ("hears", recall(11, 9))) == (0, 0, 0)
    items = [message(9, 11, text="", recalled=True)]
    delta = {"type": "delta", "conversation": 7, "from": 10, "to": 11, "more": False}
    assert group.counts(("head", head()), ("delta", {**delta, "items": items})) == (4, 1, 1)
    told = head(last_rev=11, unread=3, mentions=0)
    assert group.counts(("head", told), ("delta", {**delta, "items": items})) == (3, 0, 0)


def test_an_older_head_takes_nothing_back(group: Counts) -> None:
    """What it says of the group; what it says of oneself is not told by messages."""
    news = [
        ("hears", note(11, "renamed", title="Orchestra")),
        ("hears", note(12, "joined", members=4)),
        ("hears", note(13, "described", description="louder")),
        ("hears", note(14, "announcements")),
        ("hears", note(15, "pictured", picture=5)),
    ]
    late = head(last_rev=10, role="moderator", muted=True, silenced={"until": 9})
    found = group.after(("head", head()), *news, ("head", late))
    kept = ("title", "members", "description", "announcement_only", "picture")
    assert [found[name] for name in kept] == ["Orchestra", 4, "louder", True, 5]
    assert (found["role"], found["muted"], found["silenced"]) == ("moderator", True, {"until": 9})
    newer = head(last_rev=16, last_seq=16, title="Band again")
    assert group.after(("head", head()), *news, ("head", newer))["title"] == "Band again"


def test_members_are_counted_by_what_is_told(group: Counts) -> None:
    """Where an old message does not say how many there are, by what it says of whom."""
    told = [("hears", note(11, "banned", members=2)), ("hears", note(12, "banned", members=2))]
    found = group.after(("head", head()), *told)
    assert (found["members"], found["turnover"]) == (2, 2)
    old = [("hears", note(11, "left")), ("hears", note(12, "added")), ("hears", note(13, "joined"))]
    found = group.after(("head", head()), *old)
    assert (found["members"], found["turnover"]) == (4, 3)


def test_a_cursor_of_another_time_is_in_doubt(group: Counts) -> None:
    """A message it counts comes after it, and would count once more."""
    assert group.counts(("head", head()), ("cursor", cursor(8, 2, 10))) == (2, 0, 0)
    ahead = [("head", head()), ("cursor", cursor(10, 1, 11)), ("hears", message(11))]
    assert group.counts(*ahead) == (1, 0, 1)
    behind = [("head", head()), ("hears", message(11)), ("cursor", cursor(10, 0, 10))]
    assert group.counts(*behind) == (1, 1, 1)
    assert group.counts(("head", head()), ("cursor", cursor(3, 9, 12))) == (4, 1, 0)


def test_a_cursor_before_its_head(group: Counts) -> None:
    """It is kept for it."""
    assert group.counts(("cursor", cursor(10, 0, 10)), ("head", head())) == (0, 0, 0)


def test_it_is_asked_until_the_answer_is_not_older(group: Counts) -> None:
    """Than what was heard meanwhile; not for ever, and once more when it is in doubt again."""
    assert group.asks(10, 10) == {"asked": 1, "told": [10]}
    assert group.asks(10, 8, 9, 11) == {"asked": 3, "told": [11]}
    assert group.asks(10, None, 10) == {"asked": 2, "told": [10]}
    assert group.asks(10, *[1] * 9) == {"asked": 5, "told": []}
    assert group.asks(10, 10, 10, again=1) == {"asked": 2, "told": [10]}


def test_others_are_there_and_as_many(group: Counts) -> None:
    """Who may be mentioned is looked up anew after somebody came or went."""
    assert group.page.evaluate(_MEMBERS, [0, 0]) == 1
    assert group.page.evaluate(_MEMBERS, [0, 2]) == 2


def test_a_mention_is_taken_back(windows: Windows) -> None:
    """The other message stays unread; the badge of the mention goes, also where neither is loaded."""
    alice, bob = windows.people("alice", "bob")
    group = make_group(bob, "Band", alice)
    (window,) = windows.arrive(alice)
    path = f"/conversations/{group}/messages"
    mention = {"text": f"@{alice.username}", "mentions": [alice.user["id"]]}
    for reload in (False, True):
        seq = bob.asks("POST", path, mention)["seq"]
        if not reload:
            bob.asks("POST", path, {"text": "hi"})
        expect(window.badge("Band")).to_have_text(["@", "2"])
        if reload:
            window.reloads()
            expect(window.badge("Band")).to_have_text(["@", "2"])
        bob.asks("DELETE", f"{path}/{seq}")
        expect(window.badge("Band")).to_have_text(["1"])
