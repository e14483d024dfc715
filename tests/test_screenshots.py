"""The folder of pictures is what the command would make: none is missing, none is left over."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.browser.gallery.album import ALBUM, SCENES

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
READMES = ("README.md", "README.zh-CN.md")
MOST = 3_000_000  # bytes; everyone who clones the project has them


class AlbumTests(SynchronousTestCase):
    """The list, the folder, and what is shown of them."""

    def test_the_folder_is_the_list(self) -> None:
        """Whoever adds a state takes its picture; whoever drops one takes it away."""
        names = [f"{picture.name}.png" for picture in ALBUM]
        self.assertEqual(sorted(names), sorted(path.name for path in FOLDER.iterdir()))
        self.assertEqual(len(names), len(set(names)))

    def test_every_state_in_both_languages_and_themes(self) -> None:
        """Nothing is only looked at in English, or only in the light."""
        for scene, looks in SCENES.items():
            self.assertEqual({look.language for look in looks}, {"en", "zh"}, scene)
            self.assertEqual({look.theme for look in looks}, {"light", "dark"}, scene)

    def test_it_is_small(self) -> None:
        """Pictures of flat colours need few bytes."""
        self.assertLess(sum(path.stat().st_size for path in FOLDER.iterdir()), MOST)
