"""Pictures that people send each other in the pictures: landscapes, painted here."""

from __future__ import annotations

import io
from math import sin

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

_DAY: tuple[Colour, Colour] = ((142, 190, 232), (250, 232, 200))
_EVENING: tuple[Colour, Colour] = ((72, 62, 128), (250, 160, 110))
_HILLS: tuple[Colour, ...] = ((120, 160, 120), (84, 134, 92), (52, 100, 66))


def landscape(width: int, height: int, *, evening: bool = False) -> bytes:
    """Hills under a sky, as a PNG."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    above, below = _EVENING if evening else _DAY
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=_between(above, below, y / height))
    sun = width // 14
    draw.ellipse(
        [width * 0.7, height * 0.2, width * 0.7 + sun, height * 0.2 + sun], (255, 244, 214)
    )
    for depth, colour in enumerate(_HILLS):
        draw.polygon(_ridge(width, height, depth), fill=colour)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _ridge(width: int, height: int, depth: int) -> list[tuple[float, float]]:
    step = max(1, width // 120)
    line = [
        (x, height * (0.55 + depth * 0.13 + 0.06 * sin(x / width * (5 + 2 * depth) + depth * 2)))
        for x in range(0, width + step, step)
    ]
    return [(0, height), *line, (width, height)]


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue
