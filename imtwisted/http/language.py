"""
In which language a person is answered, and the words of each.

Way of a message: beside it; pages and refusals are worded here. The page uses
the same catalogs, `web/static/i18n/*.json`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from twisted.web.server import Request

from imtwisted.http.headers import header_of
from imtwisted.refusals import ChatError

ENGLISH = "en"
CHINESE = "zh-CN"
LANGUAGES = (ENGLISH, CHINESE)
COOKIE = b"lang"


def language_of(request: Request) -> str:
    """The language that was chosen, else the one the browser prefers, else English."""
    chosen = (request.getCookie(COOKIE) or b"").decode("ascii", "replace")
    if chosen in LANGUAGES:
        return chosen
    return preferred_by(request)


def preferred_by(request: Request) -> str:
    """The language that the browser prefers, else English."""
    return preferred(header_of(request, b"accept-language") or "")


def preferred(accepted: str) -> str:
    """
    The best of ours for an `Accept-Language` header (RFC 9110, section 12.5.4).

    Any kind of Chinese is nearer to ours than English is.
    """
    best, best_quality = ENGLISH, 0.0
    for part in accepted.split(","):
        name, _, parameters = part.partition(";")
        language = _ours(name.strip().lower())
        quality = _quality(parameters)
        if language is not None and quality > best_quality:
            best, best_quality = language, quality
    return best


def _ours(name: str) -> str | None:
    primary = name.partition("-")[0]
    return {"zh": CHINESE, "en": ENGLISH, "*": ENGLISH}.get(primary)


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


class Catalogs:
    """Every text of the pages and refusals, by language and key."""

    def __init__(self, folder: Path) -> None:
        self._texts = {
            language: msgspec.json.decode(
                (folder / f"{language}.json").read_bytes(), type=dict[str, str]
            )
            for language in LANGUAGES
        }

    def text(self, language: str, key: str, **values: object) -> str:
        """
        The text of `key` with its `{name}`s filled in; a missing one is its key.

        A refusal without a reason is named by its code: forms ask for both alike.
        """
        texts = self._texts[language]
        fallback = texts.get("error." + key.removeprefix("reason."), key)
        text = texts.get(key, fallback)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def wording(self, language: str, refusal: ChatError) -> str:
        """
        One sentence about `refusal`.

        The reason tells most; without one, English has the refusal's own
        words, and other languages the words of its code.
        """
        texts = self._texts[language]
        if refusal.reason is not None and f"reason.{refusal.reason}" in texts:
            return texts[f"reason.{refusal.reason}"]
        if language == ENGLISH:
            return refusal.message
        return texts.get(f"error.{refusal.code}", refusal.message)
