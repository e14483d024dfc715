"""How soon there is something to see, for someone with many conversations."""

from __future__ import annotations

from typing import Any

from tests.browser.windows import Window, Windows, make_group

CONVERSATIONS = 200
SOON = 1_000  # ms

# When the first thing was painted, when the list was, and what was fetched for it.
_PAINTED = """(wanted) => new Promise((done) => {
  const look = () => {
    if (document.querySelectorAll(".conversation-item").length < wanted) return setTimeout(look, 5);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const fetched = performance.getEntriesByType("resource").filter(({ transferSize }) => transferSize);
      const first = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
      done({ first, list: performance.now(), fetched: fetched.map(({ name }) => new URL(name).pathname) });
    }));
  };
  look();
})"""


def painted(window: Window) -> dict[str, Any]:
    """What the page that is loading comes to."""
    return dict(window.page.evaluate(_PAINTED, CONVERSATIONS))


def test_the_chat_with_many_conversations(windows: Windows) -> None:
    """Within a second, the first time and again; a second time no file is fetched."""
    alice = windows.person("alice")
    for number in range(CONVERSATIONS):
        make_group(alice, f"Conversation {number}")
    first, again = [], []
    for _ in range(3):
        window = windows.window(alice)
        window.signs_in()
        window.goes("/chat")
        first.append(painted(window))
        window.page.reload()
        again.append(painted(window))
    # The machine may be busy with other things; it need not be three times.
    assert min(look["first"] for look in first) < SOON, first
    assert min(look["list"] for look in again) < SOON, again
    for look in again:
        assert not [path for path in look["fetched"] if path.startswith("/static/")], look
