"""
The limits a server keeps, sent to clients in `ready` and settable one by one.

A rate of 0 is no limit; a queue or a size cannot be unlimited.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

_RATES = frozenset(
    {
        "sends_per_10s",
        "sends_burst",
        "recall_seconds",
        "registrations_per_hour",
        "sign_ins_per_minute",
        "account_sign_ins_per_minute",
        "searches_per_10s",
        "search_pages_per_10s",
        "look_ups_per_10s",
        "deeds_per_10s",
        "deeds_burst",
    }
)

_CHARACTER_BYTES = 4  # of UTF-8, at most
_AROUND_A_TEXT = 1_536  # bytes of a frame beside its text
_LEAST_FRAME = 16_384  # bytes: a `hello` with all the cursors it may have


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes or code points, queues in entries, rates per user or address."""

    frame_bytes: int = 65_536
    text_characters: int = 16_000
    unanswered_requests: int = 32
    sends_per_10s: int = 20
    sends_burst: int = 40
    recall_seconds: int = 86_400
    connections_per_user: int = 10
    connections_per_address: int = 1_024
    outbox_bytes: int = 1 << 20
    outbox_events: int = 512
    group_members: int = 2_000
    file_bytes: int = 32 << 20
    user_file_bytes: int = 1 << 30
    page_messages: int = 200
    page_bytes: int = 256 * 1024
    waiting_writes: int = 2_048
    waiting_reads: int = 256
    registrations_per_hour: int = 20
    sign_ins_per_minute: int = 20
    account_sign_ins_per_minute: int = 5
    searches_per_10s: int = 30
    search_pages_per_10s: int = 60
    look_ups_per_10s: int = 30
    deeds_per_10s: int = 10
    deeds_burst: int = 50

    def with_one(self, setting: str) -> Limits:
        """
        These limits with one changed by "NAME=VALUE".

        Raises `ValueError`, whose words are for the operator.
        """
        name, equals, value = setting.partition("=")
        if not equals or name not in names():
            raise ValueError(f"{setting!r} is not NAME=VALUE with one of {', '.join(names())}")
        number = int(value) if value.isascii() and value.isdigit() else -1
        least = 0 if name in _RATES else 1
        if not least <= number < 2**53:
            raise ValueError(f"{name} must be a whole number from {least}")
        return replace(self, **{name: number})

    def check_together(self) -> None:
        """
        Raise `ValueError`, for the operator, unless the longest text fits into a frame.

        A frame over its limit ends the connection, and the page would come back
        with the same one.
        """
        least = self.text_characters * _CHARACTER_BYTES + _AROUND_A_TEXT
        if self.frame_bytes < max(least, _LEAST_FRAME):
            raise ValueError(
                f"frame_bytes must be at least {max(least, _LEAST_FRAME)} "
                f"where text_characters is {self.text_characters}; it is {self.frame_bytes}"
            )

    def as_told(self) -> dict[str, int]:
        """What `ready.limits` says."""
        return {name: getattr(self, name) for name in names()}


def names() -> list[str]:
    """Every limit's name, in the order of the documentation."""
    return [field.name for field in fields(Limits)]
