"""One Chromium for all, a server that most tests share, and windows of one's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.cable import Cable
from tests.browser.windows import Windows, windows_on
from tests.process import Process

# Nothing is fetched from anywhere but the server under test.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# All tests come from one address, and some say a lot at once.
UNLIMITED = [
    part
    for name in ("registrations_per_hour", "sign_ins_per_minute", "sends_per_10s", "deeds_per_10s")
    for part in ("--limit", f"{name}=0")
]


@contextmanager
def a_chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests."""
    with a_chromium() as browser:
        yield browser


def _chromium() -> str:
    path = shutil.which("chromium")
    assert path is not None, "python tests/programs.py chromium"
    return path


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Process]:
    """A server for the tests that do not mind who else is there."""
    with Process(*UNLIMITED) as server:
        yield server


@pytest.fixture
def own_server() -> Iterator[Process]:
    """A server for one test alone."""
    with Process(*UNLIMITED) as server:
        yield server


@pytest.fixture
def windows(chromium: Browser, shared_server: Process) -> Iterator[Windows]:
    """Windows on the shared server."""
    with windows_on(chromium, shared_server) as windows:
        yield windows


@pytest.fixture
def own_windows(chromium: Browser, own_server: Process) -> Iterator[Windows]:
    """Windows on a server for this test alone."""
    with windows_on(chromium, own_server) as windows:
        yield windows


@pytest.fixture
def cable(shared_server: Process) -> Iterator[Cable]:
    """A cable to the shared server that can be cut."""
    with Cable(shared_server.port) as cable:
        yield cable
