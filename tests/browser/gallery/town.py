"""
Whom the pictures show: a small place where people know each other, and what they said.

All of it is made by the API, as their own clients would; only the times are
written into the tables afterwards, for it to have been said over days.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from tests.browser.windows import befriend, make_group, tell
from tests.person import Person
from tests.process import Process

# Minutes since the last word of each conversation, the latest first.
AGES = (3, 12, 41, 190, 26 * 60, 50 * 60, 75 * 60)
_CONVERSATIONS = "SELECT id, last_seq FROM conversations WHERE last_seq > 0 ORDER BY last_at DESC"
_MESSAGES = "UPDATE messages SET at = ? WHERE conversation_id = ? AND seq = ?"
_LAST = "UPDATE conversations SET last_at = ? WHERE id = ?"


def people_talk(server: Process) -> dict[str, Person]:
    """A small place where people know each other, and what they said."""
    names = ("alice", "bob", "carol", "小明", "小红")
    people = {name: Person(server, name).registers() for name in names}
    alice, bob, carol, ming, hong = people.values()
    for one, other in ((alice, bob), (alice, carol), (alice, ming), (ming, hong), (bob, carol)):
        befriend(one, other)
    befriend(ming, bob)
    hall = alice.asks("GET", "/conversations")["conversations"][-1]["conversation"]
    says(bob, hall, "Welcome, everyone! This runs on the little box under my desk.")
    says(ming, hall, "大家好！")
    tell(carol, alice, "Are the seeds with you or with bob?")
    tell(alice, carol, "With me, I will bring them on Saturday.")
    tell(carol, alice, "Perfect, thank you!")
    reading = make_group(ming, "读书会", alice, hong, bob)
    says(ming, reading, "这周读第三章，周五晚上八点聊，好吗？")
    says(hong, reading, "好的，我已经读到一半了。")
    says(alice, reading, "Friday at eight is fine for me. 我的中文读得慢一点 😅")
    says(ming, reading, "没关系，慢慢来。\n你可以先看最后五页，那里最有意思。")
    says(hong, reading, "最后五页我也很喜欢！", "周五见 😄")
    tell(alice, ming, "谢谢你的茶！")
    tell(hong, ming, "晚上一起吃饭吗？")
    tell(bob, alice, "Is the server up again?")
    tell(
        alice,
        bob,
        "Yes, it was only the power.",
        "Nothing is lost: your messages from the train are all here.",
    )
    tell(
        bob,
        alice,
        "I typed them in the tunnel, without any network 😄",
        "Then I put the phone away and forgot.",
    )
    tell(alice, bob, "They came in by themselves, in order.")
    tell(bob, alice, "Good. See you on Saturday?")
    garden = make_group(alice, "Garden club", bob, carol, ming, public=True)
    says(alice, garden, "Good morning! Who can come on Saturday to plant the beans?")
    says(bob, garden, "I can, from ten.", "Shall I bring the long ladder for the apple tree?")
    says(alice, garden, "Please do.")
    says(carol, garden, "Count me in. I also have three tomato plants to give away.")
    says(ming, garden, "我十一点到，带茶和点心 😊")
    says(
        alice,
        garden,
        "Wonderful. Then tea at eleven.",
        "The list so far:\n– beans (me)\n– ladder (bob)\n– tomatoes (carol)\n– tea (小明)",
    )
    says(bob, garden, "And if it rains?")
    says(carol, garden, "Then we sit in the shed and talk about the beans instead.")
    carol.asks("POST", "/contacts/requests", {"username": "小明", "note": "We met in the garden."})
    for person, unread in ((alice, reading), (ming, garden), (bob, garden), (carol, garden)):
        reads_all(person, but=unread)
    return people


def says(person: Person, conversation: int, *texts: str) -> None:
    """Say something in a group."""
    for text in texts:
        person.asks("POST", f"/conversations/{conversation}/messages", {"text": text})


def reads_all(person: Person, but: int) -> None:
    """Have everything read, and of one conversation all but the last two."""
    for head in person.asks("GET", "/conversations")["conversations"]:
        seq = head["last_seq"] - (2 if head["conversation"] == but else 0)
        if seq > 0:
            person.asks("PUT", f"/conversations/{head['conversation']}/read", {"seq": seq})


def time_passes(server: Process) -> None:
    """What was said just now was said over the last days."""
    server.stop()
    now = int(time.time() * 1000)
    with closing(sqlite3.connect(server.folder / "imchat-data" / "imchat.sqlite3")) as database:
        for (conversation, last), age in zip(
            database.execute(_CONVERSATIONS).fetchall(), AGES, strict=False
        ):
            at = now - age * 60_000
            database.execute(_LAST, (at, conversation))
            for seq in range(last, 0, -1):
                database.execute(_MESSAGES, (at, conversation, seq))
                at -= (seq * 7 % 5 + 1) * 60_000
        database.commit()
    server.start()
