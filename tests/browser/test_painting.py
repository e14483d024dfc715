"""How soon there is something to see, for someone with many conversations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.held import Held
from tests.browser.windows import Window, Windows, make_group
from tests.person import Person

CONVERSATIONS = 200

Record = Callable[[str, object], None]

# When the first thing was painted, when the list was, what was fetched for it, and what the document names.
_PAINTED = """(wanted) => new Promise((done) => {
  const look = () => {
    if (document.querySelectorAll(".conversation-item").length < wanted) return setTimeout(look, 5);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const fetched = performance.getEntriesByType("resource").filter(({ transferSize }) => transferSize);
      const first = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
      const named = [...document.querySelectorAll("link[href], script[src]")].map((node) => new URL(node.href || node.src).pathname);
      done({ first, list: performance.now(), named, fetched: fetched.map(({ name }) => new URL(name).pathname) });
    }));
  };
  look();
})"""


def painted(window: Window) -> dict[str, Any]:
    """What the page that is loading comes to."""
    return dict(window.page.evaluate(_PAINTED, CONVERSATIONS))


def comes(windows: Windows, person: Person, hold: str = "") -> Window:
    """A window that loads the chat; what matches `hold` is never answered."""
    window = windows.window(person)
    window.signs_in()
    if hold:
        Held(window.page, hold)  # from then on, nothing is taken from the browser's cache
    window.goes("/chat")
    return window


def test_the_chat_with_many_conversations(windows: Windows, record_property: Record) -> None:
    """
    What there is to see waits for one socket, and for files that the document itself names.

    That is what makes it soon, and can be told of any machine: within a second on one of its
    own, and no file is fetched a second time. How long it took is noted, not judged.
    """
    alice = windows.person("alice")
    for number in range(CONVERSATIONS):
        make_group(alice, f"Conversation {number}")
    first = painted(comes(windows, alice, hold="**/api/**"))
    window = comes(windows, alice)
    painted(window)
    window.page.reload()
    again = painted(window)
    record_property("painting", [[each["first"], each["list"]] for each in (first, again)])
    files = [path for path in first["fetched"] if path.startswith("/static/")]
    assert files
    assert set(files) <= set(first["named"]), first
    assert not [path for path in again["fetched"] if path.startswith("/static/")], again
