"""
The environment of the generator and of the relays, made once and kept in a cache.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.machine import CannotMeasure
from benchmarks.places import HERE

REQUIREMENTS = HERE / "requirements.txt"
WS = "8.23.0"
# What a relay is called here, and what it is called where it is installed from.
_LIBRARIES = {"gevent": "gevent-websocket", "websockets": "websockets"}


class Environment:
    """A virtual environment, and a folder of npm's; each is complete or not there."""

    def __init__(self, cache: Path) -> None:
        mark = f"{sys.version}\n{REQUIREMENTS.read_text('utf-8')}"
        self._venv = cache / f"python-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"
        self._npm = cache / f"ws-{WS}"

    def python(self) -> Path:
        """Its Python, with all that is required; raises `CannotMeasure`."""
        if not (self._venv / "complete").exists():
            shutil.rmtree(self._venv, ignore_errors=True)
            venv.create(self._venv, with_pip=True)
            pip = [str(self._venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
            _run([*pip, "--disable-pip-version-check", "-r", str(REQUIREMENTS)])
            (self._venv / "complete").touch()
        return self._venv / "bin" / "python"

    def node_modules(self) -> Path:
        """Where Node finds `ws`; raises `CannotMeasure`."""
        if not (self._npm / "complete").exists():
            npm = shutil.which("npm")
            if npm is None:
                raise CannotMeasure("npm is not installed")
            shutil.rmtree(self._npm, ignore_errors=True)
            self._npm.mkdir(parents=True)
            quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            _run([npm, "install", *quiet, "--prefix", str(self._npm), f"ws@{WS}"])
            (self._npm / "complete").touch()
        return self._npm / "node_modules"

    def ws_version(self) -> str:
        """That of Node's `ws`."""
        self.node_modules()
        return WS

    def version_of(self, relay: str) -> str:
        """The library of a relay, and the Python that it runs on."""
        library = _LIBRARIES[relay]
        ask = f"import importlib.metadata as m; print(m.version({library!r}))"
        version = _run([str(self.python()), "-c", ask]).strip()
        return f"{library} {version}, Python {sys.version.split()[0]}"


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise CannotMeasure(f"{' '.join(command[:4])} ... failed: {said}")
    return done.stdout
