"""Files in the page: brought in every way, seen in their size, and never able to run here."""

from __future__ import annotations

import base64
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, Route, expect

from tests.browser.held import Held
from tests.browser.windows import Window, Windows, tell
from tests.uploading import png

# What a window does with files it is given, by base64, as a drop or a paste of the mouse's or keyboard's.
_BRINGS = """
([target, event, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  const node = document.querySelector(target);
  const init = { bubbles: true, cancelable: true };
  if (event === "paste") node.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: data }));
  else node.dispatchEvent(new DragEvent(event, { ...init, dataTransfer: data }));
}
"""

# Notes each moment in which a message of one's own stands there without its picture.
_WATCH = """
() => {
  window.bare = [];
  const look = () => {
    for (const line of document.querySelectorAll(".message.own")) {
      if (!line.querySelector(".picture")) window.bare.push(line.outerHTML);
    }
  };
  new MutationObserver(look).observe(document.getElementById("messages"), { childList: true, subtree: true });
}
"""


def in_a_conversation(windows: Windows) -> tuple[Window, Window]:
    """Two friends, each at their conversation."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    near, far = windows.arrive(alice, bob)
    near.opens(bob.username)
    far.opens(alice.username)
    return near, far


def payload(name: str, content: bytes, type: str = "image/png") -> FilePayload:
    """A file as the browser's dialog gives it."""
    return {"name": name, "mimeType": type, "buffer": content}


def chooses(window: Window, *files: FilePayload) -> None:
    """Choose files by the button."""
    with window.page.expect_file_chooser() as chooser:
        window.button("Attach files").click()
    chooser.value.set_files(list(files))


def brings(window: Window, target: str, event: str, name: str, content: bytes) -> None:
    """Drop or paste one file."""
    encoded = base64.b64encode(content).decode()
    window.page.evaluate(_BRINGS, [target, event, name, "image/png", encoded])


def tray(window: Window, state: str = "done") -> Locator:
    """The files that wait to be sent, in that state."""
    return window.page.locator(f".tray-item[data-state={state}]")


def pictures(window: Window) -> Locator:
    """The pictures of the timeline."""
    return window.page.locator("#messages .picture img")


def size_of(picture: Locator) -> tuple[float, float]:
    box = picture.bounding_box()
    assert box is not None
    return box["width"], box["height"]


def test_a_picture_and_a_file(windows: Windows) -> None:
    """Chosen together, sent with words: seen by the other, in its size; the file is one to save."""
    near, far = in_a_conversation(windows)
    chooses(near, payload("lake.png", png(900, 450)), payload("a.zip", b"PK\x03\x04..", ""))
    expect(tray(near)).to_have_count(2)
    near.says("the trip")
    near.has_sent("hi", "the trip")
    expect(tray(near)).to_have_count(0)
    far.sees("hi", "the trip")
    expect(pictures(far)).to_have_attribute("alt", "lake.png")
    assert size_of(pictures(far)) == (380, 190)
    with far.page.expect_download() as download:
        far.page.locator(".file-card").click()
    assert download.value.suggested_filename == "a.zip"
    expect(near.item(far.name).locator(".item-preview")).to_have_text("You: 2 files · the trip")


def test_a_tiny_picture(windows: Windows) -> None:
    """It stands in its own size, where it can be seen and hit; so does one that is a line."""
    near, far = in_a_conversation(windows)
    for name, width, height in (("dot.png", 1, 1), ("line.png", 2000, 1)):
        chooses(near, payload(name, png(width, height)))
        expect(tray(near)).to_have_count(1)
        near.composer.press("Enter")
        tile = far.page.get_by_role("button", name=name)
        expect(tile).to_be_visible()
        assert min(size_of(tile)) >= 44
    assert size_of(pictures(far).first) == (1, 1)


def test_size_is_reserved(windows: Windows) -> None:
    """Before the picture has loaded, everything stands where it will stand."""
    near, far = in_a_conversation(windows)
    thumbnails = Held(far.page, "**/thumbnail")
    chooses(near, payload("lake.png", png(900, 450)))
    expect(tray(near)).to_have_count(1)
    near.composer.press("Enter")
    expect(pictures(far)).to_have_count(1)
    before = pictures(far).bounding_box()
    assert before is not None and (before["width"], before["height"]) == (380, 190)
    assert not pictures(far).evaluate("(image) => image.complete && image.naturalWidth > 0")
    thumbnails.go()
    expect(pictures(far)).to_have_js_property("complete", True)
    assert pictures(far).bounding_box() == before
    expect(far.item(near.name).locator(".item-preview")).to_have_text("Picture")


def test_dropped_and_pasted(windows: Windows) -> None:
    """A picture dropped on the conversation, one from the clipboard; beside it nothing happens."""
    near, far = in_a_conversation(windows)
    brings(near, "#messages", "dragover", "a.png", png(5, 5))
    expect(near.page.locator("#open-conversation")).to_have_class(re.compile("dropping"))
    brings(near, "#messages", "drop", "a.png", png(5, 5))
    expect(near.page.locator("#open-conversation")).not_to_have_class(re.compile("dropping"))
    brings(near, "#sidebar", "drop", "beside.png", png(5, 5))
    brings(near, "#composer-text", "paste", "b.png", png(5, 5))
    expect(tray(near).locator(".tray-name")).to_have_text(["a.png", "b.png"])
    near.page.locator("#composer-send").click()
    expect(pictures(far)).to_have_count(2)


def test_taken_out_and_tried_again(windows: Windows) -> None:
    """What fails can be tried again, what is not wanted is taken out, also on its way; nothing is sent before."""
    near, far = in_a_conversation(windows)
    near.may_lose_the_connection()
    near.page.route("**/api/v1/files", lambda route: route.abort())
    chooses(near, payload("a.png", png(5, 5)), payload("b.png", png(6, 6)))
    expect(tray(near, "failed")).to_have_count(2)
    near.composer.fill("with pictures")
    near.composer.press("Enter")
    expect(near.page.locator("#toasts")).to_contain_text("or try it again")
    expect(near.page.locator("#composer-send")).to_be_disabled()
    near.page.unroute("**/api/v1/files")
    near.button("Try again: a.png").click()
    expect(tray(near)).to_have_count(1)
    near.button("Remove b.png").click()
    held: list[Route] = []
    near.page.route("**/api/v1/files", lambda route: held.append(route))
    chooses(near, payload("c.png", png(7, 7)))
    expect(tray(near, "going")).to_have_count(1)
    near.button("Remove c.png").click()
    expect(near.page.locator(".tray-item")).to_have_count(1)
    near.composer.press("Enter")
    far.sees("hi", "with pictures")
    expect(pictures(far)).to_have_count(1)


def test_progress(windows: Windows) -> None:
    """While it travels one sees how far it is."""
    near, _ = in_a_conversation(windows)
    session = near.context.new_cdp_session(near.page)
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {**speed, "uploadThroughput": 400_000})
    chooses(near, payload("large.bin", bytes(1_500_000), ""))
    bar = tray(near, "going").get_by_role("progressbar", name="Uploading large.bin")
    expect(bar).to_be_visible()
    near.page.wait_for_function(
        "() => { const bar = document.querySelector('.tray progress'); return bar && bar.value > 0 && bar.value < 1 }"
    )
    session.send("Network.emulateNetworkConditions", {**speed, "uploadThroughput": -1})
    expect(tray(near)).to_have_count(1)


def test_too_much(windows: Windows) -> None:
    """What is too large does not travel; an eleventh is not taken; an empty one is refused."""
    near, _ = in_a_conversation(windows)
    near.may_be_refused(400)
    limit = near.page.evaluate(
        """() => { const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(33 * 2 ** 20)], "huge.bin"));
        document.querySelector("#messages").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data })); }"""
    )
    assert limit is None
    expect(tray(near, "failed")).to_contain_text("This file is too large.")
    near.button("Remove huge.bin").click()
    chooses(near, payload("empty.txt", b"", "text/plain"))
    expect(tray(near, "failed")).to_contain_text("This file is empty.")
    expect(near.button("Try again: empty.txt")).to_have_count(0)
    near.composer.fill("with it")
    near.composer.press("Enter")
    expect(near.page.locator("#toasts")).to_contain_text("A file cannot be uploaded.")
    expect(near.composer).to_have_value("with it")
    near.button("Remove empty.txt").click()
    near.composer.fill("")
    chooses(near, *[payload(f"{n}.png", png(n + 1, 5)) for n in range(11)])
    expect(near.page.locator("#toasts")).to_contain_text("at most 10 files")
    expect(tray(near)).to_have_count(10)


def test_each_conversation_has_its_own(windows: Windows) -> None:
    """Files wait where they were put, and go only there."""
    alice, bob, carol = windows.people("alice", "bob", "carol")
    tell(bob, alice, "hi")
    tell(carol, alice, "hi")
    (near,) = windows.arrive(alice)
    near.opens(bob.username)
    chooses(near, payload("a.png", png(5, 5)))
    expect(tray(near)).to_have_count(1)
    near.opens(carol.username)
    expect(near.page.locator(".tray-item")).to_have_count(0)
    near.says("words alone")
    near.has_sent("hi", "words alone")
    near.opens(bob.username)
    expect(tray(near)).to_have_count(1)


def test_lightbox(windows: Windows) -> None:
    """A click opens it large; arrows turn over, Escape closes and leads back."""
    near, far = in_a_conversation(windows)
    chooses(near, payload("a.png", png(700, 500)), payload("b.png", png(600, 400)))
    expect(tray(near)).to_have_count(2)
    near.composer.press("Enter")
    expect(pictures(far)).to_have_count(2)
    far.button("Show the picture a.png").click()
    shown = far.page.locator(".lightbox-picture")
    expect(shown).to_have_attribute("alt", "a.png")
    expect(shown).to_have_js_property("naturalWidth", 700)
    far.page.keyboard.press("ArrowRight")
    expect(shown).to_have_attribute("alt", "b.png")
    far.page.keyboard.press("ArrowRight")
    expect(shown).to_have_attribute("alt", "a.png")
    far.page.keyboard.press("Escape")
    expect(far.page.locator("dialog")).to_have_count(0)
    expect(far.button("Show the picture a.png")).to_be_focused()


def test_taken_back(windows: Windows) -> None:
    """A picture that is taken back is gone from both pages, and from the server."""
    near, far = in_a_conversation(windows)
    far.may_be_refused(404)
    chooses(near, payload("a.png", png(900, 500)))
    expect(tray(near)).to_have_count(1)
    near.composer.press("Enter")
    expect(pictures(far)).to_have_count(1)
    address = pictures(far).get_attribute("src") or ""
    whole = address.removesuffix("/thumbnail")
    fetched = "(address) => fetch(address).then(({status}) => status)"
    assert far.page.evaluate(fetched, whole) == 200
    sent = near.page.locator(".message.own")
    sent.hover()
    sent.locator(".tool-more").click()
    near.page.get_by_role("menuitem", name="Take back").click()
    near.dialog.get_by_role("button", name="Take back").click()
    for window in (near, far):
        expect(pictures(window)).to_have_count(0)
    status = "(address) => fetch(address, {cache: 'reload'}).then(({status}) => status)"
    assert far.page.evaluate(status, address) == 404
    # What the browser has kept is not shown either.
    assert far.page.evaluate(fetched, whole) == 404


def uploaded(window: Window, name: str, content: bytes, type: str) -> int:
    """Send a file that says it is something; its id."""
    chooses(window, payload(name, content, type))
    expect(tray(window)).to_have_count(1)
    window.composer.press("Enter")
    card = window.page.locator(".file-card").last
    expect(card).to_contain_text(name)
    window.has_nothing_to_send()
    return int((card.get_attribute("href") or "").rpartition("/")[2])


@pytest.mark.parametrize(("phone", "scheme"), [(False, "light"), (True, "dark")])
def test_axe(windows: Windows, phone: bool, scheme: str) -> None:
    """Files on their way, refused, in a message and large: axe finds nothing."""
    alice, bob = windows.people("alice", "bob")
    tell(bob, alice, "hi")
    (near,) = windows.arrive(alice, phone=phone, color_scheme=scheme)
    near.may_be_refused(400)
    near.opens(bob.username)
    chooses(near, payload("a.png", png(900, 500)), payload("empty.txt", b"", "text/plain"))
    expect(tray(near, "failed")).to_have_count(1)
    assert violations(near) == []
    near.button("Remove empty.txt").click()
    expect(tray(near)).to_have_count(1)
    near.composer.press("Enter")
    uploaded(near, "words.txt", b"words", "text/plain")
    assert violations(near) == []
    near.button("Show the picture a.png").click()
    assert violations(near) == []


def violations(window: Window) -> list[str]:
    """What axe finds, in short."""
    found = Axe().run(window.page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


def test_the_words_beside_a_picture_go(windows: Windows) -> None:
    """An edit may leave the picture alone; and a picture is one from its first moment on."""
    near, far = in_a_conversation(windows)
    near.page.evaluate(_WATCH)
    chooses(near, payload("a.png", png(60, 50)))
    expect(tray(near)).to_have_count(1)
    near.says("looks good")
    expect(pictures(far)).to_have_count(1)
    near.page.locator(".message.own .bubble").hover()
    near.page.locator(".message.own .tool-more").click()
    near.page.get_by_role("menuitem", name="Edit").click()
    near.composer.fill("")
    near.composer.press("Enter")
    for window in (near, far):
        expect(window.page.get_by_text("looks good")).to_have_count(0)
        expect(pictures(window)).to_have_count(1)
    assert near.page.evaluate("window.bare") == []


def test_what_waits_is_named_as_it_is(windows: Windows) -> None:
    """A name that turns itself around does not, and what only claims to be a picture has no face."""
    near, _ = in_a_conversation(windows)
    chooses(near, payload("x\u202egnp.exe", b"no picture", "image/png"))
    expect(tray(near).locator(".tray-name")).to_have_text("xgnp.exe")
    expect(tray(near).locator("span.tray-face")).to_be_visible()
    expect(tray(near).locator("img")).to_have_count(0)
