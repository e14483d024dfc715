"""
Which pictures there are: each scene, and the looks it is shown in.

Nothing here needs a browser, so that a test can compare the folder with the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"phone": True},
    "narrow": {"phone": True, "viewport": {"width": 320, "height": 640}},
}


@dataclass(frozen=True, slots=True)
class Look:
    """A device, a theme and a language."""

    device: str = "desktop"
    theme: str = "light"
    language: str = "en"

    @property
    def context(self) -> dict[str, Any]:
        """As `Windows.window` takes it."""
        locale = "zh-CN" if self.language == "zh" else "en-GB"
        return {"locale": locale, "color_scheme": self.theme, **_SIZES[self.device]}

    @property
    def suffix(self) -> str:
        """What tells it from the plainest look, in a file's name."""
        plain = Look()
        parts = [(self.device, plain.device), (self.theme, plain.theme)]
        parts.append((self.language, plain.language))
        return "".join(f"-{mine}" for mine, usual in parts if mine != usual)


@dataclass(frozen=True, slots=True)
class Picture:
    """One file: what it shows, and how."""

    name: str
    scene: str
    look: Look


_PLAIN = Look()
_DARK_ZH = Look(theme="dark", language="zh")
_PHONE = Look("phone")
_PHONE_ZH = Look("phone", language="zh")
_PHONE_DARK = Look("phone", "dark")
_PHONE_DARK_ZH = Look("phone", "dark", "zh")
_NARROW = Look("narrow")
_NARROW_DARK_ZH = Look("narrow", "dark", "zh")

# Every scene in both languages, and in the light and in the dark.
SCENES: dict[str, tuple[Look, ...]] = {
    "sign-in": (_PLAIN, _PHONE_DARK_ZH),
    "register-errors": (_PLAIN, _NARROW_DARK_ZH),
    "register-closed": (_PLAIN, _PHONE_DARK_ZH),
    "register-by-invitation": (_PHONE, _DARK_ZH),
    "new-password": (_PHONE, _DARK_ZH),
    "join-guest": (_PLAIN, _PHONE_DARK_ZH),
    "join": (_PHONE, _DARK_ZH),
    "join-expired": (_PLAIN, _PHONE_DARK_ZH),
    "not-found": (_PLAIN, _PHONE_DARK_ZH),
    "newcomer": (_PLAIN, _PHONE_DARK_ZH),
    "contacts": (_PLAIN, _PHONE_DARK_ZH),
    "contacts-none": (_PHONE, _DARK_ZH),
    "settings": (_PLAIN, _DARK_ZH, _NARROW),
    "list": (_PHONE, _NARROW_DARK_ZH),
    "loading": (_PLAIN, _PHONE_DARK_ZH),
    "empty-conversation": (_PLAIN, _PHONE_DARK_ZH),
    "history-failed": (_PLAIN, _PHONE_DARK_ZH),
    "offline": (_PLAIN, _PHONE_DARK_ZH, _NARROW),
    "long-names": (_PLAIN, _DARK_ZH, _NARROW),
    "unread": (_PLAIN, _PHONE_DARK_ZH),
    "search": (_PLAIN, _PHONE_DARK_ZH),
    "search-nothing": (_PHONE, _DARK_ZH),
    "rich": (_PLAIN, _DARK_ZH, _NARROW),
    "message-menu": (_PLAIN, _PHONE_DARK_ZH),
    "replying": (_PLAIN, _PHONE_DARK_ZH),
    "read-by": (_PLAIN, _PHONE_DARK_ZH),
    "typing": (_PHONE, _DARK_ZH),
    "upload": (_PLAIN, _NARROW_DARK_ZH),
    "files": (_PLAIN, _PHONE_DARK_ZH),
    "lightbox": (_PHONE, _DARK_ZH),
    "new-group": (_PLAIN, _PHONE_DARK_ZH),
    "group": (_PLAIN, _NARROW_DARK_ZH),
    "group-links": (_PLAIN, _PHONE_DARK_ZH),
    "announcements": (_PLAIN, _PHONE_DARK_ZH),
    "silenced": (_PHONE, _DARK_ZH),
    "deleted": (_PHONE, _DARK_ZH),
}
# The README's own, by the names they have there.
FRONT = (
    Picture("chat", "chat", _PLAIN),
    Picture("dark", "chat", Look(theme="dark")),
    Picture("chinese", "chat-chinese", Look(language="zh")),
    Picture("phone", "chat-phone", _PHONE),
)
ALBUM = (
    *FRONT,
    *(
        Picture(f"{scene}{look.suffix}", scene, look)
        for scene, looks in SCENES.items()
        for look in looks
    ),
)
