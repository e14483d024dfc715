"""
Long conversations, and how a test reads a timeline of which only a part is in the page.

`fill` writes messages straight into the tables, as no client could in the time a test has.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import Any

from tests.browser.windows import Window
from tests.person import Person
from tests.process import Process

_MESSAGE = """
    INSERT INTO messages (conversation_id, seq, rev, sender_id, client_id, content_hash, at, kind, text)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'text', ?)
"""
_CONVERSATION = """
    UPDATE conversations SET last_seq = ?, last_rev = ?, last_at = ? WHERE id = ?
"""
_READ = "UPDATE members SET read_seq = ?, received_seq = ? WHERE conversation_id = ?"
_LAST = "SELECT last_seq, last_rev FROM conversations WHERE id = ?"

# From where it stands to the end, what is on the way: [seq, state, text] of each message, as often as it is shown.
WALK = """
    async () => {
        const frame = document.getElementById("timeline");
        const found = new Map();
        const patience = performance.now() + 60_000;
        for (let still = 0; still < 20 && performance.now() < patience; ) {
            const here = new Map();
            for (const line of document.querySelectorAll("#messages .message")) {
                const { seq, state } = line.dataset;
                const text = line.querySelector(".message-text").textContent;
                const key = seq ?? `${state} ${text}`;
                here.set(key, (here.get(key) ?? 0) + 1);
                found.set(`${key} ${here.get(key)}`, [Number(seq), state, text]);
            }
            const before = frame.scrollTop;
            frame.scrollTop += frame.clientHeight;
            await new Promise((done) => setTimeout(done, 20));
            const loading = !document.getElementById("timeline-bottom").hidden;
            still = frame.scrollTop === before && !loading ? still + 1 : 0;
        }
        return [...found.values()];
    }
"""
# Whether a message is where it was; places are told in fractions of a pixel.
_STANDS = """
    ([seq, top]) => {
        const line = document.querySelector(`#timeline [data-seq="${seq}"]`);
        return line && Math.abs(line.getBoundingClientRect().top - top) < 2;
    }
"""


def fill(server: Process, conversation: int, sender: Person, messages: int) -> None:
    """Add `messages` to a conversation of a server that is started again; everyone has read them."""
    server.stop()
    path = server.folder / "imchat-data" / "imchat.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        seq, rev = database.execute(_LAST, (conversation,)).fetchone()
        user = sender.user["id"]
        start = int(time.time() * 1000) - messages * 60_000
        database.executemany(
            _MESSAGE,
            (
                (
                    conversation,
                    seq + n,
                    rev + n,
                    user,
                    (conversation << 64 | n).to_bytes(16, "big"),
                    bytes(32),
                    start + n * 60_000,
                    text_of(seq + n),
                )
                for n in range(1, messages + 1)
            ),
        )
        last = start + messages * 60_000
        database.execute(_CONVERSATION, (seq + messages, rev + messages, last, conversation))
        database.execute(_READ, (seq + messages, seq + messages, conversation))
    server.start()


def text_of(seq: int) -> str:
    """What the message with this `seq` says: one line, now and then many."""
    return f"message {seq}" + " and more words of it" * (seq % 7) ** 2


def stands_at(window: Window, seq: int | str, top: float) -> None:
    """The message comes to stand there: `top` as its rectangle has it."""
    window.page.wait_for_function(_STANDS, arg=[seq, top])


def walked(window: Window) -> list[Any]:
    """Scroll from where the timeline stands to its end: (seq, state, text) of each message."""
    return [tuple(line) for line in window.page.evaluate(WALK)]


def whole(window: Window) -> list[str]:
    """The texts of the whole timeline, in the order in which they are met from its beginning."""
    window.page.locator("#timeline").focus()
    window.page.keyboard.press("Home")
    window.page.wait_for_function(
        "() => document.getElementById('timeline').scrollTop < 100"
        " && document.getElementById('timeline-top').textContent.includes('begins')"
    )
    return [text for _, _, text in walked(window)]
