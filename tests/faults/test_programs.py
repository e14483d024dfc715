"""A run that cannot do what it says ends with words about what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.faults.disk import CannotMount, small_disk
from tests.faults.tab import NoChromium, chromium


def test_without_a_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No storm blows without the tab that looks on."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoChromium, match="chromium is not installed"):
        chromium()


def test_the_command_line_without_a_browser(tmp_path: Path) -> None:
    """It fails, says why, and prints no report."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--kills", "1"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PATH": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "chromium is not installed" in done.stderr
    assert "acknowledged" not in done.stdout


def test_without_the_right_to_mount(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A disk that cannot be mounted is said to be, and no folder stays."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(CannotMount, match="mount is not installed"), small_disk(1):
        pass
    assert not list(tmp_path.iterdir())
