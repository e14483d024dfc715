"""What holds for every run of the tests: the same examples, and nothing skipped silently."""

from __future__ import annotations

import importlib.util
import signal
import sys
from pathlib import Path

import hypothesis
import pytest

# A run twice is the same run; `--hypothesis-profile=default` looks for new examples.
hypothesis.settings.register_profile("same", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("same")

_BENCHMARKS = Path(__file__).parents[1] / "benchmarks" / "__init__.py"
if "benchmarks" not in sys.modules:
    # By its path: the folder above holds a copy of the server that may not be the one under test.
    _spec = importlib.util.spec_from_file_location("benchmarks", _BENCHMARKS)
    assert _spec is not None and _spec.loader is not None
    sys.modules["benchmarks"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules["benchmarks"])

_skipped: list[str] = []


def pytest_configure() -> None:
    """A run that is told to end stops its servers and removes its folders, as after Ctrl-C."""
    signal.signal(
        signal.SIGTERM, lambda *_: pytest.exit("told to end", returncode=128 + signal.SIGTERM)
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember a test that was skipped, or expected to fail."""
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember a module that was skipped as a whole."""
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run in which something was skipped has failed."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests made the run fail by being skipped."""
    if _skipped:
        terminalreporter.section("skipped, which counts as failed", red=True)
        for name in _skipped:
            terminalreporter.line(name)
