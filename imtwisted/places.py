"""Where `web/` and `sql/` are; not on the way of a message, read once at start."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """
    The folder `name`: inside the package once installed, beside it in a checkout.

    Inside first: beside an installed package stand strangers, and one of them
    may be called ``web``.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"imtwisted was installed without its folder {name}/")
