"""Tests for `imtwisted.http.language`: reading what a browser prefers."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.http.bodies import next_of
from imtwisted.http.language import preferred


class PreferredTests(SynchronousTestCase):
    """Reading `Accept-Language`."""

    def test_the_best_of_ours(self) -> None:
        """By quality, not by order; any Chinese is Chinese."""
        for header, language in (
            ("", "en"),
            ("fr", "en"),
            ("zh", "zh-CN"),
            ("zh-Hant-TW", "zh-CN"),
            ("fr, zh;q=0.3", "zh-CN"),
            ("en;q=0.5, zh;q=0.6", "zh-CN"),
            ("zh;q=0.5, en-GB;q=0.6", "en"),
            ("zh;q=0", "en"),
            ("zh;q=nan, zh;q=-1, zh;q=9, zh;q=x", "en"),
            ("*", "en"),
            (";;;,,,q=", "en"),
        ):
            self.assertEqual(preferred(header), language, header)

    def test_only_places_of_ours(self) -> None:
        """What browsers would take for another site is no place."""
        for place in ("/chat", "/", "/chat?with=bob#1"):
            self.assertEqual(next_of(place), place)
        for place in (
            "",
            "chat",
            "//x",
            "/\\x",
            "http://x",
            "/\n/x",
            "/\t/x",
            "/é",
            "javascript:1",
        ):
            self.assertEqual(next_of(place), "", place)
