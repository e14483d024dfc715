"""The pages and the schema are found, installed or not."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.places import folder


class PlacesTests(SynchronousTestCase):
    """`folder` finds what came with this copy of imtwisted."""

    def test_pages_and_schema_are_there(self) -> None:
        """Both folders have what the server looks for in them."""
        self.assertTrue((folder("web") / "templates" / "chat.html").is_file())
        for database in ("mysql", "sqlite"):
            self.assertEqual(list((folder("sql") / database).glob("[!0-9]*")), [])
            self.assertTrue(any((folder("sql") / database).glob("0001_*.sql")))

    def test_a_folder_that_was_not_installed(self) -> None:
        """The error names it."""
        with self.assertRaisesRegex(FileNotFoundError, "recipes/"):
            folder("recipes")
