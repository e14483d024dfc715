"""
Rendering a page: a template, a language, and what a page may ask for.

Way of a message: beside it. Everything is escaped unless a template says
otherwise, and none does.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from imtwisted.http.assets import Assets
from imtwisted.http.language import Catalogs


class Templates:
    """The pages of `web/templates`."""

    def __init__(
        self, folder: Path, catalogs: Catalogs, assets: Assets, *, registration: str
    ) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
        )
        self._environment.globals.update(
            asset=assets.url, modules=assets.modules, registration=registration
        )
        self._catalogs = catalogs

    def render(self, language: str, name: str, values: dict[str, object]) -> bytes:
        """The page `name` in `language`, as HTML."""
        text = partial(self._catalogs.text, language)
        page = self._environment.get_template(name).render(values, lang=language, t=text)
        return page.encode()
