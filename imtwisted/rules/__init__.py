"""
Who may do what, and what a name or a text must be: pure functions of rows.

Way of a message: domain -> [rules] -> journal -> [rules] again, under the lock.
The domain asks early, to refuse cheaply; the journal's answer is the one that counts.
"""

from __future__ import annotations

from imtwisted.rules.rights import (
    REACTIONS,
    SHARED_UP_TO,
    Gathering,
    Subject,
    may_appoint,
    may_ban,
    may_dissolve,
    may_edit,
    may_enter,
    may_found,
    may_post,
    may_react,
    may_recall,
    may_refer_to,
    may_remove,
    may_settle,
    may_write_to,
)
from imtwisted.rules.words import (
    DISPLAY_NAME_LENGTH,
    EMOJI_BYTES,
    NAME_LENGTH,
    NAME_MARKS,
    NOTE_LENGTH,
    PASSWORD_LENGTH,
    PREVIEW_LENGTH,
    TITLE_LENGTH,
    checked_display_name,
    checked_emoji,
    checked_note,
    checked_password,
    checked_text,
    checked_title,
    checked_username,
    name_key,
    one_line,
)

__all__ = [
    "DISPLAY_NAME_LENGTH",
    "EMOJI_BYTES",
    "NAME_LENGTH",
    "NAME_MARKS",
    "NOTE_LENGTH",
    "PASSWORD_LENGTH",
    "PREVIEW_LENGTH",
    "REACTIONS",
    "SHARED_UP_TO",
    "TITLE_LENGTH",
    "Gathering",
    "Subject",
    "checked_display_name",
    "checked_emoji",
    "checked_note",
    "checked_password",
    "checked_text",
    "checked_title",
    "checked_username",
    "may_appoint",
    "may_ban",
    "may_dissolve",
    "may_edit",
    "may_enter",
    "may_found",
    "may_post",
    "may_react",
    "may_recall",
    "may_refer_to",
    "may_remove",
    "may_settle",
    "may_write_to",
    "name_key",
    "one_line",
]
