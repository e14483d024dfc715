"""The list of devices, when it does not come at once."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.windows import Windows


def test_the_list_is_asked_for_again(windows: Windows) -> None:
    """What went wrong is said in place of the list, and can be tried again."""
    (window,) = windows.arrive(windows.person("alice"))
    window.may_be_refused(503)
    refusal = {"error": {"code": "unavailable", "message": "", "temporary": True}}
    window.page.route("**/api/v1/sessions", lambda route: route.fulfill(status=503, json=refusal))
    window.goes("/settings")
    devices = window.page.locator("#devices")
    again = devices.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(devices).not_to_contain_text("Loading")
    window.page.unroute("**/api/v1/sessions")
    again.click()
    expect(devices.locator(".person")).not_to_have_count(0)
    expect(devices.locator("h2")).to_be_focused()
