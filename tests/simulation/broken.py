"""What a run raises when it finds that a promise was not kept."""

from __future__ import annotations


class Broken(AssertionError):
    """A promise was not kept."""
