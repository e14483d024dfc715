"""The wheel: all of the server is in it, and it runs where there is nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import urllib.request
import venv
import zipfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.person import Person
from tests.process import Process

CHECKOUT = Path(__file__).parents[2]
# What a checkout may hold besides what is in the repository.
_LITTER = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "imchat-data", "node_modules", "venv"
)


def run(*command: str | Path, cwd: Path) -> str:
    """What a program printed; raises with it when the program failed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if done.returncode:
        raise AssertionError(f"{command}:\n{done.stdout}")
    return done.stdout


def files_under(folder: Path, pattern: str = "*") -> set[str]:
    """The files of the checkout's `folder`, by their names relative to it."""
    root = CHECKOUT / folder
    found = (path for path in root.rglob(pattern) if path.is_file())
    return {path.relative_to(root).as_posix() for path in found if "__pycache__" not in path.parts}


class WheelTests(SynchronousTestCase):
    """One wheel, built once from a clean copy, in a virtual environment of its own."""

    folder: Path
    wheel: Path
    programs: Path

    @classmethod
    def setUpClass(cls) -> None:
        """Build the wheel away from the checkout, and install it with all it needs."""
        temporary = tempfile.TemporaryDirectory(prefix="imchat-wheel-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        # A build takes up what an earlier one left, so it gets a copy without leavings.
        shutil.copytree(CHECKOUT, cls.folder / "copy", ignore=_LITTER)
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        run(*pip, "wheel", "--no-deps", "--wheel-dir", ".", "./copy", cwd=cls.folder)
        [cls.wheel] = cls.folder.glob("imtwisted-*.whl")
        venv.create(cls.folder / "environment", with_pip=True)
        cls.programs = cls.folder / "environment" / "bin"
        fresh: list[str | Path] = [
            cls.programs / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
        ]
        run(*fresh, "install", cls.wheel, cwd=cls.folder)

    def test_holds_all_of_the_tree_and_nothing_else(self) -> None:
        """Code, pages and schema are inside; tests and leavings are not."""
        expected = {f"imtwisted/{name}" for name in files_under(Path("imtwisted"), "*.py")}
        expected |= {f"imtwisted/web/{name}" for name in files_under(Path("web"))}
        expected |= {f"imtwisted/sql/{name}" for name in files_under(Path("sql"))}
        expected |= {"imtwisted/py.typed", "twisted/plugins/imchat_plugin.py"}
        with zipfile.ZipFile(self.wheel) as wheel:
            held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        self.assertEqual(held, expected)

    def test_help_explains_the_options(self) -> None:
        """``twistd imchat --help`` names each option with what it is for."""
        words = run(self.programs / "twistd", "imchat", "--help", cwd=self.folder)
        for option in (
            *("listen", "database", "data", "config", "public-url", "registration"),
            *("direct-messages", "lobby", "operations", "limit", "trust-proxy", "log-format"),
        ):
            self.assertRegex(words, rf"--{option}\b")
        self.assertNotIn("--redis", words)

    def test_the_operators_command_is_there(self) -> None:
        """``imchat-admin --help`` works."""
        self.assertIn(
            "imchat-admin", run(self.programs / "imchat-admin", "--help", cwd=self.folder)
        )

    def test_runs_from_another_folder(self) -> None:
        """Pages, static files and schema are found, and a person registers."""
        with Process(twistd=self.programs / "twistd") as server:
            with urllib.request.urlopen(f"{server.url}/login", timeout=15) as answer:
                self.assertIn("text/html", answer.headers["Content-Type"])
            for name in sorted(files_under(Path("web/static"))):
                with urllib.request.urlopen(f"{server.url}/static/{name}", timeout=15) as answer:
                    self.assertEqual(answer.read(), (CHECKOUT / "web/static" / name).read_bytes())
            zhang = Person(server, "zhang").registers()
            self.assertEqual(zhang.asks("GET", "/me")["user"], zhang.user)
            self.assertEqual((server.folder / "imchat-data" / "imchat.sqlite3").exists(), True)
