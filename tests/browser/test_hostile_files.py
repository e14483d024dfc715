"""Files that would like to run in the page: none does, however it is opened."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.test_files import (
    chooses,
    in_a_conversation,
    payload,
    pictures,
    tray,
    uploaded,
)
from tests.browser.windows import Windows
from tests.uploading import png

_SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>parent.document.title='run'</script></svg>"
_HTML = b"<!doctype html><script>document.title = 'run'; opener?.stop()</script><h1>page</h1>"


def test_nothing_runs_here(windows: Windows) -> None:
    """A page and a drawing with scripts, opened as a page, framed, as an image or as a script: none runs."""
    near, far = in_a_conversation(windows)
    far.may_be_refused(404)
    far.may_be_kept_from_running()
    ids = [
        uploaded(near, "page.html", _HTML, "text/html"),
        uploaded(near, "drawing.svg", _SVG, "image/svg+xml"),
        uploaded(near, "script.js", b"document.title = 'run'", "text/javascript"),
    ]
    for id in ids:
        address = f"{far.url}/api/v1/files/{id}"
        opened = far.context.new_page()
        opens_as_download(opened, address)
        opened.close()
        assert far.page.evaluate(_TRIES, address) == [False, False, False]
    assert "run" not in far.page.title()


_TRIES = """
async (address) => {
  const tried = (node) => new Promise((resolve) => {
    node.onload = () => resolve(node.tagName === "IFRAME" ? node.contentDocument?.title === "run" : true);
    node.onerror = () => resolve(false);
    node.src = address;
    document.body.append(node);
    setTimeout(() => resolve(false), 1500);
  });
  return [await tried(document.createElement("img")), await tried(document.createElement("iframe")), await tried(document.createElement("script"))];
}
"""


def opens_as_download(page: Page, address: str) -> None:
    """Going there saves the file, and shows nothing."""
    with page.expect_download() as download:
        try:
            page.goto(address)
        except Exception as reason:
            assert "Download is starting" in str(reason)
    assert download.value.failure() is None


def test_a_picture_opened_alone(windows: Windows) -> None:
    """Even a real picture is opened without an origin, should it be more than a picture."""
    near, far = in_a_conversation(windows)
    chooses(near, payload("a.png", png(900, 500)))
    expect(tray(near)).to_have_count(1)
    near.composer.press("Enter")
    expect(pictures(far)).to_have_count(1)
    address = (pictures(far).get_attribute("src") or "").removesuffix("/thumbnail")
    opened = far.context.new_page()
    opened.goto(f"{far.url}{address}")
    origin: Any = opened.evaluate("() => self.origin")
    assert origin == "null"
    opened.close()
