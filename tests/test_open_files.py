"""Tests for `imtwisted.open_files`: a thousand people must not find the door shut."""

from __future__ import annotations

import resource
from unittest import mock

from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.trial.unittest import TestCase
from zope.interface import provider

from imtwisted.open_files import ENOUGH, take_open_files

_OPEN = resource.RLIMIT_NOFILE


class OpenFilesTests(TestCase):
    """The limit of the process that runs the tests is put back after each."""

    def setUp(self) -> None:
        """Listen to the log."""
        self.soft, self.hard = resource.getrlimit(_OPEN)
        self.addCleanup(resource.setrlimit, _OPEN, (self.soft, self.hard))
        self.events: list[LogEvent] = []

        @provider(ILogObserver)
        def note(event: LogEvent) -> None:
            self.events.append(event)

        globalLogPublisher.addObserver(note)
        self.addCleanup(globalLogPublisher.removeObserver, note)

    def warnings(self) -> list[LogEvent]:
        """What was said of files."""
        return [event for event in self.events if "hard" in event]

    def test_as_many_as_may_be(self) -> None:
        """What a shell or systemd leaves low at first is raised to what it allows."""
        resource.setrlimit(_OPEN, (256, self.hard))
        self.assertEqual(take_open_files(), self.hard)
        self.assertEqual(resource.getrlimit(_OPEN), (self.hard, self.hard))
        self.assertEqual(bool(self.warnings()), 0 <= self.hard < ENOUGH)

    def test_too_few(self) -> None:
        """The operator is told, and the server runs with what there is."""
        with (
            mock.patch("resource.getrlimit", return_value=(256, ENOUGH - 1)),
            mock.patch("resource.setrlimit") as taken,
        ):
            self.assertEqual(take_open_files(), ENOUGH - 1)
        taken.assert_called_once_with(_OPEN, (ENOUGH - 1, ENOUGH - 1))
        (warning,) = self.warnings()
        self.assertEqual(warning["hard"], ENOUGH - 1)
