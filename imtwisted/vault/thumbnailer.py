"""
A program of its own that looks at one picture: `thumbnailer.py PICTURE BARE THUMBNAIL`.

Beside the way of a message: vault.pictures starts it, for a picture may be made
to break what takes it apart. It has little time, little memory and no way to write
much more than it reads. BARE becomes the picture without what tells of its maker, and
that one is decoded. It says "bare" as soon as that copy is whole, then what it saw as
"WIDTH HEIGHT THUMBNAIL", and ends with 0; or says less and ends with another status.

Nothing of ours is imported here but `containers`: it starts in Python's isolated mode.
"""

from __future__ import annotations

import os
import resource
import sys
from mmap import ACCESS_READ, mmap
from pathlib import Path

MEMORY = 768 << 20  # bytes of address space; a picture of the most pixels needs 300 MB of it
SECONDS = 6  # of processor time; a PNG of the most pixels needs 2 to 4
WRITTEN = 8 << 20  # bytes that a file may have, or a little more than the picture has
FILES = 32  # open at once
PIXELS = 50_000_000
WEBP_PIXELS = 30_000_000  # its decoder takes 20 bytes for each
SIDE = 640  # pixels of a thumbnail's longer side
# Below this size, and not larger than a thumbnail, a picture is its own thumbnail.
SMALL = 40_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
IS_BARE = "bare"
_LITTLE = 1024  # bytes
_HOME = Path(__file__).parents[2]  # where our package lies


def confine(read: int = 0) -> None:
    """From now on this process can do little harm, and copy a file of `read` bytes."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, max(WRITTEN, read + _LITTLE)),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def strip(picture: str, bare: str) -> None:
    """Copy the picture without what tells of its maker; raises when it is in no known format."""
    from imtwisted.vault.containers import without_metadata

    with (
        open(picture, "rb") as file,
        mmap(file.fileno(), 0, access=ACCESS_READ) as data,
        open(bare, "wb") as copy,
    ):
        copy.writelines(without_metadata(data))


def look(picture: str, thumbnail: str) -> str:
    """Decode the picture whole, write a thumbnail unless it is small; what was seen."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the size is judged here, by the header, before any decoding
    with open(picture, "rb") as file, Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        most = WEBP_PIXELS if image.format == "WEBP" else PIXELS
        if width * height > most or not width or not height:
            raise ValueError("too many pixels")
        is_turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)  # EXIF orientation
        is_small = os.path.getsize(picture) <= SMALL and max(width, height) <= SIDE
        image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded no larger than needed
        image.load()
        if not is_small:
            shrunk = ImageOps.exif_transpose(image)
            has_alpha = shrunk.has_transparency_data
            shrunk = shrunk.convert("RGBA" if has_alpha else "RGB")
            shrunk.thumbnail((SIDE, SIDE))
            shrunk.save(thumbnail, "WEBP", quality=82, method=2)
    if is_turned:
        width, height = height, width
    return f"{width} {height} {int(not is_small)}"


def main() -> int:
    """Say what was seen; any trouble is a status, not a traceback in a log."""
    picture, bare, thumbnail = sys.argv[1:4]
    confine(os.path.getsize(picture))
    # Behind everything else: no module of ours is taken for one of Python's.
    sys.path.append(str(_HOME))
    try:
        strip(picture, bare)
        # Said at once: what follows may be the end of this process.
        sys.stdout.write(f"{IS_BARE}\n")
        sys.stdout.flush()
        sys.stdout.write(look(bare, thumbnail))
    except Exception:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
