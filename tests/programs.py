"""
Install the programs that the tests drive, or say which are missing.

``python tests/programs.py mariadb chromium``: where it may, as root on a
machine with ``apt-get``, it installs Debian's packages; elsewhere it ends with
status 1 and the names of what to install. It starts no service and touches
nothing that is there already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# What a part of the tests calls, and which Debian package brings it.
NEEDED = {
    "mariadb": {
        "mariadbd": "mariadb-server-core",
        "mariadb-install-db": "mariadb-server-core",
        "my_print_defaults": "mariadb-client-core",
    },
    "chromium": {
        "chromium": "chromium",
        "NotoSansCJK-Regular.ttc": "fonts-noto-cjk",
    },
    # For the pictures of docs/screenshots alone; the tests care for no glyph.
    "screenshots": {
        "NotoColorEmoji.ttf": "fonts-noto-color-emoji",
    },
}
# mariadbd lies where a plain user's PATH does not look.
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"])
FONTS = Path("/usr/share/fonts")


def main(parts: list[str]) -> int:
    """Bring what `parts` need; 0 when all of it is there."""
    wanted = packages_for(parts)
    if wanted and may_install():
        install(wanted)
        wanted = packages_for(parts)
    if wanted:
        print(f"These tests need: {', '.join(parts)}.", file=sys.stderr)
        print(f"On Debian or Ubuntu: apt-get install {' '.join(wanted)}", file=sys.stderr)
    return 1 if wanted else 0


def packages_for(parts: list[str]) -> list[str]:
    """The Debian packages that `parts` need and this machine lacks."""
    missing = {
        package
        for part in parts
        for program, package in NEEDED[part].items()
        if not is_here(program)
    }
    return sorted(missing)


def is_here(program: str) -> bool:
    """Whether `program`, or the font of that file name, is installed."""
    if program.endswith(".ttc"):
        return any(FONTS.rglob(program))
    return shutil.which(program, path=PATH) is not None


def may_install() -> bool:
    """Root on a machine of Debian's kind may install."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Ask apt for `packages`, waiting for another apt that is at work."""
    apt = ["apt-get", "--quiet", "--option", "DPkg::Lock::Timeout=300"]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print("installing", *packages, flush=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([*apt, *command], env=quiet, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
