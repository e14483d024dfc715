"""
Pictures as files: taken apart and put together again without what tells of their maker.

Beside the way of a message: vault.thumbnailer -> [containers]. The pixels are copied as
they are, byte for byte. What is kept of the rest is what they are shown with: colours,
animation and which way is up. A place, a camera, a comment or a smaller picture from
before somebody cut something off is not.

Nothing else of ours is imported here: it runs in the picture process.
"""

from __future__ import annotations

from collections.abc import Iterator

from imtwisted.vault.containers import gif, jpeg, png, webp
from imtwisted.vault.containers.reading import Data, Unreadable

__all__ = ["Data", "Unreadable", "without_metadata"]


def without_metadata(data: Data) -> Iterator[bytes]:
    """
    The same picture in pieces, with nothing in it but the picture.

    Raises `Unreadable`, also after some pieces, when it is in none of the four formats
    or is not whole.
    """
    start = data[:12]
    if start.startswith(jpeg.START):
        return jpeg.without_metadata(data)
    if start.startswith(png.START):
        return png.without_metadata(data)
    if start.startswith(gif.STARTS):
        return gif.without_metadata(data)
    if start.startswith(b"RIFF") and start.endswith(webp.FORM):
        return webp.without_metadata(data)
    raise Unreadable("not a picture")
