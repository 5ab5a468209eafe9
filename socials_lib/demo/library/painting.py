"""Brushes: the few things that all painted pictures are made of.

Everything is drawn with Pillow alone and from a seeded `random.Random`, so the same seed gives the
same picture.  Soft things (glow, haze, reflections) are made small and enlarged: a blur of
a full-size picture costs more than the rest of it together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Size = tuple[int, int]

_GRAIN_SIDE = 256


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour between two, `share` of the way to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def gradient(size: Size, colours: Sequence[Colour]) -> Image.Image:
    """From the first colour at the top to the last at the bottom."""
    strip = Image.new("RGB", (1, len(colours)))
    for row, colour in enumerate(colours):
        strip.putpixel((0, row), colour)
    # in three steps: a bicubic one out of very few rows would overshoot at the ends, and all
    # columns are the same
    column = strip.resize((1, 64), Image.Resampling.BILINEAR)
    return _widened(column.resize((1, size[1]), Image.Resampling.BICUBIC), size[0])


def _widened(column: Image.Image, width: int) -> Image.Image:
    return column.resize((width, column.height), Image.Resampling.NEAREST)


def glow(
    picture: Image.Image,
    centre: tuple[float, float],
    radius: float,
    colour: Colour,
    *,
    strength: float = 1.0,
    sharpness: float = 2.0,
) -> None:
    """Light around a point, fading outwards; coordinates are shares of width and height."""
    side = max(2, round(radius * picture.width * 2))
    light = Image.radial_gradient("L").point(
        [round(255 * strength * max(0.0, 1 - step / 180) ** sharpness) for step in range(256)]
    )
    light = light.resize((side, side), Image.Resampling.BILINEAR)
    left = round(centre[0] * picture.width - side / 2)
    top = round(centre[1] * picture.height - side / 2)
    picture.paste(colour, (left, top, left + side, top + side), light)


def disc(picture: Image.Image, centre: tuple[float, float], radius: float, colour: Colour) -> None:
    """A smooth disc (sun, moon, lantern)."""
    side = max(2, round(radius * picture.width * 2))
    mask = Image.new("L", (side * 4, side * 4))
    ImageDraw.Draw(mask).ellipse((2, 2, side * 4 - 3, side * 4 - 3), fill=255)
    left = round(centre[0] * picture.width - side / 2)
    top = round(centre[1] * picture.height - side / 2)
    picture.paste(colour, (left, top, left + side, top + side), mask.reduce(4))


def skyline(random: Random, *, steps: int = 9, roughness: float = 0.55) -> list[float]:
    """Heights from -1 to 1 by midpoint displacement: the outline of a hill or mountain."""
    heights = [random.uniform(-1, 1), random.uniform(-1, 1)]
    spread = 1.0
    for _ in range(steps):
        spread *= roughness
        between = [
            (a + b) / 2 + random.uniform(-spread, spread)
            for a, b in zip(heights, heights[1:], strict=False)
        ]
        heights = [h for pair in zip(heights, between, strict=False) for h in pair] + heights[-1:]
    most = max(abs(height) for height in heights)
    return [height / most for height in heights]


def shape(
    picture: Image.Image,
    outlines: Sequence[Sequence[tuple[float, float]]],
    colour: Colour,
    *,
    foot: Colour | None = None,
    strength: float = 1.0,
) -> None:
    """Filled polygons with soft edges; `foot` is the colour they fade to at their lower end."""
    width, height = picture.size
    points = [(x * width, y * height) for outline in outlines for x, y in outline]
    left, right = (
        max(0, int(min(x for x, _ in points))),
        min(width, int(max(x for x, _ in points)) + 2),
    )
    top, bottom = (
        max(0, int(min(y for _, y in points))),
        min(height, int(max(y for _, y in points)) + 2),
    )
    if left >= right or top >= bottom:
        return
    # only the part that is touched, at twice the size: small shapes are cheap
    mask = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
    draw = ImageDraw.Draw(mask)
    for outline in outlines:
        moved = [((x * width - left) * 2, (y * height - top) * 2) for x, y in outline]
        draw.polygon(moved, fill=round(255 * strength))
    mask = mask.reduce(2)
    if foot is None:
        picture.paste(colour, (left, top), mask)
    else:
        picture.paste(gradient(mask.size, [colour, foot]), (left, top), mask)


def ridge(
    picture: Image.Image,
    random: Random,
    *,
    level: float,
    reach: float,
    colour: Colour,
    foot: Colour | None = None,
    roughness: float = 0.55,
) -> list[float]:
    """A range of hills from side to side; returns its heights (shares of the picture)."""
    heights = [level + reach * h for h in skyline(random, roughness=roughness)]
    width, height = picture.size
    last = len(heights) - 1
    top = max(0, int(min(heights) * height) - 1)
    low = max(top + 2, min(height, int(max(heights) * height) + 2))
    # soft edges are needed only where the outline is; below it everything is ground
    band = Image.new("L", (width * 2, (low - top) * 2))
    outline = [
        (index / last * width * 2, (y * height - top) * 2) for index, y in enumerate(heights)
    ]
    under = (low - top) * 2 + 2
    ImageDraw.Draw(band).polygon([(0, under), *outline, (width * 2, under)], fill=255)
    mask = Image.new("L", (width, height - top), 255)
    mask.paste(band.reduce(2), (0, 0))
    ground = (
        Image.new("RGB", mask.size, colour) if foot is None else gradient(mask.size, [colour, foot])
    )
    picture.paste(ground, (0, top), mask)
    return heights


def haze(
    picture: Image.Image, *, level: float, depth: float, colour: Colour, strength: float
) -> None:
    """A band of mist around a height."""
    width, height = picture.size
    top = max(0, round((level - 2.3 * depth) * height))
    low = min(height, round((level + 2.3 * depth) * height))
    band = Image.new("L", (1, low - top))
    for row in range(low - top):
        distance = ((top + row) / height - level) / depth
        band.putpixel((0, row), round(255 * strength * math.exp(-distance * distance)))
    picture.paste(colour, (0, top), _widened(band, width))


def clouds(
    picture: Image.Image,
    random: Random,
    *,
    colour: Colour,
    strength: float,
    top: float = 0.0,
    bottom: float = 0.6,
    stretch: int = 3,
) -> None:
    """Streaky clouds between two heights."""
    width, height = picture.size
    total = Image.new("L", (width // 4, height // 4))
    for octave in range(2, 6):
        cells = (2**octave, 2**octave * stretch)
        layer = Image.frombytes("L", cells, random.randbytes(cells[0] * cells[1]))
        layer = layer.resize(total.size, Image.Resampling.BICUBIC)
        total = ImageChops.add(
            total, layer.point([round(v / 2 ** (octave - 1)) for v in range(256)])
        )
    total = total.point([max(0, min(255, round((v - 120) * 2.2 * strength))) for v in range(256)])
    fade = Image.new("L", (1, 64))
    for row in range(64):
        inside = (row / 63 - top) * (bottom - row / 63)
        fade.putpixel((0, row), max(0, min(255, round(255 * 4 * inside / (bottom - top) ** 2))))
    total = ImageChops.multiply(total, fade.resize(total.size))
    # nothing is above and below the two heights: leave that out
    first, last = round(top * total.height), round(bottom * total.height)
    part = total.crop((0, first, total.width, last))
    part = part.resize((width, part.height * 4), Image.Resampling.BILINEAR)
    picture.paste(colour, (0, first * 4), part)


def mirror(
    picture: Image.Image,
    random: Random,
    *,
    horizon: float,
    tint: Colour,
    depth: float = 0.35,
    ripples: int = 120,
) -> None:
    """Still water below the horizon that mirrors what stands above it."""
    width, height = picture.size
    line = round(horizon * height)
    above = picture.crop((0, max(0, line - (height - line)), width, line))
    water = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = water.resize((width // 3, max(2, (height - line) // 10)), Image.Resampling.BOX)
    water = water.resize((width, height - line), Image.Resampling.BICUBIC)
    water = Image.blend(water, Image.new("RGB", water.size, tint), depth)
    shine = Image.new("L", water.size)
    draw = ImageDraw.Draw(shine)
    for _ in range(ripples):
        down = random.random() ** 1.6
        y = down * water.height
        half = (0.01 + 0.06 * down) * width * random.uniform(0.4, 1.2)
        x = random.random() * width
        draw.ellipse((x - half, y, x + half, y + 1 + 3 * down), fill=random.randrange(20, 70))
    water.paste(mix(tint, (255, 255, 255), 0.65), (0, 0), shine.filter(ImageFilter.BoxBlur(1)))
    picture.paste(water, (0, line))


def glitter(
    picture: Image.Image,
    random: Random,
    *,
    x: float,
    horizon: float,
    colour: Colour,
    count: int = 260,
) -> None:
    """The path of light that a low sun or moon lays on the water."""
    width, height = picture.size
    mask = Image.new("L", picture.size)
    draw = ImageDraw.Draw(mask)
    for _ in range(count):
        down = random.random() ** 1.4
        y = (horizon + (1 - horizon) * down) * height
        spread = (0.01 + 0.09 * down) * width
        middle = x * width + random.gauss(0, 1) * spread
        half = random.uniform(3, 9) + 22 * down
        draw.ellipse(
            (middle - half, y, middle + half, y + 1.5 + 3 * down), fill=random.randrange(70, 220)
        )
    picture.paste(colour, (0, 0), mask.filter(ImageFilter.BoxBlur(1)))


def birds(
    picture: Image.Image,
    random: Random,
    *,
    count: int,
    colour: Colour,
    area: tuple[float, float, float, float] = (0.15, 0.12, 0.85, 0.4),
) -> None:
    """A loose flock far away."""
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = area
    for _ in range(count):
        x = random.uniform(left, right) * picture.width
        y = random.uniform(top, bottom) * picture.height
        wing = random.uniform(0.006, 0.016) * picture.width
        lift = wing * random.uniform(0.35, 0.8)
        for side in (-1, 1):
            points = [(x, y), (x + side * wing * 0.5, y - lift), (x + side * wing, y - lift * 0.5)]
            draw.line(points, fill=colour, width=3, joint="curve")


def stars(picture: Image.Image, random: Random, *, count: int, bottom: float) -> None:
    """Stars of different brightness, a few of them big."""
    draw = ImageDraw.Draw(picture)
    for _ in range(count):
        x, y = random.random() * picture.width, random.random() * bottom * picture.height
        radius = 0.6 if random.random() < 0.9 else random.uniform(1.2, 2.2)
        light = random.randrange(120, 256)
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius),
            fill=(light, light, min(255, light + 20)),
        )


def firs(
    random: Random, *, ground: Sequence[float], count: int, tall: float, slim: float = 0.28
) -> list[list[tuple[float, float]]]:
    """Outlines of conifers that stand on a line of heights (for `shape`)."""
    outlines: list[list[tuple[float, float]]] = []
    for _ in range(count):
        x = random.random()
        foot = ground[min(len(ground) - 1, int(x * len(ground)))] + 0.02
        height = tall * random.uniform(0.5, 1.0)
        half = height * slim * 0.5
        left: list[tuple[float, float]] = [(x, foot - height)]
        right: list[tuple[float, float]] = []
        for level in range(1, 6):
            share = level / 5
            y = foot - height * (1 - share)
            left += [(x - half * share, y), (x - half * share * 0.55, y)]
            right += [(x + half * share, y), (x + half * share * 0.55, y)]
        outlines.append([*left, *reversed(right)])
    return outlines


def grain(picture: Image.Image, *, amount: int = 5) -> Image.Image:
    """A little film grain: it hides the steps of smooth skies."""
    return ImageChops.add(picture, _grain(picture.size, amount), offset=-(amount // 2))


@cache
def _grain(size: Size, amount: int) -> Image.Image:
    """The grain for pictures of one size; the same film for all of them."""
    noise = Random(amount).randbytes(_GRAIN_SIDE**2)
    tile = Image.frombytes("L", (_GRAIN_SIDE, _GRAIN_SIDE), noise).point(
        [round(value * amount / 255) for value in range(256)]
    )
    sheet = Image.new("L", size)
    for left in range(0, size[0], _GRAIN_SIDE):
        for top in range(0, size[1], _GRAIN_SIDE):
            sheet.paste(tile, (left, top))
    return Image.merge("RGB", [sheet] * 3)
