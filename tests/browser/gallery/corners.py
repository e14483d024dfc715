"""The corners of the town: whoever and whatever has to be there for one state to be seen."""

from __future__ import annotations

import json
import urllib.request

from tests.browser.gallery.sights import landscape
from tests.browser.gallery.town import says
from tests.browser.windows import befriend, make_group, tell
from tests.person import PASSWORD, Person
from tests.process import Process
from tests.uploading import TYPE, form

LONG_NAME = "Maximiliane-Theodora von und zu Hohenlohe-Waldenburg-Schillings"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverein"
LONG_TITLE = (
    "Everything about the preparation of the summer festival by the lake 夏日湖边音乐节筹备组"
)


class Corners:
    """People beside those of the town, by what they are there for."""

    def __init__(self, server: Process, town: dict[str, Person]) -> None:
        self.server = server
        alice, bob, carol, ming, hong = town.values()
        self.newcomer = self._registers("zoe")
        self.hermit = self._registers("ida")
        for person in (self.newcomer, self.hermit):
            person.asks("POST", f"/conversations/{_lobby(person)}/leave", {})
        self.workshop = _workshop(alice, bob, carol, ming, hong)
        _reacts(self.workshop, alice, bob, carol, ming, hong)
        self._files(alice, bob, carol)
        _rules(alice, bob, ming)
        self._leaves(alice)
        self.long = self._long_names(bob, ming)
        self.busy = self._busy(bob, carol, ming)
        self.open_link = self._link(alice)
        self.expired_link = self._link(alice, void=True)
        alice.asks("POST", "/contacts/requests", {"username": self.newcomer.username})
        self._registers("dave").asks(
            "POST", "/contacts/requests", {"username": "alice", "note": "We met at the harbour."}
        )
        self._registers("erin")
        self._registers("mallory")
        alice.asks("PUT", "/contacts/blocks/mallory", {})

    def _registers(self, name: str) -> Person:
        return Person(self.server, name).registers()

    def upload(self, person: Person, name: str, content: bytes) -> int:
        """Keep a file for `person`; its id."""
        request = urllib.request.Request(
            f"{self.server.url}/api/v1/files",
            data=form(content, name),
            headers={"Content-Type": TYPE, "Authorization": f"Bearer {person.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(json.loads(answer.read())["file"]["id"])

    def _files(self, alice: Person, bob: Person, carol: Person) -> None:
        walk = make_group(alice, "Walks 散步", bob, carol)
        path = f"/conversations/{walk}/messages"
        lake = self.upload(bob, "lake.png", landscape(1200, 750))
        bob.asks("POST", path, {"text": "From the top, this morning", "files": [lake]})
        names = ("hills.png", "evening.png", "path.png")
        several = [
            self.upload(alice, name, landscape(800, 800, evening=at == 1))
            for at, name in enumerate(names)
        ]
        alice.asks("POST", path, {"text": "", "files": several})
        papers = [
            self.upload(
                carol, "the way there and back again, with all stops.pdf", b"%PDF-1.7 " * 9000
            ),
            self.upload(carol, "路线.gpx", b"<gpx/>" * 400),
        ]
        carol.asks("POST", path, {"text": "The map for Sunday 周日的路线", "files": papers})

    def _leaves(self, alice: Person) -> None:
        gone = self._registers("peter")
        befriend(gone, alice)
        tell(gone, alice, "I am moving away, and close my account here.", "It was good with you!")
        tell(alice, gone, "Farewell, and write us a postcard.")
        gone.asks("DELETE", "/me", {"password": PASSWORD})

    def _long_names(self, bob: Person, ming: Person) -> Person:
        long = self._registers("a" * 16 + "_" + "b" * 15)
        long.asks("PATCH", "/me", {"display_name": LONG_NAME})
        for friend in (bob, ming):
            befriend(long, friend)
        other = self._registers("w" * 32)
        other.asks("PATCH", "/me", {"display_name": LONG_WORD})
        befriend(long, other)
        tell(other, long, "Who would have such a name? " + "And such a word: " + "w" * 120)
        group = make_group(long, LONG_TITLE, bob, ming, other)
        says(ming, group, "这个群的名字太长了，几乎放不下。")
        says(
            other,
            group,
            f"{LONG_WORD} {LONG_WORD}",
            "https://example.com/" + "a/very/long/path/" * 9,
        )
        says(long, group, "Yes. It has to fit all the same.")
        return long

    def _busy(self, bob: Person, carol: Person, ming: Person) -> Person:
        busy = self._registers("nina")
        for friend in (bob, carol, ming):
            befriend(busy, friend)
        news = make_group(bob, "Newsroom", carol)
        duty = make_group(ming, "值班", bob)
        for group, by in ((news, bob), (duty, ming)):
            by.asks("POST", f"/conversations/{group}/members", {"username": "nina"})
        path = f"/conversations/{news}/messages"
        for number in range(999):
            bob.asks("POST", path, {"text": f"Item {number + 1} of the day"})
        mention = {"text": "@nina, the last one is yours.", "mentions": [busy.user["id"]]}
        for _ in range(3):
            bob.asks("POST", path, mention)
        says(ming, duty, *(f"第{number}号通知" for number in range(1, 24)))
        tell(carol, busy, "Are you there?")
        return busy

    def _link(self, alice: Person, *, void: bool = False) -> str:
        club = make_group(alice, "Choir" if void else "Sunday kitchen 周日厨房")
        words = "We cook together every Sunday, for whoever comes.\n每周日一起做饭，欢迎参加。"
        alice.asks("PATCH", f"/conversations/{club}", {"description": words})
        path = f"/conversations/{club}/invites"
        invite = alice.asks("POST", path, {"expires_in": 604_800, "uses": 10})["invite"]
        if void:
            alice.asks("DELETE", f"{path}/{invite['id']}")
        return f"/join/{invite['code']}"


def _lobby(person: Person) -> int:
    heads = person.asks("GET", "/conversations")["conversations"]
    return int(heads[0]["conversation"])


def _workshop(alice: Person, bob: Person, carol: Person, ming: Person, hong: Person) -> int:
    """A group in which something of everything was said."""
    befriend(alice, hong)
    group = make_group(alice, "Workshop 工坊", bob, carol, ming, hong)
    path = f"/conversations/{group}"
    alice.asks("PATCH", path, {"description": "What we build, and what broke. 我们做的东西。"})
    alice.asks("PATCH", f"{path}/members/bob", {"role": "moderator"})
    alice.asks("POST", f"{path}/invites", {"expires_in": 604_800, "uses": 10})
    bob.asks("POST", f"{path}/invites", {})
    says(bob, group, "The lamp blinks now. This is all it takes:")
    says(bob, group, "```\nfor second in range(10):\n    lamp.toggle()\n    sleep(0.5)\n```")
    says(ming, group, "太好了！可以把 `sleep` 换成定时器吗？")
    says(carol, group, "I would rather not say that.")
    return group


def _reacts(
    group: int, alice: Person, bob: Person, carol: Person, ming: Person, hong: Person
) -> None:
    """Answers, mentions, reactions, and what was changed or taken back."""
    path = f"/conversations/{group}/messages"
    items = bob.asks("GET", f"{path}?limit=50")["items"]
    lamp, code, timer, regret = (item["seq"] for item in items if item["kind"] == "text")
    for emoji, people in (("👍", (alice, carol, ming)), ("🎉", (hong, bob)), ("❤️", (carol,))):
        for person in people:
            person.asks("PUT", f"{path}/{lamp}/reactions/{emoji}")
    carol.asks("DELETE", f"{path}/{regret}")
    bob.asks(
        "POST", path, {"text": "Good idea, with `setInterval` it is one line.", "reply_to": timer}
    )
    mention = {"text": "@alice could you order two more lamps?", "mentions": [alice.user["id"]]}
    hong.asks("POST", path, mention)
    own = {"text": "Ordered: https://example.com/lamps?size=small", "reply_to": code}
    alice.asks("POST", path, own)
    last = alice.asks("GET", f"{path}?limit=1")["items"][-1]["seq"]
    alice.asks(
        "PATCH", f"{path}/{last}", {"text": own["text"] + " – they come on Friday. 周五到。"}
    )
    for person in (bob, ming):
        person.asks("PUT", f"/conversations/{group}/read", {"seq": last})


def _rules(alice: Person, bob: Person, ming: Person) -> None:
    """Where one may read and not write."""
    notices = make_group(ming, "Notices 公告", alice, bob)
    ming.asks("PATCH", f"/conversations/{notices}", {"announcement_only": True})
    says(ming, notices, "周六上午停电两小时。\nNo power on Saturday from ten to twelve.")
    chess = make_group(bob, "Chess 国际象棋", alice)
    says(bob, chess, "Your move.")
    says(alice, chess, "Ha!", "Ha ha!", "HA HA HA!")
    bob.asks("PUT", f"/conversations/{chess}/silences/alice", {"for": 86_400})
