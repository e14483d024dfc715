"""Pictures without what tells of their maker: the same pixels, the same way up, nothing else."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps
from PIL.PngImagePlugin import PngInfo
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.vault.containers import Unreadable, exif, without_metadata

SECRET = b"48.8584N 2.2945E"
_ORIENTATION = 0x0112
_XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
_SHAPES: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90},
    "progressive": {"progressive": True},
    "restarting": {"restart_marker_blocks": 1},
    "PNG": {},
    "WEBP": {"quality": 80},
    "lossless": {"lossless": True},
}
_KINDS = {"progressive": "JPEG", "restarting": "JPEG", "lossless": "WEBP"}


def bare(data: bytes) -> bytes:
    """The picture, put together again."""
    return b"".join(without_metadata(data))


def exif_of(orientation: int | None) -> Image.Exif:
    """What a camera writes: where it was, who has it and how it was held."""
    said = Image.Exif()
    if orientation is not None:
        said[_ORIENTATION] = orientation
    said[0x010F] = SECRET.decode()
    said.get_ifd(0x8825)[29] = SECRET.decode()
    return said


def picture(
    format: str, orientation: int | None = None, size: tuple[int, int] = (60, 40), **more: Any
) -> bytes:
    """A picture of that format with a secret wherever it has room for one."""
    kind = _KINDS.get(format, format)
    content = BytesIO()
    noise = Image.effect_noise(size, 90).convert("RGB")
    noise.save(content, kind, exif=exif_of(orientation), **_options(format, kind), **more)
    return content.getvalue()


def _options(format: str, kind: str) -> dict[str, Any]:
    options = dict(_SHAPES.get(format, {}))
    if kind == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Author", SECRET.decode())
        options["pnginfo"].add_itxt("Place", SECRET.decode())
        options["pnginfo"].add_text("Long", SECRET.decode() * 9, zip=True)
    if kind == "JPEG":
        options["comment"] = SECRET
    if kind in ("JPEG", "WEBP"):
        options["xmp"] = _XMP
    return options


def film(format: str) -> bytes:
    """Three frames, shown twice, with times of their own."""
    content = BytesIO()
    frames = [Image.effect_noise((30, 30), 90).convert("P") for _ in range(3)]
    options = {"append_images": frames[1:], "duration": [100, 200, 300], "loop": 2}
    more = {"comment": SECRET} if format == "GIF" else {"exif": exif_of(None)}
    frames[0].save(content, format, save_all=True, **options, **more)
    return content.getvalue()


def shown(content: bytes) -> list[tuple[Image.Image, Any, Any]]:
    """Every frame as it is shown, with its time, and how often all of it is."""
    with Image.open(BytesIO(content)) as opened:
        frames = []
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            frame = ImageOps.exif_transpose(opened).convert("RGBA")
            frames.append((frame, opened.info.get("duration"), opened.info.get("loop")))
        return frames


class SameTests(SynchronousTestCase):
    """What is shown stays, to the last pixel."""

    def assert_same(self, before: bytes, after: bytes) -> None:
        """It looks as it did, and it tells nothing."""
        pairs = list(zip(shown(before), shown(after), strict=True))
        for (frame, *times), (copy, *copied) in pairs:
            self.assertEqual((frame.size, times), (copy.size, copied))
            self.assertIsNone(ImageChops.difference(frame, copy).getbbox(alpha_only=False))
        self.assertNotIn(SECRET, after)
        self.assertEqual(bare(after), after)

    def test_each_way_up(self) -> None:
        """In each format, however the camera was held: which way is up is all it still says."""
        for format in _SHAPES:
            for orientation in (None, *range(1, 9)):
                before = picture(format, orientation)
                self.assertTrue(SECRET in before or format == "PNG")
                after = bare(before)
                self.assert_same(before, after)
                with Image.open(BytesIO(after)) as opened:
                    left = {_ORIENTATION: orientation} if (orientation or 1) != 1 else {}
                    self.assertEqual(dict(opened.getexif()), left, format)
                    self.assertFalse(opened.info.keys() & {"xmp", "comment", "Author", "Place"})

    def test_films(self) -> None:
        """Each frame, its time, and how often they are shown."""
        for format in ("GIF", "WEBP", "PNG"):
            before = film(format)
            self.assertIn(SECRET, before)
            self.assert_same(before, bare(before))

    def test_colours(self) -> None:
        """Profiles stay, and pictures for print are not turned into their negatives."""
        profile = b"a profile" * 30
        for format in _SHAPES:
            before = picture(format, 6, icc_profile=profile)
            with Image.open(BytesIO(bare(before))) as opened:
                self.assertEqual(opened.info["icc_profile"], profile, format)
        content = BytesIO()
        Image.effect_noise((20, 20), 90).convert("CMYK").save(content, "JPEG")
        self.assert_same(content.getvalue(), bare(content.getvalue()))

    def test_see_through(self) -> None:
        """Where nothing is, nothing stays."""
        for format in ("PNG", "WEBP", "GIF"):
            content = BytesIO()
            Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(content, format)
            self.assert_same(content.getvalue(), bare(content.getvalue()))


class DroppedTests(SynchronousTestCase):
    """What no format's library writes, and phones do."""

    def test_behind_the_end(self) -> None:
        """A second picture, a film: with a place of its own."""
        for format in ("JPEG", "PNG", "WEBP", "GIF"):
            before = film(format) if format == "GIF" else picture(format)
            self.assertEqual(bare(before + picture("JPEG", 3)), bare(before), format)

    def test_jpeg(self) -> None:
        """What applications add, before and between the scans, and what is in no segment."""
        start, rest = b"\xff\xd8", picture("progressive")[2:]
        added = b"".join(
            _segment(marker, name + SECRET)
            for marker in (*range(0xE0, 0xF0), 0xFE)
            for name in (b"MPF\0", b"JFXX\0", b"Exif\0\0", b"")
        )
        self.assertNotIn(SECRET, bare(start + added + rest))
        second = 2 + int.from_bytes(rest[2:4], "big")
        self.assertEqual(bare(start + rest[:second] + SECRET + rest[second:]), bare(start + rest))
        later = rest.rindex(b"\xff\xc4")  # tables before one of the later scans
        between = start + rest[:later] + added + rest[later:]
        self.assertEqual(bare(between), bare(start + rest))
        small = b"JFIF\0\1\1\0\0\1\0\1\2\2" + SECRET[:12]
        self.assertNotIn(SECRET[:12], bare(start + _segment(0xE0, small) + rest))

    def test_png(self) -> None:
        """A chunk that nobody knows goes; one that must be known is not shown without it."""
        before = picture("PNG")
        chunk = struct.pack(">I", 16) + b"%s" + SECRET + b"\0\0\0\0"
        self.assertEqual(bare(before[:33] + chunk % b"prVt" + before[33:]), bare(before))
        with self.assertRaises(Unreadable):
            bare(before[:33] + chunk % b"CgBI" + before[33:])

    def test_webp(self) -> None:
        """What hides in a frame; and the head says nothing that is not there."""
        before = film("WEBP")
        hidden = b"EXIF" + struct.pack("<I", len(SECRET)) + SECRET
        at = before.index(b"ANMF")
        size = int.from_bytes(before[at + 4 : at + 8], "little")
        end = at + 8 + size
        longer = struct.pack("<I", size + len(hidden))
        inside = before[8 : at + 4] + longer + before[at + 8 : end] + hidden + before[end:]
        self.assertEqual(bare(b"RIFF" + struct.pack("<I", len(inside)) + inside), bare(before))
        self.assertEqual(bare(picture("WEBP"))[20] & 0x0C, 0)
        self.assertEqual(bare(picture("WEBP", 6))[20] & 0x0C, 0x08)

    def test_gif(self) -> None:
        """What editors write into applications' blocks, also behind how often it is shown."""
        before = film("GIF")
        at = before.index(b"\x21\xff\x0bNETSCAPE")
        said = b"\x21\xff\x0bXMP DataXMP" + bytes((16,)) + SECRET + b"\0"
        self.assertEqual(bare(before[:at] + said + before[at:]), bare(before))
        longer = before[: at + 18] + bytes((16,)) + SECRET + before[at + 18 :]
        self.assertEqual(bare(longer), bare(before))


class BrokenTests(SynchronousTestCase):
    """What is no picture is said to be none, soon, and in one way."""

    def test_cut_off(self) -> None:
        """At any place."""
        for format in ("JPEG", "progressive", "PNG", "WEBP", "GIF"):
            whole = film(format) if format == "GIF" else picture(format, 6)
            for end in range(len(whole) if len(whole) < 9000 else 9000):
                with self.assertRaises(Unreadable):
                    bare(whole[:end])

    @settings(max_examples=400, deadline=None, derandomize=True)
    @given(
        st.sampled_from(("JPEG", "progressive", "PNG", "WEBP", "lossless", "GIF")),
        st.lists(
            st.tuples(st.integers(0, 5000), st.integers(0, 30), st.binary(max_size=12)), max_size=6
        ),
    )
    @example("GIF", [(13, 0, b"\x21")])
    def test_changed(self, format: str, changes: list[tuple[int, int, bytes]]) -> None:
        """Wherever bytes are taken out and put in: it is read, or it is unreadable."""
        content = _WHOLE[format]
        for place, taken, put in changes:
            place %= len(content)
            content = content[:place] + put + content[place + taken :]
        self.assert_read_or_not(content)

    @settings(max_examples=400, deadline=None, derandomize=True)
    @given(
        st.sampled_from(
            (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\0\0\0WEBP", b"")
        ),
        st.binary(max_size=400),
    )
    def test_made_up(self, start: bytes, rest: bytes) -> None:
        """Whatever follows the first bytes."""
        self.assert_read_or_not(start + rest)

    def assert_read_or_not(self, content: bytes) -> None:
        try:
            after = bare(content)
        except Unreadable:
            return
        self.assertLessEqual(len(after), len(content) + 64)
        self.assertEqual(bare(after), after)

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.sampled_from((b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08")), st.binary(max_size=60))
    def test_orientation(self, start: bytes, rest: bytes) -> None:
        """It is one of eight, whatever is said of it."""
        self.assertIn(exif.orientation(start + rest), range(1, 9))

    def test_orientation_said_badly(self) -> None:
        """As a number that there is not, or not as a number."""
        good = exif.block_of(6)
        self.assertEqual(exif.orientation(good), 6)
        self.assertEqual(exif.orientation(exif.PREFIX + good), 6)
        for bad in (exif.block_of(0), exif.block_of(9), good[:12], good.replace(b"MM", b"XX")):
            self.assertEqual(exif.orientation(bad), 1)
        self.assertEqual(exif.orientation(good[:13] + b"\4" + good[14:]), 1)


_WHOLE = {
    format: film(format) if format == "GIF" else picture(format, 6)
    for format in ("JPEG", "progressive", "PNG", "WEBP", "lossless", "GIF")
}


def _segment(marker: int, said: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(said) + 2).to_bytes(2, "big") + said
