"""Scenes of the lists, of what is open, and of trouble."""

from __future__ import annotations

import json

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.gallery.stage import Stage
from tests.browser.windows import Window


def chat(stage: Stage) -> Window:
    """A group that talks."""
    return stage.opens("Garden club")


def chat_chinese(stage: Stage) -> Window:
    """A group that talks, in Chinese."""
    return stage.opens("读书会", stage.town["小明"])


def chat_phone(stage: Stage) -> Window:
    """Two friends, on a phone."""
    return stage.opens("bob")


def list_(stage: Stage) -> Window:
    """The list by itself, as a phone shows it."""
    return stage.arrives()


def newcomer(stage: Stage) -> Window:
    """Someone who knows nobody yet."""
    return stage.arrives(stage.corners.newcomer)


def contacts(stage: Stage) -> Window:
    """Friends, requests both ways, and who is blocked."""
    window = stage.arrives()
    window.opens_contacts()
    expect(window.contact("bob")).to_be_visible()
    return window


def contacts_none(stage: Stage) -> Window:
    """No contacts, and no conversations."""
    window = stage.arrives(stage.corners.hermit)
    window.opens_contacts()
    return window


def loading(stage: Stage) -> Window:
    """The server has not answered yet."""
    window = stage.window()
    window.signs_in()
    window.page.route_web_socket("**/ws", lambda socket: None)
    window.goes("/chat")
    expect(window.page.locator(".skeleton").first).to_be_visible()
    return window


def empty_conversation(stage: Stage) -> Window:
    """A friend to whom nobody has said anything yet."""
    window = stage.arrives()
    window.page.evaluate("location.hash = '#to=小红'")
    expect(window.page.locator("#timeline-top.empty")).to_be_visible()
    return window


def history_failed(stage: Stage) -> Window:
    """Messages that could not be loaded."""
    window = stage.window()
    window.signs_in()
    window.page.route_web_socket("**/ws", _refuse_history)
    window.goes("/chat")
    window.is_ready()
    window.opens("Garden club")
    expect(window.page.locator("#timeline-top button")).to_be_visible()
    return window


def _refuse_history(socket: WebSocketRoute) -> None:
    server = socket.connect_to_server()

    def ask(text: str | bytes) -> None:
        frame = json.loads(text)
        if frame["type"] == "history":
            refusal = {"type": "error", "id": frame["id"], "code": "unavailable", "message": "No."}
            socket.send(json.dumps({**refusal, "temporary": False}))
        else:
            server.send(text)

    socket.on_message(ask)


def offline(stage: Stage) -> Window:
    """The network is away: one message waits, one was refused before."""
    cable = stage.cable()
    window = stage.arrives(url=cable.url)
    window.page.evaluate("location.hash = '#to=erin'")
    window.says("Are you the erin of the choir? 你是合唱团的 erin 吗？")
    expect(window.page.locator(".message[data-state=failed]")).to_be_visible()
    cable.cut()
    expect(window.page.locator("#connection-line[data-phase=waiting]")).to_be_visible()
    window.says("Then I will ask you on Saturday. 那周六再问你。")
    expect(window.page.locator(".message[data-state=pending]")).to_be_visible()
    return window


def long_names(stage: Stage) -> Window:
    """Names and titles as long as they may be."""
    window = stage.arrives(stage.corners.long)
    window.page.locator(".conversation-item", has_text="Everything about").click()
    expect(window.page.locator(".message").last).to_be_visible()
    return window


def unread(stage: Stage) -> Window:
    """A thousand unread messages, and three that name one."""
    window = stage.arrives(stage.corners.busy)
    expect(window.badge("Newsroom")).to_have_text(["@", "99+"])
    return window


def search(stage: Stage) -> Window:
    """What was found, with the words marked."""
    window = stage.arrives()
    window.page.locator("#search").fill("a")
    expect(window.page.locator(".found-line[data-seq]")).not_to_have_count(0)
    return window


def search_nothing(stage: Stage) -> Window:
    """Nothing was found; the filters are open."""
    window = stage.arrives()
    window.page.locator("#search").fill("nothing like it 没有这样的话")
    expect(window.page.locator("#panel-search .note")).to_have_text(stage.words["search.nothing"])
    window.page.locator(".search-filters summary").click()
    return window
