"""Pictures looked at by a real process: good ones get a thumbnail, bad ones end harmless."""

from __future__ import annotations

import random
import shutil
import tempfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.trial.unittest import TestCase

from imtwisted.files import Sight
from imtwisted.model import UserId
from imtwisted.vault import thumbnailer
from imtwisted.vault.pictures import PictureProcess
from tests.test_containers import SECRET, picture
from tests.uploading import png

_ORIENTATION = 0x0112
_QUICK: dict[str, dict[str, Any]] = {"WEBP": {"method": 0}, "PNG": {"compress_level": 1}}
UNSHOWN = Sight(None, None, False)


class PictureTests(TestCase):
    """What is seen of a picture."""

    timeout = 60

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="imchat-pictures-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.pictures = PictureProcess(reactor)

    async def look(self, content: bytes, name: str = "picture") -> Sight | None:
        """What the process sees of `content`."""
        path = self.folder / name
        path.write_bytes(content)
        return await self.pictures.look(UserId(1), path, self.bare(name), self.thumbnail(name))

    def bare(self, name: str = "picture") -> Path:
        return self.folder / f"{name}.bare"

    def thumbnail(self, name: str = "picture") -> Path:
        return self.folder / f"{name}.thumbnail"

    async def test_formats(self) -> None:
        """Each that browsers show: its size, and a smaller one that keeps its shape."""
        for format in ("PNG", "JPEG", "GIF", "WEBP"):
            picture = Image.effect_noise((1600, 800), 90).convert("RGB")
            seen = await self.look(_bytes(picture, format), format)
            self.assertEqual(seen, Sight(1600, 800, True), format)
            with Image.open(self.thumbnail(format)) as small:
                self.assertEqual((small.format, small.size), ("WEBP", (640, 320)))

    async def test_small(self) -> None:
        """A small picture is its own thumbnail; what is see-through stays so."""
        self.assertEqual(await self.look(png(30, 20)), Sight(30, 20, False))
        self.assertFalse(self.thumbnail().exists())
        clear = Image.new("RGBA", (900, 900), (0, 0, 0, 0))
        self.assertEqual(await self.look(_bytes(clear, "PNG")), Sight(900, 900, True))
        with Image.open(self.thumbnail()) as small:
            self.assertEqual(small.convert("RGBA").getpixel((5, 5)), (0, 0, 0, 0))

    async def test_turned(self) -> None:
        """A photograph that a camera held sideways has the size in which it is shown."""
        exif = Image.Exif()
        exif[_ORIENTATION] = 6
        content = BytesIO()
        Image.effect_noise((1200, 600), 90).save(content, "JPEG", exif=exif)
        self.assertEqual(await self.look(content.getvalue()), Sight(600, 1200, True))
        with Image.open(self.thumbnail()) as small:
            self.assertEqual(small.size, (320, 640))
            self.assertNotIn(_ORIENTATION, small.getexif())
        with Image.open(self.bare()) as kept:
            self.assertEqual(kept.getexif()[_ORIENTATION], 6)

    async def test_large(self) -> None:
        """A picture that is larger than what the process may write otherwise is copied whole."""
        picture = Image.frombytes("RGB", (1700, 1700), random.Random(5).randbytes(1700 * 1700 * 3))
        content = _bytes(picture, "PNG")
        self.assertGreater(len(content), thumbnailer.WRITTEN)
        self.assertEqual(await self.look(content), Sight(1700, 1700, True))
        self.assertEqual(self.bare().read_bytes(), content)

    async def test_bombs(self) -> None:
        """Small files that would be enormous pictures are not decoded."""
        flat = _bytes(Image.new("1", (30_000, 30_000)), "PNG")
        frames = [Image.new("P", (7000, 7000), n) for n in (1, 2)]
        film = BytesIO()
        frames[0].save(film, "GIF", save_all=True, append_images=frames[1:])
        for content, seen in (
            (png(2, 2, said=(100_000, 100_000)), UNSHOWN),
            (png(2, 2, said=(2**31 - 1, 2**31 - 1)), UNSHOWN),
            (flat, UNSHOWN),
            (png(2, 2, said=(0, 5)), UNSHOWN),
            (b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(10_000_000)), None),
            (b"\xff\xd8\xff" + bytes(5000), None),
            (b"", None),
        ):
            self.assertEqual(await self.look(content), seen)
            self.assertFalse(self.thumbnail().exists())
        self.assertEqual(await self.look(film.getvalue()), Sight(7000, 7000, True))

    async def test_one_that_cannot_be_decoded(self) -> None:
        """What a camera wrote into it is gone all the same: it is taken apart before."""
        whole = picture("PNG", 6, size=(1200, 800))
        middle = len(whole) // 2
        broken = whole[:middle] + bytes(64) + whole[middle + 64 :]
        self.assertIn(SECRET, broken)
        self.assertEqual(await self.look(broken), UNSHOWN)
        self.assertNotIn(SECRET, self.bare().read_bytes())
        self.assertGreater(len(self.bare().read_bytes()), middle)

    async def test_a_process_that_ends_badly(self) -> None:
        """Of it only that the copy is whole is believed, and that only if it said so."""
        for said, seen in (("bare\\n3 3 0", UNSHOWN), ("bare\\n", UNSHOWN), ("", None)):
            bad = self.folder / "bad.py"
            bad.write_text(
                f"import os, sys\nsys.stdout.write('{said}')\nsys.stdout.flush()\nos._exit(3)\n",
                "utf-8",
            )
            pictures = PictureProcess(reactor, program=str(bad))
            looked = await pictures.look(UserId(1), bad, self.bare(), self.thumbnail())
            self.assertEqual(looked, seen)

    async def test_the_largest(self) -> None:
        """Each format up to the pixels that are promised, and none that takes all memory."""
        small = Image.effect_noise((200, 125), 60)
        for format, width, height, most in (
            ("WEBP", 6900, 4340, thumbnailer.WEBP_PIXELS),
            ("PNG", 8900, 5600, thumbnailer.PIXELS),
        ):
            self.assertLess(0.98, width * height / most)
            large = small.resize((width, height)).convert("RGB")
            content = _bytes(large, format)
            self.assertEqual(await self.look(content), Sight(width, height, True), format)
        over = _bytes(small.resize((6900, 4400)).convert("RGB"), "WEBP")
        self.assertEqual(await self.look(over), UNSHOWN)

    async def test_other_formats(self) -> None:
        """What browsers do not show is not tried, whatever could decode it."""
        for format in ("TIFF", "BMP", "PPM", "ICO"):
            content = _bytes(Image.new("RGB", (32, 32)), format)
            self.assertIsNone(await self.look(content), format)

    async def test_a_process_that_hangs(self) -> None:
        """It is ended, and the next one is looked at."""
        slow = self.folder / "slow.py"
        slow.write_text("import time\ntime.sleep(1000)\n", "utf-8")
        pictures = PictureProcess(reactor, patience=0.5, program=str(slow))
        self.assertIsNone(await pictures.look(UserId(1), slow, self.bare(), self.thumbnail()))
        self.assertIsNotNone(await self.look(png(3, 3)))

    async def test_somebody_elses_slow_ones(self) -> None:
        """However many another person brings, one's own picture waits for none of them."""
        picky = self.folder / "picky.py"
        picky.write_text(
            "import sys, time\n"
            "if 'slow' in sys.argv[1]: time.sleep(1000)\n"
            "sys.stdout.write('bare 3 3 0')\n",
            "utf-8",
        )
        pictures = PictureProcess(reactor, patience=1.0, program=str(picky))
        ended: list[int] = []

        async def bring(owner: int, path: Path) -> None:
            await pictures.look(UserId(owner), path, self.bare(), self.thumbnail())
            ended.append(owner)

        slow = [Deferred.fromCoroutine(bring(1, self.folder / f"slow{n}")) for n in range(2)]
        await bring(2, self.folder / "small")
        await gatherResults(slow)
        self.assertEqual(ended, [2, 1, 1])

    async def test_a_process_that_takes_all_memory(self) -> None:
        """It cannot: there is an end to it, which is its end."""
        hungry = self.folder / "hungry.py"
        confined = f"import sys\nsys.path.insert(0, {str(Path(thumbnailer.__file__).parent)!r})\n"
        hungry.write_text(
            confined + "import thumbnailer\nthumbnailer.confine()\n"
            "kept = bytearray(thumbnailer.MEMORY)\nprint('bare 1 1 0', end='')\n",
            "utf-8",
        )
        pictures = PictureProcess(reactor, program=str(hungry))
        self.assertIsNone(await pictures.look(UserId(1), hungry, self.bare(), self.thumbnail()))

    async def test_many_at_once(self) -> None:
        """They take turns, and each gets its own answer."""
        seen = await gatherResults(
            [Deferred.fromCoroutine(self.look(png(n, n), str(n))) for n in range(1, 7)]
        )
        self.assertEqual(seen, [Sight(n, n, False) for n in range(1, 7)])


def _bytes(picture: Image.Image, format: str) -> bytes:
    content = BytesIO()
    picture.save(content, format, **_QUICK.get(format, {}))
    return content.getvalue()
